"""`args=(x)` without the comma that makes a tuple, and `target=f()` that calls the function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.task import Task
from examples._checker.tree import FUNCTIONS, keyword_of

PAGE = "pitfalls/missing-comma.md"
DATA = {"constant", "list", "dict", "set", "array"}
TEXTS = {"str", "repr", "input"}
NUMBERS = {"int", "float", "len", "bool"}
SHARED = {
    "Queue",
    "SimpleQueue",
    "JoinableQueue",
    "Lock",
    "RLock",
    "Semaphore",
    "Event",
    "Value",
    "Connection",
}


def check(program: Program) -> Iterator[Finding]:
    """Arguments are given as a tuple or list, and functions without a call."""
    for task in program.tasks:
        function = task.function
        if isinstance(function, ast.Call) and returns_nothing(program, function):
            told = "The parentheses call the function here, in the parent, and no process runs it: "
            yield Finding(function, told + "leave them out, and pass its arguments in args=")
        if task.given is not None and (what := no_tuple(program, task, task.given)):
            yield Finding(task.given, f"{what}: write a comma after it, (x,)")


def returns_nothing(program: Program, call: ast.Call) -> bool:
    """Whether a call runs a function of this file or a print, which gives nothing to call."""
    if isinstance(call.func, ast.Name) and program.resolve(call.func) == "print":
        return True
    targets = program.functions(call.func)
    if any(isinstance(value, ast.ClassDef) for value in program.values(call.func)):
        return False
    return bool(targets) and all(
        isinstance(target, ast.FunctionDef)
        and not target.decorator_list
        and all(is_data(program, part) for part in program.own(target, ast.Return))
        for target in targets
    )


def is_data(program: Program, part: ast.AST) -> bool:
    """Whether a return gives nothing, or what cannot be called."""
    value = getattr(part, "value", None)
    kinds = program.kinds(value)
    return value is None or isinstance(value, ast.JoinedStr) or (bool(kinds) and kinds <= DATA)


def no_tuple(program: Program, task: Task, given: ast.AST) -> str:
    """What happens with arguments that are no tuple, or ""."""
    name = "initargs" if task.how == "initializer" else "args"
    values = program.values(given)
    if values and all(is_made(program, value, TEXTS, (str, bytes)) for value in values):
        return f"{name} is a text here, and its characters become the arguments"
    if values and all(is_made(program, value, NUMBERS, (int, float)) for value in values):
        return f"{name} is a number here, and no tuple of arguments: TypeError"
    if kinds := program.kinds(given) & SHARED:
        return f"{name} is a {sorted(kinds)[0]} here, and no tuple of arguments: TypeError"
    if in_parentheses(program, given) and takes_one(program, task):
        return f"These parentheses make no tuple, so {name} is the value itself, and not one item"
    return ""


def is_made(
    program: Program, value: ast.AST, makers: set[str], kinds: tuple[type[object], ...]
) -> bool:
    """Whether a value is a constant of these kinds, or what one of these functions makes."""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, kinds)
    if isinstance(value, ast.JoinedStr):
        return str in kinds
    return isinstance(value, ast.Call) and program.resolve(value.func) in makers


def in_parentheses(program: Program, node: ast.AST) -> bool:
    """Whether a name, attribute or item whose value is not told stands alone in parentheses."""
    if not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        return False
    if program.parts(node) or program.kinds(node):
        return False
    lines = program.text.split("\n")
    before = lines[node.lineno - 1].encode()[: node.col_offset].decode().rstrip()
    after = lines[(node.end_lineno or 1) - 1].encode()[node.end_col_offset :].decode().lstrip()
    return before.endswith("(") and before[:-1].rstrip().endswith("=") and after.startswith(")")


def takes_one(program: Program, task: Task) -> bool:
    """Whether the function of a task is in this file, and takes exactly one argument."""
    target = task.target
    if not isinstance(target, FUNCTIONS) or keyword_of(task.call, "kwargs"):
        return False
    arguments = target.args
    names = [part.arg for part in [*arguments.posonlyargs, *arguments.args]]
    if names[:1] in (["self"], ["cls"]):
        names = names[1:]
    return len(names) == 1 and not arguments.vararg
