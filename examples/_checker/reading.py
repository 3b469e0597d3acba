"""Reads programs as text: files, folders and notebooks. Nothing is run."""

import io
import json
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from examples._checker.instead import instead
from examples._checker.program import Program

LARGEST = 2_000_000  # bytes; a program of this size is a table, or not written by people
SUFFIXES = {".py", ".pyw", ".ipynb"}
SKIPPED = {"__pycache__", "node_modules", "site-packages", "build", "dist"}
ABOUT = re.compile(r"multiprocess|concurrent\.futures|ProcessPool|shared_memory|billiard")
MAGIC = re.compile(r"^([ \t]*)(?:([\w.,* \[\]]+=[ \t]*)?[%!].*|\?.*|\S.*\?[ \t]*$)", re.MULTILINE)
PYTHON_CELLS = {"%%capture", "%%prun", "%%time", "%%timeit"}  # others hold no Python


class Unreadable(Exception):
    """What a file is instead of a Python program; `line` is 0 if no line is to blame."""

    def __init__(self, told: str, line: int = 0) -> None:
        super().__init__(told)
        self.line = line


class Source:
    """A program, and where its lines stand: for a notebook, in which cell."""

    def __init__(self, program: Program, cells: list[tuple[int, int]]) -> None:
        self.program = program
        self._cells = cells  # for each line, the number of its cell and its line there

    def place(self, line: int) -> tuple[int | None, int]:
        """The number of the cell, or None, and the line."""
        return self._cells[line - 1] if self._cells else (None, line)


def files(paths: list[Path]) -> Iterator[Path]:
    """These files, and those of these folders; hidden and installed ones are left out."""
    for path in paths:
        yield from _in_folder(path) if path.is_dir() else [path]


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in SKIPPED:
            continue
        if path.is_dir() and not path.is_symlink():
            if not (path / "pyvenv.cfg").exists():
                yield from _in_folder(path)
        elif path.suffix in SUFFIXES and _is_about_processes(path):
            yield path


def _is_about_processes(path: Path) -> bool:
    try:
        return bool(ABOUT.search(path.read_bytes().decode("utf-8", "replace")))
    except OSError:
        return True  # told when it is read


def read(path: Path) -> Source:
    """A program; it raises Unreadable for what is none, with the reason."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None
    if len(data) > LARGEST:
        raise Unreadable(f"larger than {LARGEST // 1_000_000} MB: check its parts, or leave it out")
    if b"\0" in data:
        raise Unreadable("not a text: give the program's .py file")
    if path.suffix == ".ipynb":
        text, cells = _notebook(data)
    else:
        text, cells = _decoded(data), []
    return Source(parsed(text, path.stem, cells), cells)


def _decoded(data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise Unreadable(f"not UTF-8, and it names no other encoding ({error})") from None


def _notebook(data: bytes) -> tuple[str, list[tuple[int, int]]]:
    """The code cells below each other, with magics left out, and where each line stands."""
    lines, places = [], []
    try:
        for number, cell in enumerate(json.loads(data)["cells"], 1):
            source = "".join(cell["source"])
            other = source.startswith("%%") and source.split()[0] not in PYTHON_CELLS
            if cell["cell_type"] != "code" or other:
                continue
            text = MAGIC.sub(_without_magic, source)
            lines += text.split("\n")
            places += [(number, line + 1) for line in range(text.count("\n") + 1)]
    except (ValueError, KeyError, TypeError):
        raise Unreadable("not a notebook of Jupyter in its form 4") from None
    return "\n".join(lines), places or [(1, 1)]


def _without_magic(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}None" if found[2] else f"{found[1]}pass"


def parsed(text: str, name: str, cells: list[tuple[int, int]]) -> Program:
    """The program; it raises Unreadable with the place in the file or notebook."""
    try:
        return Program(text, notebook=bool(cells), name=name)
    except SyntaxError as error:
        raise Unreadable(f"{error.msg}{instead(text, str(error.msg))}", error.lineno or 0) from None
    except (RecursionError, MemoryError, ValueError):
        raise Unreadable("nested too deeply, or not a text") from None
