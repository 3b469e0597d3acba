"""A proxy that is used when its manager has ended."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program

PAGE = "pitfalls/manager-ended.md"
GONE = "The manager ends {}, and with it {}: this {}"


def check(program: Program) -> Iterator[Finding]:
    """The end of a with block, shutdown(), or the last reference ends a manager."""
    for node in program.nodes:
        if isinstance(node, ast.With):
            for item in node.items:
                if program.kinds(item.context_expr) & {"Manager"}:
                    yield from after_block(program, node, item.context_expr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "shutdown" and "Manager" in program.kinds(node.func.value):
                if not program.in_loop(node):
                    for use in uses(program, node, program.objects(node.func.value)):
                        told = "The manager has ended here, and with it what this proxy stands for"
                        yield Finding(use, f"{told}: copy it before shutdown()")
    for task in program.tasks:
        for part in task.arguments:
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
                if isinstance(part.func.value, ast.Call) and "Manager" in program.kinds(
                    part.func.value
                ):
                    told = "Nothing refers to this manager any more when the process has been "
                    told += "started, so it ends, and using its proxy fails: keep the manager in "
                    yield Finding(part, told + "a variable, or in a with block")


def after_block(program: Program, block: ast.With, manager: ast.AST) -> Iterator[Finding]:
    """The proxies that are used, and the workers that are joined, after the with block."""
    made = program.objects(manager)
    for use in uses(program, block, made):
        told = "The manager has ended with its with block, and with it what this proxy stands for"
        yield Finding(use, f"{told}: use it inside the block, or take a copy there")
    for back in program.inside(block, ast.Return):
        value = getattr(back, "value", None)
        if isinstance(value, (ast.Name, ast.Call)) and is_proxy_of(program, value, made):
            told = "The manager ends with its with block, so the proxy that this returns cannot be "
            yield Finding(back, f"{told}used: return a copy of it, or keep the manager")
    where = program.function_of(block)
    joins = program.method_calls(where, "join")
    for task in program.tasks:
        if task.how != "Process" or block not in program.ancestors(task.call):
            continue
        if any(is_proxy_of(program, part, made) for part in task.arguments):
            mine = [
                join
                for join in joins
                if isinstance(join.func, ast.Attribute)
                and task.call in program.values(join.func.value)
            ]
            late = [join for join in mine if block not in program.ancestors(join)]
            if mine and len(late) == len(mine):
                told = "The manager ends with its with block, before this waits for the worker, "
                yield Finding(late[0], f"{told}whose proxy fails then: join inside the block")


def uses(program: Program, end: ast.AST, made: set[int]) -> Iterator[ast.AST]:
    """The first use of each proxy after the manager's end, in the same function."""
    seen = set()
    for name in program.own(program.function_of(end), ast.Name):
        if not isinstance(name, ast.Name) or not isinstance(name.ctx, ast.Load):
            continue
        if end in program.ancestors(name) or name.id in seen or not program.follows(name, end):
            continue
        if is_proxy_of(program, name, made) and not is_bound_after(program, name, end):
            seen.add(name.id)
            yield name


def is_proxy_of(program: Program, node: ast.AST, made: set[int]) -> bool:
    """Whether all that an expression may be are proxies of a manager."""
    values = program.values(node)
    return bool(values) and all(
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and any(kind.startswith("manager.") for kind in program.kinds(value))
        and program.objects(value.func.value) & made
        for value in values
    )


def is_bound_after(program: Program, name: ast.Name, end: ast.AST) -> bool:
    """Whether a name gets another value between the manager's end and its use."""
    return any(
        isinstance(other, ast.Name)
        and other.id == name.id
        and isinstance(other.ctx, ast.Store)
        and program.follows(other, end)
        and end not in program.ancestors(other)
        for other in program.own(program.function_of(end), ast.Name)
    )
