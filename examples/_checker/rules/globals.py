"""A global that only the parent sets, and that a worker reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import NOT_FORK, Finding
from examples._checker.program import Program

PAGE = "pitfalls/globals.md"
ADDS = {"append", "extend", "insert", "add", "update"}
BUILT_IN = {"list", "dict", "set", "input", "id", "type", "max", "min", "sum", "str", "file"}
"""Python's own names that people give to their variables."""


def check(program: Program) -> Iterator[Finding]:
    """A worker that does not begin as a copy of the parent has what the import has set."""
    if program.notebook or any(name.endswith(".*") for name in program.imports.values()):
        return
    bound: dict[str, list[ast.AST]] = {}
    for node in program.nodes:
        if (name := global_name(program, node)) and is_set(program, node):
            bound.setdefault(name, []).append(node)
    seen = set()
    for node in program.nodes:
        name = global_name(program, node)
        if name not in bound or name in seen or is_set(program, node):
            continue
        outside = [part for part in bound[name] if not program.at_import(part)]
        if outside and all(is_set_before(program, part, node) for part in outside):
            seen.add(name)
            line = getattr(outside[0], "lineno", 0)
            if name in BUILT_IN and len(outside) == len(bound[name]):
                told = f"The worker does not see the {name} that line {line} sets in the parent, "
                told += "but Python's own"
            elif isinstance(node, ast.Name) and len(outside) == len(bound[name]):
                told = f"NameError in the worker: only the parent sets {name}, in line {line}, and "
                told += "the import in the worker does not"
            else:
                told = f"The worker does not see the {name} that line {line} sets in the parent, "
                told += "but the one that its import makes"
            yield Finding(node, f"{told}: pass it as an argument, or with initializer=", NOT_FORK)


def global_name(program: Program, node: ast.AST) -> str:
    """The name of a global variable, or of an attribute of a module or class, or ""."""
    if isinstance(node, ast.Name):
        return node.id if program.scope_of(node) is program.tree else ""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        values = program.values(node.value)
        if node.value.id in program.imports or any(
            isinstance(part, ast.ClassDef) for part in values
        ):
            return f"{node.value.id}.{node.attr}" if node.value.id not in ("self", "cls") else ""
    return ""


def is_set(program: Program, node: ast.AST) -> bool:
    """Whether a variable is bound here, or the ordinary list, dict or set in it is changed."""
    if isinstance(getattr(node, "ctx", None), ast.Store):
        return True
    above = program.parent(node)
    if isinstance(above, ast.Subscript) and isinstance(above.ctx, ast.Store):
        return node is above.value and is_plain(program, node)
    if isinstance(above, ast.Attribute) and above.attr in ADDS:
        return isinstance(program.parent(above), ast.Call) and is_plain(program, node)
    return False


def is_plain(program: Program, node: ast.AST) -> bool:
    """Whether an expression is an ordinary list, dict or set."""
    return bool(program.kinds(node)) and program.kinds(node) <= {"list", "dict", "set"}


def is_set_before(program: Program, part: ast.AST, node: ast.AST) -> bool:
    """Whether the parent sets a global, and then starts the worker that reads it."""
    if not program.in_worker(node) or program.in_parent(node) or not program.in_parent(part):
        return False
    calls = [call for task in program.tasks_at(node) for call in program.calls_of(task)]
    return any(program.comes_after(call, part) for call in calls)
