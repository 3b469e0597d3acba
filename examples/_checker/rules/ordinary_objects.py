"""An ordinary object that a worker changes, and that the parent reads afterwards."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.names import CHANGES
from examples._checker.program import Program
from examples._checker.task import Task
from examples._checker.tree import written

PAGE = "pitfalls/ordinary-objects.md"
PLAIN = {"list", "dict", "set"}
ADDS = {"append", "extend", "insert", "add", "update", "setdefault"}
SENDS = {"put", "put_nowait", "send", "set_result"}
SHOWS = {"print", "len", "sum", "sorted", "list", "dict", "set", "str", "min", "max", "enumerate"}


def check(program: Program) -> Iterator[Finding]:
    """A worker has a copy of it, and nothing sends the change back."""
    found = set()
    for node in program.nodes:
        thing = changed(node)
        if thing is None or not program.in_worker(node) or is_run_here(program, node):
            continue
        tasks = [task for task in program.tasks_at(node) if task.how != "initializer"]
        key = (id(program.function_of(node)), written(thing))
        if tasks and key not in found and is_copied(program, node, thing):
            read = read_by_parent(program, node, thing, tasks)
            if read is not None and not is_sent(program, node, thing):
                found.add(key)
                told = f"The worker changes its own copy of {written(thing)}, and the parent does "
                told += f"not get the change that it reads in line {read}: return or send it, or "
                yield Finding(node, told + "share it")


def changed(node: ast.AST) -> ast.expr | None:
    """The name or attribute whose object a statement or call changes, or which it binds."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.value if node.func.attr in ADDS else None
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
        return target.value if isinstance(target, ast.Subscript) else target
    return None


def is_run_here(program: Program, node: ast.AST) -> bool:
    """Whether the parent itself, or a thread, runs the function of a node, too."""
    function = program.function_of(node)
    if id(function) in program.parents:
        return True
    return any(
        function in program.functions(part)
        for call in program.calls
        if program.kinds(call) & {"threading.Thread", "thread.Future"}
        for part in [*call.args, *(keyword.value for keyword in call.keywords)]
    )


def is_copied(program: Program, node: ast.AST, thing: ast.AST) -> bool:
    """Whether what is changed was made outside of the workers, and is not shared."""
    if isinstance(thing, ast.Name):
        if isinstance(thing.ctx, ast.Store) and program.scope_of(thing) is not program.tree:
            return isinstance(node, ast.AugAssign) and bool(originals(program, thing))
        if isinstance(thing.ctx, ast.Store):
            return program.kinds(thing) <= PLAIN | {"constant", "array"}
        return bool(originals(program, thing))
    if isinstance(thing, ast.Attribute) and program.owner(thing.value) is not None:
        return program.kinds(thing) <= PLAIN | {"constant", "array"}
    return False


def originals(program: Program, thing: ast.AST) -> set[int]:
    """The ordinary containers that an expression may be, and that no worker has made."""
    if not program.kinds(thing) or not program.kinds(thing) <= PLAIN:
        return set()
    values = program.values(thing)
    return {id(value) for value in values if not program.in_worker(value)}


def is_same(program: Program, thing: ast.AST, other: ast.AST) -> bool:
    """Whether two expressions may mean the same object, or the same variable."""
    if isinstance(thing, ast.Attribute) and isinstance(other, ast.Attribute):
        owner = program.owner(thing.value)
        return thing.attr == other.attr and program.owner(other.value) is owner
    if isinstance(thing, ast.Name) and isinstance(other, ast.Name):
        if program.scope_of(thing) is program.tree and program.scope_of(other) is program.tree:
            return thing.id == other.id
        return bool(originals(program, thing) & originals(program, other))
    return False


def read_by_parent(
    program: Program, node: ast.AST, thing: ast.AST, tasks: list[Task]
) -> int | None:
    """The line in which the parent reads it later; None if it changes it itself by then."""
    line = None
    for other in program.nodes:
        if isinstance(other, (ast.Name, ast.Attribute)) and is_same(program, thing, other):
            if not program.in_parent(other):
                continue
            if not any(
                program.comes_after(other, start)
                for task in tasks
                for start in program.calls_of(task)
            ):
                continue
            if is_changed(program, other):
                return None
            if line is None and is_read(program, node, other, tasks):
                line = other.lineno
    return line


def is_changed(program: Program, thing: ast.Name | ast.Attribute) -> bool:
    """Whether the parent changes it here."""
    above = program.parent(thing)
    if isinstance(above, ast.Subscript) and above.value is thing:
        return not isinstance(above.ctx, ast.Load)
    if isinstance(above, ast.Attribute):
        return above.attr in CHANGES | ADDS
    return not isinstance(thing.ctx, ast.Load)


def is_read(program: Program, node: ast.AST, thing: ast.AST, tasks: list[Task]) -> bool:
    """Whether the parent looks at what the worker has changed."""
    if any(task.call in program.ancestors(thing) for task in tasks):
        return False
    above = program.parent(thing)
    key = item(node)
    if isinstance(above, ast.Call) and thing in above.args:
        called = getattr(above.func, "attr", None) or getattr(above.func, "id", None)
        return key is None or called in SHOWS
    if isinstance(above, ast.Subscript) and isinstance(above.slice, ast.Constant):
        return key is None or above.slice.value == key
    return True


def item(node: ast.AST) -> object:
    """The key of the item that is changed, if the file tells it."""
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            return target.slice.value
    return None


def is_sent(program: Program, node: ast.AST, thing: ast.AST) -> bool:
    """Whether a worker returns or sends it. What the target of a Process returns is lost."""
    function = program.function_of(node)
    is_lost = any(task.target is function and task.how == "Process" for task in program.tasks)
    for part in program.inside(function, ast.Return, ast.Call):
        if isinstance(part, ast.Return):
            if is_lost:
                continue
        elif not isinstance(part.func, ast.Attribute) or part.func.attr not in SENDS:  # type: ignore[attr-defined]
            continue
        for name in program.inside(part, ast.Name, ast.Attribute):
            if written(name) in (written(thing), "self") and name is not thing:
                return True
    return False
