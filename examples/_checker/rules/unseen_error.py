"""Tasks whose result, and so whose error, nobody asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.task import Task
from examples._checker.tree import COMPREHENSIONS, keyword_of, method_of

PAGE = "pitfalls/unseen-error.md"
ASKED = {
    "apply_async": "call get() on what it returns, or pass error_callback",
    "map_async": "call get() on what it returns, or pass error_callback",
    "starmap_async": "call get() on what it returns, or pass error_callback",
    "imap": "read the results that it gives",
    "imap_unordered": "read the results that it gives",
    "map": "read the results that it gives, as list() does",
    "submit": "call result() on the future that it returns",
}
WAITS = {"wait", "ready", "done", "as_completed", "tqdm"}


def check(program: Program) -> Iterator[Finding]:
    """The error of a task comes out only where its result is asked for."""
    for task in program.tasks:
        asynchronous = task.how in ("pool", "executor") and task.method in ASKED
        if not asynchronous or (task.how, task.method) == ("pool", "map"):
            continue
        if keyword_of(task.call, "error_callback") or is_careful(task):
            continue
        if is_dropped(program, task.call):
            told = f"If the function raises an error here, nobody sees it: {ASKED[task.method]}"
            yield Finding(task.call, told)


def is_careful(task: Task) -> bool:
    """Whether the function itself catches every exception."""
    if not isinstance(task.target, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return any(
        handler.type is None or getattr(handler.type, "id", "") in ("Exception", "BaseException")
        for part in task.target.body
        if isinstance(part, ast.Try)
        for handler in part.handlers
    )


def is_dropped(program: Program, call: ast.AST) -> bool:
    """Whether nobody asks for what a call returns."""
    above = program.parent(call)
    if isinstance(above, (*COMPREHENSIONS, ast.DictComp)):
        above = program.parent(above)
    if isinstance(above, ast.Expr):
        return True
    name: ast.AST | None = above.targets[0] if isinstance(above, ast.Assign) else None
    if above is not None and method_of(above)[1] == "append":
        name = method_of(above)[0]
    return isinstance(name, ast.Name) and is_unasked(program, name)


def is_unasked(program: Program, name: ast.Name) -> bool:
    """Whether a variable with results, or a list of them, is only waited for."""
    scope = program.scope_of(name) or program.tree
    return not any(
        isinstance(node, ast.Name)
        and node.id == name.id
        and isinstance(node.ctx, ast.Load)
        and not is_quiet(program, node)
        for node in program.inside(scope, ast.Name)
    )


def is_quiet(program: Program, use: ast.AST) -> bool:
    """Whether a use of results waits for them and does not ask what they are."""
    before, above = use, program.parent(use)
    if isinstance(above, ast.Attribute):
        return above.attr == "append" or above.attr in WAITS
    while isinstance(above, ast.Call) and method_of(above)[1] in WAITS:
        before, above = above, program.parent(above)
    if isinstance(above, ast.For) and isinstance(above.target, ast.Name):
        return before is above.iter and is_unasked(program, above.target)
    return isinstance(above, ast.Expr)
