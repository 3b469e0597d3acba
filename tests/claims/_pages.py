"""The pages of the site, with their programs and outputs, for what the site says of itself."""

from functools import cache
from multiprocessing import get_start_method

from tests.claims import ONCE, ROOT
from tests.harness.read.model import Site
from tests.harness.read.site import is_page, read_page, sort_fences


@cache
def read_pages() -> Site:
    """The site as its tests read it, without what may be wrong with it."""
    site = Site(ROOT)
    for page in sorted((ROOT / "docs").rglob("*.md")):
        if is_page(ROOT, page):
            read_page(site, page, site.read(page))
            sort_fences(site, page)
    return site


def already_read() -> bool:
    """Whether this is a start method under which the pages need not be read once more."""
    return get_start_method() != ONCE
