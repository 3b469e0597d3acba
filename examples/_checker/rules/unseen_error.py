"""Tasks whose result, and so whose error, nobody asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import COMPREHENSIONS, FUNCTIONS, Program, Task, keyword_of

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
    body = (
        [
            part
            for part in getattr(task.target, "body", None) or ()
            if not isinstance(part, ast.Expr) or not isinstance(part.value, ast.Constant)
        ]
        if isinstance(task.target, (ast.FunctionDef, ast.AsyncFunctionDef))
        else []
    )
    if not any(isinstance(part, ast.Try) for part in body):
        return False
    tried = next(part for part in body if isinstance(part, ast.Try))
    return any(
        handler.type is None or getattr(handler.type, "id", "") in ("Exception", "BaseException")
        for handler in tried.handlers
    )


def is_dropped(program: Program, call: ast.AST) -> bool:
    """Whether nothing is done with what a call returns."""
    above = program.parent(call)
    if isinstance(above, COMPREHENSIONS):
        above = program.parent(above)
    if isinstance(above, ast.Expr):
        return True
    name = None
    if isinstance(above, ast.Assign):
        name = above.targets[0]
    elif isinstance(above, ast.Call) and getattr(above.func, "attr", "") == "append":
        name = above.func.value if isinstance(above.func, ast.Attribute) else None
    if not isinstance(name, ast.Name):
        return False
    scope = program.scope_of(name)
    if not isinstance(scope, FUNCTIONS):
        return False
    return all(
        isinstance(node.ctx, ast.Store) or getattr(program.parent(node), "attr", "") == "append"
        for node in program.inside(scope, ast.Name)
        if isinstance(node, ast.Name) and node.id == name.id
    )
