"""Random numbers that are the same in each process."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import EVERYWHERE, FORK, NOT_FORK, Finding
from examples._checker.program import Program
from examples._checker.task import Task

PAGE = "examples/random-numbers.md"
SEEDS = {"numpy.random.seed", "random.seed"}
MADE = {"numpy.random.default_rng", "numpy.random.RandomState", "random.Random"}
GLOBAL = ("numpy.random", "random")
NO_DRAWS = {
    "seed",
    "default_rng",
    "get_state",
    "set_state",
    "get_bit_generator",
    "set_bit_generator",
}


def check(program: Program) -> Iterator[Finding]:
    """Workers that begin with the same state draw the same numbers."""
    seen = set()
    for call in program.calls:
        if not program.in_worker(call) or not program.in_several(call):
            continue
        found = in_worker(program, call)
        key = (id(program.function_of(call)), found and found.told)
        if found and key not in seen:
            seen.add(key)
            yield found
    for task in program.tasks:
        if task.how != "initializer" and program.several(task):
            for part in given(program, task):
                if is_old(program, part, task):
                    told = "Each task gets a copy of this generator with the same state, so all "
                    yield Finding(part, told + "draw the same numbers: give each a seed of its own")


def in_worker(program: Program, call: ast.Call) -> Finding | None:
    """What is wrong with a call that seeds, or that draws a number, in a worker."""
    name = program.resolve(call.func)
    if name in SEEDS | MADE:
        if call.args and is_fixed(program, call.args[0]) and is_drawn_from(program, name):
            told = "This seed is the same in each task, so all tasks draw the same numbers: make "
            return Finding(call, told + "it from the task, as with SeedSequence.spawn", EVERYWHERE)
        return None
    module = name.rpartition(".")[0]
    if is_draw(name):
        if is_seeded(program, call, module):
            return None
        if at_import := seeds_at_import(program, module):
            told = f"Each worker begins with the seed of line {at_import}, so all draw the same "
            under = EVERYWHERE if module == "numpy.random" else NOT_FORK
            return Finding(call, told + "numbers: give each task a seed of its own", under)
        if module == "numpy.random" and not is_imported_late(program):
            told = "Each worker begins with a copy of the parent's state, so all draw the same "
            told += "numbers: make a generator in the worker, np.random.default_rng()"
            return Finding(call, told, FORK)
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        return of_module(program, call, call.func.value)
    return None


def is_draw(name: str) -> bool:
    """Whether a function draws from a global generator."""
    module, _, method = name.rpartition(".")
    return module in GLOBAL and method.islower() and method not in NO_DRAWS


def is_drawn_from(program: Program, name: str) -> bool:
    """Whether workers draw from what a call of this name seeds."""
    return name in MADE or any(
        is_draw(drawn) and drawn.rpartition(".")[0] == name.rpartition(".")[0]
        for call in program.calls
        if program.in_worker(call)
        for drawn in [program.resolve(call.func)]
    )


def of_module(program: Program, call: ast.Call, name: ast.Name) -> Finding | None:
    """What is wrong with a number that comes from a generator of the module."""
    if program.scope_of(name) is not program.tree or program.kinds(name) != {"generator"}:
        return None
    for made in program.values(name):
        if not isinstance(made, ast.Call) or not program.at_import(made):
            return None
        if made.args and is_fixed(program, made.args[0]):
            told = "Each worker has a copy of this generator with the same seed, so all draw the "
            return Finding(call, told + "same numbers: make one in each task", EVERYWHERE)
    told = "Each worker has a copy of this generator with the same state, so all draw the same "
    return Finding(call, told + "numbers: make one in the worker", FORK)


def is_fixed(program: Program, node: ast.AST) -> bool:
    """Whether a seed is a number that the file has."""
    values = program.values(node)
    return len(values) == 1 and isinstance(values[0], ast.Constant) and values[0].value is not None


def is_seeded(program: Program, call: ast.Call, module: str) -> bool:
    """Whether a task, or the initializer, seeds the global generator, perhaps by other modules."""
    tasks = program.tasks_at(call)
    tasks += [task for task in program.tasks if task.how == "initializer"]
    run = {key for task in tasks if task.target for key in program.reach(task.target)}
    other = "numpy.random." if module == "random" else "random."
    return any(
        "seed" in called.lower() and not called.startswith(other)
        for part in program.calls
        if id(program.function_of(part)) in run
        for called in [program.resolve(part.func) or getattr(part.func, "attr", "")]
    )


def seeds_at_import(program: Program, module: str) -> int:
    """The line in which each import of the file sets the same seed, or 0."""
    for call in program.calls:
        if program.resolve(call.func) == f"{module}.seed" and program.at_import(call):
            return call.lineno if call.args and is_fixed(program, call.args[0]) else 0
    return 0


def given(program: Program, task: Task) -> list[ast.expr]:
    """What a task gets, also in functools.partial."""
    found = list(task.arguments)
    for value in program.values(task.function):
        if isinstance(value, ast.Call) and program.resolve(value.func) == "functools.partial":
            found += [*value.args[1:], *(keyword.value for keyword in value.keywords)]
    return found


def is_old(program: Program, part: ast.AST, task: Task) -> bool:
    """Whether it is a generator that is made once for all tasks."""
    values = program.values(part)
    return bool(values) and all(
        isinstance(value, ast.Call)
        and program.kinds(value) == {"generator"}
        and program.in_loop(value) is None
        for value in values
    )


def is_imported_late(program: Program) -> bool:
    """Whether only the workers import NumPy, which then seeds itself anew in each."""
    found = [
        node
        for node in program.nodes
        if (isinstance(node, ast.Import) and any(is_numpy(alias.name) for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and is_numpy(node.module or ""))
    ]
    return bool(found) and all(program.in_worker(node) for node in found)


def is_numpy(module: str) -> bool:
    """Whether a module is NumPy, or one of its own."""
    return module.split(".")[0] == "numpy"
