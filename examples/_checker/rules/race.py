"""A shared value that several processes read and then write, without a lock around both."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import EVERYWHERE, FORK, Finding
from examples._checker.program import Program
from examples._checker.task import Task
from examples._checker.tree import method_of, written

PAGE = "pitfalls/race.md"
NUMBERS = {"Value", "RawValue", "manager.Value"}
ITEMS = {"Array", "RawArray", "manager.Array", "manager.list", "manager.dict"}
COPIED = {"Value", "RawValue", "Array", "RawArray"}
LOCKS = ("lock", "mutex", "sem", "cond")


def check(program: Program) -> Iterator[Finding]:
    """Two processes can read the same value, and one of the two results is lost."""
    changes = [
        (node, target, made)
        for node in program.nodes
        if isinstance(node, (ast.Assign, ast.AugAssign))
        for target in ([node.target] if isinstance(node, ast.AugAssign) else node.targets)
        if (made := shared(program, target))
    ]
    for node, target, made in changes:
        if program.in_worker(node) and is_read(program, node, target):
            others: list[ast.AST] = [
                other
                for other, there, same in changes
                if other is not node and made & same and not is_apart(program, target, there)
            ]
            if is_at_once(program, node, others) and not is_locked(program, node):
                told = "This reads what is shared, and then writes it: when two processes do that "
                told += "at the same time, one change is lost. Hold a lock around the line"
                yield Finding(node, told, FORK if is_own(program, target, made) else EVERYWHERE)


def shared(program: Program, target: ast.AST) -> set[int]:
    """The shared objects of which a target is a part that is the same in all processes."""
    found: list[ast.AST] = []
    if isinstance(target, ast.Attribute):
        kinds = program.kinds(target.value)
        if (kinds & NUMBERS and target.attr == "value") or "manager.Namespace" in kinds:
            found = program.values(target.value)
    elif isinstance(target, ast.Subscript) and is_common(program, target):
        if program.kinds(target.value) & ITEMS:
            found = program.values(target.value)
        else:
            found = program.viewed(target.value)
    elif isinstance(target, ast.Name):
        found = program.viewed(target)
    tasks = program.tasks_at(target) if program.in_worker(target) else []
    return {id(made) for made in found if not is_for_one(program, made, tasks)}


def is_own(program: Program, target: ast.AST, made: set[int]) -> bool:
    """Whether each worker that is not forked makes the shared objects itself, at import."""
    sent = {
        key
        for task in program.tasks
        for _, part in program.sent(task)
        for key in program.objects(part)
    }
    while isinstance(target, (ast.Attribute, ast.Subscript)):
        target = target.value
    if not isinstance(target, ast.Name) or program.scope_of(target) is not program.tree:
        return False
    return not made & sent and all(
        program.at_import(call) and program.kinds(call) & COPIED
        for call in program.calls
        if id(call) in made
    )


def is_for_one(program: Program, made: ast.AST, tasks: list[Task]) -> bool:
    """Whether each process has a shared object of its own."""
    owner, loop = program.class_of(made), program.in_loop(made)
    if owner is not None and "Process" in program.kinds_of_class(owner):
        return True
    return loop is not None and not any(
        loop in program.ancestors(task.call)
        and (len(tasks) > 1 or program.in_loop(task.call) is not loop)
        for task in tasks
    )


def is_common(program: Program, target: ast.Subscript) -> bool:
    """Whether an index is the same in several processes, as far as the file tells."""
    index = target.slice
    if isinstance(index, ast.Slice):
        return index.lower is None and index.upper is None
    values = program.values(index)
    if values and all(isinstance(value, ast.Constant) for value in values):
        return len({str(getattr(value, "value", "")) for value in values}) == 1
    loop = program.in_loop(target)
    if not isinstance(loop, ast.For) or written(loop.target) != written(index):
        return False
    if isinstance(loop.iter, ast.Call) and program.resolve(loop.iter.func) == "range":
        return len(loop.iter.args) == 1 and not isinstance(loop.iter.args[0], ast.Name)
    return bool(program.kinds(target.value) & {"manager.dict"})


def is_apart(program: Program, target: ast.AST, other: ast.AST) -> bool:
    """Whether two targets are different items, each with an index that the file has."""
    if not isinstance(target, ast.Subscript) or not isinstance(other, ast.Subscript):
        return False
    here, there = ({value(part) for part in program.values(one.slice)} for one in (target, other))
    return None not in here | there and not here & there


def value(index: ast.AST) -> str | None:
    """A constant index as text, or None."""
    return repr(index.value) if isinstance(index, ast.Constant) else None


def is_read(program: Program, node: ast.Assign | ast.AugAssign, target: ast.AST) -> bool:
    """Whether what is written follows from what was read before."""
    if isinstance(node, ast.AugAssign):
        return True
    if isinstance(target, ast.Name):
        return False
    if mentions(node.value, target):
        return True
    before = [
        part.targets[0]
        for part in program.own(program.function_of(node), ast.Assign)
        if isinstance(part, ast.Assign)
        and mentions(part.value, target)
        and program.follows(node, part)
    ]
    if any(mentions(node.value, name) for name in before):
        return True
    return not isinstance(node.value, ast.Constant) and any(
        isinstance(above, ast.If) and mentions(above.test, target)
        for above in program.ancestors(node)
    )


def mentions(node: ast.AST, target: ast.AST) -> bool:
    """Whether an expression has another one in it, or gets the item that it stands for."""
    text = written(target)
    for part in ast.walk(node):
        if written(part) == text and "?" not in text:
            return True
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.args:
            if part.func.attr == "get" and text == (
                f"{written(part.func.value)}[{written(part.args[0])}]"
            ):
                return True
    return False


def is_at_once(program: Program, node: ast.AST, others: list[ast.AST]) -> bool:
    """Whether two processes may change it at the same time."""
    tasks = program.tasks_at(node)
    at_once = [task for task in tasks if task.method != "apply"]
    if any(program.several(task) for task in at_once) or are_at_once(program, at_once, at_once):
        return True
    for other in others:
        if are_at_once(program, tasks, program.tasks_at(other)):
            return True
        if program.in_parent(other) and any(
            program.comes_after(other, task.call) for task in tasks
        ):
            where = program.function_of(other)
            joins = program.method_calls(where, "join")
            if not any(program.follows(other, join) for join in joins):
                return True
    return False


def are_at_once(program: Program, some: list[Task], others: list[Task]) -> bool:
    """Whether a task may run while another one of a second list does."""
    return any(
        task is not other
        and not is_joined(program, task, other)
        and not is_joined(program, other, task)
        for task in some
        for other in others
    )


def is_joined(program: Program, task: Task, other: Task) -> bool:
    """Whether the process of a task is waited for before another one is started."""
    here, loop = program.function_of(task.call), program.in_loop(task.call)
    if here is not program.function_of(other.call) or "run" in (task.method, other.method):
        return False
    if loop is not None and loop in program.ancestors(other.call):
        return False  # the other one may still run when the loop comes again
    starts = made_by(program, other, program.method_calls(here, "start")) or [other.call]
    return any(
        not (join.args or join.keywords) and all(program.follows(start, join) for start in starts)
        for join in made_by(program, task, program.method_calls(here, "join"))
    )


def made_by(program: Program, task: Task, calls: list[ast.Call]) -> list[ast.Call]:
    """Those of some calls of methods whose object is the process of a task."""
    return [
        call
        for call in calls
        if id(task.call) in program.objects(method_of(call)[0]) and program.follows(call, task.call)
    ]


def is_locked(program: Program, node: ast.AST) -> bool:
    """Whether a lock is held around a node, there or where its function is called."""
    function = program.function_of(node)
    for above in program.ancestors(node):
        if isinstance(above, (ast.With, ast.AsyncWith)) and any(
            is_lock(program, item.context_expr) for item in above.items
        ):
            return True
    acquired = program.method_calls(function, "acquire", "__enter__", "enter_context")
    if any(program.follows(node, call) for call in acquired):
        return True
    calls = [call for call in program.calls if function in program.functions(call.func)]
    inside = [call for call in calls if program.in_worker(call)]
    is_target = any(task.target is function for task in program.tasks)
    return bool(inside) and not is_target and all(is_locked(program, call) for call in inside)


def is_lock(program: Program, node: ast.AST) -> bool:
    """Whether a with statement holds a lock, or what may be one."""
    kinds = program.kinds(node)
    if isinstance(node, ast.Call):
        name = written(node.func).lower()
        return any(part in name for part in LOCKS)
    return not kinds or any(part in kind.lower() for kind in kinds for part in LOCKS)
