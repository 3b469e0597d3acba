"""A hook of MkDocs: what the search knows is read when it is used, and not with each page.

The theme has every page read `search_index.json`. That is left empty here, and what was
in it goes to `search/pages.js`, which assets/search.js reads at the first question; and beside it
the worker of the theme, whose name has a hash in it.
"""

import json
import shutil
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files

KEYS = ("description", "asked")
front_matter: dict[str, dict[str, object]] = {}  # by the address of a page


def on_env(env: object, config: MkDocsConfig, files: Files) -> None:
    """Remember what each page says of itself, which the theme's index lacks."""
    pages = [file.page for file in files.documentation_pages() if file.page]
    for page in pages:
        front_matter[page.url] = {key: page.meta.get(key, "") for key in KEYS}


@event_priority(-100)  # after the plugin has written its index
def on_post_build(config: MkDocsConfig) -> None:
    """Move what the search knows out of what each page reads."""
    folder = Path(config.site_dir, "search")
    index = folder / "search_index.json"
    known = json.loads(index.read_text("utf-8"))
    for section in known["docs"]:
        section |= front_matter.get(section["location"], {})
    sections = json.dumps(known["docs"], ensure_ascii=False)
    (folder / "pages.js").write_text(f"self.site = {sections}\n", "utf-8")
    index.write_text(json.dumps(known | {"docs": []}), "utf-8")
    (worker,) = Path(config.site_dir, "assets/javascripts/workers").glob("search.*.min.js")
    shutil.copy(worker, folder / "theme.js")
