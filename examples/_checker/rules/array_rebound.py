"""The name of shared memory that is bound to something new, where its elements were meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.tree import COMPREHENSIONS, parameters

PAGE = "pitfalls/array-rebound.md"
NUMBERS = {"Value", "RawValue", "manager.Value"}
ITEMS = {"Array", "RawArray", "manager.Array", "manager.list", "manager.dict"}
NEW = (ast.List, ast.Dict, ast.Constant, ast.BinOp, *COMPREHENSIONS)
SHOWN_BY = ("print", "info", "debug", "write")


def check(program: Program) -> Iterator[Finding]:
    """An assignment to a name makes it mean another object, and changes nothing that is shared."""
    for node in program.nodes:
        if not isinstance(node, ast.Assign) or not program.in_worker(node):
            continue
        name = node.targets[0]
        if (
            isinstance(name, ast.Name)
            and is_new(program, node.value)
            and is_bound(program, node, name)
        ):
            shared = program.kinds(name) & (NUMBERS | ITEMS)
            if (shared or program.viewed(name)) and not is_used(program, node, name):
                told = "This gives the name to a new object of this process, and changes nothing "
                told += f"that is shared: write into what is there, {in_place(name.id, shared)}"
                yield Finding(node, told)


def in_place(name: str, kinds: set[str]) -> str:
    """How to write into shared memory, behind its name."""
    if "manager.dict" in kinds:
        return f"with {name}.update()"
    return f"by assigning to {name}{'.value' if kinds & NUMBERS else '[:]'}"


def is_new(program: Program, value: ast.AST) -> bool:
    """Whether an expression makes an object, and not a view of an older one."""
    if isinstance(value, ast.Call):
        name = program.resolve(value.func)
        return name.startswith("numpy.") and "view" not in program.kinds(value)
    return isinstance(value, NEW) and getattr(value, "value", 0) is not None


def is_bound(program: Program, node: ast.Assign, name: ast.Name) -> bool:
    """Whether a name stands for something before an assignment."""
    function = program.scope_of(name)
    if function is program.tree or (function and name.id in parameters(function)):
        return True
    return any(
        isinstance(other, ast.Assign)
        and isinstance(other.targets[0], ast.Name)
        and other.targets[0].id == name.id
        and program.follows(node, other)
        for other in program.own(program.function_of(node), ast.Assign)
    )


def is_used(program: Program, node: ast.Assign, name: ast.Name) -> bool:
    """Whether a function does more with what it has assigned than to show it."""
    loop = program.in_loop(node)
    for other in program.inside(program.function_of(node), ast.Name):
        if (
            not isinstance(other, ast.Name)
            or other.id != name.id
            or node in program.ancestors(other)
        ):
            continue
        later = program.follows(other, node) or (loop and loop in program.ancestors(other))
        if later and isinstance(other.ctx, ast.Load) and not is_shown(program, other):
            return True
    return False


def is_shown(program: Program, name: ast.AST) -> bool:
    """Whether a name stands in what is printed or logged."""
    for above in program.ancestors(name):
        if isinstance(above, ast.Call):
            called = getattr(above.func, "attr", None) or getattr(above.func, "id", None)
            if called in SHOWN_BY:
                return True
    return False
