"""A program whose own name hides a module that multiprocessing imports."""

from __future__ import annotations

from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program

PAGE = "pitfalls/shadowed-module.md"
NAMES = {
    "bisect",
    "collections",
    "concurrent",
    "contextlib",
    "copyreg",
    "enum",
    "functools",
    "heapq",
    "keyword",
    "locale",
    "logging",
    "multiprocessing",
    "operator",
    "pickle",
    "queue",
    "random",
    "re",
    "reprlib",
    "selectors",
    "shutil",
    "signal",
    "socket",
    "string",
    "struct",
    "subprocess",
    "tempfile",
    "textwrap",
    "threading",
    "traceback",
    "types",
    "warnings",
    "weakref",
}


def check(program: Program) -> Iterator[Finding]:
    """Python finds the file instead of its own module, if it is in the folder of the program."""
    if program.name in NAMES and is_program(program):
        told = f"A program named {program.name}.py hides Python's module {program.name}"
        if program.name not in ("multiprocessing", "concurrent"):
            told += ", which multiprocessing imports"
        yield Finding(program.tree, f"{told}: give it another name")


def is_program(program: Program) -> bool:
    """Whether the file uses processes, and is no module of a package."""
    names = list(program.imports.values())
    if any(name.startswith(".") for name in names):
        return False
    return any(name.startswith(("multiprocessing", "concurrent.futures")) for name in names)
