"""A Markdown extension: says under each output on what it was checked, and at the foot what else.

It reads the results of test runs, and claims what they hold for this very text
and nothing else. A line `<!-- what was checked -->` becomes the list of it all, and
`<!-- cost of updates: SQLite row -->` becomes the time of that row of the results.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from tests.harness.read.model import Site
from tests.harness.read.site import ROOT, add_page, read_site
from tests.harness.read.versions import numbers
from tests.harness.read.words import RECORDED_ON, START_METHODS, SYSTEMS
from tests.harness.run import notebooks
from tests.harness.tell import costs, faults, results
from tests.harness.tell.foot import foot, site_now
from tests.harness.tell.results import Checked, Run

LIST_MARK = "<!-- what was checked -->"
ATTRIBUTES = "{ .checked data-search-exclude }"  # for attr_list; HTML would not do in a tab
ALL = frozenset(SYSTEMS)
Output = tuple[int, str, str, frozenset[str]]
"""The line that ends it, its indentation, the hash of what it shows, the systems it is for."""
BEFORE_SNIPPETS = 33  # pymdownx.snippets, at 32, replaces the includes by their text
PAGE = ROOT / "docs" / "page.md"  # the name of a page is not known here, nor needed


def makeExtension(**settings: Any) -> Extension:
    """Called by Markdown, by this name."""
    return Stamps(**settings)


class Stamps(Extension):
    """The extension, with two settings, `results` and `docs`."""

    def __init__(self, **settings: Any) -> None:
        self.config = {
            "results": [str(results.FOLDER), "folder of the results files"],
            "docs": ["", "address under which the folder docs can be seen"],
        }
        super().__init__(**settings)

    def extendMarkdown(self, md: Markdown) -> None:
        """Called by Markdown, by this name."""
        folder = Path(self.getConfig("results"))
        stamps = StampOutputs(md, folder, self.getConfig("docs"))
        md.preprocessors.register(stamps, "stamps", BEFORE_SNIPPETS)


class StampOutputs(Preprocessor):
    """Works on the lines of a page, before anything is included in them."""

    def __init__(self, md: Markdown, folder: Path, docs: str = "") -> None:
        super().__init__(md)
        self.folder, self.docs = folder, docs

    def run(self, lines: list[str]) -> list[str]:
        """Give the lines with stamps between them."""
        runs = read_once(self.folder, tuple(sorted(self.folder.glob("**/*.json"))))
        passed = latest(runs)
        stamps = {
            line: [indent + sentence(passed[hash], systems), indent + ATTRIBUTES]
            for line, indent, hash, systems in outputs(lines)
            if hash in passed
        }
        stamped = []
        for number, line in enumerate(lines, 1):
            stamped.append(costs.told(line))
            if number in stamps:
                stamped += ["", *stamps[number], ""]
            if line == LIST_MARK:
                stamped += what_was_checked(runs)
            if found := faults.MARK.fullmatch(line):
                stamped += faults.matrix(site_now(ROOT), PAGE, found["faults"].split(", "))
        if told := foot(ROOT, lines, self.docs):
            stamped += ["", told, ATTRIBUTES.replace("checked", "statements")]
        return stamped


@lru_cache(maxsize=1)
def read_once(folder: Path, files: tuple[Path, ...]) -> list[Run]:
    """The runs; read again only when there is another results file."""
    return results.read(folder)


def latest(runs: list[Run]) -> dict[str, list[tuple[Run, Checked]]]:
    """By hash, what passed at the last time that it was run on a Python and system."""
    last: dict[tuple[str, str, str, str], tuple[Run, Checked]] = {}
    for run in runs:  # oldest first
        for checked in run.checked:
            last[checked.hash, run.python, run.system, checked.method] = run, checked
    passed = defaultdict(list)
    for run, checked in last.values():
        if checked.passed:
            passed[checked.hash].append((run, checked))
    return passed


def outputs(lines: list[str]) -> list[Output]:
    """Each output of a page."""
    site = Site(ROOT)
    add_page(site, PAGE, "\n".join(lines))
    found = []
    for program in site.programs.values():
        for expectation in program.expectations:
            fence = expectation.shown[-1].fence
            systems = expectation.case.systems
            found.append((fence.end, fence.indent, program.hash(expectation), systems))
        if table := program.table:
            fence, systems = table.fence, frozenset({RECORDED_ON})
            found.append((fence.end, fence.indent, program.hash_of_table, systems))
        if trace := program.trace:
            fence, systems = trace.fence, frozenset({RECORDED_ON})
            found.append((fence.end, fence.indent, program.hash_of_trace, systems))
    for fragment in site.fragments:
        found.append((fragment.fence.end, fragment.fence.indent, fragment.hash, ALL))
    return found + cells(site)


def cells(site: Site) -> list[Output]:
    """The same for the cells of a notebook, here a fence for the code and one for the output."""
    fences = [fence for fences in site.fences.values() for fence in fences]
    return [
        (
            output.end,
            output.indent,
            notebooks.cell_hash(code.source.removesuffix("\n"), output.source),
            ALL,
        )
        for code, output in pairwise(fences)
        if code.language == "python" and output.title == "Output" and not output.include
    ]


def sentence(passed: list[tuple[Run, Checked]], systems: frozenset[str] = ALL) -> str:
    """Say where this was checked, and on which of the systems that it is for it was not.

    Pythons with the same start methods are told together.
    """
    methods = defaultdict(set)
    for run, checked in passed:
        methods[run.system, run.python].add(checked.method)
    pythons = defaultdict(list)
    for (system, python), names in sorted(methods.items(), key=lambda item: numbers(item[0][1])):
        pythons[system, tuple(m for m in START_METHODS if m in names)].append(python)
    parts = [
        f"CPython {listed(versions)} on {system}" + (f" under {listed(names)}" if names else "")
        for (system, names), versions in sorted(pythons.items())
    ]
    told = "Checked: " + "; ".join(parts)
    if unchecked := sorted(systems - {run.system for run, _ in passed}):
        told += f". Not checked on {listed(unchecked)}"
    return told


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Words as a sentence has them: one, one and another, one, two and three."""
    return ", ".join(words[:-1]) + " and " * (len(words) > 1) + words[-1]


