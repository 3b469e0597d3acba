"""On each save, runs what it touches, and shows the difference; `nox -s watch`.

A program touches itself and those of its folder that import it; a file whose
name begins with `_`, all programs of its folder; a recorded output, its program;
a page, its fragments, and the programs of which it shows something else than
before. Nothing is written: `nox -s update` records outputs.
"""

import argparse
import multiprocessing
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from stat import S_ISREG

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from examples import _interrupts
from examples._options import seconds
from examples._runner import run
from tests.harness import work
from tests.harness.compare.differences import differences, failure
from tests.harness.read.model import Expectation, Program, Site
from tests.harness.read.pages import Problem
from tests.harness.read.site import ROOT, is_page, read_site
from tests.harness.read.versions import THIS, named

QUIET = 0.1  # seconds without an event, after which a save is over
CHANGES = {"created", "modified", "deleted", "moved", "closed"}  # and not what reading causes
DECORATION = re.compile(r"[=_]{3}|a part of the site|$")  # of what pytest prints
INTERRUPTED = "no longer watching"
Shows = dict[str, list[tuple[object, ...]]]


def main() -> int:
    """Watch until Ctrl-C."""
    methods = multiprocessing.get_all_start_methods()
    parser = argparse.ArgumentParser(prog="nox -s watch --", description=__doc__)
    one_or_all = parser.add_mutually_exclusive_group()
    one_or_all.add_argument("--start-method", choices=methods, default="spawn")
    one_or_all.add_argument("--all-methods", action="store_true", help="run under each of them")
    parser.add_argument("--time-limit", type=seconds, default=10, help="seconds for a program")
    options = parser.parse_args()
    saved: SimpleQueue[FileSystemEvent] = SimpleQueue()
    observer = Observer()
    for folder in ROOT, ROOT / "docs", ROOT / "examples":
        observer.schedule(Saves(saved), str(folder), recursive=folder != ROOT)
    observer.start()
    try:
        methods = methods if options.all_methods else [options.start_method]
        watcher = Watcher(ROOT, methods, options.time_limit)
        told = f"Watching docs/ and examples/, on Python {named(THIS)} under {', '.join(methods)}."
        print(told, "Ctrl-C ends it.", flush=True)
        while True:
            wait(saved)
            for text in watcher.look():
                print(text, flush=True)
    finally:
        observer.stop()
        observer.join()


