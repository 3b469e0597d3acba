"""Children that are left behind with a lock or queue that the parent lets go."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import NOT_FORK, Finding
from examples._checker.names import SYNCHRONIZED
from examples._checker.program import Program

PAGE = "pitfalls/children-not-joined.md"
SHARED = set(SYNCHRONIZED) | {"Queue", "JoinableQueue", "SimpleQueue", "Value", "Array"}
SHORT = {"print", "Process", "start", "append", "range", "len", "str"}


def check(program: Program) -> Iterator[Finding]:
    """A child opens a lock by its name, which is gone when the parent has dropped the lock."""
    for start in program.calls:
        function = start.func
        if not isinstance(function, ast.Attribute) or function.attr != "start":
            continue
        if "Process" not in program.kinds(function.value):
            continue
        names = [name for made in made_here(program, start) for name in given(program, made)]
        if names and is_left(program, start, names):
            told = f"Nothing waits for this child, so {names[0]} may be gone before the child has "
            told += f"opened it: FileNotFoundError in the child; keep {names[0]} until join()"
            yield Finding(start, told, NOT_FORK)


def made_here(program: Program, start: ast.Call) -> list[ast.Call]:
    """The calls that have made the process, if the function that starts it does it."""
    assert isinstance(start.func, ast.Attribute)
    return [
        value
        for value in program.values(start.func.value)
        if isinstance(value, ast.Call) and program.function_of(value) is program.function_of(start)
    ]


def given(program: Program, made: ast.Call) -> list[str]:
    """The variables with locks, queues and the like that a process is given."""
    scope = program.function_of(made)
    found = []
    for name in program.inside(made, ast.Name):
        assert isinstance(name, ast.Name)
        if program.kinds(name) & SHARED and program.scope_of(name) is scope:
            found.append(name.id)
    return found


def is_left(program: Program, start: ast.Call, names: list[str]) -> bool:
    """Whether the function ends at once after a start, and hands on nothing of it."""
    function = program.function_of(start)
    assert isinstance(start.func, ast.Attribute)
    process = start.func.value
    if isinstance(process, ast.Name):
        names = [*names, process.id]
    elif not isinstance(process, ast.Call):
        return False
    for node in program.own(function, ast.Call, ast.While, ast.Return, ast.Yield, ast.Global):
        if isinstance(node, ast.Global):
            return False
        if not program.follows(node, start):
            continue
        if not isinstance(node, ast.Call):
            return False
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called not in SHORT:
            return False
    return not any(
        isinstance(node, ast.Name) and node.id in names and is_handed_on(program, node)
        for node in program.own(function, ast.Name)
    )


def is_handed_on(program: Program, name: ast.Name) -> bool:
    """Whether a variable's object is put where it remains."""
    above = program.parent(name)
    if isinstance(above, ast.Call) and getattr(above.func, "attr", "") == "append":
        return True
    return isinstance(above, ast.Assign) and above.value is name
