"""A lock, queue or value, or an object that holds a pool, that is given to a worker's task."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import EVERYWHERE, NOT_FORK, Finding
from examples._checker.names import SYNCHRONIZED
from examples._checker.program import Program
from examples._checker.task import Task

PAGE = "pitfalls/pool-argument.md"
SHARED = {
    *SYNCHRONIZED,
    *["Value", "Array", "RawValue", "RawArray", "Queue", "JoinableQueue", "SimpleQueue"],
}
OWNERS = {"Pool", "ThreadPool", "Executor", "ThreadExecutor", "Manager"}


def check(program: Program) -> Iterator[Finding]:
    """A worker gets these only when it is started."""
    for task in program.tasks:
        to_pool = task.how in ("pool", "executor")
        under = EVERYWHERE if to_pool else NOT_FORK
        seen = set()
        for shown, node in program.sent(task) if to_pool else ():
            kinds = program.kinds(node)
            if kinds & SHARED and kinds <= SHARED | {"constant"} and id(shown) not in seen:
                seen.add(id(shown))
                told = f"A {sorted(kinds & SHARED)[0]} cannot be sent with a task: RuntimeError; "
                yield Finding(shown, told + "pass it with initializer= and initargs=", under)
        for shown, owner in program.classes_sent(task):
            held = program.held(owner, task)
            for name, kinds in held.items():
                wrong = kinds & (OWNERS | SHARED | {"Process"} if to_pool else OWNERS)
                if wrong and id(shown) not in seen:
                    seen.add(id(shown))
                    told = (
                        f"This sends the {owner.name} along, and its {name}, a {sorted(wrong)[0]}, "
                    )
                    told += "cannot be pickled: leave it out in __getstate__()"
                    yield Finding(shown, told, under)
            if name := stored(program, task, owner):
                told = f"The second process gets a copy of its {owner.name}, whose {name} holds "
                told += "the first, which cannot be pickled: TypeError; use a function in place of "
                yield Finding(shown, told + "the method, or leave it out in __getstate__()", under)


def stored(program: Program, task: Task, owner: ast.ClassDef) -> str:
    """The attribute in which the object keeps the processes that a loop makes of its method."""
    if task.method != "Process" or not program.in_loop(task.call):
        return ""
    for node in program.inside(program.function_of(task.call), ast.Assign, ast.Call):
        kept = None
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.ListComp):
            kept = node.targets[0] if task.call is node.value.elt else None
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            added = node.args[0] if node.func.attr == "append" and node.args else None
            kept = node.func.value if task.call in program.values(added) else None
        if isinstance(kept, ast.Attribute) and program.owner(kept.value) is owner:
            return kept.attr
    return ""
