"""The text that is shown is the text that is checked, on every page."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.harness.read.calls import check_calls
from tests.harness.read.messages import check_messages
from tests.harness.read.model import Site
from tests.harness.read.site import read_site
from tests.harness.run import notebooks

BLANK = re.compile(r"^ +$", re.MULTILINE)  # lines that Markdown empties


@pytest.fixture(scope="module")
def site() -> Site:
    return read_site()


def test_nothing_is_wrong_with_the_sources(site: Site) -> None:
    check_messages(site)
    check_calls(site)
    if site.problems:
        pytest.fail("\n".join(map(str, site.problems)), pytrace=False)


def test_built_pages_show_what_was_checked(site: Site, built: Path) -> None:
    """Each code block of the built HTML is one that was read, with the same text."""
    for page, read in blocks(site).items():
        found = html_blocks(built / page)
        read = [BLANK.sub("", text) for text in read]
        assert found == read, f"{page}: the built page shows other code than was checked"


def blocks(site: Site) -> dict[str, list[str]]:
    """The texts of all code blocks, by the address of their page."""
    found: dict[str, list[str]] = {}
    for page, fences in site.fences.items():
        found[address(site, page)] = [
            (site.root / "examples" / f.include).read_text("utf-8") if f.include else f.source
            for f in fences
        ]
    for path in site.notebooks:
        found[address(site, path)] = notebooks.code_blocks(notebooks.read(path))
    return found


def address(site: Site, page: Path) -> str:
    """Where a page is built, below the folder of the site."""
    place = page.relative_to(site.root / "docs").with_suffix("")
    folder = place.parent if place.name == "index" else place
    return (folder / "index.html").as_posix()


def html_blocks(page: Path) -> list[str]:
    """The texts of all code blocks of a built page, however they came there."""
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    return [block.get_text() for block in soup.select("article pre")]
