"""What became of a program with a fault, in the words of a table, and whether that is as shown."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.harness import work
from tests.harness.compare.differences import matches
from tests.harness.read.faults import Fate, applies
from tests.harness.read.model import Expectation, Program
from tests.harness.run import faults
from tests.harness.run.faults import Faulty
from tests.harness.run.limits import PATIENCE

HANGS = "hangs"
SURE = 2.0  # seconds after a fault in which what is said to hang must not end
NOT_HIT = "-"
"""The program has nothing that the fault would hit, or ended before."""


def outcome(run: Faulty, expectation: Expectation) -> str:
    """What its result is worth, whether it told something, and what it left behind."""
    status = run.outcome.status
    left = sorted({one.split()[2] for one in run.outcome.faults if one.startswith("left a")})
    if not run.hit:
        return NOT_HIT
    words = HANGS if status is None else f"status {status}"
    if status == 0:
        shown = expectation.stream("stdout")
        right = shown is None or matches(shown.words, shown.text, run.outcome.stdout)
        words = "right result" if right else "wrong result"
    if run.outcome.stderr:
        words += ", told"
    if left:
        words += f", leaves a {' and a '.join(left)}"
    return words


def put_in(
    program: Path,
    method: str,
    fault: str,
    workers: int,
    patience: float,
    python: str = sys.executable,
) -> Faulty:
    """Run it with the fault in its second worker, if there is one that it hits.

    The first may be done too early. A lock is held by whichever comes first.
    """
    tries = 1 if fault == "killed-holding" else min(2, workers)
    for which in range(tries, 0, -1):
        ran = faults.put_in(program, method, fault, which, patience, python)
        if ran.hit:
            break
    return ran


def differences(
    program: Program, method: str, expectation: Expectation, fates: list[Fate]
) -> Iterator[str]:
    """What is not as the lines of its table say, a line each, with the faults that are possible."""
    workers = faults.put_in(program.path, method, "").workers

    def run(fate: Fate) -> str:
        # What hangs is not waited for; what ends has the time that a slow machine needs.
        patience = SURE if fate.outcome.startswith(HANGS) else PATIENCE
        return outcome(put_in(program.path, method, fate.fault, workers, patience), expectation)

    here = [
        fate
        for fate in fates
        if fate.case.covers(method) and applies(fate.fault, method) and faults.possible(fate.fault)
    ]
    for fate, found in work.each(run, here):
        if found != fate.outcome:
            yield f"{fate.fault}: {found}; the table says {fate.outcome}"
