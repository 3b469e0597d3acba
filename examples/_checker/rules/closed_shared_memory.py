"""An array or a slice of a block of shared memory that outlives the block."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.tree import argument_of, method_of

PAGE = "pitfalls/closed-shared-memory.md"
BLOCKS = {"SharedMemory", "managed.SharedMemory"}
COUNTED = {"numpy.frombuffer": 0, "memoryview": 0, "struct.iter_unpack": 1}
CRASH = "its memory is gone, and using the array ends the process with a segmentation fault"
LOST = "Only this function keeps the SharedMemory, which is closed when it returns: "
COMPLAINT = 'Python reports "cannot close exported pointers exist"'


def check(program: Program) -> Iterator[Finding]:
    """close(), also the one of a block that nobody keeps, takes the memory from under a view."""
    for node in program.nodes:
        owner, method = method_of(node)
        if method == "close" and isinstance(owner, ast.Name) and program.kinds(owner) & BLOCKS:
            yield from read_later(program, node, owner.id)
            yield from still_viewed(program, node, owner.id)
        block, counted = view_of(program, node)
        if isinstance(block, ast.Call) and not counted:
            yield Finding(
                block, f"Nobody keeps this SharedMemory, so it is closed at once: {CRASH}"
            )
        elif isinstance(block, ast.Name) and is_lost(program, node, block.id):
            told = f"{LOST}{COMPLAINT if counted else CRASH}; return both, and keep both"
            if replaced(program, node) == block.id:
                told = (
                    f"The array takes the only name of its SharedMemory, which is closed: {CRASH}"
                )
            yield Finding(node, told)


def view_of(program: Program, node: ast.AST) -> tuple[ast.expr | None, bool]:
    """The block at which an expression looks, if it does, and whether close() then refuses."""
    buffer: ast.AST | None = None
    counted = True
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        buffer = node
    elif isinstance(node, ast.Call):
        owner, method = method_of(node)
        name = program.resolve(node.func)
        if owner and method == "reshape":
            return view_of(program, owner)
        if name == "numpy.ndarray":
            buffer = argument_of(node, "buffer", 2)
            counted = False
        elif name in COUNTED and len(node.args) > COUNTED[name]:
            buffer = node.args[COUNTED[name]]
    if isinstance(buffer, ast.Subscript) and isinstance(buffer.slice, ast.Slice):
        buffer = buffer.value
    is_buffer = isinstance(buffer, ast.Attribute) and buffer.attr == "buf"
    if isinstance(buffer, ast.Attribute) and is_buffer and program.kinds(buffer.value) & BLOCKS:
        return buffer.value, counted
    return None, False


def read_later(program: Program, close: ast.AST, block: str) -> Iterator[Finding]:
    """The `buf` of a block that is read after close()."""
    for node in program.named(program.function_of(close), block):
        if program.follows(node, close):
            above = program.parent(node)
            if isinstance(above, ast.Attribute) and above.attr == "buf":
                yield Finding(above, "The block is closed, so its buf is None: this fails")
                return
            if not isinstance(node.ctx, ast.Load):
                return


def still_viewed(program: Program, close: ast.AST, block: str) -> Iterator[Finding]:
    """Views that keep a block from being closed, or are used after close()."""
    function = program.function_of(close)
    for node in program.own(function, ast.Assign):
        assert isinstance(node, ast.Assign)
        target = node.targets[0]
        viewed, counted = view_of(program, node.value)
        if not isinstance(viewed, ast.Name) or not isinstance(target, ast.Name):
            continue
        if viewed.id != block or not program.follows(close, node):
            continue
        uses = [use for use in program.named(function, target.id) if use is not target]
        ends = [use for use in uses if is_end(program, use) and program.follows(use, node)]
        later = [use for use in uses if program.follows(use, close) and use not in ends]
        if counted and not any(program.follows(close, end) for end in ends):
            told = f"{target.id} still uses the block, so close() raises BufferError: del it first"
            yield Finding(close, told)
        elif later and not counted and not any(program.follows(later[0], end) for end in ends):
            told = f"The block of this array is closed: {CRASH}, or gives other data; copy it first"
            yield Finding(later[0], told)


def is_end(program: Program, use: ast.Name) -> bool:
    """Whether a variable no longer has its value after this use."""
    above = program.parent(use)
    return not isinstance(use.ctx, ast.Load) or getattr(above, "attr", "") == "release"


def replaced(program: Program, view: ast.AST) -> str:
    """The variable to which a view is assigned, or ""."""
    above = program.parent(view)
    target = above.targets[0] if isinstance(above, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def is_kept(program: Program, use: ast.Name) -> bool:
    """Whether a use of a block hands it on, or closes it."""
    above = program.parent(use)
    return not isinstance(above, ast.Attribute) or above.attr == "close"


def is_lost(program: Program, view: ast.AST, block: str) -> bool:
    """Whether a view leaves its function, or replaces the variable that alone keeps the block."""
    function, above = program.function_of(view), program.parent(view)
    name, uses = replaced(program, view), program.named(function, block)
    before = [use for use in uses if name != block or not program.follows(use, view)]
    if any(is_kept(program, use) for use in before if isinstance(use.ctx, ast.Load)):
        return False
    if name == block:
        return True
    shared = [
        name for node in program.own(function, ast.Global) for name in getattr(node, "names", ())
    ]
    if function is program.tree or block in shared:
        return False
    if not any(isinstance(use.ctx, ast.Store) for use in uses):
        return False
    if isinstance(above, ast.Return):
        return True
    if isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Attribute):
        return True
    return name in shared or any(
        isinstance(program.parent(use), (ast.Return, ast.Yield))
        for use in program.named(function, name)
    )
