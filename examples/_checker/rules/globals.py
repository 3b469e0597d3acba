"""A global that only the parent sets and a worker reads, or a shared object made at import."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import NOT_FORK, SPAWN, Finding
from examples._checker.names import SYNCHRONIZED
from examples._checker.program import Program

PAGE = "pitfalls/globals.md"
ADDS = {"append", "extend", "insert", "add", "update"}
BUILT_IN = {"list", "dict", "set", "input", "id", "type", "max", "min", "sum", "str", "file"}
"""Python's own names that people give to their variables."""
KEEPS_APART = {"with", "acquire", "release", "wait", "wait_for", "notify", "notify_all"}
LOCKS = set(SYNCHRONIZED) - {"Event"}
ACTS = {  # by what one process tells another through an object of a kind, and by what it is told
    **dict.fromkeys(LOCKS, (KEEPS_APART, KEEPS_APART)),
    **dict.fromkeys(
        ["Queue", "JoinableQueue", "SimpleQueue"],
        ({"put", "put_nowait"}, {"get", "get_nowait", "join"}),
    ),
    **dict.fromkeys(
        ["Value", "Array", "RawValue", "RawArray"], ({"assign", "add to"}, {"read", "add to"})
    ),
    "Event": ({"set"}, {"wait", "is_set"}),
}
READS = {"list", "print", "sorted", "sum", "tuple"}


def check(program: Program) -> Iterator[Finding]:
    """A worker that does not begin as a copy of the parent has what the import has set."""
    if program.notebook or any(name.endswith(".*") for name in program.imports.values()):
        return
    yield from set_in_parent(program)
    if not any(program.resolve(call.func) == "globals" for call in program.calls):
        yield from made_at_import(program)


def set_in_parent(program: Program) -> Iterator[Finding]:
    """A global that has another value in the parent than after an import."""
    bound: dict[str, list[ast.AST]] = {}
    for node in program.nodes:
        if (name := global_name(program, node)) and is_set(program, node):
            bound.setdefault(name, []).append(node)
    seen = set()
    for node in program.nodes:
        name = global_name(program, node)
        if name not in bound or name in seen or is_set(program, node):
            continue
        outside = [part for part in bound[name] if not program.at_import(part)]
        if outside and all(is_set_before(program, part, node) for part in outside):
            seen.add(name)
            line = getattr(outside[0], "lineno", 0)
            if name in BUILT_IN and len(outside) == len(bound[name]):
                told = f"The worker does not see the {name} that line {line} sets in the parent, "
                told += "but Python's own"
            elif isinstance(node, ast.Name) and len(outside) == len(bound[name]):
                told = f"NameError in the worker: only the parent sets {name}, in line {line}, and "
                told += "the import in the worker does not"
            else:
                told = f"The worker does not see the {name} that line {line} sets in the parent, "
                told += "but the one that its import makes"
            yield Finding(node, f"{told}: pass it as an argument, or with initializer=", NOT_FORK)


def global_name(program: Program, node: ast.AST) -> str:
    """The name of a global variable, or of an attribute of a module or class, or ""."""
    if isinstance(node, ast.Name):
        return node.id if program.scope_of(node) is program.tree else ""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        values = program.values(node.value)
        if node.value.id in program.imports or any(
            isinstance(part, ast.ClassDef) for part in values
        ):
            return f"{node.value.id}.{node.attr}" if node.value.id not in ("self", "cls") else ""
    return ""


def is_set(program: Program, node: ast.AST) -> bool:
    """Whether a variable is bound here, or the ordinary list, dict or set in it is changed."""
    if isinstance(getattr(node, "ctx", None), ast.Store):
        return True
    above = program.parent(node)
    if isinstance(above, ast.Subscript) and isinstance(above.ctx, ast.Store):
        return node is above.value and is_plain(program, node)
    if isinstance(above, ast.Attribute) and above.attr in ADDS:
        return isinstance(program.parent(above), ast.Call) and is_plain(program, node)
    return False


def is_plain(program: Program, node: ast.AST) -> bool:
    """Whether an expression is an ordinary list, dict or set."""
    return bool(program.kinds(node)) and program.kinds(node) <= {"list", "dict", "set"}


