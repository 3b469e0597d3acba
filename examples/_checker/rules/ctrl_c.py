"""A loop in a worker that goes on after Ctrl-C."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.rules.killed_worker import exit_of

PAGE = "examples/ctrl-c.md#a-worker-that-goes-on"
ENDS = (ast.Raise, ast.Return, ast.Break)


def check(program: Program) -> Iterator[Finding]:
    """A bare `except:` in a loop catches what should end the worker."""
    targets = [task.target for task in program.tasks if task.target]
    for function in program.reached(targets).values():
        for handler in program.own(function, ast.ExceptHandler):
            assert isinstance(handler, ast.ExceptHandler)
            if catches_all(handler) and program.in_loop(handler) and goes_on(program, handler):
                what = "except BaseException:" if handler.type else "A bare except:"
                told = f"{what} catches the KeyboardInterrupt of Ctrl-C, too, and the loop goes on"
                yield Finding(
                    handler, f"{told}, so Ctrl-C does not end it: write except Exception:"
                )


def catches_all(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches KeyboardInterrupt."""
    return handler.type is None or getattr(handler.type, "id", "") == "BaseException"


def goes_on(program: Program, handler: ast.ExceptHandler) -> bool:
    """Whether nothing in a handler ends the loop, and none before it catches Ctrl-C."""
    handlers: list[ast.ExceptHandler] = getattr(program.parent(handler), "handlers", [])
    for other in handlers[: handlers.index(handler)]:
        for name in program.inside(other, ast.Name):
            if getattr(name, "id", "") == "KeyboardInterrupt":
                return False
    parts = program.inside(handler, *ENDS, ast.Call)
    return not any(isinstance(part, ENDS) or exit_of(program, part) for part in parts)
