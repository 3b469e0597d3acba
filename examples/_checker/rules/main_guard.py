"""A process, a pool or a manager that is started while the file is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import NOT_FORK, Finding
from examples._checker.program import Program

PAGE = "pitfalls/main-guard.md"
NAMES = (ast.Name, ast.Attribute)
ASKS = {"environ", "getenv", "current_process", "parent_process"}
STARTED_BY = {
    "Process": {"start"},
    "SharedMemoryManager": {"start"},
    "Executor": {"submit", "map"},
}


def check(program: Program) -> Iterator[Finding]:
    """Each worker imports the file again, and would start processes itself."""
    if program.notebook:
        return
    for call in program.calls:
        what = started(program, call) if program.at_import(call) else ""
        if what and not is_asked(program, call):
            told = f"This starts {what} while the file is imported, without a main guard: each "
            told += "worker imports it again, and ends with an error, mostly RuntimeError"
            yield Finding(call, told, NOT_FORK)
            return  # the cure for all others is the same


def is_asked(program: Program, call: ast.Call) -> bool:
    """Whether a condition around a call asks in another way in which process it runs."""
    for above in program.ancestors(call):
        for part in program.inside(above.test, *NAMES) if isinstance(above, ast.If) else ():
            if (getattr(part, "attr", "") or getattr(part, "id", "")) in ASKS:
                return True
    return False


def started(program: Program, call: ast.Call) -> str:
    """What a call starts, in words, or ""."""
    if program.functions(call.func):
        return ""  # a function of this file, whose own calls are looked at
    kinds = program.kinds(call)
    if "Pool" in kinds:
        return "a pool"
    is_entered = isinstance(program.parent(call), ast.withitem)
    if "Manager" in kinds or ("SharedMemoryManager" in kinds and is_entered):
        return "a manager"
    if isinstance(call.func, ast.Attribute):
        for kind in program.kinds(call.func.value):
            if call.func.attr in STARTED_BY.get(kind, ()):
                return "the workers of an executor" if kind == "Executor" else "a process"
    return ""
