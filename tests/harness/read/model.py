"""What a site consists of: programs with what is shown of them, fragments, notebooks."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from tests.harness.read.faults import Fate, read_table
from tests.harness.read.pages import Fence, Problem
from tests.harness.read.statements import Statement
from tests.harness.read.versions import START, THIS, Release
from tests.harness.read.words import SYSTEM, Case, Words


def digest(*texts: str) -> str:
    """The hash under which results are kept, of a program and its outputs."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


@dataclass
class Shown:
    """One output as a page shows it: the file, and the words over it."""

    path: Path
    words: Words
    fence: Fence

    @property
    def text(self) -> str:
        """What the file holds; nothing before it is first written."""
        return self.path.read_text("utf-8") if self.path.exists() else ""


@dataclass
class Expectation:
    """What a program prints, and how it ends, in one case."""

    case: Case
    shown: list[Shown] = field(default_factory=list)

    def stream(self, name: str) -> Shown | None:
        """The output "stdout" or "stderr", if the page shows it."""
        return next((shown for shown in self.shown if shown.words.stream == name), None)

    @property
    def status(self) -> int | None:
        """The exit status; None where it still runs at the limit."""
        last = self.shown[-1].words
        return None if last.limit else last.status or 0

    @property
    def limit(self) -> int | None:
        """Seconds after which the page says that it still runs."""
        return self.shown[-1].words.limit


@dataclass
class Table:
    """What becomes of a program with each fault: the file beside it."""

    path: Path
    fence: Fence

    @property
    def text(self) -> str:
        """What the file holds; nothing before it is first written."""
        return self.path.read_text("utf-8") if self.path.exists() else ""

    @property
    def fates(self) -> list[Fate]:
        """Its lines."""
        return read_table(self.text)


@dataclass
class Trace:
    """What the processes of a program do, step by step: the file beside it."""

    path: Path
    fence: Fence
    in_one_run: bool
    """Whether the order between the processes is that of one run, and may differ in another."""

    @property
    def text(self) -> str:
        """What the file holds; nothing before it is first written."""
        return self.path.read_text("utf-8") if self.path.exists() else ""


@dataclass
class Program:
    """A file under `examples/`, and what its page says of it."""

    name: str
    """`<page>/<program>`, as `python -m examples` has it."""
    path: Path
    page: str
    line: int
    expectations: list[Expectation] = field(default_factory=list)
    since: Release = START
    """The oldest release that has what it shows."""
    table: Table | None = None
    """What its page shows of faults."""
    trace: Trace | None = None
    """What its page shows of the steps of its processes."""

    @property
    def systems(self) -> set[str]:
        """Those on which it is to run, as its page says."""
        return {system for e in self.expectations for system in e.case.systems}

    def expectation(
        self, method: str, release: Release = THIS, system: str = SYSTEM
    ) -> Expectation | None:
        """What the page says for a start method on a release and a system."""
        covering = (e for e in self.expectations if e.case.covers(method, release, system))
        return next(covering, None)

    @property
    def hash_of_table(self) -> str:
        """Of the program, and its table."""
        return digest(self.path.read_text("utf-8"), self.table.text if self.table else "")

    @property
    def hash_of_trace(self) -> str:
        """Of the program, and the steps of its processes."""
        return digest(self.path.read_text("utf-8"), self.trace.text if self.trace else "")

    def hash(self, expectation: Expectation) -> str:
        """Of the program, and all that the page shows of it in one case."""
        shown = [text for s in expectation.shown for text in (s.fence.title, s.text)]
        return digest(self.path.read_text("utf-8"), *shown)


@dataclass
class Fragment:
    """Python that stands in a page itself; it starts no process."""

    page: Path
    fence: Fence

    @property
    def name(self) -> str:
        """`<section>/<page>.md:<line>`."""
        return f"{self.page.parent.name}/{self.page.name}:{self.fence.line}"

    @property
    def hash(self) -> str:
        """Of its code, with the `#>` lines."""
        return digest(self.fence.source)


@dataclass(frozen=True)
class Tie:
    """A statement of a page, and what proves it."""

    page: Path
    statement: Statement
    kind: str
    """One of KINDS in `claims`, or LOOSE."""


@dataclass
class Site:
    """All that is read, and what is wrong with it."""

    root: Path
    fences: dict[Path, list[Fence]] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    fragments: list[Fragment] = field(default_factory=list)
    notebooks: list[Path] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """Of all that is on it to be checked."""
        programs = [p.hash(e) for p in self.programs.values() for e in p.expectations]
        programs += [p.hash_of_table for p in self.programs.values() if p.table]
        programs += [p.hash_of_trace for p in self.programs.values() if p.trace]
        books = [path.read_text("utf-8") for path in self.notebooks]
        said = [text for tie in self.ties for text in (tie.statement.words, tie.kind)]
        return digest(*programs, *[f.hash for f in self.fragments], *books, *said)

    def relative(self, path: Path) -> str:
        """A path as problems name it."""
        return path.relative_to(self.root).as_posix()

    def report(self, path: Path | str, line: int, what: str, remedy: str) -> None:
        """Note a problem."""
        where = path if isinstance(path, str) else self.relative(path)
        self.problems.append(Problem(where, line, what, remedy))

    def read(self, path: Path) -> str:
        """The text of a file; a problem, and nothing, where it is not UTF-8."""
        try:
            return path.read_text("utf-8")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            self.report(path, line, "a byte that is not UTF-8", "Save the file as UTF-8")
            return ""
