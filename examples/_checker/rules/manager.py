"""A proxy to which nothing refers when its receiver gets it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program

PAGE = "syntax/manager.md#pass-a-proxy-on"


def check(program: Program) -> Iterator[Finding]:
    """The manager removes an object when no proxy of it is left; arguments are dropped."""
    for task in program.tasks:
        if task.method not in ("Process", "apply_async"):
            continue
        for part in task.arguments:
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
                kept = not isinstance(part.func.value, ast.Call)
                if kept and "Manager" in program.kinds(part.func.value):
                    if any(kind.startswith("manager.") for kind in program.kinds(part)):
                        told = "Only the arguments refer to this proxy, and they are dropped when "
                        told += "they have been sent: the manager may have removed its object "
                        told += "before the worker has it. Keep the proxy in a variable"
                        yield Finding(part, told)
