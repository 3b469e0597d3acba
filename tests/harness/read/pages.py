"""What stands in a Markdown page: its code fences, and the tabs they are in.

The tests and the site's Markdown extension both read pages here, so that what
is checked and what is stamped are the same blocks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import dedent

FENCE = re.compile(r"(?P<indent> *)(?P<marks>`{3,}|~{3,})(?P<info>.*)")
INFO = re.compile(r'(?P<language>[a-z]+)(?: title="(?P<title>[^"]*)")?')
TAB = re.compile(r'(?P<indent> *)(?:===[+!]?|\?\?\?\+?|!!!) (?:\w+ )?"(?P<label>[^"]*)"')
IS_TAB = re.compile(r' *===[+!]? "')
INCLUDE = re.compile(r'--8<-- "(?P<path>[^":]+)"')
SECTION = re.compile(r'--8<-- "(?P<path>[^":]+):(?P<section>[^"]*)"')
LANGUAGES = {"python", "text", "bash"}


@dataclass
class Fence:
    """A code fence of a page; `line` and `end` are those of its marks, from 1."""

    line: int
    indent: str
    language: str = ""
    title: str = ""
    body: list[str] = field(default_factory=list)
    tabs: list[str] = field(default_factory=list)
    """The labels of the tabs it stands in, outermost first."""
    tab: int = 0
    """The line on which the innermost of them begins."""
    end: int = 0
    include: str = ""
    """The file that it includes, as written."""

    @property
    def source(self) -> str:
        """What it holds, without the indentation of the fence."""
        return dedent("\n".join(self.body)) + "\n"


@dataclass
class Problem:
    """Something wrong with the site: where, what, and what to do about it."""

    path: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}. {self.remedy}."


def read_fences(lines: list[str], path: str) -> tuple[list[Fence], list[Problem]]:
    """All code fences of a page, and what is wrong with the way they are written."""
    fences: list[Fence] = []
    problems: list[Problem] = []
    tabs: list[tuple[int, str, int]] = []  # indentation, label and line of those that are open
    fence: Fence | None = None
    marks = ""
    for number, line in enumerate(lines, 1):
        if fence:
            if line.lstrip().startswith(marks) and not line.strip().strip(marks[0]):
                fence.end = number
                problems += _check(fence, path)
                fences.append(fence)
                fence = None
            else:
                fence.body.append(line)
            continue
        if line.strip():
            depth = len(line) - len(line.lstrip(" "))
            tabs = [tab for tab in tabs if tab[0] < depth]
        if found := TAB.fullmatch(line):
            label = found["label"] if IS_TAB.match(line) else ""
            tabs.append((len(found["indent"]), label, number))
        if found := FENCE.fullmatch(line):
            marks = found["marks"]
            fence = Fence(number, found["indent"])
            for _, label, fence.tab in (tab for tab in tabs if tab[1]):
                fence.tabs.append(label)
            problems += _read_info(fence, marks, found["info"], path)
        elif "--8<--" in line:
            what = "an include that stands in no code fence"
            problems.append(Problem(path, number, what, "Put it into a fence of its own"))
    if fence:
        what = "a code fence that is never closed"
        problems.append(Problem(path, fence.line, what, f"Close it with {marks}"))
    return fences, problems


def prose(text: str, fences: list[Fence]) -> Iterator[tuple[int, str]]:
    """The lines of a page that stand in no fence, each with its number."""
    inside = {number for fence in fences for number in range(fence.line, fence.end + 1)}
    for number, line in enumerate(text.splitlines(), 1):
        if number not in inside:
            yield number, line


def _read_info(fence: Fence, marks: str, info: str, path: str) -> list[Problem]:
    """Take language and title from the line that opens a fence."""
    if marks != "```":
        what = f"a code fence of {marks}, which the finder of examples overlooks"
        return [Problem(path, fence.line, what, "Use exactly three backticks, ```")]
    if not (found := INFO.fullmatch(info)):
        what = f"a code fence that begins ```{info}, which the finder of examples overlooks"
        remedy = 'Write ```python or ```text, then, if need be, one space and title="..."'
        return [Problem(path, fence.line, what, remedy)]
    fence.language, fence.title = found["language"], found["title"] or ""
    if fence.language not in LANGUAGES:
        what = f"a code fence in {fence.language!r}"
        remedy = "Write ```python, so that it is executed; or ```text or ```bash"
        return [Problem(path, fence.line, what, remedy)]
    return []


def _check(fence: Fence, path: str) -> list[Problem]:
    """Look at what a fence holds; note the file that it includes."""
    if not "".join(fence.body).strip():
        return [Problem(path, fence.line, "an empty code fence", "Fill it, or take it out")]
    for number, line in enumerate(fence.body, fence.line + 1):
        if "8<--" not in line:
            continue
        if found := SECTION.fullmatch(line.strip()):
            what = f"an include of the section {found['section']!r} of {found['path']}"
            remedy = "Files are included whole: take out the colon and what follows it"
            return [Problem(path, number, what, remedy)]
        if line != fence.indent + line.strip() or not (found := INCLUDE.fullmatch(line.strip())):
            remedy = 'Write --8<-- "page/file", as far in as the fence, with nothing after it'
            return [Problem(path, number, "an include that will not be carried out", remedy)]
        if len(fence.body) > 1:
            remedy = "Give the included file a fence of its own"
            return [Problem(path, number, "an include with other lines around it", remedy)]
        fence.include = found["path"]
    return []