def what_was_checked(runs: list[Run]) -> list[str]:
    """The contract line of the last whole run on each Python, and every block."""
    site = read_site()
    whole = {(r.python, r.system, r.build): r for r in runs if r.contract and r.site == site.hash}
    if not whole:
        return ["", "Not yet checked: no test run of this text of the site has passed.", ""]
    lines = ["", "| CPython | System | Built with | Result |", "| --- | --- | --- | --- |"]
    for (python, system, build), run in sorted(whole.items(), key=lambda i: numbers(i[0][0])):
        lines.append(f"| {python} | {system} | {build} | {run.contract} |")
    passed = latest(runs)
    lines += ["", "| Output | Checked on |", "| --- | --- |"]
    for name, hash, systems in every_block(site):
        told = sentence(passed[hash], systems) if hash in passed else "not yet"
        told = told.removeprefix("Checked: ")
        lines.append(f"| `{name}` | {told} |")
    return [*lines, ""]


def every_block(site: Site) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Name, hash and systems of each output, fragment and cell on the site."""
    for program in site.programs.values():
        for expectation in program.expectations:
            name = expectation.shown[-1].path.relative_to(site.root / "examples")
            yield name.as_posix(), program.hash(expectation), expectation.case.systems
        if program.table:
            name = program.table.path.relative_to(site.root / "examples")
            yield name.as_posix(), program.hash_of_table, frozenset({RECORDED_ON})
        if program.trace:
            name = program.trace.path.relative_to(site.root / "examples")
            yield name.as_posix(), program.hash_of_trace, frozenset({RECORDED_ON})
    for fragment in site.fragments:
        yield fragment.name, fragment.hash, ALL
    for path in site.notebooks:
        for number, (source, output) in enumerate(notebooks.cells(path, notebooks.read(path)), 1):
            yield f"{path.name}:cell {number}", notebooks.cell_hash(source, output), ALL
