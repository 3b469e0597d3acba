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
            for call in program.own(function, ast.Call):
                assert isinstance(call, ast.Call)
                name = program.resolve(call.func)
                if name in EXITS and call not in seen and not is_caught(program, call, name):
                    seen.add(call)
                    yield Finding(call, told_of(how, name))


def told_of(how: str, name: str) -> str:
    """What happens then."""
    if how == "pool":
        told = f"{name}() ends the pool's worker without a result, so map() or get() waits forever"
    elif name == "os._exit":
        told = "os._exit() ends the executor's worker: the other tasks fail with BrokenProcessPool"
    else:
        told = f"{name}() in a task is raised in the main program by result(), and ends it"
    return f"{told}: raise an exception instead"


def is_caught(program: Program, call: ast.Call, name: str) -> bool:
    """Whether the SystemExit of a call is caught around it."""
    before: ast.AST = call
    for above in program.ancestors(call):
        if isinstance(above, ast.Try) and before in above.body and name != "os._exit":
            for handler in above.handlers:
                if handler.type is None or getattr(handler.type, "id", "") in (
                    "SystemExit",
                    "BaseException",
                ):
                    return True
        before = above
    return False
