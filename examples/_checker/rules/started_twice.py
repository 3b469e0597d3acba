"""A block of shared memory with a fixed name, which only one start at a time can make."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.tree import argument_of

PAGE = "pitfalls/started-twice.md"
TREATED = {"FileExistsError", "FileNotFoundError", "OSError", "Exception", "BaseException"}


def check(program: Program) -> Iterator[Finding]:
    """A second start, or the next one after a kill, finds the name taken."""
    for handler in program.nodes:
        if isinstance(handler, ast.ExceptHandler) and handler.type is None:
            return
        if isinstance(handler, ast.Name) and handler.id in TREATED:
            return
    for call in program.calls:
        if program.kinds(call) != {"SharedMemory"}:
            continue
        create = argument_of(call, "create", 1)
        name = argument_of(call, "name", 0)
        if not isinstance(create, ast.Constant) or create.value is not True:
            continue
        names = program.values(name)
        if names and all(isinstance(value, ast.Constant) and value.value for value in names):
            told = "While another start of the program has a block of this name, or after one was "
            told += "killed, this raises FileExistsError: leave the name to Python, or hold a lock "
            told += "on a file"
            yield Finding(call, told)
            return  # once is enough
