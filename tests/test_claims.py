"""Proves what the pages say: runs the checks of each page under each start method."""

from collections.abc import Callable
from typing import NoReturn

import pytest

from examples._runner import run
from tests.harness.compare.differences import cut
from tests.harness.read.site import ROOT
from tests.harness.read.words import METHODS

RUNNER = ROOT / "tests" / "harness" / "run" / "claims.py"
TIME_LIMIT = 300.0  # seconds for all checks of a page, on a machine that has much else to do
PAGES = [p.stem.replace("_", "-") for p in sorted((ROOT / "tests" / "claims").glob("[!_]*.py"))]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("page", PAGES)
def test_claims(page: str, method: str, differs: Callable[[str], NoReturn]) -> None:
    outcome = run(RUNNER, method, TIME_LIMIT, arguments=[page.replace("-", "_")])
    if outcome.status is None:
        outcome.faults.append(f"still running after {outcome.seconds:.0f} s")
    if outcome.status or outcome.faults:
        told = [*outcome.faults, outcome.stdout, outcome.stderr]
        differs(cut(f"{page} under {method}\n" + "\n".join(filter(None, told))))
