"""A hook of MkDocs: what the page that finds causes knows, in a file that only it reads.

The knowledge is that of errors.md; assets/diagnose.js reads it when a text is pasted.
"""

import json
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from tests.harness.tell.causes import read_causes

LOOKED_UP = "errors.md"
pages: dict[str, tuple[str, str]] = {}  # by address: its title, what it says of itself
sources: dict[str, str] = {}  # by the source of a page: its address


def on_env(env: object, config: MkDocsConfig, files: Files) -> None:
    """Remember what each page is called, and where it is."""
    for page in [file.page for file in files.documentation_pages() if file.page]:
        pages[page.url] = str(page.title), str(page.meta.get("description", ""))
        sources[page.file.src_uri] = page.url


def address(target: str) -> str:
    """Where a link of the page of messages leads, from the root of the site."""
    source, sign, anchor = target.partition("#")
    return sources[source or LOOKED_UP] + sign + anchor


def on_post_build(config: MkDocsConfig) -> None:
    """Write what is known beside the script that reads it."""
    causes = read_causes(Path(config.docs_dir, LOOKED_UP).read_text("utf-8"), address)
    led_to = {where.partition("#")[0] for cause in causes for _, where in cause["pages"]}
    known = {"rows": causes, "pages": {url: pages[url] for url in sorted(led_to)}}
    text = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    Path(config.site_dir, "assets", "diagnose.json").write_text(text, "utf-8")
