"""What a run of the tests has checked: written by the tests, read by the site's build.

A results file is JSON: `contract` (the contract line; empty if the run was of a
part of the site, or failed), `site` (the hash of all that was to be checked),
`python`, `build` (its compiler, C library and processor), `system`, `date` (ISO
8601, UTC), and `checked`, a list of one object
for each block under each start method: `block` (a name), `hash` (of program and
output), `method` (empty for a fragment, which starts no process), `compared`
(False for the racy counter), `passed`, `seconds`, and for what did not pass
`outcome`: what it printed instead, how it ended and what was wrong with it.
"""

import json
import os
import platform
import re
import tempfile
from collections.abc import Iterable, Set
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from examples._runner import Outcome
from tests.harness import work
from tests.harness.read.claims import LOOSE
from tests.harness.read.model import Site, digest
from tests.harness.read.site import ROOT
from tests.harness.read.versions import START, VERSION, numbers
from tests.harness.read.words import RECORDED_ON, SYSTEM, SYSTEMS


def folder_of(checkout: Path) -> Path:
    """Where results are kept: in the checkout, or with the user's data if it is read-only."""
    name = os.fsencode(checkout).decode("utf-8", "replace")
    elsewhere = Path("sharing-data-between-python-processes", digest(name))
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    folders = [checkout / "results", state / elsewhere, tempfile.gettempdir() / elsewhere]
    return next(filter(_is_writable, folders), folders[0])


def _is_writable(folder: Path) -> bool:
    """Whether the folder, or the first above it that exists, can be written to."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    return folder.is_absolute() and os.access(there, os.W_OK | os.X_OK)


FOLDER = folder_of(ROOT)


@dataclass(frozen=True)
class Checked:
    """One block, run under one start method and compared."""

    block: str
    hash: str
    method: str
    compared: bool
    passed: bool
    seconds: float
    outcome: Outcome | None = None
    """What it came to, where it did not pass."""


@dataclass(frozen=True)
class Run:
    """One results file."""

    contract: str
    site: str
    python: str
    system: str
    date: str
    checked: list[Checked]
    build: str = ""
    path: Path = Path()
    """The file that holds it."""


def contract_line(
    site: Site, cells: int, checked: Iterable[Checked], left_out: Set[str] = frozenset()
) -> str:
    """`N blocks, N executed, N compared, 0 skipped; N statements, N tied, 0 loose`.

    The blocks are of the Python on all pages, and the tables of what faults do to programs,
    and the timelines of their processes. Not among them are programs that their pages say are for
    other systems, and those left out because they need what is not installed.

    `cells` is the number of code cells in the notebooks.
    """
    programs = [
        program
        for name, program in site.programs.items()
        if SYSTEM in program.systems and name not in left_out
    ]
    beside = [thing for p in programs for thing in (p.table, p.trace) if thing]
    tables = len(beside) if SYSTEM == RECORDED_ON else 0
    blocks = len(programs) + tables + len(site.fragments) + cells
    executed = {c.block for c in checked}
    compared = {c.block for c in checked if c.compared}
    loose = sum(tie.kind == LOOSE for tie in site.ties)
    return (
        f"{blocks} blocks, {len(executed)} executed, {len(compared)} compared, "
        f"{blocks - len(executed)} skipped; "
        f"{len(site.ties)} statements, {len(site.ties) - loose} tied, {loose} loose"
    )


def as_json(run: Run) -> str:
    """The text of a results file."""
    fields = asdict(run)
    del fields["path"]
    return json.dumps(fields, indent=1) + "\n"


def build() -> str:
    """What this Python was built with, and for: compiler, C library, processor."""
    libc = " ".join(filter(None, platform.libc_ver()))
    return ", ".join(filter(None, [platform.python_compiler(), libc, platform.machine()]))


def write(checked: Iterable[Checked], contract: str, site: str, folder: Path = FOLDER) -> Path:
    """Write the results of this run into a new file below `folder`."""
    now = datetime.now(UTC)
    python, date = platform.python_version(), now.isoformat()
    run = Run(contract, site, python, SYSTEM, date, list(checked), build())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S%f}-{SYSTEM.lower()}-{run.python}.json"
    work.write(path, as_json(run))  # whole, since a build may be reading the folder
    return path


def read(folder: Path = FOLDER) -> list[Run]:
    """All runs below `folder`, oldest first.

    Raises ValueError, with file, line and remedy, for what is not a results file.
    """
    return sorted(map(read_file, folder.glob("**/*.json")), key=lambda run: run.date)


def read_file(path: Path) -> Run:
    """The run that a file holds. Raises ValueError, as above."""
    data = path.read_bytes()
    try:
        text = data.decode()
        fields = json.loads(text)
        if fields["system"] not in SYSTEMS:
            raise _Wrong(f"an unknown system, {fields['system']!r}", _line_of(text, '"system":'))
        if not re.match(VERSION, fields["python"]) or numbers(fields["python"]) < START:
            raise _Wrong(f"an unknown Python, {fields['python']!r}", _line_of(text, '"python":'))
        run = Run(**fields | {"checked": [*map(read_checked, fields["checked"])], "path": path})
        if what := misfit(run):
            raise _Wrong(what, _line_of(text, f'"{what.split()[0]}":'))
        for checked in run.checked:
            if what := misfit(checked) or (misfit(checked.outcome) if checked.outcome else ""):
                raise _Wrong(what, _line_of(text, f'"block": {json.dumps(checked.block)}'))
            if checked.method not in ("", *SYSTEMS[run.system]):
                what = f"an unknown start method, {checked.method!r}"
                raise _Wrong(what, _line_of(text, json.dumps(checked.method)))
        return run
    except UnicodeDecodeError as error:
        line, what = data[: error.start].count(b"\n") + 1, "a byte that is not UTF-8"
    except json.JSONDecodeError as error:
        line, what = error.lineno, f"no JSON: {error.msg}"
    except _Wrong as error:
        what, line = error.args
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        line, what = 1, f"{type(error).__name__}: {error}"
    raise ValueError(f"{path}:{line}: not a results file of these tests ({what}); delete it")


def misfit(of: object) -> str:
    """The first field that has not the type that it should have; nothing if all have."""
    for name, kind in get_type_hints(type(of)).items():
        value = getattr(of, name)
        if get_origin(kind) is list:
            fits = isinstance(value, list) and all(isinstance(v, get_args(kind)) for v in value)
        else:
            fits = isinstance(value, kind)
        if not fits:
            return f"{name} is {value!r}"
    return ""


class _Wrong(Exception):
    """What is wrong with a results file, and in which line."""


def _line_of(text: str, words: str) -> int:
    """The line, from 1, on which words first stand."""
    return text[: text.find(words)].count("\n") + 1


def place_of(run: Run, block: str) -> str:
    """File and line where a run tells of a block."""
    return f"{run.path}:{_line_of(run.path.read_text('utf-8'), json.dumps(block))}"


def read_checked(fields: dict[str, Any]) -> Checked:
    """One check, as it was written."""
    outcome = fields.get("outcome")
    return Checked(**fields | {"outcome": Outcome(**outcome) if outcome else None})