class Saves(FileSystemEventHandler):
    """Puts each event of a change into a queue."""

    def __init__(self, saved: "SimpleQueue[FileSystemEvent]") -> None:
        self.saved = saved

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog, from a thread."""
        if event.event_type in CHANGES:
            self.saved.put(event)


def wait(saved: "SimpleQueue[FileSystemEvent]") -> None:
    """Wait for an event, and for the others by which an editor saves a file."""
    seconds = 0.5  # between two looks for Ctrl-C
    while True:
        _interrupts.check()
        try:
            saved.get(timeout=seconds)
            seconds = QUIET
        except Empty:
            if seconds == QUIET:
                return


class Watcher:
    """Knows the site as it last was, and what a change of it touches."""

    def __init__(self, root: Path, methods: list[str], time_limit: float) -> None:
        self.root, self.methods, self.time_limit = root, methods, time_limit
        self.files: dict[Path, tuple[int, int]] = {}
        self.shows: Shows = {}
        self.problems: list[Problem] = []
        self.remember(read_site(root), files(root))

    def remember(self, site: Site, now: dict[Path, tuple[int, int]]) -> None:
        """Keep what the next look is compared with."""
        self.files, self.problems = now, site.problems
        self.shows = {p.name: [print_of(e) for e in p.expectations] for p in site.programs.values()}

    def look(self) -> Iterator[str]:
        """Run what was touched since the last look, and tell what came of it."""
        now = files(self.root)
        changed = {path for path, _ in now.items() ^ self.files.items()}
        if not changed:
            return
        try:
            site = read_site(self.root)
            programs = dict(self.touched(site, changed))
            problems = self.told(site, changed, set(programs))
            self.remember(site, now)
        except OSError as error:  # a file that is there one moment, and gone the next
            yield f"{error}. Save it again."
            return
        names = ", ".join(sorted(path.relative_to(self.root).as_posix() for path in changed))
        yield f"\n{time.strftime('%H:%M:%S')} {names}"
        yield from map(str, problems)
        for name, cases in programs.items():
            yield from self.run(site, site.programs[name], cases)
        yield from self.run_fragments(site, changed)
        for path in sorted(changed & set(site.notebooks)):
            yield f"{path.name}: a notebook takes long; run it: nox -- -k {path.name}"

    def touched(self, site: Site, changed: set[Path]) -> Iterator[tuple[str, list[Expectation]]]:
        """The programs that a change touches, each with its cases that are shown differently."""
        for name, program in site.programs.items():
            before = self.shows.get(name, [])
            new = [
                case
                for case in program.expectations
                if print_of(case) not in before or changed & {s.path for s in case.shown}
            ]
            gone = len(before) > len(program.expectations)
            if new or gone or name not in self.shows or uses(program, changed):
                yield name, new

    def told(self, site: Site, changed: set[Path], programs: set[str]) -> list[Problem]:
        """The problems of what was saved, of the pages that it is on, and all new ones."""
        files = {site.relative(path) for path in changed}
        pages = {site.programs[name].page for name in programs}
        return [p for p in site.problems if p.path in files | pages or p not in self.problems]

    def run(self, site: Site, program: Program, cases: list[Expectation]) -> Iterator[str]:
        """Run a program under the start methods chosen, and those of cases that need another."""
        where = site.relative(program.path)
        if any(p.path == where and p.what.startswith("a syntax error") for p in site.problems):
            return
        methods = list(self.methods)
        for case in cases:
            if THIS not in case.case.pythons:
                name = case.shown[0].path.name
                yield f"{name}: not run, it is for Python {case.case.pythons} only"
            elif not case.case.methods & set(methods):
                methods += sorted(case.case.methods)[:1]
        for method in methods:
            if expectation := program.expectation(method):
                yield self.run_once(program, expectation, method)

    def run_once(self, program: Program, expectation: Expectation, method: str) -> str:
        """Run a program under a start method, and hold it against its page."""
        try:
            outcome = run(program.path, method, expectation.limit or self.time_limit)
            found = differences(expectation, outcome)
        except (OSError, UnicodeError) as error:  # of a file that is being saved again
            return f"{program.name} under {method}: not compared: {error}"
        if found:
            return failure(program, expectation, method, found)
        return f"{program.name} under {method}: passed, {outcome.seconds:.1f} s"

    def run_fragments(self, site: Site, changed: set[Path]) -> Iterator[str]:
        """Let pytest run the fragments of the pages that were saved."""
        for page in sorted(changed & set(site.fences)):
            tests = [
                f"tests/test_fragments.py::test_fragment[{fragment.name}]"
                for fragment in site.fragments
                if fragment.page == page
            ]
            if not tests:
                continue
            command = [sys.executable, "-m", "pytest", "-q", "-n0", "--color=no", *tests]
            result = work.run(command, cwd=self.root)
            name = f"{site.relative(page)}: its fragments"
            if result.returncode == 0:
                yield f"{name} passed"
                continue
            told = result.stdout.partition(" FAILURES ")[2].partition("short test summary")[0]
            told = "\n".join(line for line in told.splitlines()[1:] if not DECORATION.match(line))
            yield f"{name} failed:\n{told or result.stdout + result.stderr}"


def files(root: Path) -> dict[Path, tuple[int, int]]:
    """Each file from which the site is made, with what changes when it is saved."""
    found = {}
    for path in [*root.glob("mkdocs.yml"), *(root / "docs").rglob("*"), *examples(root)]:
        try:
            state = path.stat()
        except OSError:  # gone since it was listed
            continue
        ours = path.is_relative_to(root / "examples") or is_ours(root, path)
        if ours and S_ISREG(state.st_mode):
            found[path] = state.st_mtime_ns, state.st_size
    return found


def examples(root: Path) -> Iterator[Path]:
    """What stands in the folders of pages."""
    for path in (root / "examples").glob("[!._]*/**/*"):
        if "__pycache__" not in path.parts and not path.name.startswith("."):
            yield path


def is_ours(root: Path, path: Path) -> bool:
    """Whether a file outside `examples/` is a page, or the nav."""
    return path.parent == root or (path.suffix in {".md", ".ipynb"} and is_page(root, path))


def uses(program: Program, changed: set[Path]) -> bool:
    """Whether a program, or what it imports, is among what was saved."""
    if program.path in changed:
        return True
    folder = program.path.parent
    beside = {path for path in changed if path.is_relative_to(folder)}
    if any(path.name.startswith("_") for path in beside):
        return True
    stems = "|".join(re.escape(path.stem) for path in beside if path.suffix == ".py")
    text = program.path.read_text("utf-8", "replace") if stems else ""
    pattern = rf"^\s*(?:from|import)\s+(?:{stems})\b|\b(?:{stems})\.py\b"
    return bool(stems and re.search(pattern, text, re.MULTILINE))


def print_of(expectation: Expectation) -> tuple[object, ...]:
    """What a page says of a program in one case, to be held against what it said before."""
    shown = [(s.path, s.fence.title) for s in expectation.shown]
    return expectation.case, *shown
