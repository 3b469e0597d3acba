"""A hook of MkDocs: what a child sees, of examples/what-the-child-sees, as tables of its page.

Each thing has a table, which is closed until somebody opens it. assets/child.js looks in these
tables for the one row that is asked for.
"""

import csv
import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from os.path import relpath
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from tests.harness.read.versions import Release, Versions, joined, numbers, range_until

ROOT = Path(__file__).parents[1]
OUTCOMES = ROOT / "examples" / "what-the-child-sees" / "_outcomes.csv"
MARK = "<!-- what the child sees -->"
CALL = re.compile(r"(`[^`]*`)|(\w+\(\))")
IMPORTED = "pitfalls/globals.md#a-value-made-at-import-may-be-made-once-or-many-times"
EXPLAINED = {  # by a word of the outcome; the first that is there
    "OperationalError": "examples/sqlite-and-files.md#what-goes-wrong",
    "NameError": "pitfalls/globals.md",
    "lost:": "pitfalls/unpicklable-item.md",
    "through inheritance": "pitfalls/pool-argument.md",
    "bootstrapping": "pitfalls/main-guard.md",
    "leaked semaphore": "pitfalls/leaked-shared-memory.md#leaked-semaphore-objects",
    "leaked shared_memory": "pitfalls/leaked-shared-memory.md",
    "pickle '_thread.lock'": "pitfalls/thread-objects.md",
    "local object": "pitfalls/local-function.md",
    "pickle ": "examples/hand-over.md#what-cannot-be-sent",
    "is gone": "pitfalls/inherited.md",
    "made when it imports": IMPORTED,
}
PAGES = {  # of things, where nothing above is there
    "List, dict, plain object": "pitfalls/ordinary-objects.md",
    "Class attribute": "pitfalls/globals.md",
    "lru_cache": "pitfalls/globals.md",
    "Lambda, local function": "pitfalls/local-function.md",
    "NumPy array": "examples/numpy-array.md",
    "Value": "syntax/value.md",
    "Array": "syntax/array.md",
    "Lock": "syntax/lock.md",
    "Queue": "syntax/queue.md",
    "Dict of a manager": "syntax/manager.md",
    "SharedMemory": "syntax/shared-memory.md",
    "Lock of threading": "pitfalls/thread-objects.md",
    "Open file": "pitfalls/inherited.md",
    "Socket": "examples/hand-over.md",
    "Database connection": "examples/sqlite-and-files.md",
    "Database connection, in a transaction": "examples/sqlite-and-files.md#what-goes-wrong",
    "Environment variable": "pitfalls/inherited.md",
    "Current folder": "pitfalls/inherited.md",
    "Signal handler": "pitfalls/inherited.md",
    "Seed of random": "examples/random-numbers.md",
    "Seed of numpy.random": "examples/random-numbers.md",
}


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the tables in the place of their mark."""
    if MARK not in markdown:
        return markdown
    return markdown.replace(MARK, "\n".join(tables(page.file.src_uri)))


def read() -> list[dict[str, str]]:
    """The rows of the outcomes."""
    with OUTCOMES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables(page: str) -> Iterator[str]:
    """Their lines, with links from the page."""
    known = read()
    tried = {numbers(one) for row in known for one in row["pythons"].split()}
    for thing, rows in groupby(known, itemgetter("thing")):
        yield from (f'??? note "{thing}"', "", "    | How it gets there | Where | The child has |")
        yield "    | --- | --- | --- |"
        ways: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            ways.setdefault(row["way"], []).append(row)
        for way, those in ways.items():
            for where, outcome in folded(those, tried):
                yield f"    | {way} | {where} | {linked(thing, outcome, page)} |"
        yield ""


def folded(rows: list[dict[str, str]], tried: set[Release]) -> Iterator[tuple[str, str]]:
    """Where each outcome of a way is found, start methods with the same releases together."""
    methods: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        firsts = set(map(numbers, row["pythons"].split()))
        versions = Versions(joined(range_until(first, tried) for first in firsts))
        label = "" if firsts == tried else f", Python {versions}"
        methods.setdefault((label, row["outcome"]), []).append(row["start method"])
    for (label, outcome), names in methods.items():
        yield ", ".join(names) + label, outcome


def linked(thing: str, outcome: str, page: str) -> str:
    """An outcome, whose first words lead to the page that explains it."""
    explained = (where for words, where in EXPLAINED.items() if words in outcome)
    where = relpath(next(explained, PAGES[thing]), Path(page).parent)
    first = re.match(r"[^,;:]+", outcome)
    assert first
    rest = CALL.sub(lambda found: found[1] or f"`{found[2]}`", outcome[first.end() :])
    return f"[{first[0]}]({where}){rest}"
