"""A task that ends the worker of its pool."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program

PAGE = "pitfalls/killed-worker.md"
EXITS = {"sys.exit", "exit", "quit", "os._exit"}


def check(program: Program) -> Iterator[Finding]:
    """sys.exit() and os._exit() in a task take its worker with them, and its result."""
    seen = set()
    for how in ("pool", "executor"):
        targets = [task.target for task in program.tasks if task.how == how and task.target]
        for function in program.reached(targets).values():
            for part in program.own(function, ast.Call, ast.Raise):
                name = exit_of(program, part)
                if name and part not in seen and not is_caught(program, part, name):
                    seen.add(part)
                    yield Finding(part, told_of(how, name))


def exit_of(program: Program, part: ast.AST) -> str:
    """What ends the process in a call or a raise statement, in words, or ""."""
    if isinstance(part, ast.Call):
        name = program.resolve(part.func)
        return f"{name}()" if name in EXITS else ""
    raised = part.exc if isinstance(part, ast.Raise) else None
    if isinstance(raised, ast.Call):
        raised = raised.func
    is_exit = isinstance(raised, ast.Name) and program.resolve(raised) == "SystemExit"
    return "raise SystemExit" if is_exit else ""


def told_of(how: str, name: str) -> str:
    """What happens then."""
    if how == "pool":
        told = f"{name} ends the pool's worker without a result, so map() or get() waits forever"
    elif name == "os._exit()":
        told = "os._exit() ends the executor's worker: the other tasks fail with BrokenProcessPool"
    else:
        told = f"{name} in a task is raised in the main program by result(), and ends it"
    return f"{told}: raise an ordinary exception instead"


def is_caught(program: Program, part: ast.AST, name: str) -> bool:
    """Whether the SystemExit of a call or a raise statement is caught around it."""
    before = part
    for above in program.ancestors(part):
        if isinstance(above, ast.Try) and before in above.body and name != "os._exit()":
            for handler in above.handlers:
                if handler.type is None or getattr(handler.type, "id", "") in (
                    "SystemExit",
                    "BaseException",
                ):
                    return True
        before = above
    return False
