"""A daemonic process, such as the worker of a pool, that starts processes of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.rules.main_guard import started
from examples._checker.task import Task
from examples._checker.tree import keyword_of

PAGE = "pitfalls/daemon-children.md"


def check(program: Program) -> Iterator[Finding]:
    """Python allows a daemonic process no children."""
    found = set()
    for task in program.tasks:
        if task.target is None or not is_daemonic(program, task):
            continue
        who = "A worker of a pool is daemonic" if task.how == "pool" else "This process is daemonic"
        for function in program.reach(task.target).values():
            for call in program.own(function, ast.Call):
                assert isinstance(call, ast.Call)
                if id(call) not in found and (what := started(program, call)):
                    found.add(id(call))
                    told = f"{who}, and cannot start {what}: AssertionError; use "
                    cure = "a ProcessPoolExecutor for the outer work"
                    yield Finding(call, told + (cure if task.how == "pool" else "daemon=False"))


def is_daemonic(program: Program, task: Task) -> bool:
    """Whether the process of a task is made daemonic."""
    if task.how != "Process":
        return task.how == "pool"
    owner = program.class_of(task.target) if task.method == "run" and task.target else None
    calls = program.calls_of(task)
    for node in program.nodes:
        if isinstance(node, ast.Call) and is_true(keyword_of(node, "daemon")):
            if node in calls:
                return True
        elif isinstance(node, ast.Assign) and is_true(node.value):
            target = node.targets[0]
            if isinstance(target, ast.Attribute) and target.attr == "daemon":
                values = program.values(target.value)
                if owner is not None and program.owner(target.value) is owner:
                    return True
                if any(call in values for call in calls):
                    return True
    return False


def is_true(node: ast.AST | None) -> bool:
    """Whether an expression is the constant True."""
    return isinstance(node, ast.Constant) and node.value is True
