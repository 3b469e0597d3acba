"""A process that is joined before the items that it has put are read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import COMPREHENSIONS, Program

PAGE = "pitfalls/queue-deadlock.md"
QUEUES = {"Queue", "JoinableQueue"}
LOOPS = (ast.For, ast.While, *COMPREHENSIONS)


def check(program: Program) -> Iterator[Finding]:
    """A process that has put items does not end before its queue's pipe has room for them."""
    readers = [call for call in program.calls if is_read(program, call)]
    for here in {id(node): node for node in map(program.function_of, program.calls)}.values():
        ended = program.method_calls(here, "terminate", "kill")
        for join in program.method_calls(here, "join"):
            assert isinstance(join.func, ast.Attribute)
            if "Process" not in program.kinds(join.func.value):
                continue
            if any(program.follows(join, call) for call in ended):
                continue
            if any(is_unread(program, join, put, readers) for put in puts(program, join.func.value)):
                told = "This waits forever once the unread items that the process has put no longer"
                told += " fit into the queue's pipe (64 KB on Linux): get() them first, then join()"
                yield Finding(join, told)
    yield from left_behind(program)


def is_read(program: Program, call: ast.Call) -> bool:
    """Whether a call reads from a queue of processes."""
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in ("get", "get_nowait")
        and bool(program.kinds(call.func.value) & QUEUES)
    )


def puts(program: Program, process: ast.AST) -> Iterator[ast.Call]:
    """The calls by which a process puts items that may be big or many."""
    for function in program.reached(program.run_by(process)).values():
        if program.method_calls(function, "cancel_join_thread"):
            continue
        for call in program.method_calls(function, "put", "put_nowait"):
            assert isinstance(call.func, ast.Attribute)
            small = call.args and isinstance(call.args[0], ast.Constant)
            if program.kinds(call.func.value) & QUEUES and (not small or in_loop(program, call)):
                yield call


def in_loop(program: Program, node: ast.AST) -> bool:
    """Whether a node stands in a loop of its function."""
    function = program.function_of(node)
    for above in program.ancestors(node):
        if above is function:
            return False
        if isinstance(above, LOOPS):
            return True
    return False


def is_unread(program: Program, join: ast.Call, put: ast.Call, readers: list[ast.Call]) -> bool:
    """Whether the only reads of what was put come after the join, or one before it of many."""
    assert isinstance(put.func, ast.Attribute)
    queue, here = program.objects(put.func.value), program.function_of(join)
    before = after = 0
    limited = join.args or join.keywords  # then the program waits at its end
    for read in readers:
        assert isinstance(read.func, ast.Attribute)
        if not queue & program.objects(read.func.value):
            continue
        if program.function_of(read) is not here:
            return False
        if program.follows(read, join):
            if limited:
                return False
            after += 1
        elif in_loop(program, read) or not in_loop(program, put):
            return False
        else:
            before += 1
    return bool(after or before)


def left_behind(program: Program) -> Iterator[Finding]:
    """Items that the program itself puts into a queue that it hands to nobody and never reads."""
    for made in program.calls:
        above = program.parent(made)
        if not program.kinds(made) & QUEUES or not isinstance(above, ast.Assign):
            continue
        used = [
            program.parent(node)
            for node in program.nodes
            if isinstance(node, ast.Name) and id(made) in program.objects(node)
            if node not in above.targets
        ]
        calls = {part.attr if isinstance(part, ast.Attribute) else "" for part in used}
        if calls and calls <= {"put", "put_nowait", "qsize", "empty", "full"}:
            first = next(part for part in used if getattr(part, "attr", "")[:3] == "put")
            told = "No process reads this queue: if the items do not fit into its pipe, the program"
            told += " waits forever at its end"
            yield Finding(first or made, told)
