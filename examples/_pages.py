"""Where a page of the site is."""

import os


def address(page: str) -> str:
    """Of a page: in this copy of the site, or on the web if SITE_URL says where it is."""
    if not (site := os.environ.get("SITE_URL")):
        return f"docs/{page}"
    place, _, heading = page.partition("#")
    return f"{site.rstrip('/')}/{place.removesuffix('.md')}/{heading and '#' + heading}"
