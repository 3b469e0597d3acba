"""Tasks and results that come after the end of their pool."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.tree import COMPREHENSIONS, method_of

PAGE = "pitfalls/pool-not-running.md"
ENDS = ("close", "terminate", "shutdown")
LATER = ("apply_async", "map_async", "starmap_async", "imap", "imap_unordered")
TASKS = ("apply", "map", "starmap", *LATER)
WAITS = ("join", "get", "wait", "sleep", "next", "recv", "input")


def check(program: Program) -> Iterator[Finding]:
    """A pool takes no tasks after its end; the end of its `with` block stops the workers."""
    for node in program.nodes:
        for item in node.items if isinstance(node, ast.With) else ():
            name = item.optional_vars or item.context_expr
            kinds = program.kinds(item.context_expr) & {"Pool", "Executor"}
            if isinstance(node, ast.With) and isinstance(name, ast.Name) and kinds:
                yield from too_late(program, node, name.id)
                if kinds == {"Pool"}:
                    yield from lost(program, node, name.id)
        owner, method = method_of(node)
        if method in ENDS and program.kinds(owner) & {"Pool", "Executor"}:
            yield from too_late(program, node, owner.id if isinstance(owner, ast.Name) else "")


def too_late(program: Program, end: ast.AST, pool: str) -> Iterator[Finding]:
    """Tasks that a pool is given after its end."""
    function = program.function_of(end)
    names = program.named(function, pool)
    stored = [name for name in names if isinstance(name.ctx, ast.Store)]
    for call in program.method_calls(function, "submit", *TASKS):
        owner, _ = method_of(call)
        if not isinstance(owner, ast.Name) or owner.id != pool or not after(program, call, end):
            continue
        if any(program.follows(call, new) and after(program, new, end) for new in stored):
            continue
        told = "The executor has ended before this line: RuntimeError: cannot schedule new futures"
        if "Pool" in program.kinds(owner):
            told = "The pool has ended before this line: ValueError: Pool not running"
        yield Finding(call, f"{told}; give it all tasks before")


def after(program: Program, node: ast.AST, end: ast.AST) -> bool:
    """Whether a node comes after another one, and not within it."""
    return program.follows(node, end) and end not in program.ancestors(node)


def lost(program: Program, block: ast.With, pool: str) -> Iterator[Finding]:
    """Results that have not arrived when the `with` block ends."""
    inside = program.inside(block, ast.Call)
    if any(method_of(call)[1] == "join" for call in inside):
        return
    for call in inside:
        owner, method = method_of(call)
        if method not in LATER or not isinstance(owner, ast.Name) or owner.id != pool:
            continue
        above = holder(program, call)
        if isinstance(above, ast.Name):
            uses = [
                use
                for use in program.named(program.function_of(block), above.id)
                if isinstance(use.ctx, ast.Load)
                and getattr(program.parent(use), "attr", "") != "append"
            ]
            late = [use for use in uses if after(program, use, block)]
            if late and not any(block in program.ancestors(use) for use in uses):
                told = "The end of the pool's with block has stopped its workers: results that had "
                told += "not arrived never come, and get() waits forever; fetch them in the block"
                yield Finding(late[0], told)
        elif isinstance(above, ast.Expr) and block.body[-1] in program.ancestors(call):
            called = program.inside(block.body[-1], ast.Call)
            if not any(method_of(part)[1] in WAITS for part in called):
                told = "The with block ends and stops the workers before the tasks are done: "
                told += "get() the results in the block, or end it with close() and join()"
                yield Finding(call, told)


def holder(program: Program, call: ast.AST) -> ast.AST | None:
    """The variable, maybe a list, that gets what a call returns; the statement if nothing does."""
    above = program.parent(call)
    if isinstance(above, COMPREHENSIONS):
        above = program.parent(above)
    owner, method = method_of(above) if above else (None, "")
    if method == "append":
        return owner
    return above.targets[0] if isinstance(above, ast.Assign) else above
