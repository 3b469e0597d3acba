"""Runs each program under each start method, and compares what it prints with its page."""

import multiprocessing
from collections.abc import Callable
from typing import NoReturn

import pytest

from examples._runner import run
from tests.harness.compare.differences import binds, differences, failure
from tests.harness.read.model import Program
from tests.harness.read.site import this_site
from tests.harness.read.versions import THIS, named
from tests.harness.read.words import SYSTEM
from tests.harness.run.limits import PATIENCE
from tests.harness.tell.results import Checked

PROGRAMS = {name: p for name, p in this_site().programs.items() if SYSTEM in p.systems}


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.parametrize("name", PROGRAMS)
def test_program(
    name: str,
    method: str,
    record: Callable[[Checked], None],
    differs: Callable[[str, bool], NoReturn],
    needed: Callable[[Program], None],
) -> None:
    program = PROGRAMS[name]
    needed(program)
    expectation = program.expectation(method)
    if expectation is None:
        where = f"{program.page}:{program.line}: the program {name}"
        told = f"{where} has no output for {method} on Python {named(THIS)}. Include one below it."
        pytest.fail(told, pytrace=False)
    outcome = run(program.path, method, expectation.limit or PATIENCE)
    found = differences(expectation, outcome)
    record(
        Checked(
            block=name,
            hash=program.hash(expectation),
            method=method,
            compared=all(shown.words.comparison != "at most" for shown in expectation.shown),
            passed=not found,
            seconds=round(outcome.seconds, 3),
            outcome=outcome if found else None,
        )
    )
    if found:
        differs(failure(program, expectation, method, found), binds(expectation))
