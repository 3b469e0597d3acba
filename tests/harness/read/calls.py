"""The calls that pages present, in full: `put(obj, block=True, timeout=None)`.

The section "The call" begins with the call that makes the tool of the page; a further
one begins a paragraph, with its module, `concurrent.futures.wait(...)`. Below Call, Method,
Attribute or What you get, a table has what the tool offers, a row each. Where it is about
another thing, the column says so, "A future's method". Below Function, and where the page
makes nothing, there are functions and classes of the modules.

Beside what only some releases have stand the words of a tab, "Python 3.14 and later".
`...` stands for parameters that are left out, "all others" and a link for other names.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from keyword import iskeyword
from pathlib import Path

from tests.harness.read.model import Site
from tests.harness.read.pages import prose
from tests.harness.read.spans import spans
from tests.harness.read.versions import EVERY, Release, Versions, read_versions

SECTION = "## The call"
OFFERED = re.compile(r"Call|Method|Attribute|What you get|An? (?P<owner>\w+)'s \w+")
FUNCTIONS = "Function"
PARAMETERS = "Parameter"
OTHERS = "all others"
FIRST = re.compile(r"`([^`]+)`(?:(?:,| and) (?=`))?")
WITH_MODULE = re.compile(r"`(?:multiprocessing|concurrent)\.[\w.]+\([^`)]")
CODE = re.compile(r"[\w.]+(?:\((?:[^()]|\([^()]*\))*\))?")
FORMAL = re.compile(r"\*{0,2}[^\W\d]\w*(?:=.+)?|[*/]|\.\.\.")
BETWEEN = re.compile(r", *(?![^([{]*[)\]}])")  # not a comma within a default
RELEASES = re.compile(r"(?:`(?P<parameter>\w+)`: )?Python (?P<label>\d[^`;|()]*)")
LINK = re.compile(r"\]\(([^)\s#]+)")


@dataclass
class Call:
    """A function or method as a page presents it; or an attribute, which has no parentheses."""

    line: int
    code: str
    pythons: Versions = EVERY
    only: dict[str, Versions] = field(default_factory=dict)
    """Its parameters that only some releases have."""

    @property
    def name(self) -> str:
        """What stands before the parentheses."""
        return self.code.partition("(")[0]

    @property
    def parameters(self) -> list[str] | None:
        """As `split` gives them; None for an attribute, or an example."""
        if "(" not in self.code or self.is_example:
            return None
        return split(self.arguments)

    @property
    def arguments(self) -> str:
        """What stands in the parentheses."""
        return self.code.partition("(")[2].removesuffix(")")

    @property
    def is_example(self) -> bool:
        """Whether it shows values instead of parameters: `Value("i", 0)`."""
        return not all(map(FORMAL.fullmatch, split(self.arguments)))

    @property
    def names(self) -> list[str]:
        """Of its parameters."""
        return [name for one in self.parameters or [] if (name := parameter(one))]

    def on(self, release: Release) -> list[str]:
        """The parameters that it has on a release, as the page says."""
        shown = self.parameters or []
        found = [one for one in shown if release in self.only.get(parameter(one), EVERY)]
        return found[:-1] if found[-1:] == ["*"] else found


@dataclass
class Thing:
    """What a page says that one thing offers: a `Queue`, a future, or the modules."""

    page: Path
    about: str
    """The name of what makes it, or of its class; nothing for the modules."""
    line: int = 0
    """Where its first table begins; 0 if it has none."""
    calls: list[Call] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Where all others are, as links."""

    def __str__(self) -> str:
        """As the tests name it."""
        return f"{self.page.stem} {self.about}".rstrip()


def split(arguments: str) -> list[str]:
    """The parameters between two parentheses: ["obj", "*", "block=True"]."""
    return BETWEEN.split(arguments) if arguments else []


def parameter(one: str) -> str:
    """The name of a parameter; nothing for `*`, `/` and `...`."""
    return one.partition("=")[0].strip("*/.")


def leading(text: str) -> list[str]:
    """The code with which a text begins: `put(obj)`, `get()` and ..."""
    codes = []
    while found := FIRST.match(text):
        codes.append(found[1].removeprefix("."))
        text = text[found.end() :]
    return codes


def leading_calls(number: int, text: str) -> list[Call]:
    """The calls and attributes with which a text begins; other code is left out, as `a[i]`."""
    codes = [code for code in leading(text) if CODE.fullmatch(code) and not iskeyword(code)]
    return [Call(number, code) for code in codes]


def read_calls(site: Site) -> dict[Path, list[Thing]]:
    """What each page presents; what is wrong with the way it does is reported."""
    return {page: read_page(site, page) for page in site.fences}


def check_calls(site: Site) -> None:
    """Calls are presented as they should be, and mentioned with parameters that these have."""
    things = [thing for page in read_calls(site).values() for thing in page]
    known = presented(call for thing in things for call in thing.calls)
    for page in site.fences:
        for number, code in spans(site, page):
            for name, keyword in keywords(code):
                if keyword not in known.get(name, {keyword}):
                    what = f"a parameter that no page has for {name}(), {keyword!r}, in {code}"
                    has = ", ".join(sorted(known[name])) or "no parameters"
                    site.report(page, number, what, f"Correct it: they have {has}")


