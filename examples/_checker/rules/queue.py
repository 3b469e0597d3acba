"""An item that is changed after it was put into a queue."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.names import CHANGES
from examples._checker.program import Program

PAGE = "syntax/queue.md#an-item-that-is-changed-after-put"
SENDS = {
    ("Queue", "put"),
    ("JoinableQueue", "put"),
    ("Queue", "put_nowait"),
    ("JoinableQueue", "put_nowait"),
    ("Pool", "apply_async"),
    ("Executor", "submit"),
}
PLAIN = {"list", "dict", "set", "array", "constant"}
WAITS = {"get", "result", "wait", "join"}


def check(program: Program) -> Iterator[Finding]:
    """A thread pickles the item later, so it may send what the item has become meanwhile."""
    for call in program.calls:
        if isinstance(call.func, ast.Attribute):
            kinds = program.kinds(call.func.value)
            if any((kind, call.func.attr) in SENDS for kind in kinds):
                for name in sent(program, call):
                    change = changed_after(program, call, name)
                    if change is not None:
                        told = f"{name.id} may be pickled only after this change, and then it "
                        told += "arrives changed: send a copy, or make a new object each time"
                        yield Finding(change, told)


def sent(program: Program, call: ast.Call) -> list[ast.Name]:
    """The names of what a call sends."""
    assert isinstance(call.func, ast.Attribute)
    given: list[ast.expr] = list(call.args)
    if call.func.attr in ("apply_async", "submit"):
        given = next((task.arguments for task in program.tasks if task.call is call), [])
    return [part for part in given if isinstance(part, ast.Name) and is_plain(program, part)]


def is_plain(program: Program, name: ast.Name) -> bool:
    """Whether a name stands for a list or dict, an array or an object of a class of the file."""
    kinds = program.kinds(name)
    if kinds:
        return kinds <= PLAIN
    made = [value for value in program.values(name) if isinstance(value, ast.Call)]
    return any(
        isinstance(part, ast.ClassDef) for call in made for part in program.values(call.func)
    )


def changed_after(program: Program, call: ast.Call, name: ast.Name) -> ast.AST | None:
    """The first change of what a name means after a call, also in the next round of a loop."""
    function = program.function_of(call)
    events = [
        (part, kind)
        for part in program.own(function, ast.Name)
        if isinstance(part, ast.Name) and part.id == name.id and (kind := event(program, part))
    ]
    for part, kind in events:
        if program.follows(part, call) and call not in program.ancestors(part):
            if kind == "bound" or is_awaited(program, call, part):
                return None
            return part
    loop = program.in_loop(call)
    waits = program.method_calls(function, *WAITS)
    if loop is None or any(loop in program.ancestors(wait) for wait in waits):
        return None
    for part, kind in events:
        if loop in program.ancestors(part):
            return None if kind == "bound" else part
    return None


def event(program: Program, name: ast.Name) -> str:
    """What a statement does with a name: "changed", "bound", or "" for neither."""
    above = program.parent(name)
    if isinstance(name.ctx, ast.Store):
        is_same = isinstance(above, ast.AugAssign) and program.kinds(name) & {"list", "array"}
        return "changed" if is_same else "bound"
    if isinstance(above, ast.Subscript) and not isinstance(above.ctx, ast.Load):
        return "changed"
    if isinstance(above, ast.Attribute):
        call = program.parent(above)
        if isinstance(call, ast.Call) and call.func is above and above.attr in CHANGES | {"fill"}:
            return "changed"
        return "" if isinstance(above.ctx, ast.Load) else "changed"
    return ""


def is_awaited(program: Program, call: ast.Call, change: ast.AST) -> bool:
    """Whether a function waits for an answer between a call and a change."""
    waits = program.method_calls(program.function_of(call), *WAITS)
    return any(program.follows(wait, call) and program.follows(change, wait) for wait in waits)
