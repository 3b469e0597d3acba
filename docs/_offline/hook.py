"""A hook of MkDocs: the whole site in one zip file, to be read without a server.

A page from the file system may show other files and run scripts, and little else: browsers let
it not fetch, and not load a module or a worker. So each script has in it there what it loads.
"""

import base64
import json
import re
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

NAME = "offline.zip"
FOLDER = "python-processes"  # what the file unpacks to
ONLINE = {NAME, "404.html", "sitemap.xml", "sitemap.xml.gz"}  # what the copy does without
LINK = "<!-- offline copy -->"  # in the template; it tells the size, which is known at the end
CONFIG = re.compile(r'<script id="__config".*?</script>')
MODULE = re.compile(r'<script type="module" src="(.+?)">')
LOADED = re.compile(r'(?P<imported>from )?"(?P<name>[\w./-]+\.js(?:on)?)"')
TYPES = {".js": "text/javascript", ".json": "application/json"}


@event_priority(-200)  # after all else is written
def on_post_build(config: MkDocsConfig) -> None:
    """Write the copy, and link to it from each page."""
    site = Path(config.site_dir)
    copy = site / NAME
    with ZipFile(copy, "w", ZIP_DEFLATED) as packed:
        for name, content in files(site).items():
            packed.writestr(f"{FOLDER}/{name}", content)
    size = f"{copy.stat().st_size / 1e6:.0f} MB"
    for path in site.rglob("*.html"):
        address = way_up(path, site) + NAME
        link = f' · <a href="{address}" download>The whole site to read offline</a> ({size})'
        path.write_text(path.read_text("utf-8").replace(LINK, link), "utf-8")


def files(site: Path) -> dict[str, str | bytes]:
    """The files of the copy of a built site, by name."""
    found: dict[str, str | bytes] = {}
    modules = set()
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if path.suffix == ".html":
            text = path.read_text("utf-8")
            modules |= {(path.parent / source).resolve() for source in MODULE.findall(text)}
            found[name] = page(text, way_up(path, site))
        elif path.suffix != ".map":
            found[name] = path.read_bytes()
    for path in modules:
        name = path.relative_to(site.resolve()).as_posix()
        found[name] = f"import({blob(alone(path, name), path.suffix)})\n"
    found["assets/offline.js"] = first(site)
    index = (site / "search" / "search_index.json").read_text("utf-8")
    found["search/search_index.js"] = f"__index = {index}"  # where the theme looks for it
    return {name: content for name, content in found.items() if name not in ONLINE}


def way_up(page: Path, site: Path) -> str:
    """Where the site begins, seen from a page."""
    return "../" * (len(page.relative_to(site).parts) - 1)


def page(text: str, up: str) -> str:
    """A page of the copy."""
    script = f'<script src="{up}assets/offline.js"></script>'
    text = CONFIG.sub(lambda config: config[0] + script, text.replace(LINK, ""))
    return MODULE.sub(r'<script defer src="\1">', text)


def blob(text: str, suffix: str) -> str:
    """The code that makes an address for the text of a file."""
    return f"URL.createObjectURL(new Blob([{json.dumps(text)}], {{ type: '{TYPES[suffix]}' }}))"


def first(site: Path) -> str:
    """The script that each page of the copy reads first."""
    search = blob(alone(site / "assets" / "search.js"), ".js")
    script = Path(__file__).with_name("offline.js").read_text("utf-8")
    return f"{{\nconst search = {search}\n{script}}}\n"


def alone(script: Path, name: str = "") -> str:
    """The text of a script, with the files in it that it loads.

    It names them in double quotes, and from where it stands.
    """

    def put(loaded: re.Match[str]) -> str:
        path = script.parent / loaded["name"]
        if path == script or not path.is_file():
            return loaded[0]
        text = alone(path) if path.suffix == ".js" else path.read_text("utf-8")
        if loaded["imported"]:  # has to be an address as such
            data = base64.b64encode(text.encode()).decode()
            return f'from "data:{TYPES[path.suffix]};base64,{data}"'
        return blob(text, path.suffix)

    text = LOADED.sub(put, script.read_text("utf-8"))
    return text.replace("import.meta.url", f'new URL("{name}", site)')
