"""Executes each notebook under each start method, and compares the outputs stored in it."""

import difflib
import multiprocessing
import runpy
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn
from zipfile import ZipFile

import pytest

from examples._runner import Outcome
from tests.harness.compare.differences import cut
from tests.harness.read.site import ROOT, this_site
from tests.harness.run import notebooks
from tests.harness.tell.results import Checked

SITE = this_site()


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.parametrize("path", SITE.notebooks, ids=lambda path: path.name)
def test_notebook(
    path: Path,
    method: str,
    record: Callable[[Checked], None],
    differs: Callable[[str], NoReturn],
) -> None:
    started = time.perf_counter()
    stored = notebooks.cells(path, notebooks.read(path))
    printed = notebooks.cells(path, notebooks.execute(path, method))
    seconds = round((time.perf_counter() - started) / len(stored), 3)
    wrong = []
    for number, ((source, shown), (_, real)) in enumerate(zip(stored, printed, strict=True), 1):
        name = f"{path.name}:cell {number}"
        hash, outcome = notebooks.cell_hash(source, shown), Outcome(0, real)
        passed = shown == real
        record(Checked(name, hash, method, True, passed, seconds, None if passed else outcome))
        if shown != real:
            lines = shown.splitlines(), real.splitlines(), "the page", "this run"
            diff = difflib.unified_diff(*lines, lineterm="", n=0)
            wrong += [f"{name} under {method}", cut("\n".join(diff))]
    if wrong:
        remedy = f"Fix the cell, or record what it prints: nox -s update -- {path.stem}"
        differs("\n".join([*wrong, remedy]))


@pytest.mark.parametrize("path", SITE.notebooks, ids=lambda path: path.name)
def test_download_runs_by_itself(path: Path, tmp_path: Path) -> None:
    """The zip file beside a notebook holds all that the notebook reads."""
    hook = runpy.run_path(str(ROOT / "docs" / "_notebook" / "hook.py"))
    config = SimpleNamespace(docs_dir=str(ROOT / "docs"), site_dir=str(tmp_path / "site"))
    hook["on_post_build"](config)
    with ZipFile(tmp_path / "site" / path.parent.name / f"{path.stem}.zip") as zip_file:
        zip_file.extractall(tmp_path / "download")
    copy = tmp_path / "download" / path.relative_to(ROOT)
    printed = notebooks.cells(copy, notebooks.execute(copy, multiprocessing.get_start_method()))
    assert printed == notebooks.cells(path, notebooks.read(path))
