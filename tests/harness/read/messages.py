"""The page on which error messages are looked up keeps what it promises.

Each message on it is printed by a program, or a fragment, of each page that it
leads to, or stands in a table of its own, with where it is in the source; each that
a pitfall quotes under "What you see" is on it; and so is each that Python's own
source has.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.harness.read.model import Site
from tests.harness.read.pages import Fence
from tests.harness.read.raised import DOTS, Message
from tests.harness.read.spans import SPAN
from tests.harness.read.versions import Release, named

PAGE = "docs/errors.md"
PRINTED = "| Message | Page |"
UNSEEN = "| Message | Source |"
UNSEEN_UNDER = "Messages that no program here causes"
ROW = re.compile(r"\| (?P<messages>.*`.+`.*) \| (?P<where>.*\]\(.+\).*) \|")
LINK = re.compile(r"\]\(([^)#]+\.md)")
SOURCE = re.compile(r"/cpython/blob/([^/]+)/Lib/([^)#]+)#L(\d+)\)")
ERROR = re.compile(r"[\w.]*(?:Error|Warning|BrokenProcessPool): .+")


@dataclass(frozen=True)
class Row:
    """A row of one of the page's tables."""

    line: int
    table: str
    messages: list[str]
    where: str


def check_messages(site: Site) -> None:
    """Report messages that lead astray, and such as are missing."""
    path = site.root / PAGE
    known = rows(site)
    for row in known:
        if row.table == PRINTED:
            for message in row.messages:
                for link in LINK.findall(row.where):
                    if not pattern(message).search(printed(site, path.parent / link)):
                        what = f"a message that docs/{link} does not show, {message!r}"
                        site.report(path, row.line, what, "Correct it, or link where it is shown")
    patterns = [pattern(message) for row in known for message in row.messages]
    for page, fences in site.fences.items() if known else ():
        for number, message in quoted(fences):
            if not any(one.search(message) for one in patterns):
                what = f"a message that {PAGE} does not have, {message!r}"
                site.report(page, number, what, "Add a row for it there")


def check_source(site: Site, source: Iterable[Message], release: Release) -> None:
    """Report messages of a Python's source that the page lacks, or has in another place."""
    known = rows(site)
    found = list(source)
    for message in found:
        if not any(same(message.text, text) for row in known for text in row.messages):
            what = f"a message that {PAGE} does not have, {message.text!r}"
            remedy = "Show a program that prints it, and add a row for it there; or, if none can, "
            remedy += f"add it under {UNSEEN_UNDER!r}"
            site.report(message.path, message.line, what, remedy)
    for row in known:
        for tag, path, line in SOURCE.findall(row.where) if row.table == UNSEEN else ():
            there = [m.text for m in found if m.path == path and m.line == int(line)]
            stands = any(same(text, message) for text in there for message in row.messages)
            if tag == f"v{named(release)}" and not stands:
                what = f"a message that line {line} of {path} does not have"
                remedy = "Link to the line on which the text of the message begins"
                site.report(site.root / PAGE, row.line, what, remedy)


def rows(site: Site) -> list[Row]:
    """All rows of the tables of the page; none where there is no such page."""
    path = site.root / PAGE
    return read_rows(site.read(path)) if path.exists() else []


def read_rows(text: str) -> list[Row]:
    """All rows of the tables of the page, as its text has them."""
    found, table = [], ""
    for number, line in enumerate(text.splitlines(), 1):
        if line in (PRINTED, UNSEEN):
            table = line
        elif not line.startswith("|"):
            table = ""
        elif table and (row := ROW.fullmatch(line)):
            found.append(Row(number, table, SPAN.findall(row["messages"]), row["where"]))
    return found


def same(one: str, other: str) -> bool:
    """Whether two messages can be the same, in which `...` stands for what differs."""
    return bool(pattern(one).fullmatch(other) or pattern(other).fullmatch(one))


def pattern(message: str) -> re.Pattern[str]:
    """What finds a message, in which `...` stands for what differs."""
    return re.compile(re.escape(message).replace(re.escape(DOTS), ".*"))


def printed(site: Site, page: Path) -> str:
    """All that the programs and fragments of a page print, as it shows it."""
    fences = site.fences.get(page, [])
    included = [site.root / "examples" / fence.include for fence in fences if fence.include]
    texts = [site.read(path) for path in included if path.is_file()]
    return "\n".join([*texts, *(fence.source for fence in fences if not fence.include)])


def quoted(fences: list[Fence]) -> list[tuple[int, str]]:
    """The messages that a page quotes, each with its line."""
    return [
        (number, found[0])
        for fence in fences
        if fence.language == "text" and not fence.title
        for number, line in enumerate(fence.body, fence.line + 1)
        if (found := ERROR.search(line))
    ]
