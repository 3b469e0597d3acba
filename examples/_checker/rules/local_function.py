"""A lambda, a local function, or an object that cannot be pickled, that is given to a process."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import EVERYWHERE, NOT_FORK, Finding
from examples._checker.names import SYNCHRONIZED
from examples._checker.program import Program
from examples._checker.task import Task
from examples._checker.tree import FUNCTIONS

PAGE = "pitfalls/local-function.md"
THINGS = {
    "lambda": "a lambda",
    "file": "an open file",
    "database": "a connection to a database",
    "queue.Queue": "a queue of the module queue",
    "threading.Thread": "a thread",
    **{f"threading.{name}": f"a threading.{name}" for name in SYNCHRONIZED},
}


def check(program: Program) -> Iterator[Finding]:
    """Pickle sends functions as names, and some objects not at all."""
    if uses_dill(program):
        return
    for task in program.tasks:
        under = EVERYWHERE if task.how in ("pool", "executor") else NOT_FORK
        seen = set()
        for shown, node in program.sent(task):
            if (what := local(program, node)) and id(shown) not in seen:
                seen.add(id(shown))
                told = f"It cannot be sent to a process, because pickle finds {what} under no "
                told += "name: write it at module level, and fill in values with functools.partial"
                yield Finding(shown, told, under)
            elif (thing := unpicklable(program, node)) and id(shown) not in seen:
                seen.add(id(shown))
                told = f"It cannot be sent to a process, because {thing} cannot be pickled: "
                yield Finding(shown, f"{told}TypeError; open it in the worker", under)
        for shown, owner in program.classes_sent(task):
            for name, kinds in program.held(owner, task).items():
                if (bad := sorted(kinds & set(THINGS))) and id(shown) not in seen:
                    seen.add(id(shown))
                    told = f"Each {owner.name} holds {THINGS[bad[0]]} as {name}, which cannot be "
                    told += f"pickled, and {reason(task, shown)}: TypeError; make it in the worker"
                    yield Finding(shown, told, under)


def uses_dill(program: Program) -> bool:
    """Whether the processes are those of `multiprocess`, which sends the code of functions."""
    return any(name.split(".")[0] == "multiprocess" for name in program.imports.values())


def local(program: Program, node: ast.AST) -> str:
    """What an expression is, if pickle cannot name it, or ""."""
    if isinstance(node, ast.Attribute):
        return ""
    for value in program.values(node):
        if isinstance(value, ast.Lambda):
            return "a lambda"
        if isinstance(value, (ast.FunctionDef, ast.ClassDef)) and is_local(program, value):
            what = "class" if isinstance(value, ast.ClassDef) else "function"
            return f"a {what} that is defined in a function"
    return ""


def is_local(program: Program, defined: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether a function or class is defined in a function, and not named as global there."""
    around = program.function_of(defined)
    named = [part.names for part in program.own(around, ast.Global) if isinstance(part, ast.Global)]
    return isinstance(around, FUNCTIONS) and not any(defined.name in names for names in named)


def unpicklable(program: Program, node: ast.AST) -> str:
    """What an expression is, if it is a file or a connection, or ""."""
    if program.resolve(node) in ("sys.stdin", "sys.stdout", "sys.stderr"):
        return "an open file"
    kinds = program.kinds(node) - {"constant"}
    return THINGS[min(kinds)] if kinds and kinds <= {"file", "database"} else ""


def reason(task: Task, shown: ast.AST) -> str:
    """Why an object is pickled."""
    if task.method == "run":
        return "start() sends it"
    return "its method takes it along" if shown is task.function else "it is sent"
