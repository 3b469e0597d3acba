"""What stands in code font in the sentences and tables of a page."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.harness.read.model import Site
from tests.harness.read.pages import prose

SPAN = re.compile(r"`([^`]+)`")


def spans(site: Site, page: Path) -> Iterator[tuple[int, str]]:
    """Each piece of code, with its line."""
    for number, line in prose(site.read(page), site.fences[page]):
        for code in SPAN.findall(line):
            yield number, code


def words(site: Site) -> dict[Path, set[str]]:
    """The names in all code of each page."""
    return {
        page: {word for _, code in spans(site, page) for word in re.findall(r"\w+", code)}
        for page in site.fences
    }
