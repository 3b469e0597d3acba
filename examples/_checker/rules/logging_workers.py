"""Logging that is set up in the parent, while the workers log."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import NOT_FORK, Finding
from examples._checker.program import Program
from examples._checker.tree import method_of

PAGE = "examples/logging-workers.md#no-log-lines-from-the-workers"
SET_UP = {"logging.basicConfig", "logging.config.dictConfig", "logging.config.fileConfig"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
QUIET = {"debug", "info"}


def check(program: Program) -> Iterator[Finding]:
    """Only a fork has the handlers and the level of its parent."""
    set_up = [call for call in program.calls if is_set_up(program, call)]
    if any(program.at_import(call) or program.in_worker(call) for call in set_up):
        return
    if not set_up or is_elsewhere(program):
        return
    logged = {
        level
        for call in program.calls
        if program.in_worker(call) and (level := level_of(program, call))
    }
    if logged:
        told = "The workers do not get what is set up here: their lines "
        told += "of info() and debug() are missing" if logged & QUIET else "have another format"
        yield Finding(set_up[0], f"{told}; set up logging in each worker, too", NOT_FORK)


def is_set_up(program: Program, call: ast.Call) -> bool:
    """Whether a call sets up logging for its process."""
    owner, method = method_of(call)
    added = method == "addHandler" and "logger" in program.kinds(owner)
    return added or program.resolve(call.func) in SET_UP


def level_of(program: Program, call: ast.Call) -> str:
    """The level at which a call logs, or ""."""
    owner, method = method_of(call)
    logs = program.resolve(owner) == "logging" or "logger" in program.kinds(owner)
    return method if logs and method in LEVELS else ""


def is_elsewhere(program: Program) -> bool:
    """Whether the workers may set up logging by what this file does not have."""
    for task in program.tasks:
        if task.how == "initializer" and task.target is None:
            return True
    return any(
        program.in_worker(call) and is_unknown(method_of(call)[1].lower()) for call in program.calls
    )


def is_unknown(name: str) -> bool:
    """Whether the name of a function sounds like one that sets up logging."""
    return "handler" in name or ("log" in name and name not in ("getlogger", "log"))
