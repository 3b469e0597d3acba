"""A hook of MkDocs: each page as Markdown, too, for programs that read and people who quote.

The copy of `syntax/queue/` is `syntax/queue.md`: where the source stands, so that links between
pages lead from copy to copy. Programs and outputs are in it. Two files list and join the copies,
as https://llmstxt.org says.
"""

import re
from pathlib import Path

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from tests.harness.tell import stamps

SNIPPETS = "pymdownx.snippets"
# The end of a block, and of the file that is in it.
END = re.compile(r"\n *(\n *```)$", re.MULTILINE)
sections: dict[str, list[Page]] = {}  # by title, in the order of the nav


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Remember the pages of each section."""
    sections.clear()
    for item in nav.items:
        sections[str(item.title)] = [page for page in nav.pages if item in (page, *page.ancestors)]


def on_post_build(config: MkDocsConfig) -> None:
    """Write the copies, and the two files."""
    folder = Path(config.site_dir)
    title = f"# {config.site_name}\n\n> {config.site_description}\n"
    listed, joined = [title], [title]
    for section, pages in sections.items():
        listed.append("\n".join([f"## {section}", "", *map(entry, pages), ""]))
        for page in pages:
            text = copy(page, config)
            joined.append(text)
            Path(folder, place(page)).write_text(text, "utf-8")
    (folder / "llms.txt").write_text("\n".join(listed), "utf-8")
    (folder / "llms-full.txt").write_text("\n".join(joined), "utf-8")


def place(page: Page) -> str:
    """Of its copy, below the folder of the site."""
    return page.file.src_uri.rpartition(".")[0] + ".md"


def on_page_context(
    context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
) -> TemplateContext:
    """Give the theme what to link to."""
    return context | {"copy": place(page)}


def address(page: Page) -> str:
    """Of its copy: absolute, where the site has an address."""
    return (page.canonical_url or page.url).removesuffix(page.url) + place(page)


def entry(page: Page) -> str:
    """A line that leads to a copy."""
    description = page.meta.get("description")  # a notebook has none
    return f"- [{page.title}]({address(page)})" + f": {description}" * bool(description)


def copy(page: Page, config: MkDocsConfig) -> str:
    """A page, with what its source includes."""
    options = config.mdx_configs[SNIPPETS] | {"auto_append": []}  # a glossary for tooltips
    reader = Markdown(extensions=[stamps.Stamps(), SNIPPETS], extension_configs={SNIPPETS: options})
    lines = (page.markdown or "").splitlines()
    for step in "stamps", "snippet":
        lines = reader.preprocessors[step].run(lines)
    text = "\n".join(line for line in lines if not line.lstrip().startswith(("{ .", "{ #")))
    return END.sub(r"\1", text) + "\n"
