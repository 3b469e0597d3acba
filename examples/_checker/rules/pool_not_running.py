"""Tasks and results that come after the end of their pool."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import COMPREHENSIONS, Program

PAGE = "pitfalls/pool-not-running.md"
ENDS = ("close", "terminate", "shutdown")
LATER = ("apply_async", "map_async", "starmap_async", "imap", "imap_unordered")
TASKS = ("apply", "map", "starmap", *LATER)
WAITS = ("join", "get", "wait", "sleep", "next", "recv", "input")


def check(program: Program) -> Iterator[Finding]:
    """A pool takes no tasks after its end; the end of its `with` block stops the workers."""
    for node in program.nodes:
        if isinstance(node, ast.With):
            for item in node.items:
                name = item.optional_vars or item.context_expr
                kinds = program.kinds(item.context_expr) & {"Pool", "Executor"}
                if isinstance(name, ast.Name) and kinds:
                    yield from too_late(program, node, name.id)
                    if kinds == {"Pool"}:
                        yield from lost(program, node, name.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if node.func.attr in ENDS and isinstance(owner, ast.Name):
                if program.kinds(owner) & {"Pool", "Executor"}:
                    yield from too_late(program, node, owner.id)


def too_late(program: Program, end: ast.AST, pool: str) -> Iterator[Finding]:
    """Tasks that a pool is given after its end."""
    function = program.function_of(end)
    stored = [node for node in named(program, function, pool) if isinstance(node.ctx, ast.Store)]
    for call in program.method_calls(function, "submit", *TASKS):
        assert isinstance(call.func, ast.Attribute)
        owner = call.func.value
        if not isinstance(owner, ast.Name) or owner.id != pool or not after(program, call, end):
            continue
        if any(program.follows(call, new) and after(program, new, end) for new in stored):
            continue
        if "Pool" in program.kinds(owner):
            told = "The pool has ended before this line: ValueError: Pool not running"
        else:
            told = "The executor has ended before this line: RuntimeError: cannot schedule new"
            told += " futures after shutdown"
        yield Finding(call, f"{told}; give it all tasks before")


def after(program: Program, node: ast.AST, end: ast.AST) -> bool:
    """Whether a node comes after another one, and not within it."""
    return program.follows(node, end) and end not in program.ancestors(node)


def named(program: Program, function: ast.AST, name: str) -> list[ast.Name]:
    """Where a function itself uses a variable."""
    found = program.own(function, ast.Name)
    return [node for node in found if isinstance(node, ast.Name) and node.id == name]


def lost(program: Program, block: ast.With, pool: str) -> Iterator[Finding]:
    """Results that have not arrived when the `with` block ends."""
    inside = program.inside(block, ast.Call)
    if any(method_of(call) == "join" for call in inside):
        return
    for call in inside:
        if method_of(call) not in LATER or not isinstance(call, ast.Call):
            continue
        assert isinstance(call.func, ast.Attribute)
        if not isinstance(call.func.value, ast.Name) or call.func.value.id != pool:
            continue
        above = holder(program, call)
        if isinstance(above, ast.Name):
            uses = [
                use
                for use in named(program, program.function_of(block), above.id)
                if isinstance(use.ctx, ast.Load) and not is_append(program, use)
            ]
            late = [use for use in uses if after(program, use, block)]
            if late and not any(block in program.ancestors(use) for use in uses):
                told = "The end of the pool's with block has stopped its workers: results that had "
                told += "not arrived never come, and get() waits forever; fetch them in the block"
                yield Finding(late[0], told)
        elif isinstance(above, ast.Expr):
            last = block.body[-1]
            if last is call or last in program.ancestors(call):
                if not any(method_of(part) in WAITS for part in program.inside(last, ast.Call)):
                    told = "The with block ends and stops the workers before the tasks are done: "
                    told += "get() the results in the block, or end it with close() and join()"
                    yield Finding(call, told)


def method_of(call: ast.AST) -> str:
    """The name of what is called, without what it belongs to."""
    function = getattr(call, "func", None)
    return getattr(function, "attr", getattr(function, "id", ""))


def is_append(program: Program, use: ast.Name) -> bool:
    """Whether a list is only added to here."""
    return getattr(program.parent(use), "attr", "") == "append"


def holder(program: Program, call: ast.AST) -> ast.AST | None:
    """The variable, maybe a list, that gets what a call returns; the statement if nothing does."""
    above = program.parent(call)
    if isinstance(above, COMPREHENSIONS):
        above = program.parent(above)
    if isinstance(above, ast.Call) and isinstance(above.func, ast.Attribute):
        return above.func.value if above.func.attr == "append" else None
    return above.targets[0] if isinstance(above, ast.Assign) else above
