"""A change of what lies in a list, dict or namespace of a manager."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program

PAGE = "pitfalls/nested-list.md"
PROXIES = {"manager.dict", "manager.list"}
CHANGES = set("append extend insert remove pop clear sort reverse update add discard".split())
STORES = {"append", "extend", "insert", "setdefault", "update"}


def check(program: Program) -> Iterator[Finding]:
    """What a proxy gives is a copy, and a change of it is lost, unless it is a proxy, too."""
    found = [node for node in program.nodes if is_copy(program, changed(node))]
    if found and not any(is_proxy_stored(program, node) for node in program.nodes):
        for node in found:
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


def is_copy(program: Program, node: ast.AST | None) -> bool:
    """Whether a proxy gives it, and it is not known to be a proxy."""
    while isinstance(node, ast.Subscript) and isinstance(node.value, (ast.Subscript, ast.Attribute)):
        node = node.value
    if isinstance(node, ast.Subscript):
        return bool(program.kinds(node.value) & PROXIES)
    if isinstance(node, ast.Attribute):
        return "manager.Namespace" in program.kinds(node.value)
    return False


def is_proxy_stored(program: Program, node: ast.AST) -> bool:
    """Whether a manager's list or dict is put into another one."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, (ast.Subscript, ast.Attribute)):
                if is_proxy(program, target.value):
                    parts = [node.value]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in STORES or is_proxy(program, node):
            if is_proxy(program, node.func.value) or is_proxy(program, node):
                parts = [*node.args, *(keyword.value for keyword in node.keywords)]
    return any(
        is_proxy(program, inner)
        for part in parts
        for inner in program.inside(part, ast.Call, ast.Name, ast.Attribute)
    )


def is_proxy(program: Program, node: ast.AST) -> bool:
    """Whether an expression is a container of a manager."""
    kinds = program.kinds(node)
    return bool(kinds & PROXIES) or "manager.Namespace" in kinds
