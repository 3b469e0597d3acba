"""Runs programs on a Python that is named, such as a free-threaded one; `nox -s programs`.

It needs nothing but the packages that a program declares; programs that need one which it
does not have are left out. What is not as the pages show it for its release is told. The exit
status is 1 then, and 2 for what is no Python that the site supports.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator

from examples._inline import missing
from examples._runner import run
from tests.harness import work
from tests.harness.compare.differences import Difference, differences, failure
from tests.harness.read.model import Expectation, Program
from tests.harness.read.site import ROOT, read_site
from tests.harness.read.versions import MINORS, PYTHONS, named
from tests.harness.read.words import METHODS, SYSTEM
from tests.harness.run.limits import PATIENCE
from tests.harness.run.pythons import Python, ask
from tests.harness.tools.update import chosen, needed

INTERRUPTED = "what was not told is not run"
Run = tuple[Program, str, Expectation]


def main() -> int:
    """Run what the command line names, and tell what differs."""
    parser = argparse.ArgumentParser(prog="nox -s programs --", description=__doc__)
    parser.add_argument("python", help="a command or a path, such as python3.13t")
    parser.add_argument("names", nargs="*", help="programs, or pages; all, without")
    options = parser.parse_args()
    programs = [p for p in read_site(ROOT).programs.values() if chosen(p.name, options.names)]
    path = shutil.which(options.python)
    python = ask(path, needed(programs)) if path else None
    if python is None or (*python.release[:2], 0) not in MINORS:
        known = f"{PYTHONS[0]} to {PYTHONS[-1]}"
        print(f"{options.python} runs no Python {known}: name one, or its path", file=sys.stderr)
        return 2
    runs, differ = list(runs_on(python, programs)), 0
    for (program, method, expectation), told in work.each(lambda one: tell(one, python), runs):
        differ += bool(told)
        if told:
            print(failure(program, expectation, method, told), flush=True)
    able = {program.name for program, *_ in runs}
    print(
        f"Python {named(python.release)}: {len(able)} programs, {len(runs)} runs, {differ} differ; "
        f"{len(programs) - len(able)} programs left out"
    )
    return 1 if differ else 0


def runs_on(python: Python, programs: list[Program]) -> Iterator[Run]:
    """Each program that can run there, under each start method that its page has for it."""
    for program in programs:
        _, commands = missing(program.path.read_text("utf-8"))
        if SYSTEM in program.systems and needed([program]) <= python.packages and not commands:
            for method in METHODS:
                if expectation := program.expectation(method, python.release):
                    yield program, method, expectation


def tell(case: Run, python: Python) -> list[Difference]:
    """What is not as the page shows it."""
    program, method, expectation = case
    limit = expectation.limit or PATIENCE
    return differences(expectation, run(program.path, method, limit, python=python.path))
