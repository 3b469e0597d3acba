"""Runs programs with one fault at a time, and tells what becomes of them; `nox -s faults`.

A line a program, start method and fault: `right` if it printed what its page shows and ended
with status 0, `WRONG` if it printed something else and ended with status 0, its exit status,
or `hangs`; `told` if it wrote to standard error; what it left behind. `-` where the program
has nothing that the fault would hit, or ended before.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace

from examples._inline import missing
from tests.harness import work
from tests.harness.compare.differences import differences
from tests.harness.read.model import Expectation, Program
from tests.harness.read.site import ROOT, read_site
from tests.harness.read.words import METHODS
from tests.harness.run import faults
from tests.harness.run.faults import FAULTS, Faulty
from tests.harness.tools.update import chosen

PATIENCE = 10.0  # seconds for an end, beyond three times what the program needs
INTERRUPTED = "what was not told is not run"
Case = tuple[Program, str, Expectation]


def main() -> int:
    """Print a table of what happened, as comma-separated values."""
    parser = argparse.ArgumentParser(prog="nox -s faults --", description=__doc__)
    parser.add_argument("names", nargs="*", help="programs, or pages; all, without")
    parser.add_argument("--fault", choices=FAULTS, action="append", help="all, without")
    parser.add_argument("--start-method", choices=METHODS, action="append", help="all, without")
    options = parser.parse_args()
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["program", "start method", "fault", "outcome"])
    found = list(cases(options.names, options.start_method or METHODS))
    wanted = options.fault or list(FAULTS)
    for (program, method, _), told in work.each(lambda case: tell(case, wanted), found):
        table.writerows([program.name, method, *row] for row in told)
        sys.stdout.flush()
    return 0


def cases(names: list[str], methods: list[str]) -> Iterator[Case]:
    """The programs that end with status 0, by their pages, under each start method."""
    for program in read_site(ROOT).programs.values():
        if not chosen(program.name, names) or any(missing(program.path.read_text("utf-8"))):
            continue
        for method in methods:
            expectation = program.expectation(method)
            if expectation and expectation.status == 0:
                yield program, method, expectation


def tell(case: Case, wanted: Iterable[str]) -> list[tuple[str, str]]:
    """What a program does with each fault; nothing if it starts no process."""
    program, method, expectation = case
    watched = faults.put_in(program.path, method, "")
    if not watched.workers:
        return []
    limit = 3 * watched.outcome.seconds + PATIENCE
    told = []
    for fault in wanted:
        # The second worker, if there is one that it hits: the first may be done too early.
        for which in range(min(2, watched.workers), 0, -1):
            ran = faults.put_in(program.path, method, fault, which, limit)
            if ran.hit:
                break
        told.append((fault, outcome(ran, expectation)))
    return told


def outcome(run: Faulty, expectation: Expectation) -> str:
    """What became of a run, in a few words."""
    status = run.outcome.status
    left = {one.split()[2] for one in run.outcome.faults if one.startswith("left a")}
    if not run.hit:
        return "-"
    if status is None:
        words = ["hangs"]
    elif status == 0:
        words = ["WRONG" if differences(expectation, replace(run.outcome, faults=[])) else "right"]
    else:
        words = [str(status)]
    if run.outcome.stderr and words != ["right"]:
        words.append("told")
    if left:
        words += ["left", *sorted(left)]
    return " ".join(words)