def is_set_before(program: Program, part: ast.AST, node: ast.AST) -> bool:
    """Whether the parent sets a global, and then starts the worker that reads it."""
    if not program.in_worker(node) or program.in_parent(node) or not program.in_parent(part):
        return False
    calls = [call for task in program.tasks_at(node) for call in program.calls_of(task)]
    return any(program.comes_after(call, part) for call in calls)


def made_at_import(program: Program) -> Iterator[Finding]:
    """A lock, queue or value that workers do not get from the parent, but make themselves."""
    named: dict[str, list[ast.Name]] = {}
    for node in program.nodes:
        if isinstance(node, ast.Name) and program.scope_of(node) is program.tree:
            named.setdefault(node.id, []).append(node)
    for names in named.values():
        used = [name for name in names if isinstance(name.ctx, ast.Load)]
        bound = [name for name in names if not isinstance(name.ctx, ast.Load)]
        inside = [name for name in used if program.in_worker(name)]
        if not inside or not all(program.at_import(name) for name in bound):
            continue
        kinds, values = program.kinds(inside[0]), program.values(inside[0])
        kind = min(kinds, default="")
        if len(kinds) != 1 or kind not in ACTS or len(values) != 1:
            continue
        outside = [name for name in used if program.in_parent(name) and not program.at_import(name)]
        line = getattr(values[0], "lineno", 0)
        if between_parent_and_worker(program, kind, outside, inside):
            told = f"This is not the parent's {kind}, but one that line {line} makes when the "
            told += "program is imported for the workers: pass the parent's as an argument, or "
            yield Finding(inside[0], f"{told}with initializer=", NOT_FORK)
        elif between_workers(program, kind, inside):
            told = f"Each worker has a {kind} of its own here, which line {line} makes when the "
            told += "worker imports the program: pass the parent's as an argument, or with "
            yield Finding(inside[0], f"{told}initializer=", SPAWN)


def between_parent_and_worker(
    program: Program, kind: str, outside: list[ast.Name], inside: list[ast.Name]
) -> bool:
    """Whether the parent tells its workers something through an object, or the other way."""
    tells, is_told = ACTS[kind]
    tasks = [task for name in inside for task in program.tasks_at(name)]
    calls = [call for task in tasks for call in program.calls_of(task)]
    after = [
        name
        for name in outside
        if any(program.comes_after(name, call) or is_around(program, name, call) for call in calls)
    ]
    from_parent = acts(program, after if kind in LOCKS else outside) & tells
    to_parent = acts(program, after) & is_told
    done = acts(program, inside)
    return bool((from_parent and done & is_told) or (to_parent and done & tells))


def is_around(program: Program, lock: ast.Name, call: ast.Call) -> bool:
    """Whether a lock is held by the with block in which a call stands."""
    return any(
        isinstance(above, ast.With) and any(item.context_expr is lock for item in above.items)
        for above in program.ancestors(call)
    )


def between_workers(program: Program, kind: str, inside: list[ast.Name]) -> bool:
    """Whether workers tell each other something through an object."""
    tells, is_told = ACTS[kind]
    done = acts(program, inside)
    tasks = {id(task): task for name in inside for task in program.tasks_at(name)}.values()
    calls = [call for task in tasks for call in program.calls_of(task)]
    if all(program.at_import(call) for call in calls):
        return False  # the rule main-guard finds this
    at_once = [task for task in tasks if task.method != "apply"]
    several = len(at_once) > 1 or any(program.several(task) for task in at_once)
    # Memory that each worker only fills for itself may be right.
    tells = tells - {"assign"}
    return several and bool(done & tells) and bool(done & is_told)


def acts(program: Program, names: list[ast.Name]) -> set[str]:
    """What is done with an object where it has these names."""
    return {act(program, name) for name in names}


def act(program: Program, name: ast.Name) -> str:
    """What is done with an object: the method that is called, or one of the words of `ACTS`."""
    above = program.parent(name)
    if isinstance(above, ast.withitem):
        return "with"
    if isinstance(above, ast.Call) and name in above.args:
        return "read" if program.resolve(above.func) in READS else ""
    if not isinstance(above, (ast.Attribute, ast.Subscript)) or above.value is not name:
        return ""
    further = program.parent(above)
    if isinstance(above, ast.Attribute) and isinstance(further, ast.Call) and further.func is above:
        return above.attr
    if isinstance(further, ast.AugAssign) and further.target is above:
        return "add to"
    return "read" if isinstance(above.ctx, ast.Load) else "assign"
