"""Puts faults into programs, and compares what becomes of them with the tables of their pages."""

import multiprocessing
import time
from collections.abc import Callable

import pytest

from tests.harness.compare.faults import differences
from tests.harness.read.model import Program
from tests.harness.read.site import this_site
from tests.harness.read.words import RECORDED_ON, SYSTEM
from tests.harness.tell.results import Checked

PROGRAMS = {name: p for name, p in this_site().programs.items() if p.table}


@pytest.mark.skipif(SYSTEM != RECORDED_ON, reason="looks into /proc")
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.parametrize("name", PROGRAMS)
def test_faults(
    name: str,
    method: str,
    record: Callable[[Checked], None],
    needed: Callable[[Program], None],
) -> None:
    program = PROGRAMS[name]
    needed(program)
    expectation = program.expectation(method)
    assert program.table and expectation
    started = time.perf_counter()
    found = list(differences(program, method, expectation, program.table.fates))
    record(
        Checked(
            block=f"{name}.faults",
            hash=program.hash_of_table,
            method=method,
            compared=True,
            passed=not found,
            seconds=round(time.perf_counter() - started, 3),
        )
    )
    if found:
        where = f"{program.page}:{program.table.fence.line}: {name} under {method}, with a fault"
        remedy = f"Fix the program, or record what it does: nox -s faults -- --record {name}"
        pytest.fail("\n".join([where, *found, remedy]), pytrace=False)
