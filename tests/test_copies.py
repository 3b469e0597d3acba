"""Each page of the built site has a copy in Markdown, with all that a reader sees of it."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.harness.read.model import Site
from tests.harness.read.site import read_site

OPENING = re.compile("`{3,}")
LINK = re.compile(r"\]\((?P<to>[^)#\s:]+\.md)(?:#[^)]*)?\)")
LISTED = re.compile(r"^- \[.+?\]\((?P<to>[^)]+)\)", re.MULTILINE)


@pytest.fixture(scope="module")
def site() -> Site:
    return read_site()


def copied(site: Site, built: Path, page: Path) -> Path:
    return built / page.relative_to(site.root / "docs").with_suffix(".md")


def test_programs_and_outputs_are_in_the_copies(site: Site, built: Path) -> None:
    for page, fences in site.fences.items():
        lines = list(map(str.strip, copied(site, built, page).read_text("utf-8").splitlines()))
        blocks = []
        for number, line in enumerate(lines, 1):
            if opening := OPENING.match(line):
                end = lines.index(opening[0], number) if opening[0] in lines[number:] else None
                blocks.append(lines[number:end])
        for fence in fences:
            path = site.root / "examples" / (fence.include or "")
            text = path.read_text("utf-8") if fence.include else fence.source
            shown = list(map(str.strip, text.rstrip("\n").splitlines()))
            assert shown in blocks, f"{page}: {fence.include or text} is not as shown"


def test_links_between_copies_lead_somewhere(site: Site, built: Path) -> None:
    for page in [*site.fences, *site.notebooks]:
        path = copied(site, built, page)
        for link in LINK.finditer(path.read_text("utf-8")):
            assert (path.parent / link["to"]).is_file(), f"{path} links to {link['to']}"


def test_each_copy_is_listed_and_joined(site: Site, built: Path) -> None:
    copies = {copied(site, built, page) for page in [*site.fences, *site.notebooks]}
    listed = LISTED.findall((built / "llms.txt").read_text("utf-8"))
    assert {built / urljoin("/", link).lstrip("/") for link in listed} == copies
    assert len(listed) == len(copies)
    joined = (built / "llms-full.txt").read_text("utf-8")
    assert [path for path in copies if path.read_text("utf-8") not in joined] == []
