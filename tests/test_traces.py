"""Notes what the processes of programs do, and compares it with the pictures of their pages."""

import difflib
import multiprocessing
import time
from collections.abc import Callable

import pytest

from tests.harness.compare.traces import recorded
from tests.harness.read.model import Program
from tests.harness.read.site import this_site
from tests.harness.read.traces import comparable
from tests.harness.read.words import RECORDED_ON, SYSTEM
from tests.harness.tell.results import Checked

PROGRAMS = {name: p for name, p in this_site().programs.items() if p.trace}


@pytest.mark.skipif(SYSTEM != RECORDED_ON, reason="recorded on Linux")
@pytest.mark.parametrize("name", PROGRAMS)
def test_trace(
    name: str, record: Callable[[Checked], None], needed: Callable[[Program], None]
) -> None:
    program = PROGRAMS[name]
    needed(program)
    method = multiprocessing.get_all_start_methods()[0]
    expectation = program.expectation(method)
    trace = program.trace
    assert trace and expectation
    started = time.perf_counter()
    found = comparable(recorded(program, expectation, method), trace.in_one_run)
    shown = comparable(trace.text, trace.in_one_run)
    record(
        Checked(
            block=f"{name}.trace",
            hash=program.hash_of_trace,
            method=method,
            compared=True,
            passed=found == shown,
            seconds=round(time.perf_counter() - started, 3),
        )
    )
    if found != shown:
        where = f"{program.page}:{trace.fence.line}: the processes of {name} under {method}"
        lines = difflib.unified_diff(
            shown.splitlines(), found.splitlines(), "the page", "this run", lineterm="", n=1
        )
        remedy = f"Fix the program, or record what they do: nox -s update -- {name}"
        pytest.fail("\n".join([where, *lines, remedy]), pytrace=False)
