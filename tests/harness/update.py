"""Records outputs anew, from real runs; `nox -s update` and `nox -s update -- <page>`.

Every program runs under each start method on each supported Python that is on
PATH, by version (python3.13) or by release (python3.13.5). Refused, and left as
it was, is what failed unexpectedly, left something behind, or printed different
things in cases that its page shows as one.
"""

import argparse
import difflib
import re
import sys
from collections.abc import Iterable
from functools import reduce
from pathlib import Path

import nbformat

from examples import _interrupts
from examples._inline import dependencies
from examples._runner import TIME_LIMIT, Outcome, run
from tests.harness import notebooks, work
from tests.harness.addresses import record_addresses
from tests.harness.compare import STREAMS, ending_differences, matches
from tests.harness.model import Expectation, Fragment, Program, Shown, Site
from tests.harness.pythons import Python, find_pythons
from tests.harness.site import ROOT, read_site
from tests.harness.versions import Release, named
from tests.harness.words import METHODS

FRAMES = re.compile(r"(?<=^Traceback \(most recent call last\):\n)(?: .*\n)+", re.MULTILINE)

INTERRUPTED = "what is told above is recorded, and nothing else"

UNSHOWABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class Refused(Exception):
    """Why an output was not recorded."""


def main() -> int:
    """Update what the command line names; the exit status is 1 if something was refused."""
    parser = argparse.ArgumentParser(prog="nox -s update --", description=__doc__)
    parser.add_argument("names", nargs="*", help="<page> or <page>/<program>; without it, all")
    names = parser.parse_args().names
    site = read_site(ROOT)
    programs = [p for p in site.programs.values() if chosen(p.name, names)]
    books = [path for path in site.notebooks if chosen(path.stem, names)]
    fragments = [f for f in site.fragments if chosen(f.page.stem, names)]
    if not programs and not books and not fragments:
        print(f"Nothing is named {' or '.join(names)}; `python -m examples` lists the programs.")
        return 2
    pythons = find_pythons(needed(programs))
    print(f"Python {', '.join(map(named, pythons))}: {len(programs)} programs", flush=True)
    refused = 0
    for program, message in work.each(lambda p: update_program(p, pythons), programs):
        refused += message.startswith("refused")
        if message:
            print(f"{program.name}: {message}", flush=True)
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


def chosen(name: str, names: list[str]) -> bool:
    """Whether the command line names a program or its page; no names mean all."""
    return not names or name in names or name.split("/")[0] in names


def needed(programs: Iterable[Program]) -> frozenset[str]:
    """The packages that programs declare."""
    texts = (program.path.read_text("utf-8") for program in programs)
    return frozenset(name for text in texts for name in dependencies(text))


def update_program(program: Program, pythons: dict[Release, Python]) -> str:
    """Run a program in all its cases and write its outputs; give what changed, or why not."""
    if not program.expectations:
        return "refused: its page shows no output"
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
    except Refused as error:
        return f"refused: {error}"
    told = [write(shown, text) for _, new in changes for shown, text in new]
    if lacking:
        without = " and ".join(sorted(packages))
        told.append(f"not run on Python {', '.join(lacking)}, without {without}")
    return "\n".join(filter(None, told))


def texts(expectation: Expectation, outcomes: dict[str, Outcome]) -> list[tuple[Shown, str]]:
    """What to record for each output of one case. Raises Refused."""
    for case, outcome in outcomes.items():
        wrong = [*outcome.faults, *ending_differences(expectation, outcome)]
        for stream, name in STREAMS.items():
            if not expectation.stream(stream) and (text := getattr(outcome, stream)):
                wrong.append(f"the page shows no {name}, and it wrote:\n{text}")
        if wrong:
            raise Refused(f"under {case}: " + "\n".join(wrong) + f"\n{outcome.stderr}".rstrip())
    return [
        (shown, text_of(shown, {c: getattr(o, shown.words.stream) for c, o in outcomes.items()}))
        for shown in expectation.shown
        if outcomes
    ]


def text_of(shown: Shown, printed: dict[str, str]) -> str:
    """One text for all that was printed, as the words over the output allow. Raises Refused."""
    if shown.text and all(matches(shown.words, shown.text, text) for text in printed.values()):
        return shown.text
    first_case, first = next(iter(printed.items()))
    if shown.words.comparison == "with ... for what differs":
        first = reduce(with_dots, map(without_frames, printed.values()))
    for case, text in printed.items():
        if not matches(shown.words, first, text):
            diff = difflib.unified_diff(
                first.splitlines(), text.splitlines(), first_case, case, lineterm="", n=1
            )
            raise Refused(
                f"{shown.path.name} is different in cases that the page shows as one; "
                "show a tab for each, or say so over the output:\n" + "\n".join(diff)
            )
    if not re.search(r"\w", first):
        raise Refused(
            f"it printed nothing for {shown.path.name}, or nothing that is always the same"
        )
    if first != first.lstrip("\n").rstrip() + "\n" or UNSHOWABLE.search(first):
        raise Refused(
            f"{shown.path.name} would hold what a page cannot show: a tab or another control "
            "character, an empty line at its beginning or end, or no end of the last line"
        )
    return first


def without_frames(text: str) -> str:
    """Leave out the stack of a traceback, whose paths and lines are those of one machine."""
    return FRAMES.sub("  ...\n", text)


def with_dots(template: str, text: str) -> str:
    """The common text of both, with `...` for what differs."""
    old, new = template.splitlines(keepends=True), text.splitlines(keepends=True)
    lines = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += old[a:b]
        elif b - a == d - c:
            lines += [dotted(*pair) for pair in zip(old[a:b], new[c:d], strict=True)]
        else:
            lines.append("...\n")
    return "".join(lines)


def dotted(one: str, other: str) -> str:
    """The words in which two lines agree at their ends, with `...` between."""
    ones, others = re.split(r"(\s+)", one), re.split(r"(\s+)", other)
    most = min(len(ones), len(others)) - 1
    head = next((n for n in range(most) if ones[n] != others[n]), most)
    tail = next((n for n in range(most - head) if ones[-1 - n] != others[-1 - n]), most - head)
    return "".join([*ones[:head], "...", *ones[len(ones) - tail :]])


def write(shown: Shown, text: str) -> str:
    """Write an output, and give the difference to what was there."""
    old, name = shown.text, shown.path.name
    if text == old:
        return ""
    work.write(shown.path, text)
    diff = difflib.unified_diff(old.splitlines(), text.splitlines(), name, name, lineterm="", n=1)
    return "\n".join(["recorded", *diff])


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
