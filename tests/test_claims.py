"""Proves what the pages say: runs the checks of each page under each start method."""

from collections.abc import Callable
from multiprocessing import get_all_start_methods
from pathlib import Path
from typing import NoReturn

import pytest

from examples._runner import run
from tests.harness.compare.differences import cut
from tests.harness.read import claims
from tests.harness.read.site import ROOT
from tests.harness.run.limits import PATIENCE

RUNNER = ROOT / "tests" / "harness" / "run" / "claims.py"
DEFAULT, *others = get_all_start_methods()
OTHERS = [pytest.param(method, marks=pytest.mark.once) for method in others]
FILES = sorted((ROOT / "tests" / "claims").glob("[!_]*.py"))


@pytest.mark.parametrize("method", [DEFAULT, *OTHERS])
@pytest.mark.parametrize("path", FILES, ids=claims.name_of)
def test_claims(path: Path, method: str, differs: Callable[[str], NoReturn]) -> None:
    outcome = run(RUNNER, method, PATIENCE, arguments=[path.stem])
    if outcome.status is None:
        outcome.faults.append(f"still running after {outcome.seconds:.0f} s")
    if outcome.status or outcome.faults:
        told = [*outcome.faults, outcome.stdout, outcome.stderr]
        differs(cut(f"{claims.name_of(path)} under {method}\n" + "\n".join(filter(None, told))))
