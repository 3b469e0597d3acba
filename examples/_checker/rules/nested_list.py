"""A change of what lies in a list, dict or namespace of a manager."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.names import CHANGES
from examples._checker.program import Program
from examples._checker.tree import written

PAGE = "pitfalls/nested-list.md"
PROXIES = {"manager.dict", "manager.list"}
NAMESPACES = {"manager.Namespace"}
ANY = "?"
STORES = {"append", "extend", "insert", "setdefault", "update"}


def check(program: Program) -> Iterator[Finding]:
    """What a proxy gives is a copy, and a change of it is lost, unless it is a proxy, too."""
    if not any(program.kinds(call) & (PROXIES | NAMESPACES) for call in program.calls):
        return
    found = [
        (node, program.objects(proxy), key)
        for node in program.nodes
        for proxy, key in giver(program, changed(node))
    ]
    nested = [place for node in program.nodes for place in filled(program, node)] if found else []
    for node, proxies, key in found:
        if not any(
            program.objects(proxy) & proxies and (key == other or ANY in (key, other))
            for proxy, other in nested
        ):
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


def giver(program: Program, node: ast.AST | None) -> Iterator[tuple[ast.AST, str]]:
    """The proxy that gives a copy of its part, which is what an expression is, and its key."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        kinds = PROXIES if isinstance(node, ast.Subscript) else NAMESPACES
        if is_proxy(program, node.value, kinds):
            yield node.value, key_of(node)
            return
        node = node.value
    if isinstance(node, ast.Name) and (part := origin(program, node)) is not None:
        if isinstance(part, ast.For) and "manager.list" in program.kinds(part.iter):
            yield part.iter, ANY
        elif isinstance(part, ast.Assign) and isinstance(
            part.value, (ast.Subscript, ast.Attribute)
        ):
            yield from giver(program, part.value)


def is_proxy(program: Program, node: ast.AST, kinds: set[str]) -> bool:
    """Whether an expression is surely a proxy itself, and not only what may have one in it."""
    found = program.kinds(node) - {"constant"}
    return bool(found) and found <= kinds and not isinstance(node, ast.Subscript)


def origin(program: Program, name: ast.Name) -> ast.AST | None:
    """What gives a name its value, if a function only changes that, and does no more with it."""
    function = program.function_of(name)
    names = [part for part in program.inside(function, ast.Name) if written(part) == name.id]
    statements = program.own(function, ast.Call, ast.Assign, ast.AugAssign, ast.Delete)
    changes = [part for node in statements if (part := changed(node)) is not None]
    bound = [part for part in names if part not in changes]
    if len(bound) != 1 or not isinstance(getattr(bound[0], "ctx", None), ast.Store):
        return None
    return program.parent(bound[0])


def key_of(node: ast.AST | None) -> str:
    """The constant that names a part, as text, or ANY."""
    if isinstance(node, ast.Attribute):
        return node.attr
    key = node.slice if isinstance(node, ast.Subscript) else node
    return repr(key.value) if isinstance(key, ast.Constant) else ANY


def filled(program: Program, node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The proxies into which a statement or call puts other ones, which are no copies."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, (ast.Subscript, ast.Attribute)):
                if has_proxy(program, node.value):
                    yield target.value, key_of(target)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        into = node.func.value if node.func.attr in STORES else node
        if into is node and not program.kinds(node) & PROXIES:
            return
        for part in [*node.args, *(keyword.value for keyword in node.keywords)]:
            if isinstance(part, ast.Dict):
                for number, value in enumerate(part.values):
                    if has_proxy(program, value):
                        yield into, key_of(part.keys[number])
            elif isinstance(part, ast.List):
                for number, value in enumerate(part.elts):
                    if has_proxy(program, value):
                        yield into, str(number)
            elif has_proxy(program, part):
                yield into, ANY


def has_proxy(program: Program, node: ast.AST) -> bool:
    """Whether a manager's container is in an expression."""
    parts = program.inside(node, ast.Call, ast.Name, ast.Attribute)
    return any(program.kinds(part) & (PROXIES | NAMESPACES) for part in parts)
