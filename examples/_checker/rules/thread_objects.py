"""A queue, lock or event for threads that is given to a process, or used in several."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import EVERYWHERE, Finding
from examples._checker.program import Program
from examples._checker.rules.local_function import uses_dill

PAGE = "pitfalls/thread-objects.md"
THREADS = {"threading.Thread", "ThreadExecutor", "ThreadPool"}


def check(program: Program) -> Iterator[Finding]:
    """Each process has a copy of its own, if it gets one at all."""
    if uses_dill(program):
        return
    for task in program.tasks:
        for shown, node in program.sent(task):
            if kinds := [kind for kind in program.kinds(node) if is_for_threads(kind)]:
                told = f"A {kinds[0]} is for the threads of one process: the other process has a "
                told += "copy of its own under fork, and elsewhere this raises TypeError; use "
                yield Finding(shown, told + "the one of multiprocessing")
    if any(program.kinds(call) & THREADS for call in program.calls):
        return
    for node in program.nodes:
        if isinstance(node, ast.withitem) and program.in_several(node):
            lock = node.context_expr
            if isinstance(lock, ast.Name) and program.scope_of(lock) is program.tree:
                kinds = [kind for kind in program.kinds(lock) if is_for_threads(kind)]
                if kinds:
                    told = f"Each process has a {kinds[0]} of its own here, so it does not keep "
                    told += "them apart: pass one of multiprocessing to each"
                    yield Finding(lock, told, EVERYWHERE)


def is_for_threads(kind: str) -> bool:
    """Whether a kind is of `threading` or `queue`, and holds what cannot be sent."""
    return kind.startswith(("queue.", "threading.")) and kind != "threading.Thread"
