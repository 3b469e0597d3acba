"""What the page that finds causes knows: the tables of docs/errors.md, as a browser reads them.

docs/_diagnose.py writes it while the site is built. Nothing is known there that the tables do
not have; what can be told of a message by its words alone is left to docs/assets/diagnose.js.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.harness.read import raised
from tests.harness.read.messages import PRINTED, read_rows, same
from tests.harness.read.statements import CODE, HELD, LINK
from tests.harness.read.versions import END, Release, read_versions

AROUND = "At the end of the program, and other lines"
"""The heading over lines that stand around an error, whatever it is."""
KIND = r"[\w.]*(?:Error|Warning|Exception|Interrupt|Empty|Full|Pool|struct\.error)"
ALONE = re.compile(KIND)
TYPED = re.compile(rf"(?P<kind>{KIND}): (?P<text>.+)")
BEFORE = re.compile(r"(?P<kind>(?:\w+\.)*(?:[A-Z]\w+|error)): $")
NOTE = re.compile(r" ?\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
RELEASES = re.compile(r"(?:(?P<list>(?:not )?in) )?3\.\d+[\d., ]*(?:to 3\.[\d.]+|and later)?")
HEADING = re.compile(r"##+ (?P<title>.+)")
Address = Callable[[str], str]
"""From the target of a link in docs/errors.md to its address, from the root of the site."""


def read_causes(text: str, address: Address) -> list[dict[str, Any]]:
    """Each row of the tables, in their order."""
    lines = text.splitlines()
    own = [message.text for message in raised.messages()]
    found = []
    for row in read_rows(text):
        titles = filter(None, map(HEADING.fullmatch, lines[: row.line]))
        section = [title["title"] for title in titles][-1]
        cell, held = without_code(lines[row.line - 1].split(" | ")[0].removeprefix("| "))
        notes = [back(note, held) for note in NOTE.findall(LINK.sub(r"\1", cell))]
        label = next((note for note in notes if RELEASES.fullmatch(note)), "")
        note = "; ".join(note for note in notes if note != label)
        links = [*LINK.findall(cell), *LINK.findall(row.where)]
        pages = [(back(name, held), where) for name, where in links if "https:" not in where]
        in_source = "/cpython/blob/" in row.where
        says = [
            {"kind": kind, "text": text, "own": in_source or any(same(text, one) for one in own)}
            for kind, text in told(NOTE.sub("", LINK.sub(r"\1", cell)), held)
        ]
        found.append(
            {
                "section": section,
                "at": address("#" + slug(section)),
                "says": says,
                "note": note,
                "label": label,
                "releases": ranges(label),
                "pages": [[name.replace("`", ""), address(where)] for name, where in pages],
                "printed": row.table == PRINTED,
                "around": section == AROUND,
            }
        )
    return found


def without_code(cell: str) -> tuple[str, list[str]]:
    """A text whose code is held back, so that nothing in it is taken for Markdown."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[2])
        return f"\x02{len(held) - 1}\x03"

    return CODE.sub(hold, cell).replace("\\_", "_"), held


def back(text: str, held: list[str]) -> str:
    """The same, with its code, as a reader sees it."""
    return HELD.sub(lambda match: held[int(match[1])], text)


def told(cell: str, held: list[str]) -> Iterator[tuple[str, str]]:
    """The messages of a cell, each with the exception that has it; "" for a line that has none."""
    for code in HELD.finditer(cell):
        text = held[int(code[1])]
        if kind := BEFORE.search(cell[: code.start()]):
            yield kind["kind"], text
        elif ALONE.fullmatch(text):
            yield text, ""
        elif typed := TYPED.fullmatch(text):
            yield typed["kind"], typed["text"]
        else:
            yield "", text


def ranges(label: str) -> list[tuple[int, int]]:
    """The releases of a label, as numbers: 3.13.8 is 1308. None where it stands for all."""
    if not label or RELEASES.fullmatch(label)["list"]:  # type: ignore[index]
        return []  # that is of releases that were read, and says nothing of others
    versions = read_versions(label.replace(", ", " and "))
    return [(number(first), number(end)) for first, end in versions.ranges]


def number(release: Release) -> int:
    """A release as a number; one that is newer than all is 9999."""
    return 9999 if release == END else release[1] * 100 + release[2]


def slug(heading: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-")
