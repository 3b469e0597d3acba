"""A lock or queue that is used after a process that uses it was terminated."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.tree import keyword_of

PAGE = "pitfalls/lock-holder-killed.md"
LOCKS = {"Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition"}
QUEUES = {"Queue", "JoinableQueue", "SimpleQueue"}


def check(program: Program) -> Iterator[Finding]:
    """A process that is ended in the middle keeps the lock, or leaves half an item."""
    for function in program.all_functions():
        ended = program.method_calls(function, "terminate", "kill")
        seen: set[int] = set()
        for end in ended:
            assert isinstance(end.func, ast.Attribute)
            if "Process" not in program.kinds(end.func.value):
                continue
            used = used_by(program, end.func.value)
            for node, what in uses(program, function):
                made = program.objects(what)
                if not made & used or made & seen or not program.follows(node, end):
                    continue
                seen |= made
                if program.kinds(what) & LOCKS:
                    told = "If the process that was ended held this lock, this waits forever: ask "
                    told += "the process to stop instead, or use acquire(timeout=...)"
                else:
                    told = "If the process was ended in the middle of an item, or while it read, "
                    told += "this queue can wait forever: ask the process to stop instead, or give "
                    told += "it a queue of its own"
                yield Finding(node, told)


def used_by(program: Program, process: ast.AST) -> set[int]:
    """The locks and queues that a process uses, by id()."""
    found: set[int] = set()
    for function in program.reached(program.run_by(process)).values():
        for _, what in uses(program, function):
            found |= program.objects(what)
    return found


def uses(program: Program, function: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Where a function takes a lock, or puts into or gets from a queue, without a limit."""
    for node in program.own(function, ast.With, ast.Call):
        if isinstance(node, ast.With):
            for item in node.items:
                if program.kinds(item.context_expr) & LOCKS:
                    yield item.context_expr, item.context_expr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            kinds, method = program.kinds(node.func.value), node.func.attr
            if method == "acquire" and kinds & LOCKS and keyword_of(node, "timeout") is None:
                if not node.args and keyword_of(node, "block") is None:
                    yield node, node.func.value
            elif method in ("get", "put") and kinds & QUEUES:
                yield node, node.func.value
