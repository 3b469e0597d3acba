"""A loop that ends when the queue happens to be empty."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import FUNCTIONS, Program

PAGE = "pitfalls/queue-empty.md"
QUEUES = {"Queue", "JoinableQueue"}
TOLD = (
    "A queue looks empty while items are still on their way, so this loop ends too early: "
    "read until a last item such as None, or as many items as there will be"
)


def check(program: Program) -> Iterator[Finding]:
    """What was put is in the pipe only later, and what comes next is not there yet."""
    for loop in program.nodes:
        if not isinstance(loop, ast.While) or is_repeated(program, loop):
            continue
        asked = asked_empty(program, loop.test, True)
        for part in loop.body if asked is None else ():
            if isinstance(part, ast.If) and isinstance(part.body[-1], ast.Break):
                asked = asked or asked_empty(program, part.test, False)
        if asked is None or not reads(program, loop, asked):
            continue
        if is_filled(program, loop, asked):
            yield Finding(loop, TOLD)


def asked_empty(program: Program, test: ast.AST, full: bool) -> ast.AST | None:
    """The queue that a test asks whether it has (if `full`) or has no items."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return asked_empty(program, test.operand, not full)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) and full:
        found = [asked_empty(program, part, full) for part in test.values]
        return next((part for part in found if part is not None), None)
    if isinstance(test, ast.Compare):
        wanted = (ast.Gt, ast.NotEq, ast.GtE) if full else (ast.Eq, ast.LtE, ast.Lt)
        if not isinstance(test.ops[0], wanted):
            return None
        test, full = test.left, not full
        name = "qsize"
    else:
        name = "empty"
    if isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and not full:
        if test.func.attr == name and program.kinds(test.func.value) & QUEUES:
            return test.func.value
    return None


def is_repeated(program: Program, loop: ast.AST) -> bool:
    """Whether another loop of the same function comes back to this one."""
    for above in program.ancestors(loop):
        if isinstance(above, FUNCTIONS):
            return False
        if isinstance(above, (ast.For, ast.While)):
            return True
    return False


def reads(program: Program, loop: ast.AST, queue: ast.AST) -> bool:
    """Whether the loop takes its items out of the queue."""
    for call in program.inside(loop, ast.Call):
        assert isinstance(call, ast.Call)
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("get", "get_nowait"):
            if program.objects(call.func.value) & program.objects(queue):
                return True
    return False


def is_filled(program: Program, loop: ast.AST, queue: ast.AST) -> bool:
    """Whether items may still be on their way to the queue when the loop begins."""
    function = program.function_of(loop)
    if program.in_worker(loop):
        return True
    joined = program.method_calls(function, "join")
    if any(program.follows(loop, call) for call in joined):
        return False
    made = program.objects(queue)
    here = {id(call) for call in program.own(function, ast.Call)}
    return bool(made & here)
