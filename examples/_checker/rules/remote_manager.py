"""The path of a socket that is longer than the system takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.tree import argument_of

PAGE = "syntax/remote-manager.md#addresses"
LONGEST = 107  # bytes, on Linux; on macOS 103
LISTENS = ("Listener", "Client", "Manager")  # how the names end of what takes an address
TOLD = f"A socket's path has at most {LONGEST} bytes on Linux: OSError: AF_UNIX path too long"


def check(program: Program) -> Iterator[Finding]:
    """The address of a listener, a client or a manager is a path that cannot be bound."""
    for call in program.calls:
        name = program.resolve(call.func)
        if name.startswith("multiprocessing.") and name.endswith(LISTENS):
            for value in program.values(argument_of(call, "address", 0)):
                if length(value) > LONGEST:
                    yield Finding(value, f"{TOLD}, so use a shorter one")
                    break


def length(value: ast.AST) -> int:
    """How many bytes a path has at least, as it stands in the program."""
    if isinstance(value, ast.JoinedStr):
        return sum(length(part) for part in value.values)
    text = value.value if isinstance(value, ast.Constant) else ""
    return len(text.encode()) if isinstance(text, str) and not text.startswith("\\\\") else 0
