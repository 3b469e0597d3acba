"""A change of what lies in a list, dict or namespace of a manager."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program

PAGE = "pitfalls/nested-list.md"
PROXIES = {"manager.dict", "manager.list"}
NAMESPACES = {"manager.Namespace"}
CHANGES = set("append extend insert remove pop clear sort reverse update add discard".split())
STORES = {"append", "extend", "insert", "setdefault", "update"}


def check(program: Program) -> Iterator[Finding]:
    """What a proxy gives is a copy, and a change of it is lost, unless it is a proxy, too."""
    found = [
        (node, program.objects(proxy))
        for node in program.nodes
        if (proxy := giver(program, changed(node))) is not None
    ]
    if not found:
        return
    filled = [part for node in program.nodes for part in filled_with_proxies(program, node)]
    for node, proxies in found:
        if not any(program.objects(proxy) & proxies for proxy in filled):
            told = "What the manager's proxy gives here is a copy, so this change is lost: "
            told += "assign the changed object to the proxy again"
            yield Finding(node, told)


def changed(node: ast.AST) -> ast.AST | None:
    """What a call or an assignment changes a part of."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.value if node.func.attr in CHANGES else None
    targets: list[ast.expr] = []
    if isinstance(node, ast.AugAssign):
        targets = [node.target]
    elif isinstance(node, (ast.Assign, ast.Delete)):
        targets = node.targets
    for target in targets:
        if isinstance(target, (ast.Subscript, ast.Attribute)):
            return target.value
    return None


def giver(program: Program, node: ast.AST | None) -> ast.AST | None:
    """The proxy that gives a copy of its part, which is what an expression stands for."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        kinds = program.kinds(node.value)
        is_part = kinds & PROXIES if isinstance(node, ast.Subscript) else kinds & NAMESPACES
        if is_part:
            return node.value
        node = node.value
    return None


def filled_with_proxies(program: Program, node: ast.AST) -> Iterator[ast.AST]:
    """The proxies into which a statement or call puts other ones, which are no copies."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, (ast.Subscript, ast.Attribute)) and has_proxy(
                program, node.value
            ):
                yield target.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if any(has_proxy(program, part) for part in given):
            if node.func.attr in STORES:
                yield node.func.value
            elif program.kinds(node) & PROXIES:
                yield node


def has_proxy(program: Program, node: ast.AST) -> bool:
    """Whether a manager's container is in an expression."""
    parts = program.inside(node, ast.Call, ast.Name, ast.Attribute)
    return any(program.kinds(part) & (PROXIES | NAMESPACES) for part in parts)
