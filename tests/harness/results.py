"""What a run of the tests has checked: written by the tests, read by the site's build.

A results file is JSON: `contract` (the contract line; empty if the run was of a
part of the site, or failed), `site` (the hash of all that was to be checked),
`python`, `system`, `date` (ISO 8601, UTC), and `checked`, a list of one object
for each block under each start method: `block` (a name), `hash` (of program and
output), `method` (empty for a fragment, which starts no process), `compared`
(False for the racy counter), `passed`, `seconds`.
"""

import json
import os
import platform
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.harness.model import Site, digest
from tests.harness.site import ROOT
from tests.harness.words import SYSTEM


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


@dataclass(frozen=True)
class Run:
    """One results file."""

    contract: str
    site: str
    python: str
    system: str
    date: str
    checked: list[Checked]


def contract_line(site: Site, cells: int, checked: Iterable[Checked]) -> str:
    """`N blocks, N executed, N compared, 0 skipped`, for the Python on all pages.

    Programs that their pages say are for other systems are not among the blocks.

    `cells` is the number of code cells in the notebooks.
    """
    programs = [p for p in site.programs.values() if SYSTEM in p.systems]
    blocks = len(programs) + len(site.fragments) + cells
    executed = {c.block for c in checked}
    compared = {c.block for c in checked if c.compared}
    return (
        f"{blocks} blocks, {len(executed)} executed, {len(compared)} compared, "
        f"{blocks - len(executed)} skipped"
    )


def write(checked: Iterable[Checked], contract: str, site: str, folder: Path = FOLDER) -> Path:
    """Write the results of this run into a new file below `folder`."""
    now = datetime.now(UTC)
    run = Run(contract, site, platform.python_version(), SYSTEM, now.isoformat(), list(checked))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S%f}-{SYSTEM.lower()}-{run.python}.json"
    unfinished = path.with_suffix(".part")  # a build may be reading the folder
    unfinished.write_text(json.dumps(asdict(run), indent=1) + "\n", "utf-8")
    return unfinished.replace(path)


def read(folder: Path = FOLDER) -> list[Run]:
    """All runs below `folder`, oldest first.

    Raises ValueError, with the remedy, for a file that is not a results file.
    """
    runs = []
    for path in folder.glob("**/*.json"):
        try:
            data = json.loads(path.read_text("utf-8"))
            runs.append(Run(**data | {"checked": [Checked(**c) for c in data["checked"]]}))
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{path}: not a results file ({error}); delete it") from error
    return sorted(runs, key=lambda run: run.date)
