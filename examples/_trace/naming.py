"""The names that objects have in the program: those of the variables to which it binds them."""

import ast
from functools import cache
from pathlib import Path


@cache
def statements(path: str) -> list[ast.stmt]:
    """The statements of a file; none where it cannot be read or parsed."""
    try:
        tree = ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def names_at(place: str, kind: str = "") -> list[str]:
    """The names that the statement at `file:line` binds, in their order.

    Of `a, b = Lock(), Event()` or `with Pool() as a, Manager() as b`, only those that it binds to a
    call of `kind`, if there are any.
    """
    path, _, line = place.rpartition(":")
    within = [
        node
        for node in statements(path)
        if line.isdigit() and node.lineno <= int(line) <= (node.end_lineno or 0)
    ]
    for node in sorted(within, key=lambda node: node.lineno, reverse=True):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = of_kind(assigned(node), kind) or node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.With):
            opened = [(item.optional_vars, item.context_expr) for item in node.items]
            pairs = [(target, value) for target, value in opened if target]
            targets = of_kind(pairs, kind) or [target for target, _ in pairs]
        if found := [name for target in targets for name in bound(target)]:
            return found
    return []


def assigned(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """The parts of a target, each with what a tuple assigns to it."""
    target, value = node.targets[0], node.value
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return []
    return list(zip(target.elts, value.elts, strict=False))


def of_kind(pairs: list[tuple[ast.expr, ast.expr]], kind: str) -> list[ast.expr]:
    """The targets to which a call of `kind` is bound."""
    return [one for one, call in pairs if isinstance(call, ast.Call) and called(call) == kind]


def called(call: ast.Call) -> str:
    """The name of the function or class that is called."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def bound(target: ast.expr) -> list[str]:
    """The names in a target of an assignment."""
    if isinstance(target, ast.Tuple | ast.List):
        return [name for element in target.elts for name in bound(element)]
    if isinstance(target, ast.Attribute):
        return [target.attr]
    return [target.id] if isinstance(target, ast.Name) else []
