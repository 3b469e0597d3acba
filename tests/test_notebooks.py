"""Executes each notebook under each start method, and compares the outputs stored in it."""

import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import notebooks
from tests.harness.results import Checked
from tests.harness.site import read_site

SITE = read_site()


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.parametrize("path", SITE.notebooks, ids=lambda path: path.name)
def test_notebook(path: Path, method: str, record: Callable[[Checked], None]) -> None:
    started = time.perf_counter()
    stored = notebooks.cells(path, notebooks.read(path))
    printed = notebooks.cells(path, notebooks.execute(path, method))
    seconds = round((time.perf_counter() - started) / len(stored), 3)
    wrong = []
    for number, ((source, shown), (_, real)) in enumerate(zip(stored, printed, strict=True), 1):
        name = f"{path.name}:cell {number}"
        record(
            Checked(name, notebooks.cell_hash(source, shown), method, True, shown == real, seconds)
        )
        if shown != real:
            wrong.append(f"{name} under {method} shows {shown!r} and printed {real!r}")
    if wrong:
        remedy = f"Mend the cell, or record what it prints: nox -s update -- {path.stem}"
        pytest.fail("\n".join([*wrong, remedy]), pytrace=False)
