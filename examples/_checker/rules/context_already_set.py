"""A start method that is set a second time, too late, or again in each worker."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import NOT_FORK, Finding
from examples._checker.program import Program
from examples._checker.tree import FUNCTIONS, argument_of, keyword_of

PAGE = "pitfalls/context-already-set.md"
SETS = "multiprocessing.set_start_method"
FIXES = {
    f"multiprocessing.{name}"
    for name in [
        "set_start_method",
        "Pool",
        "Queue",
        "JoinableQueue",
        "SimpleQueue",
        "Lock",
        "RLock",
        "Semaphore",
        "Event",
        "Condition",
        "BoundedSemaphore",
        "Barrier",
        "Value",
        "Array",
        "Manager",
        "get_start_method",
    ]
} | {"concurrent.futures.ProcessPoolExecutor"}
STEPS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.IfExp, ast.BoolOp)


def check(program: Program) -> Iterator[Finding]:
    """The start method can be set once, before the first call that needs it."""
    before: ast.Call | None = None
    for call in in_order(program, program.tree, []):
        name = program.resolve(call.func)
        if name == SETS and before is not None and may_raise(program, call):
            told = "The start method has been set by then, by the call in line "
            yield Finding(call, f"{told}{before.lineno}: RuntimeError; set it once, and first")
        elif name == SETS and is_set_again(program, call) and may_raise(program, call):
            told = "Each worker imports this file, and sets the start method again: "
            told += "RuntimeError; call it under the main guard"
            yield Finding(call, told, NOT_FORK)
        if name in FIXES and before is None and keyword_of(call, "allow_none") is None:
            before = call


def in_order(program: Program, where: ast.AST, seen: list[ast.AST]) -> Iterator[ast.Call]:
    """The calls that the module surely makes, in their order, and those of what they call."""
    seen.append(where)
    for call in program.own(where, ast.Call):
        assert isinstance(call, ast.Call)
        if is_sure(program, call):
            yield call
            for target in program.functions(call.func):
                if isinstance(target, FUNCTIONS) and target not in seen:
                    yield from in_order(program, target, seen)


def is_sure(program: Program, call: ast.Call) -> bool:
    """Whether nothing but the main guard decides whether a call is made."""
    for above in program.ancestors(call):
        if isinstance(above, FUNCTIONS):
            return True
        if isinstance(above, STEPS):
            names = program.inside(getattr(above, "test", above), ast.Name)
            if "__name__" not in [getattr(name, "id", "") for name in names]:
                return False
    return True


def may_raise(program: Program, call: ast.Call) -> bool:
    """Whether the call may not replace what has been set, and nothing catches the error."""
    if len(call.args) > 1 or keyword_of(call, "force") is not None:
        return False
    above = [part for part in program.ancestors(call) if isinstance(part, ast.Try)]
    return not any(part.handlers for part in above)


def is_set_again(program: Program, call: ast.Call) -> bool:
    """Whether each worker comes to a call that sets another start method than fork."""
    if program.notebook or not program.at_import(call):
        return False
    given = argument_of(call, "method", 0)
    return not isinstance(given, ast.Constant) or given.value not in ("fork", None)
