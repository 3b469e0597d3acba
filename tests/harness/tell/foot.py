"""The foot of a page: how many of its statements are proved, and by what."""

from collections import Counter
from functools import lru_cache
from pathlib import Path
from urllib.parse import urljoin

from tests.harness.read.claims import KINDS, LOOSE, file_of
from tests.harness.read.model import Site
from tests.harness.read.site import read_site

BEFORE = {
    "shown": "shown by a program",
    "checked": "checked by the tests",
    "sourced": "linked to a source",
    "no fact": "with nothing to prove",
    LOOSE: "not proved yet",
}


def foot(root: Path, lines: list[str], docs: str) -> str:
    """The sentence for a page that has these lines; nothing for a text that is no page.

    `docs` is the address under which the folder `docs` can be seen, if there is one.
    """
    site = site_now(root)
    page = page_of(site, "\n".join(lines).strip())
    if page is None:
        return ""
    kinds = Counter(tie.kind for tie in site.ties if tie.page == page)
    parts = [f"{kinds[kind]} {BEFORE[kind]}" for kind in [*KINDS, LOOSE] if kinds[kind]]
    told = f"{kinds.total()} statements on this page: {', '.join(parts)}."
    path = file_of(site, page)
    if docs and path.exists():
        told += f" [The checks]({urljoin(docs, f'../{site.relative(path)}')})"
    return told if parts else ""


def site_now(root: Path) -> Site:
    """The site as its pages and checks now are."""
    files = [*(root / "docs").rglob("*.md"), *(root / "tests" / "claims").glob("*.py")]
    return site_once(root, max((path.stat().st_mtime_ns for path in files), default=0))


@lru_cache(maxsize=1)
def site_once(root: Path, changed: int) -> Site:
    """The site; read again only when a page or a check has changed since."""
    return read_site(root)


def page_of(site: Site, text: str) -> Path | None:
    """The page with a text, which here comes without its front matter."""
    pages = (page for page in site.fences if page.read_text("utf-8").strip().endswith(text))
    return next(pages, None) if text else None
