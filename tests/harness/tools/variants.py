"""Records what other machines printed: another system, or another release of Python.

It takes the results files of their test runs. Where a program printed something
else there, its output gets a tab of its own on the page, beside what there was.
"""

import difflib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from examples._runner import Outcome
from tests.harness import work
from tests.harness.compare.differences import binds, matches
from tests.harness.compare.record import Refused, texts
from tests.harness.read.model import Expectation, Program, Shown, Site
from tests.harness.read.pages import TAB, Fence
from tests.harness.read.site import read_site
from tests.harness.read.versions import (
    EVERY,
    Release,
    Versions,
    joined,
    named,
    numbers,
    range_until,
)
from tests.harness.read.words import RECORDED_ON, START_METHODS, Case, read_case
from tests.harness.tell import results
from tests.harness.tell.results import Checked, Run, place_of

Cell = tuple[Release, str]
"""A release and a start method."""
TWICE = ". Let it print the same each time, or delete the results file that is wrong"


@dataclass
class Seen:
    """What test runs on one system tell of one output of a program."""

    program: Program
    expectation: Expectation
    system: str
    same: set[Cell] = field(default_factory=set)
    """Where it was as the page says."""
    different: dict[Cell, list[Outcome]] = field(default_factory=dict)
    """Where it was not, and what it came to in each run."""

    @property
    def where(self) -> str:
        """The place of the output, as messages have it."""
        return f"{self.program.page}:{self.expectation.shown[0].fence.line}: {self.program.name}"

    @property
    def binds(self) -> bool:
        """Whether the output was recorded for this system."""
        return self.system != RECORDED_ON and binds(self.expectation, self.system)


def gather(site: Site, runs: Iterable[Run]) -> tuple[list[Seen], list[str]]:
    """What the runs tell of each output that differs, and why some of it cannot be used."""
    found: dict[tuple[str, int, str], Seen] = {}
    unusable = []
    for run in runs:
        release = numbers(run.python)
        for checked in run.checked:
            program = site.programs.get(checked.block)
            case = program and program.expectation(checked.method, release, run.system)
            if program and case and program.hash(case) == checked.hash:
                key = program.name, program.expectations.index(case), run.system
                seen = found.setdefault(key, Seen(program, case, run.system))
                if checked.passed:
                    seen.same.add((release, checked.method))
                else:
                    outcome = checked.outcome or Outcome(faults=["its output was not kept"])
                    cell = seen.different.setdefault((release, checked.method), [])
                    cell.append(plain(outcome, run.system))
            elif not checked.passed:
                where = f"{place_of(run, checked.block)}: {checked.block}"
                unusable.append(f"{where}: {reason(checked, program)}")
    return [seen for seen in found.values() if seen.different], unusable


def plain(outcome: Outcome, system: str) -> Outcome:
    """An outcome with the line ends that pages have; a fault where it is not UTF-8."""
    texts, faults = [outcome.stdout, outcome.stderr], list(outcome.faults)
    for number, text in enumerate(texts):
        if system == "Windows":
            text = text.replace("\r\n", "\n")
        texts[number] = text.encode(errors="replace").decode()
        if texts[number] != text:
            faults.append("its output is not UTF-8")
    return replace(outcome, stdout=texts[0], stderr=texts[1], faults=faults)


def reason(checked: Checked, program: Program | None) -> str:
    """Why a difference that a run tells of cannot be recorded."""
    if program:
        return "of another text of this program or its output. Run its tests again, on this one"
    if ":" in checked.block:
        return "only a program has an output for each system. Let it print the same on all"
    return "a program that this site does not have. Delete the file, if it is of another site"


