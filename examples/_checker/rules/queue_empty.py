"""A loop that ends when the queue happens to be empty."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.rules.race import is_joined
from examples._checker.tree import method_of

PAGE = "pitfalls/queue-empty.md"
QUEUES = {"Queue", "JoinableQueue"}


def check(program: Program) -> Iterator[Finding]:
    """What was put is in the pipe only later, and what comes next is not there yet."""
    for loop in program.nodes:
        if not isinstance(loop, ast.While) or program.in_loop(loop):
            continue
        asked = asked_empty(program, loop.test, True)
        for part in loop.body if asked is None else ():
            if isinstance(part, ast.If) and isinstance(part.body[-1], ast.Break):
                asked = asked or asked_empty(program, part.test, False)
        if asked is not None and reads(program, loop, asked) and is_filled(program, loop, asked):
            told = "A queue looks empty while items are still on their way, so this loop ends too "
            told += "early: read until a last item such as None, or as many items as there will be"
            yield Finding(loop, told)


def asked_empty(program: Program, test: ast.AST, full: bool) -> ast.AST | None:
    """The queue that a test asks whether it has (if `full`) or has no items."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return asked_empty(program, test.operand, not full)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) and full:
        found = [asked_empty(program, part, full) for part in test.values]
        return next((part for part in found if part is not None), None)
    wanted = "empty"
    if isinstance(test, ast.Compare):
        if not isinstance(test.ops[0], (ast.Gt, ast.NotEq) if full else ast.Eq):
            return None
        test, wanted, full = test.left, "qsize", False
    owner, method = method_of(test)
    return owner if method == wanted and not full and program.kinds(owner) & QUEUES else None


def reads(program: Program, loop: ast.While, queue: ast.AST) -> bool:
    """Whether the loop takes its items out of the queue, or hands it to who may do it."""
    for call in [part for line in loop.body for part in program.inside(line, ast.Call)]:
        owner, method = method_of(call)
        given = [owner] if method in ("get", "get_nowait") else getattr(call, "args", [])
        if any(program.objects(part) & program.objects(queue) for part in given):
            return True
    return False


def is_filled(program: Program, loop: ast.AST, queue: ast.AST) -> bool:
    """Whether items may still be on their way to the queue when the loop begins."""
    if program.in_worker(loop):
        return not is_full(program, loop, queue)
    function = program.function_of(loop)
    for call in program.method_calls(function, "join"):
        owner, _ = method_of(call)
        if (
            program.follows(loop, call)
            and not call.args
            and "JoinableQueue" not in program.kinds(owner)
        ):
            return False
    return bool(program.objects(queue) & {id(call) for call in program.own(function, ast.Call)})


def is_full(program: Program, loop: ast.AST, queue: ast.AST) -> bool:
    """Whether the processes that put items have ended before the one that reads is started."""
    writers = [
        call
        for call in program.calls
        if method_of(call)[1] in ("put", "put_nowait")
        and program.objects(method_of(call)[0]) & program.objects(queue)
    ]
    return bool(writers) and all(
        program.in_worker(call)
        and all(
            is_joined(program, task, other)
            for task in program.tasks_at(call)
            for other in program.tasks_at(loop)
        )
        for call in writers
    )
