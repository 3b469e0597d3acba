"""Checks files, and tells what the rules find: as text, as JSON, or for GitHub's annotations."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from examples._checker.check import findings
from examples._checker.reading import Unreadable, files, read
from examples._pages import address

Told = dict[str, Any]


def check(names: list[str], form: str, moving: bool) -> int:
    """Print what is found in files and folders, in a form that `FORMS` has.

    With `moving`, only what works under fork and goes wrong under another start method.
    The exit status is 0 if nothing is found, 1 with findings, 2 if something cannot be read.
    """
    found: list[Told] = []
    unread: list[Told] = []
    number = 0
    for path in files([Path(name) for name in names]):
        number += 1
        try:
            found += in_file(path, moving)
        except Unreadable as error:
            unread.append({"path": str(path), "line": error.line, "told": str(error)})
    FORMS[form](found, unread, number)
    return 2 if unread else int(bool(found))


def in_file(path: Path, moving: bool) -> Iterable[Told]:
    """What is found in a file."""
    source = read(path)
    for finding in findings(source.program):
        if not moving or "fork" not in finding.under:
            cell, line = source.place(finding.line)
            yield {
                "path": str(path), "cell": cell, "line": line, "column": finding.column,
                "rule": finding.rule, "told": finding.text(), "under": sorted(finding.under),
                "page": address(finding.page),
            }  # fmt: skip


def as_text(found: list[Told], unread: list[Told], number: int) -> None:
    """A line for each, as compilers do, and the page below it."""
    for told in found:
        printed(f"{place(told)}: {told['rule']}: {told['told']}.\n    {told['page']}")
    for told in unread:
        printed(f"{place(told)}: {told['told']}", sys.stderr)
    files_ = "1 file" if number == 1 else f"{number} files"
    findings_ = "1 finding" if len(found) == 1 else f"{len(found)} findings"
    printed(f"{findings_} in {files_}" + (f"; {len(unread)} not read" if unread else ""))


def place(told: Told) -> str:
    """Where it is, as editors understand it."""
    cell = f":cell {told['cell']}" if told.get("cell") else ""
    parts = [told[key] for key in ("line", "column") if told.get(key)]
    return str(told["path"]) + cell + "".join(f":{part}" for part in parts)


def printed(text: str, to: Any = None) -> None:
    """Print, also what the encoding of the terminal does not have."""
    stream = to or sys.stdout
    encoding = stream.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)


def as_json(found: list[Told], unread: list[Told], number: int) -> None:
    """All of it as one object."""
    print(json.dumps({"files": number, "findings": found, "unread": unread}))


def as_annotations(found: list[Told], unread: list[Told], number: int) -> None:
    """Commands that a workflow on GitHub turns into annotations."""
    for told in found + unread:
        text = told["told"] + (f" ({told['page']})" if "page" in told else "")
        where = f"file={escaped(told['path'])},line={told['line'] or 1}"
        if told.get("cell"):
            text = f"In cell {told['cell']}: {text}"
        if told.get("column"):
            where += f",col={told['column']}"
        title = escaped(told.get("rule", "not read"))
        printed(f"::error {where},title={title}::{escaped(text, ':,')}")


def escaped(text: str, but: str = "") -> str:
    """As GitHub wants what stands in a command."""
    for mark, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        text = text if mark in but else text.replace(mark, code)
    return text


FORMS: dict[str, Callable[[list[Told], list[Told], int], None]] = {
    "text": as_text,
    "json": as_json,
    "github": as_annotations,
}
