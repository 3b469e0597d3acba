"""A connection, a socket or a file of the parent that a forked worker uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import FORK, Finding
from examples._checker.program import Program

PAGE = "pitfalls/inherited.md"
KINDS = {"file", "descriptor", "database", "engine", "socket"}
WRITES = {"write", "writelines"}
READS = {"read", "readline", "readlines", "seek"}
TALKS = {"send", "sendall", "recv"}
ENDS = {"flush", "close", "dispose", "fileno"}


def check(program: Program) -> Iterator[Finding]:
    """A fork copies them, and the copies lead to the same file or the same partner."""
    seen = set()
    for node in program.nodes:
        if isinstance(node, (ast.Name, ast.Attribute)) and program.in_worker(node):
            kinds = program.kinds(node)
            if kinds and kinds <= KINDS and is_inherited(program, node):
                told = what_happens(program, node, kinds)
                key = (id(program.function_of(node)), told)
                if told and key not in seen:
                    seen.add(key)
                    yield Finding(node, told, FORK)
    for call in program.calls:
        if program.kinds(call) == {"socket"} and program.in_parent(call):
            yield from held(program, call)


def is_inherited(program: Program, node: ast.Name | ast.Attribute) -> bool:
    """Whether what a worker uses was made outside of it, and came to it by a fork."""
    values = [value for value in program.values(node) if isinstance(value, ast.Call)]
    if not values or any(program.in_worker(value) for value in values):
        return False
    if isinstance(node, ast.Name) and program.scope_of(node) is not program.tree:
        return all(task.how == "Process" for task in program.tasks_at(node))
    return True


def what_happens(program: Program, node: ast.Name | ast.Attribute, kinds: set[str]) -> str:
    """What a use in a worker leads to, and the cure; "" if it may be right."""
    above = program.parent(node)
    method = above.attr if isinstance(above, ast.Attribute) else ""
    if ENDS & {method, *ends(program, node)} or (method == "" and is_stored(node)):
        return ""
    if "database" in kinds and is_asked(program, node):
        told = "The worker has the parent's connection to the database, and its answers may go to "
        return told + "another process: connect in the worker"
    if "engine" in kinds:
        if is_open_in_parent(program, node):
            told = "The worker has the parent's open connections to the database, and their "
            return told + "answers may go to another process: make an engine in the worker"
        return ""
    if "socket" in kinds:
        if method in TALKS and program.in_several(node):
            return (
                "Several workers have this same connection, and each gets a part: connect in each"
            )
        return ""
    if method in WRITES or is_printed_to(program, node):
        told = (
            "What a forked worker writes into the parent's file, without flush(), is lost at the "
        )
        return told + "worker's end: open the file in the worker"
    is_read = method in READS or "descriptor" in kinds or isinstance(above, ast.For)
    if is_read and is_run_again(program, node):
        told = "All workers have one position in this file, so one reads on where another has "
        return told + "stopped: open it in each worker"
    return ""


def ends(program: Program, node: ast.AST) -> set[str]:
    """The methods that end the use of a thing in the same function."""
    values = program.objects(node)
    calls = program.method_calls(program.function_of(node), *ENDS)
    return {
        call.func.attr
        for call in calls
        if isinstance(call.func, ast.Attribute) and program.objects(call.func.value) & values
    }


def is_stored(node: ast.Name | ast.Attribute) -> bool:
    """Whether a name is only bound."""
    return not isinstance(node.ctx, ast.Load)


def is_open_in_parent(program: Program, engine: ast.AST) -> bool:
    """Whether the parent has used an engine, and no worker discards what it has inherited."""
    used = False
    for other in program.nodes:
        if isinstance(other, ast.Attribute) and (
            program.objects(other.value) & program.objects(engine)
        ):
            if other.attr == "dispose" and program.in_worker(other):
                return False
            function = program.function_of(other)
            used = used or function is program.tree or id(function) in program.parents
    return used


def is_asked(program: Program, node: ast.AST) -> bool:
    """Whether something is done with a connection, or a method or module gets it."""
    above = program.parent(node)
    if isinstance(above, ast.Call):
        return isinstance(above.func, ast.Attribute)
    return isinstance(above, (ast.Attribute, ast.Subscript, ast.withitem))


def is_printed_to(program: Program, node: ast.AST) -> bool:
    """Whether it is the file of a print()."""
    above = program.parent(node)
    return isinstance(above, ast.keyword) and above.arg == "file"


def is_run_again(program: Program, node: ast.AST) -> bool:
    """Whether more than one process runs a node, at once or one after the other."""
    tasks = program.tasks_at(node)
    return len(tasks) > 1 or any(
        program.several(task) or program.in_loop(task.call) for task in tasks
    )


def held(program: Program, made: ast.Call) -> Iterator[Finding]:
    """A socket that is made again while a worker runs that was started before its end."""
    where = program.function_of(made)
    again = [call for call in program.own(where, ast.Call) if "socket" in program.kinds(call)]
    joins = program.method_calls(where, "join", "terminate", "kill")
    starts = [
        start
        for start in program.method_calls(where, "start")
        if isinstance(start.func, ast.Attribute) and program.run_by(start.func.value)
    ]
    for close in program.method_calls(where, "close"):
        assert isinstance(close.func, ast.Attribute)
        if (
            id(made) in program.objects(close.func.value)
            and any(program.follows(start, made) for start in starts)
            and any(program.follows(close, start) for start in starts)
            and any(program.follows(other, close) for other in again)
            and not any(program.follows(close, join) for join in joins)
        ):
            told = "The worker has a copy of this socket, so its port stays in use until the "
            yield Finding(close, told + "worker ends: start the worker first", FORK)
