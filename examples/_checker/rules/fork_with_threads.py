"""Processes that are started while the program has threads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import FORK, Finding
from examples._checker.program import Program
from examples._checker.tree import keyword_of, method_of

PAGE = "pitfalls/fork-with-threads.md"
THREADS = {
    "threading.Thread": {"start"},
    "ThreadExecutor": {"submit", "map"},
    "ThreadPool": {"map", "apply_async", "map_async", "imap", "imap_unordered"},
}
PROCESSES = {"Process": {"start"}, "Pool": {""}, "Executor": {"submit", "map"}}
LONG = (ast.For, ast.While, ast.With)
QUICK = {"print", "threading.current_thread", "threading.get_ident"}
TOLD = (
    "A thread is running when this forks: the child has a copy of every lock that the thread holds,"
    ' and can wait for it forever; start processes first, or with "spawn"'
)


def check(program: Program) -> Iterator[Finding]:
    """A fork copies the locks that other threads hold, and not the threads."""
    threads = [call for call in program.calls if starts(program, call, THREADS)]
    if not threads:
        return
    joins = [call for call in program.calls if is_thread_join(program, call)]
    pinned = program.start_methods() == {"fork"}
    in_threads = program.reached(run_in_threads(program))
    for function in program.all_functions():
        for call in program.own(function, ast.Call):
            if not starts(program, call, PROCESSES):
                continue
            if not pinned and is_chosen(program, call):
                continue
            if id(function) in in_threads or any(
                is_running(program, thread, call, joins) for thread in threads
            ):
                yield Finding(call, TOLD, FORK)
                break


def run_in_threads(program: Program) -> list[ast.AST]:
    """The functions of this file that threads are given."""
    found: list[ast.AST] = []
    for call in program.calls:
        if "threading.Thread" in program.kinds(call):
            found += program.functions(keyword_of(call, "target"))
        elif starts(program, call, THREADS) and call.args:
            found += program.functions(call.args[0])
    return found


def is_running(program: Program, thread: ast.AST, call: ast.AST, joins: list[ast.Call]) -> bool:
    """Whether a thread that is started runs when a process is."""
    if program.function_of(thread) is not program.function_of(call):
        here = program.in_parent(thread) and program.in_parent(call)
        here = here and not is_short(program, thread)
        return here and not joins and program.comes_after(call, thread)
    if not program.follows(call, thread) or is_over(program, thread, call):
        return False
    own = [join for join in joins if program.function_of(join) is program.function_of(call)]
    return not any(program.follows(join, thread) and program.follows(call, join) for join in own)


def is_short(program: Program, thread: ast.AST) -> bool:
    """Whether all that a thread does is to print a line or two."""
    run = [
        target
        for made in program.values(method_of(thread)[0])
        if isinstance(made, ast.Call)
        for target in program.functions(keyword_of(made, "target"))
    ]
    return bool(run) and not any(
        isinstance(part, LONG) or program.resolve(getattr(part, "func", None)) not in QUICK
        for target in run
        for part in program.inside(target, ast.Call, *LONG)
    )


def starts(program: Program, call: ast.AST, what: dict[str, set[str]]) -> bool:
    """Whether a call starts one of these."""
    owner, method = method_of(call)
    kinds = program.kinds(owner)
    made = {kind for kind in program.kinds(call) if "" in what.get(kind, ())}
    return bool(made) or any(method in what.get(kind, ()) for kind in kinds if len(kinds) == 1)


def is_thread_join(program: Program, call: ast.Call) -> bool:
    """Whether a call waits for a thread, or for all threads of an executor."""
    owner, method = method_of(call)
    ends = method in ("join", "shutdown", "cancel", "terminate")
    return ends and bool(program.kinds(owner) & set(THREADS))


def is_over(program: Program, thread: ast.AST, call: ast.AST) -> bool:
    """Whether the `with` block of the threads has ended before the call."""
    return any(
        isinstance(above, ast.With)
        and above not in program.ancestors(call)
        and any(program.kinds(item.context_expr) & set(THREADS) for item in above.items)
        for above in program.ancestors(thread)
    )


def is_chosen(program: Program, call: ast.AST) -> bool:
    """Whether a process or pool is of a context that the program chooses."""
    made = [*program.values(call), *program.values(method_of(call)[0])]
    return any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and "Context" in program.kinds(part.func.value)
        for part in made
    )
