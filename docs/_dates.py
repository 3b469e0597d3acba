"""A hook of MkDocs: each page says when it, or a program on it, last changed.

The dates are those of git. Where its history is not all there, none is shown.
"""

import re
import subprocess
from functools import lru_cache
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

DATE = re.compile(r"\d{4}-\d\d-\d\d")


def on_page_context(
    context: TemplateContext, page: Page, config: MkDocsConfig, nav: object
) -> TemplateContext:
    """Give the theme the date, under the name by which it knows it."""
    root = Path(config.docs_dir).parent
    page.meta["revision_date"] = last_changes(root).get(PurePosixPath(page.file.src_uri).stem)
    return context


@lru_cache(maxsize=1)
def last_changes(root: Path) -> dict[str, str]:
    """By the name of a page, the date (2026-11-23) of the last change to it or its programs."""
    shallow = git(root, "rev-parse", "--is-shallow-repository").strip()
    if shallow != "false":
        return {}
    found: dict[str, str] = {}
    date = ""
    log = git(root, "log", "--format=%cs", "--name-only", "--", "docs", "examples")
    for line in log.splitlines():
        path = PurePosixPath(line)
        if DATE.fullmatch(line):
            date = line
        elif path.parts:
            name = path.stem if path.parts[0] == "docs" else path.parent.name
            found.setdefault(name, date)  # the newest comes first
    return found


def git(root: Path, *arguments: str) -> str:
    """What git says; nothing where there is no git or no repository."""
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
