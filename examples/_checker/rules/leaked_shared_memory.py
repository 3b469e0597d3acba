"""A block of shared memory that the file makes and nobody unlinks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.tree import argument_of, keyword_of

PAGE = "pitfalls/leaked-shared-memory.md"


def check(program: Program) -> Iterator[Finding]:
    """A block remains until unlink(): close() ends only the use of one process."""
    if any(isinstance(node, ast.Attribute) and node.attr == "unlink" for node in program.nodes):
        return
    for call in program.calls:
        if is_made(program, call) and stays(program, call):
            told = "This block is never unlinked: it takes up memory until the program ends, and "
            told += "then the resource tracker warns of it; call unlink() once, in finally"
            yield Finding(call, told)


def is_made(program: Program, call: ast.Call) -> bool:
    """Whether a call makes a block that somebody has to unlink."""
    create = argument_of(call, "create", 1)
    return (
        program.kinds(call) == {"SharedMemory"}
        and keyword_of(call, "track") is None
        and isinstance(create, ast.Constant)
        and create.value is True
    )


def stays(program: Program, call: ast.Call) -> bool:
    """Whether only this file has the block: it is in a variable that goes nowhere else."""
    above = program.parent(call)
    if not isinstance(above, ast.Assign) or not isinstance(above.targets[0], ast.Name):
        return False
    return not any(
        isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and id(call) in program.objects(node)
        and goes_out(program, node)
        for node in program.nodes
    )


def goes_out(program: Program, name: ast.Name) -> bool:
    """Whether a block, or its name, is handed to what is not in this file."""
    above = program.parent(name)
    part: ast.AST = name
    if isinstance(above, ast.Attribute):
        if above.attr != "name":
            return False
        part, above = above, program.parent(above)
        if not isinstance(above, (ast.Call, ast.keyword)):
            return False
    if any(part is given for task in program.tasks for given in task.arguments):
        return False
    if isinstance(above, ast.keyword):
        above = program.parent(above)
    return not isinstance(above, ast.Call) or not (
        program.functions(above.func)
        or program.resolve(above.func) == "print"
        or "SharedMemory" in program.kinds(above)
    )
