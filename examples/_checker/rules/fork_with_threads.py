"""Processes that are started while the program has threads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import FORK, Finding
from examples._checker.program import Program

PAGE = "pitfalls/fork-with-threads.md"
TOLD = (
    "A thread is running when this forks: the child has a copy of every lock that the thread holds,"
    ' and can wait for it forever; start processes first, or with "spawn"'
)


def check(program: Program) -> Iterator[Finding]:
    """A fork copies the locks that other threads hold, and not the threads."""
    for function in {id(node): node for node in map(program.function_of, program.calls)}.values():
        calls = [call for call in program.own(function, ast.Call) if isinstance(call, ast.Call)]
        threads = [call for call in calls if starts(program, call, THREADS)]
        joins = [call for call in calls if is_thread_join(program, call)]
        for call in calls if threads else ():
            running = [
                thread
                for thread in threads
                if program.follows(call, thread)
                and not is_over(program, thread, call)
                and not any(
                    program.follows(join, thread) and program.follows(call, join) for join in joins
                )
            ]
            if running and starts(program, call, PROCESSES):
                yield Finding(call, TOLD, FORK)
                break


THREADS = {
    "threading.Thread": {"start"},
    "ThreadExecutor": {"submit", "map"},
    "ThreadPool": {"map", "apply_async", "map_async", "imap", "imap_unordered"},
}
PROCESSES = {"Process": {"start"}, "Pool": {""}, "Executor": {"submit", "map"}}


def starts(program: Program, call: ast.Call, what: dict[str, set[str]]) -> bool:
    """Whether a call starts one of these."""
    for kind, methods in what.items():
        if "" in methods and kind in program.kinds(call):
            return True
        if isinstance(call.func, ast.Attribute) and call.func.attr in methods:
            if program.kinds(call.func.value) == {kind}:
                return True
    return False


def is_thread_join(program: Program, call: ast.Call) -> bool:
    """Whether a call waits for a thread, or for all threads of an executor."""
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in ("join", "shutdown", "cancel", "terminate")
        and bool(program.kinds(call.func.value) & set(THREADS))
    )


def is_over(program: Program, thread: ast.Call, call: ast.Call) -> bool:
    """Whether the `with` block of the threads has ended before the call."""
    return any(
        isinstance(above, ast.With)
        and above not in program.ancestors(call)
        and any(program.kinds(item.context_expr) & set(THREADS) for item in above.items)
        for above in program.ancestors(thread)
    )
