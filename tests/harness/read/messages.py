"""The page on which error messages are looked up keeps what it promises.

Each message on it is printed by a program, or a fragment, of each page that it
leads to; and each that a pitfall quotes under "What you see" is on it.
"""

import re
from pathlib import Path

from tests.harness.read.model import Site
from tests.harness.read.pages import Fence

PAGE = "docs/errors.md"
HEAD = "| Message | Page |"
ROW = re.compile(r"\| (?P<messages>.*`.+`.*) \| (?P<pages>.*\.md.*) \|")
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)#]+\.md)")
ERROR = re.compile(r"[\w.]*(?:Error|Warning|BrokenProcessPool): .+")


def check_messages(site: Site) -> None:
    """Report messages that lead astray, and such as are missing."""
    path = site.root / PAGE
    if not path.exists():
        return
    known = []
    in_table = False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        in_table = line == HEAD or (in_table and line.startswith("|"))
        if in_table and (row := ROW.fullmatch(line)):
            for message in CODE.findall(row["messages"]):
                known.append(pattern(message))
                for link in LINK.findall(row["pages"]):
                    if not known[-1].search(printed(site, path.parent / link)):
                        what = f"a message that docs/{link} does not show, {message!r}"
                        site.report(path, number, what, "Correct it, or link where it is shown")
    for page, fences in site.fences.items():
        for number, message in quoted(fences):
            if not any(one.search(message) for one in known):
                what = f"a message that {PAGE} does not have, {message!r}"
                site.report(page, number, what, "Add a row for it there")


def pattern(message: str) -> re.Pattern[str]:
    """What finds a message, in which `...` stands for what differs."""
    return re.compile(re.escape(message).replace(re.escape("..."), ".*"))


def printed(site: Site, page: Path) -> str:
    """All that the programs and fragments of a page print, as it shows it."""
    texts = [
        site.read(site.root / "examples" / fence.include) if fence.include else fence.source
        for fence in site.fences.get(page, [])
    ]
    return "\n".join(texts)


def quoted(fences: list[Fence]) -> list[tuple[int, str]]:
    """The messages that a page quotes, each with its line."""
    return [
        (number, found[0])
        for fence in fences
        if fence.language == "text" and not fence.title
        for number, line in enumerate(fence.body, fence.line + 1)
        if (found := ERROR.search(line))
    ]