def variant(seen: Seen) -> tuple[Case, list[tuple[Shown, str]]]:
    """The case in which an output differs, and what to show there. Raises Refused."""
    if both := sorted(seen.same & set(seen.different)):
        raise Refused(f"not deterministic: as the page says, and not, {cell_named(both[0])}{TWICE}")
    for cell, outcomes in seen.different.items():
        for outcome in outcomes[1:]:
            if not alike(seen.expectation, outcomes[0], outcome):
                told = f"not deterministic: it printed different things {cell_named(cell)}"
                raise Refused(told + TWICE)
    printed = {
        f"{method} on Python {named(release)}, run {number}": outcome
        for (release, method), outcomes in seen.different.items()
        for number, outcome in enumerate(outcomes, 1)
    }
    return case_of(seen), texts(seen.expectation, printed)


def cell_named(cell: Cell) -> str:
    """A cell, as messages have it."""
    release, method = cell
    return f"under {method} on Python {named(release)}"


def alike(expectation: Expectation, one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes are the same, as far as the words over the output ask for it."""
    if one.status != other.status or one.faults != other.faults:
        return False
    for shown in expectation.shown:
        first, second = (getattr(outcome, shown.words.stream) for outcome in (one, other))
        dots = shown.words.comparison == "with ... for what differs"
        if not dots and not matches(shown.words, first, second):
            return False
    return True


def case_of(seen: Seen) -> Case:
    """The widest case that holds all that differs, and nothing that does not. Raises Refused.

    On the system whose outputs stand for all, what was recorded holds for the
    releases that did not run: there, the case is one of releases.
    """
    methods = frozenset(method for _, method in seen.different)
    releases = versions_of(seen)
    on_recorded = seen.system == RECORDED_ON
    case = Case() if on_recorded else Case(systems=frozenset({seen.system}))
    cases = [Case(pythons=releases), Case(methods, releases)]
    if not on_recorded:
        cases = [Case(), Case(methods), *cases]
    for candidate in cases:
        if not any(candidate.covers(method, release) for release, method in seen.same):
            return case & candidate
    raise Refused("it differs by start method and by release; give each case a tab of its own")


def versions_of(seen: Seen) -> Versions:
    """The releases that differ, each up to the next one that does not, in its version."""
    different = {release for release, _ in seen.different}
    same = {release for release, _ in seen.same} - different
    return Versions(joined(range_until(release, same) for release in different))


def record_from(root: Path, folder: Path, report: bool) -> int:
    """Record what the results files below a folder tell of; with `report`, only tell it.

    Gives the exit status: of a report, 1 if an output is different that was
    recorded for the system on which it ran; else, 1 if something was refused.
    """
    try:
        runs = results.read(folder)
        here = [
            replace(r, checked=[c for c in r.checked if c.passed])
            for r in results.read(results.FOLDER)
        ]
    except ValueError as error:
        print(error)
        return 2
    if not runs:
        print(f"{folder}: no results files. Give the folder that holds what a test run wrote")
        return 2
    recorded = refused = binding = 0
    for system in sorted({run.system for run in runs}):
        ours = [run for run in [*here, *runs] if run.system == system]
        found, unusable = gather(read_site(root), ours)
        for line in unusable:
            print(f"refused: {line}.")
        refused += len(unusable)
        for seen in sorted(found, key=lambda s: s.expectation.shown[0].fence.line, reverse=True):
            binding += seen.binds
            try:
                print(record(root, seen, report), flush=True)
                recorded += 1
            except Refused as error:
                print(f"{seen.where}, {system}: refused: {error}", flush=True)
                refused += 1
    told = "would be recorded" if report else "recorded"
    print(f"{recorded} {told}, {refused} refused, {binding} of them recorded there before")
    return int(binding > 0 if report else refused > 0)


def record(root: Path, seen: Seen, report: bool = False) -> str:
    """Write what was printed to the page, or to the output's own file; tell it. Raises Refused."""
    restriction, new = variant(seen)
    before = f", recorded for {seen.system} before" * seen.binds
    told = "\n".join([f"{seen.where}{before}: for {restriction}", *differences(new)])
    if report:
        return told
    if seen.expectation.case & restriction == seen.expectation.case:
        for shown, text in new:
            work.write(shown.path, text)
        return told
    page = root / seen.program.page
    files = {}
    for shown, text in new:
        if text != shown.text:
            path = shown.path.with_name(name_of(seen.program, shown.path, restriction))
            if path.exists():
                raise Refused(f"there is a file {path.name} already. Show it, or delete it")
            files[shown.fence.include] = path, text
    includes = {old: f"{path.parent.name}/{path.name}" for old, (path, _) in files.items()}
    with ExitStack() as undo:
        undo.callback(page.write_bytes, page.read_bytes())
        for path, text in files.values():
            undo.callback(path.unlink, missing_ok=True)
            work.write(path, text)
        lines = with_tabs(
            page.read_text("utf-8").splitlines(), seen.expectation, restriction, includes
        )
        work.write(page, "\n".join([*lines, ""]))
        wrong = [str(problem) for problem in read_site(root).problems]
        if wrong:
            raise Refused(
                "\n".join(["the page would not be right with it; add a tab by hand", *wrong])
            )
        undo.pop_all()
    return told


def differences(new: list[tuple[Shown, str]]) -> Iterator[str]:
    """What pages show, held against what they are to show."""
    for shown, text in new:
        lines = shown.text.splitlines(), text.splitlines(), shown.path.name, "there"
        yield from difflib.unified_diff(*lines, lineterm="", n=1)


def name_of(program: Program, path: Path, case: Case) -> str:
    """The name of a file for an output in a case: race/fixed.spawn-windows.out."""
    words = path.stem.split(".", 1)[1:]
    if case.methods != frozenset(START_METHODS):
        words += [method for method in START_METHODS if method in case.methods]
    if case.pythons != EVERY:
        words.append(named(case.pythons.ranges[0][0]))
    words += [s.lower() for s in sorted(case.systems)] if len(case.systems) == 1 else []
    return f"{program.path.stem}.{'-'.join(words)}{path.suffix}"


def with_tabs(
    lines: list[str], expectation: Expectation, restriction: Case, includes: dict[str, str]
) -> list[str]:
    """The lines of a page, in which an output has a tab of its own in the restricted case."""
    parts = {part(lines, shown.fence) for shown in expectation.shown}
    for start, first, last, indent, label in sorted(parts, reverse=True):
        body = lines[first:last]
        if not label:
            body = [f"    {line}".rstrip() for line in body]
        case = read_case(label) if label else Case()
        renamed = [rename(line, includes) for line in body]
        tabs = [*((rest, body) for rest in case - restriction), (case & restriction, renamed)]
        block = [line for rest, text in tabs for line in (f'{indent}=== "{rest}"', "", *text, "")]
        lines = [*lines[:start], *block[:-1], *lines[last:]]
    return lines


def part(lines: list[str], fence: Fence) -> tuple[int, int, int, str, str]:
    """The tab that an output stands in, or else its fence alone.

    Gives the line where it starts, the first of what it holds and the one after
    the last, counted from 0; its indentation; and its label, empty without a tab.
    """
    found = TAB.fullmatch(lines[fence.tab - 1]) if fence.tab else None
    if found is None:
        return fence.line - 1, fence.line - 1, fence.end, fence.indent, ""
    indent, last = found["indent"], fence.end
    for number, line in enumerate(lines[fence.end :], fence.end + 1):
        if line.strip() and not line.startswith(f"{indent} "):
            break
        last = number if line.strip() else last
    first = next(n for n in range(fence.tab, last) if lines[n].strip())
    return fence.tab - 1, first, last, indent, found["label"]


def rename(line: str, includes: dict[str, str]) -> str:
    """A line with the file that it includes replaced."""
    for old, new in includes.items():
        line = line.replace(f'--8<-- "{old}"', f'--8<-- "{new}"')
    return line
