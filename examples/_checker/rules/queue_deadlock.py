"""A process that is joined before the items that it has put are read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.tree import method_of, written

PAGE = "pitfalls/queue-deadlock.md"
QUEUES = {"Queue", "JoinableQueue"}
HARMLESS = {"put", "put_nowait", "qsize", "empty", "full"}
FEW = 1000  # numbers fit into the pipe


def check(program: Program) -> Iterator[Finding]:
    """A process that has put items does not end before its queue's pipe has room for them."""
    readers = [node for node in program.nodes if is_read(program, node)]
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


def is_read(program: Program, node: ast.AST) -> bool:
    """Whether a method that reads from a queue of processes is called, or given to iter()."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ("get", "get_nowait")
        and bool(program.kinds(node.value) & QUEUES)
    )


def puts(program: Program, process: ast.AST | None) -> Iterator[ast.Call]:
    """The calls by which a process puts items that may be big or many."""
    for function in program.reached(program.run_by(process)).values():
        if program.method_calls(function, "cancel_join_thread"):
            continue
        for call in program.method_calls(function, "put", "put_nowait"):
            if not is_little(program, call) and program.kinds(method_of(call)[0]) & QUEUES:
                yield call


def is_little(program: Program, put: ast.AST | None) -> bool:
    """Whether a call puts few items, and small ones, which fit into the pipe."""
    return (
        isinstance(put, ast.Call)
        and is_once(program, put)
        and all(is_small(program, part) for part in put.args)
    )


def is_small(program: Program, node: ast.AST) -> bool:
    """Whether an item is a constant, the number of a loop's turn, or a few of these."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(is_small(program, part) for part in node.elts)
    loop = program.in_loop(node)
    return isinstance(node, ast.Constant) or (
        isinstance(loop, ast.For)
        and turns(program, loop) > 0
        and written(loop.target) == written(node)
    )


def is_once(program: Program, node: ast.AST) -> bool:
    """Whether a node is run once, or a few times in a loop with a number of them."""
    loop = program.in_loop(node)
    if loop is None:
        return True
    number = turns(program, loop)
    return 0 < number <= FEW and program.in_loop(loop) is None


def turns(program: Program, loop: ast.AST) -> int:
    """How often a loop over a range repeats at most, or 0 if the file does not have that."""
    items = loop.iter if isinstance(loop, ast.For) else None
    if isinstance(items, ast.Call) and program.resolve(items.func) == "range":
        numbers = [program.values(part) for part in items.args]
        found = [
            value[0].value
            for value in numbers
            if len(value) == 1 and isinstance(value[0], ast.Constant)
        ]
        if len(found) == len(numbers):
            return max((number for number in found if isinstance(number, int)), default=0)
    return 0


def is_unread(program: Program, join: ast.Call, put: ast.Call, readers: list[ast.AST]) -> bool:
    """Whether the only reads of what was put come after the join, or one before it of many."""
    queue, here = program.objects(method_of(put)[0]), program.function_of(join)
    queue = queue & handed(program, method_of(join)[0]) or queue
    found = False
    for read in readers:
        if not queue & program.objects(getattr(read, "value", None)):
            continue
        if program.function_of(read) is not here:
            return False
        if program.follows(read, join):
            if join.args or join.keywords:  # a time limit
                return False
        elif not is_called(program, read) or program.in_loop(read) or not program.in_loop(put):
            return False
        found = True
    return found


def is_called(program: Program, method: ast.AST) -> bool:
    """Whether a method is called where it is named."""
    return getattr(program.parent(method), "func", None) is method


def handed(program: Program, process: ast.AST | None) -> set[int]:
    """What the calls that make a process name, for comparing."""
    return {
        key
        for made in program.values(process)
        for part in program.inside(made, ast.Name, ast.Attribute, ast.Subscript)
        for key in program.objects(part)
    }


def left_behind(program: Program) -> Iterator[Finding]:
    """Items that are put into a queue that has only a name, is handed to nobody and never read."""
    for made in program.calls:
        above = program.parent(made)
        if not program.kinds(made) & QUEUES or not isinstance(above, ast.Assign):
            continue
        names = [target for target in above.targets if isinstance(target, ast.Name)]
        if len(names) < len(above.targets):
            continue
        if program.scope_of(names[0]) is program.tree and not is_program(program):
            continue
        used = [
            program.parent(node)
            for node in program.nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
            if id(made) in program.objects(node)
        ]
        put = [
            part
            for part in used
            if isinstance(part, ast.Attribute)
            and part.attr in ("put", "put_nowait")
            and not is_little(program, program.parent(part))
        ]
        if put and all(getattr(part, "attr", "") in HARMLESS for part in used):
            told = "No process reads this queue: if the items do not fit into its pipe, the program"
            told += " waits forever at its end"
            yield Finding(put[0], told)


def is_program(program: Program) -> bool:
    """Whether a file is started itself, and not only imported."""
    return any(program.guarded(call) for call in program.calls)
