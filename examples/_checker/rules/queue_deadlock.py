"""A process that is joined before the items that it has put are read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.tree import method_of

PAGE = "pitfalls/queue-deadlock.md"
QUEUES = {"Queue", "JoinableQueue"}
HARMLESS = {"put", "put_nowait", "qsize", "empty", "full"}


def check(program: Program) -> Iterator[Finding]:
    """A process that has put items does not end before its queue's pipe has room for them."""
    readers = [call for call in program.calls if is_read(program, call)]
    for here in program.all_functions():
        ended = program.method_calls(here, "terminate", "kill")
        for join in program.method_calls(here, "join"):
            process, _ = method_of(join)
            if "Process" not in program.kinds(process):
                continue
            if any(program.follows(join, call) for call in ended):
                continue
            if any(is_unread(program, join, put, readers) for put in puts(program, process)):
                told = "This waits forever once the unread items that the process has put no longer"
                told += " fit into the queue's pipe (64 KB on Linux): get() them first, then join()"
                yield Finding(join, told)
    yield from left_behind(program)


def is_read(program: Program, call: ast.Call) -> bool:
    """Whether a call reads from a queue of processes."""
    owner, method = method_of(call)
    return method in ("get", "get_nowait") and bool(program.kinds(owner) & QUEUES)


def puts(program: Program, process: ast.AST | None) -> Iterator[ast.Call]:
    """The calls by which a process puts items that may be big or many."""
    for function in program.reached(program.run_by(process)).values():
        if program.method_calls(function, "cancel_join_thread"):
            continue
        for call in program.method_calls(function, "put", "put_nowait"):
            small = not call.args or isinstance(call.args[0], ast.Constant)
            big = not small or program.in_loop(call)
            if big and program.kinds(method_of(call)[0]) & QUEUES:
                yield call


def is_unread(program: Program, join: ast.Call, put: ast.Call, readers: list[ast.Call]) -> bool:
    """Whether the only reads of what was put come after the join, or one before it of many."""
    queue, here = program.objects(method_of(put)[0]), program.function_of(join)
    found = False
    for read in readers:
        if not queue & program.objects(method_of(read)[0]):
            continue
        if program.function_of(read) is not here:
            return False
        if program.follows(read, join):
            if join.args or join.keywords:  # a time limit
                return False
        elif program.in_loop(read) or not program.in_loop(put):
            return False
        found = True
    return found


def left_behind(program: Program) -> Iterator[Finding]:
    """Items that the program itself puts into a queue that it hands to nobody and never reads."""
    for made in program.calls:
        above = program.parent(made)
        if not program.kinds(made) & QUEUES or not isinstance(above, ast.Assign):
            continue
        if program.function_of(made) is program.tree and not is_program(program):
            continue
        used = [
            program.parent(node)
            for node in program.nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
            if id(made) in program.objects(node)
        ]
        put = [part for part in used if getattr(part, "attr", "") in ("put", "put_nowait")]
        if put and all(getattr(part, "attr", "") in HARMLESS for part in used):
            told = "No process reads this queue: if the items do not fit into its pipe, the program"
            told += " waits forever at its end"
            yield Finding(put[0], told)  # type: ignore[arg-type]


def is_program(program: Program) -> bool:
    """Whether a file is started itself, and not only imported."""
    return any(program.guarded(call) for call in program.calls)
