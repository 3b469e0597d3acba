"""Records outputs anew, from real runs; `nox -s update` and `nox -s update -- <page>`.

Every program runs under each start method on each supported Python that is on
PATH, by version (python3.13) or by release (python3.13.5). Refused, and left as
it was, is what failed unexpectedly, left something behind, or printed different
things in cases that its page shows as one.
"""

import argparse
import difflib
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import nbformat

from examples import _interrupts
from examples._inline import dependencies, missing, module_of
from examples._runner import TIME_LIMIT, run
from tests.harness import work
from tests.harness.compare.record import Refused, texts, write
from tests.harness.compare.traces import recorded
from tests.harness.read.addresses import record_addresses
from tests.harness.read.model import Fragment, Program, Site
from tests.harness.read.site import ROOT, read_site
from tests.harness.read.traces import comparable
from tests.harness.read.versions import Release, named
from tests.harness.read.words import METHODS
from tests.harness.run import notebooks
from tests.harness.run.pythons import Python, find_pythons
from tests.harness.tools.variants import record_from

INTERRUPTED = "what is told above is recorded, and nothing else"


def main() -> int:
    """Update what the command line names; the exit status is 1 if something was refused."""
    parser = argparse.ArgumentParser(prog="nox -s update --", description=__doc__)
    parser.add_argument("names", nargs="*", help="<page> or <page>/<program>; without it, all")
    parser.add_argument(
        "--from", dest="folder", type=Path, metavar="FOLDER",
        help="record what results files tell of, which tests wrote on other machines",
    )  # fmt: skip
    parser.add_argument("--report", action="store_true", help="with --from, only tell of it")
    options = parser.parse_args()
    if options.folder:
        return record_from(ROOT, options.folder, options.report)
    names = options.names
    site = read_site(ROOT)
    programs = [p for p in site.programs.values() if chosen(p.name, names)]
    books = [path for path in site.notebooks if chosen(path.stem, names)]
    fragments = [f for f in site.fragments if chosen(f.page.stem, names)]
    if not programs and not books and not fragments:
        print(f"Nothing is named {' or '.join(names)}; `python -m examples` lists the programs.")
        return 2
    pythons = find_pythons(needed(programs))
    print(f"Python {', '.join(map(named, pythons))}: {len(programs)} programs", flush=True)
    refused = record_each(lambda p: update_program(p, pythons), programs)
    for path in books:
        message = update_notebook(path)
        refused += message.startswith("refused")
        if message:
            print(f"{path.name}: {message}", flush=True)
    if fragments:
        refused += update_fragments(site, names)
    for address in record_addresses(site):
        print(f"{address}: a new address")
    print(f"{refused} refused" if refused else "Done")
    return 1 if refused else 0


def record_each(record: Callable[[Program], str], programs: Sequence[Program]) -> int:
    """Record something of each program, and print what that tells; how many were refused."""
    refused = 0
    for program, message in work.each(record, programs):
        refused += message.startswith("refused")
        if message:
            print(f"{program.name}: {message}", flush=True)
    return refused


def chosen(name: str, names: list[str]) -> bool:
    """Whether the command line names a program or its page; no names mean all."""
    return not names or name in names or name.split("/")[0] in names


def needed(programs: Iterable[Program]) -> frozenset[str]:
    """The packages that programs declare, as they are imported."""
    texts = (program.path.read_text("utf-8") for program in programs)
    return frozenset(module_of(name) for text in texts for name in dependencies(text))


def update_program(program: Program, pythons: dict[Release, Python]) -> str:
    """Run a program in all its cases and write its outputs; give what changed, or why not."""
    if not program.expectations:
        return "refused: its page shows no output"
    _, commands = missing(program.path.read_text("utf-8"))
    if commands:
        return f"refused: it needs {' and '.join(commands)}; install that first"
    packages = needed([program])
    lacking = [named(release) for release, p in pythons.items() if not packages <= p.packages]
    changes = []
    try:
        for expectation in program.expectations:
            outcomes = {
                f"{method}, Python {named(release)}": run(
                    program.path, method, expectation.limit or TIME_LIMIT, python=python.path
                )
                for release, python in pythons.items()
                for method in METHODS
                if packages <= python.packages and expectation.case.covers(method, release)
            }
            changes.append((expectation, texts(expectation, outcomes)))
        if program.trace:
            changed = record_trace(program, pythons)
    except Refused as error:
        return f"refused: {error}"
    told = [write(shown, text) for _, new in changes for shown, text in new]
    if program.trace:
        told.append(changed)
    if lacking:
        without = " and ".join(sorted(packages))
        told.append(f"not run on Python {', '.join(lacking)}, without {without}")
    return "\n".join(filter(None, told))


def record_trace(program: Program, pythons: dict[Release, Python]) -> str:
    """Record what its processes do in all cases; give what changed. Raises Refused."""
    assert program.trace
    texts = {
        f"{method}, Python {named(release)}": recorded(program, expectation, method, python.path)
        for release, python in pythons.items()
        if needed([program]) <= python.packages
        for method in METHODS
        if (expectation := program.expectation(method, release))
    }
    first, *others = texts
    one_run = program.trace.in_one_run
    for other in others:
        if comparable(texts[first], one_run) != comparable(texts[other], one_run):
            lines = difflib.unified_diff(
                texts[first].splitlines(), texts[other].splitlines(), first, other, lineterm="", n=1
            )
            raise Refused("\n".join(["its processes do not do the same in two runs:", *lines]))
    known = comparable(program.trace.text, one_run)
    same = known == comparable(texts[first], one_run)
    return write(program.trace, program.trace.text if same else texts[first])


def update_notebook(path: Path) -> str:
    """Execute a notebook under each start method and store its outputs."""
    old = notebooks.cells(path, notebooks.read(path))
    try:
        books = [notebooks.execute(path, method) for method in METHODS]
    except Exception as error:
        return f"refused: {error}"
    if any(notebooks.cells(path, book) != notebooks.cells(path, books[0]) for book in books):
        return "refused: it printed different things under two start methods"
    if notebooks.cells(path, books[0]) == old:
        return ""
    for cell in books[0].cells:
        cell.metadata.pop("execution", None)  # times
    work.write(path, nbformat.writes(books[0]) + "\n")
    return "recorded"


def update_fragments(site: Site, names: list[str]) -> bool:
    """Let pytest-examples rewrite the `#>` lines; whether something was refused."""
    pages = sorted({f.page for f in site.fragments if chosen(f.page.stem, names)})
    before = {page: page.read_text("utf-8") for page in pages}
    refused = False
    try:
        # One run for each, from the end: pytest-examples does not update two of one
        # page in a run, and each keeps its line, by which the test is named.
        for fragment in sorted(site.fragments, key=lambda f: f.fence.line, reverse=True):
            if fragment.page in pages and (told := update_fragment(fragment)):
                print(told)
                refused = True
    finally:
        for page, old in before.items():
            diff = difflib.unified_diff(
                old.splitlines(), page.read_text("utf-8").splitlines(), page.name, page.name,
                lineterm="", n=1,
            )  # fmt: skip
            print("\n".join(diff), flush=True)
    return refused


def update_fragment(fragment: Fragment) -> str:
    """Let pytest-examples rewrite one fragment; what pytest told if it was refused."""
    page = fragment.page.read_text("utf-8")
    test = f"tests/test_fragments.py::test_fragment[{fragment.name}]"
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "--update-examples", test]
    try:
        result = work.run(command, cwd=ROOT)
    except _interrupts.Interrupted:
        work.write(fragment.page, page)  # it may have been ended while it wrote
        raise
    return result.stdout if result.returncode else ""
