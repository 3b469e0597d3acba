"""The addresses under which pages were ever published: none of them may be lost."""

import yaml

from tests.harness.read.model import Site
from tests.harness.work import write

NAME = "tests/addresses.txt"


def check_addresses(site: Site) -> None:
    """Each address of the list is a page or leads on to one; each page is on the list."""
    path = site.root / NAME
    listed = site.read(path).splitlines() if path.exists() else []
    pages = of_pages(site)
    moved = {address(old) for old in redirects(site)}
    for number, line in enumerate(listed, 1):
        if line not in pages and line not in moved:
            what = f"a published address that leads nowhere, {line}"
            old = f"{line.strip('/')}.md"
            remedy = f"Add `{old}: <its new page>` to redirect_maps in mkdocs.yml"
            site.report(NAME, number, what, remedy)
    for name, page in pages.items():
        if name not in listed:
            what = f"a page whose address is not in {NAME}"
            site.report(f"docs/{page}", 1, what, "Run `nox -s update`, which adds it")


def record_addresses(site: Site) -> list[str]:
    """Add the addresses of new pages to the list; give them."""
    path = site.root / NAME
    listed = path.read_text("utf-8").splitlines() if path.exists() else []
    new = sorted(set(of_pages(site)) - set(listed))
    if new:
        write(path, "\n".join(sorted([*listed, *new])) + "\n")
    return new


def of_pages(site: Site) -> dict[str, str]:
    """By address, the file of each page below `docs/`."""
    docs = site.root / "docs"
    files = [p.relative_to(docs).as_posix() for p in [*site.fences, *site.notebooks]]
    return {address(file): file for file in sorted(files)}


def address(file: str) -> str:
    """Where a page is published, below the address of the site."""
    name = file.rpartition(".")[0]
    return "/" if name == "index" else f"/{name}/"


def redirects(site: Site) -> list[str]:
    """The pages that mkdocs.yml says have moved."""
    try:
        config = yaml.load(site.read(site.root / "mkdocs.yml"), _Loader) or {}
    except yaml.YAMLError:
        return []  # another check tells
    for plugin in config.get("plugins") or []:
        if isinstance(plugin, dict) and "redirects" in plugin:
            return list(plugin["redirects"]["redirect_maps"] or [])
    return []


class _Loader(yaml.SafeLoader):
    """Reads past the tags of MkDocs, such as `!ENV`."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)
