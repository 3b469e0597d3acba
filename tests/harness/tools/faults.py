"""Runs programs with one fault at a time, and tells what becomes of them; `nox -s faults`.

A line a program, start method and fault, of comma-separated values. The outcome is `hangs`, the
exit status, or with status 0 `right result` or `wrong result`; `told` if it wrote to standard
error; what it left behind. `-` where the program has nothing that the fault would hit, or ended
before; no line for a fault that this system does not let be put in. With --record, the tables
that pages show are written anew.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator

from examples._inline import missing
from tests.harness import work
from tests.harness.compare.faults import NOT_HIT, outcome, put_in
from tests.harness.compare.record import Refused, write
from tests.harness.read.faults import WORDS, Fate, applies, text_of
from tests.harness.read.model import Expectation, Program
from tests.harness.read.site import ROOT, read_site
from tests.harness.read.versions import Release, named
from tests.harness.read.words import METHODS, Case
from tests.harness.run import faults
from tests.harness.run.pythons import Python, find_pythons
from tests.harness.tools.update import chosen, needed, record_each

PATIENCE = 10.0  # seconds for an end, beyond three times what the program needs
ELSEWHERE = "Record it on Linux where a user may make namespaces (`unshare --user --mount true`)"
INTERRUPTED = "what was not told is not run"
SHOWN = ["raises", "exits", "killed", "killed-holding", "manager-killed"]
"""The faults of a table that is recorded for the first time.

What comes of other faults depends on how far the other processes are.
"""
Run = tuple[Program, str, Expectation]
Found = dict[str, dict[tuple[str, Release], str]]


def main() -> int:
    """Print a table of what happened, or record those that pages show."""
    parser = argparse.ArgumentParser(prog="nox -s faults --", description=__doc__)
    parser.add_argument("names", nargs="*", help="programs, or pages; all, without")
    parser.add_argument("--fault", choices=WORDS, action="append", help="all, without")
    parser.add_argument("--start-method", choices=METHODS, action="append", help="all, without")
    parser.add_argument("--record", action="store_true", help="write the tables of their pages")
    options = parser.parse_args()
    if options.record:
        return record(options.names)
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["program", "start method", "fault", "outcome"])
    found = list(cases(options.names, options.start_method or METHODS))
    wanted = options.fault or list(WORDS)
    for (program, method, _), told in work.each(lambda case: tell(case, wanted), found):
        table.writerows([program.name, method, fault, what] for fault, what in told.items())
        sys.stdout.flush()
    return 0


def cases(names: list[str], methods: list[str]) -> Iterator[Run]:
    """The programs that end with status 0, under each start method; last, what needs a package."""
    programs = read_site(ROOT).programs.values()
    for program in sorted(programs, key=lambda program: bool(needed([program]))):
        if not chosen(program.name, names) or any(missing(program.path.read_text("utf-8"))):
            continue
        for method in methods:
            expectation = program.expectation(method)
            if expectation and expectation.status == 0:
                yield program, method, expectation


def tell(case: Run, wanted: Iterable[str], python: str = sys.executable) -> dict[str, str]:
    """What a program does with each fault; nothing if it starts no process."""
    program, method, expectation = case
    watched = faults.put_in(program.path, method, "", python=python)
    if not watched.workers:
        return {}
    patience = 3 * watched.outcome.seconds + PATIENCE
    return {
        fault: outcome(
            put_in(program.path, method, fault, watched.workers, patience, python), expectation
        )
        for fault in wanted
        if applies(fault, method) and faults.possible(fault)
    }


def record(names: list[str]) -> int:
    """Write the tables of the programs on the pages that are named; 1 if one was refused."""
    programs = [p for p in read_site(ROOT).programs.values() if chosen(p.name, names) and p.table]
    pythons = find_pythons(needed(programs))
    refused = record_each(lambda program: record_table(program, pythons), programs)
    print(f"{refused} refused" if refused else "Done")
    return 1 if refused else 0


def record_table(program: Program, pythons: dict[Release, Python]) -> str:
    """Put its faults in, under each start method and Python; write the table, give what changed."""
    assert program.table
    old = program.table.fates
    wanted = dict.fromkeys(fate.fault for fate in old) or SHOWN
    if barred := [WORDS[fault] for fault in wanted if not faults.possible(fault)]:
        return f"refused: this system does not let it be put in: {', '.join(barred)}. {ELSEWHERE}"
    found: Found = {}
    for release, python in pythons.items():
        for method in METHODS:
            expectation = program.expectation(method, release)
            able = needed([program]) <= python.packages
            if able and expectation and expectation.status == 0:
                case = program, method, expectation
                for fault, what in tell(case, wanted, python.path).items():
                    found.setdefault(fault, {})[method, release] = what
    try:
        fates = [
            Fate(fault, what, case)
            for fault, outcomes in found.items()
            for case, what in in_cases([f.case for f in old if f.fault == fault], outcomes)
            if what != NOT_HIT
        ]
    except Refused as error:
        return f"refused: {error}"
    return write(program.table, text_of(fates))


def in_cases(
    known: list[Case], outcomes: dict[tuple[str, Release], str]
) -> Iterator[tuple[Case, str]]:
    """The outcome in each case that is known; else under all start methods, or under each.

    Raises Refused where there are two in one.
    """
    everywhere = Case(frozenset(method for method, _ in outcomes))
    if not known or (known == [everywhere] and len(set(outcomes.values())) > 1):
        methods: dict[str, set[str]] = {}
        for (method, _), what in outcomes.items():
            methods.setdefault(what, set()).add(method)
        known = [Case(frozenset(those)) for those in methods.values()]
    for case in known:
        told: dict[str, list[str]] = {}
        for (method, release), what in outcomes.items():
            if case.covers(method, release):
                told.setdefault(what, []).append(f"{method} {named(release)}")
        if len(told) > 1:
            every = "; ".join(f"{what}: {', '.join(where)}" for what, where in told.items())
            raise Refused(f"one fault has two outcomes; name a case for each in the table: {every}")
        for what in told:
            yield case, what
