"""An array or a slice of a block of shared memory that outlives the block."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program, keyword_of

PAGE = "pitfalls/closed-shared-memory.md"
BLOCKS = {"SharedMemory", "managed.SharedMemory"}
CRASH = "its memory is gone, and using the array ends the process with a segmentation fault"
COMPLAINT = 'and Python reports "cannot close exported pointers exist"'


def check(program: Program) -> Iterator[Finding]:
    """close(), also the one of a block that nobody keeps, takes the memory from under a view."""
    for close in program.calls:
        if isinstance(close.func, ast.Attribute) and close.func.attr == "close":
            if isinstance(close.func.value, ast.Name) and program.kinds(close.func.value) & BLOCKS:
                yield from closed(program, close, close.func.value.id)
    for node in program.nodes:
        if isinstance(node, (ast.Call, ast.Subscript)) and (view := view_of(program, node)):
            block, counted = view
            if isinstance(block, ast.Call) and not counted:
                told = f"Nobody keeps this SharedMemory, so it is closed at once: {CRASH}"
                yield Finding(block, told)
            elif isinstance(block, ast.Name) and goes_out(program, node, block.id):
                told = "The array is used longer than its SharedMemory is kept, which is closed "
                told += f"with its variable: {COMPLAINT if counted else CRASH}; keep both"
                yield Finding(node, told)


def view_of(program: Program, node: ast.AST) -> tuple[ast.AST, bool] | None:
    """The block at which an expression looks, and whether close() then refuses."""
    buffer: ast.AST | None = None
    counted = True
    if isinstance(node, ast.Subscript):
        buffer = node if isinstance(node.slice, ast.Slice) else None
    elif isinstance(node, ast.Call):
        name = program.resolve(node.func)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "reshape":
            return view_of(program, node.func.value)
        if name == "numpy.ndarray":
            buffer = keyword_of(node, "buffer") or (node.args[2] if len(node.args) > 2 else None)
            counted = False
        elif name in ("numpy.frombuffer", "struct.iter_unpack", "memoryview") and node.args:
            buffer = node.args[-1] if name == "struct.iter_unpack" else node.args[0]
    if isinstance(buffer, ast.Subscript) and isinstance(buffer.slice, ast.Slice):
        buffer = buffer.value
    if isinstance(buffer, ast.Attribute) and buffer.attr == "buf":
        if program.kinds(buffer.value) & BLOCKS:
            return buffer.value, counted
    return None


def named(program: Program, function: ast.AST, name: str) -> list[ast.Name]:
    """Where a function itself uses a variable."""
    found = program.own(function, ast.Name)
    return [node for node in found if isinstance(node, ast.Name) and node.id == name]


def closed(program: Program, close: ast.Call, block: str) -> Iterator[Finding]:
    """What is read after a block was closed, or keeps it from being closed."""
    function = program.function_of(close)
    for node in named(program, function, block):
        above = program.parent(node)
        if program.follows(node, close):
            if isinstance(above, ast.Attribute) and above.attr == "buf":
                yield Finding(above, "The block is closed, so its buf is None: this fails")
            if not isinstance(node.ctx, ast.Load) or getattr(above, "attr", "") == "buf":
                break
    for node in program.own(function, ast.Assign):
        assert isinstance(node, ast.Assign)
        view, target = view_of(program, node.value), node.targets[0]
        if view is None or not isinstance(target, ast.Name) or not program.follows(close, node):
            continue
        if not isinstance(view[0], ast.Name) or view[0].id != block:
            continue
        uses = [use for use in named(program, function, target.id) if use is not target]
        ends = [use for use in uses if is_end(program, use)]
        later = [use for use in uses if program.follows(use, close) and use not in ends]
        if view[1] and not any(program.follows(close, end) for end in ends):
            told = f"{target.id} still uses the block, so close() raises BufferError: del it first"
            yield Finding(close, told)
        elif not view[1] and later and not any(program.follows(later[0], end) for end in ends):
            told = f"The block of this array is closed: {CRASH}, or gives other data; copy it first"
            yield Finding(later[0], told)


def is_end(program: Program, use: ast.Name) -> bool:
    """Whether a variable no longer has its value after this use."""
    above = program.parent(use)
    return not isinstance(use.ctx, ast.Load) or getattr(above, "attr", "") == "release"


def goes_out(program: Program, view: ast.AST, block: str) -> bool:
    """Whether a view leaves its function, or replaces the variable that alone keeps the block."""
    function, above = program.function_of(view), program.parent(view)
    uses = named(program, function, block)
    target = above.targets[0] if isinstance(above, ast.Assign) else None
    kept = [use for use in uses if isinstance(use.ctx, ast.Load)]
    if isinstance(target, ast.Name) and target.id == block:
        kept = [use for use in kept if not program.follows(use, view)]
    if any(not isinstance(program.parent(use), ast.Attribute) for use in kept):
        return False
    if any(getattr(program.parent(use), "attr", "") == "close" for use in kept):
        return False
    if isinstance(target, ast.Name) and target.id == block:
        return True
    shared = {name for node in program.own(function, ast.Global) for name in names_of(node)}
    if function is program.tree or block in shared:
        return False
    made = [use for use in uses if isinstance(use.ctx, ast.Store)]
    if not made or isinstance(target, ast.Attribute) or isinstance(above, ast.Return):
        return bool(made)
    if not isinstance(target, ast.Name):
        return False
    return target.id in shared or any(
        isinstance(program.parent(use), (ast.Return, ast.Yield))
        for use in named(program, function, target.id)
    )


def names_of(node: ast.AST) -> list[str]:
    """The names of a `global` statement."""
    return list(getattr(node, "names", ()))