def presented(calls: Iterable[Call]) -> dict[str, set[str]]:
    """By the names of functions, which parameters they have; only those that have no others."""
    known: dict[str, set[str]] = {}
    others = set()
    for call in calls:
        name = call.name.rpartition(".")[2]
        if re.search(r"\.\.\.|\*\*", call.arguments):
            others.add(name)
        elif call.parameters is not None:
            known.setdefault(name, set()).update(call.names)
    return {name: parameters for name, parameters in known.items() if name not in others}


def keywords(code: str) -> Iterator[tuple[str, str]]:
    """The arguments that calls in a piece of code pass by name, each behind the function's."""
    try:
        nodes = ast.walk(ast.parse(code))
    except SyntaxError:
        return
    for node in nodes:
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            yield from ((name, one.arg) for one in node.keywords if one.arg)


def read_page(site: Site, page: Path) -> list[Thing]:
    """What a page presents."""
    reader = _Reader(site, page)
    begins = False  # the section
    lines = groupby(prose(site.read(page), site.fences[page]), lambda line: bool(line[1].strip()))
    for block in (list(block) for filled, block in lines if filled):
        number, first = block[0]
        if first.startswith("|"):
            reader.read_table(block)
        else:
            reader.read_paragraph(number, first, begins)
        begins = first == SECTION
    return list(reader.things.values())


class _Reader:
    def __init__(self, site: Site, page: Path) -> None:
        self.site, self.page = site, page
        self.makers: list[str] = []
        self.things: dict[str, Thing] = {}
        self.groups: list[list[Call]] = []  # those that are presented together

    def thing(self, about: str) -> Thing:
        return self.things.setdefault(about, Thing(self.page, about))

    def read_paragraph(self, number: int, text: str, begins: bool) -> None:
        """Note the calls with which a paragraph begins, if it presents them."""
        calls = leading_calls(number, text) if begins or WITH_MODULE.match(text) else []
        if begins:
            self.makers = [call.name for call in calls]
        if calls:
            self.groups.append(calls)
            self.thing("").calls += calls

    def read_table(self, lines: list[tuple[int, str]]) -> None:
        """Note what a table has in its first column, if that is calls or parameters."""
        cells = [(number, line.strip("| ").split(" | ")[0].strip()) for number, line in lines]
        number, head = cells[0]
        if head == PARAMETERS:
            self.explain(number, cells[2:])
        elif head == FUNCTIONS:
            self.thing("").calls += [call for row in cells[2:] for call in self.read_cell(*row)]
        elif found := OFFERED.fullmatch(head):
            calls = [call for row in cells[2:] for call in self.read_cell(*row)]
            links = [
                link
                for (_, cell), (_, line) in zip(cells, lines, strict=True)
                if OTHERS in cell
                for link in LINK.findall(line)
            ]
            for about in [found["owner"]] if found["owner"] else self.makers or [""]:
                thing = self.thing(about)
                thing.line = thing.line or number
                thing.calls += calls
                thing.others += links

    def read_cell(self, number: int, cell: str) -> list[Call]:
        """The calls with which a cell begins; one that begins with words has an example."""
        releases = dict(self.read_releases(number, cell))
        calls = leading_calls(number, cell)
        for call in calls:
            call.pythons = releases.get("", EVERY)
            call.only = {name: versions for name, versions in releases.items() if name}
        self.groups.append(calls)
        return calls

    def read_releases(self, number: int, cell: str) -> Iterator[tuple[str, Versions]]:
        """The releases that a cell names, each with the parameter that it is about, if any."""
        for found in RELEASES.finditer(cell):
            try:
                yield found["parameter"] or "", read_versions(found["label"].strip())
            except ValueError as error:
                what, _, remedy = str(error).partition("; ")
                self.site.report(self.page, number, what, remedy[0].upper() + remedy[1:])

    def explain(self, number: int, rows: list[tuple[int, str]]) -> None:
        """Hold a table of parameters against the call above; note which releases have them."""
        found = {parameter(code): row for row in rows for code in leading(row[1])}
        above = [calls for calls in self.groups if found.keys() & parameters(calls)]
        calls = above[-1] if above else []
        for name, row in found.items():
            if name not in parameters(calls):
                what = f"a parameter that no call above has, {name!r}"
                self.site.report(self.page, row[0], what, "Correct it, or show it in the call")
            for _, versions in self.read_releases(*row):
                for call in calls:
                    call.only[name] = versions
        if left := parameters(calls) - found.keys():
            what = f"a table that leaves out {', '.join(sorted(left))} of {calls[0].code}"
            self.site.report(self.page, number, what, "Give each parameter a row")


def parameters(calls: list[Call]) -> set[str]:
    """The names of all their parameters."""
    return {name for call in calls for name in call.names}
