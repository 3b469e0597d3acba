"""Builds the site, and tells what its pages weigh, what axe-core finds and how Lighthouse scores.

The first argument is the folder where npm has put both; what follows are the pages, such as
`syntax/queue`. Without any, Lighthouse scores those of SCORED, and all others are done for all.
The exit status is 1 if axe-core finds something.
"""

import gzip
import http.server
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Literal

sys.path.insert(0, str(Path(__file__).parents[2]))
from playwright.sync_api import Browser, sync_playwright

from tests.harness.run import pages, search

SCORED = ["", "syntax/queue/", "pitfalls/queue-deadlock/", "costs/results/", "examples/tour/"]
RUNS = 5
SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--headless=new"]
DEVICES = {"desktop": ["--preset=desktop"], "mobile": []}
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
AXE = "axe.run({ resultTypes: ['violations'] })"


class Zipped(http.server.SimpleHTTPRequestHandler):
    """Serves files as a host of sites does: compressed, over connections that stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file, or the index of a folder."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_error(404)
        content = zipped(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""


@cache
def zipped(path: Path) -> bytes:
    """The content of a file, compressed."""
    return gzip.compress(path.read_bytes())


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a built site; give its address."""
    handler = partial(Zipped, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def weigh(browser: Browser, site: str, paths: list[str]) -> None:
    """Tell what pages cost over the wire, and what else a reader would not want of them."""
    visitor = pages.Visitor(browser.new_page(), site)
    weights: dict[str, int] = {}
    for path in paths:
        for problem in visitor.problems(path):
            print(f"{path or '/'} {problem}", flush=True)
        weights[path] = visitor.weight()
    heaviest = sorted(weights, key=lambda path: -weights[path])[:5]
    median = statistics.median(weights.values()) / 1024
    print(f"{len(paths)} pages, {median:.0f} KiB in the median; the heaviest:")
    for path in heaviest:
        print(f"  {weights[path] / 1024:5.1f} KiB  {path or '/'}")


def examine(browser: Browser, site: str, paths: list[str], axe: str) -> int:
    """Tell what axe-core finds in light and dark, at a desk and on a phone; give how much."""
    found = 0
    for scheme, size in product(SCHEMES, [pages.DESK, pages.PHONE]):
        with browser.new_context(viewport=size, color_scheme=scheme) as context:
            tab = context.new_page()
            for path in paths:
                tab.goto(f"{site}{path}")
                tab.wait_for_load_state("networkidle")
                tab.evaluate(axe)
                for rule in tab.evaluate(AXE)["violations"]:
                    found += len(rule["nodes"])
                    where = f"{path or '/'} {scheme} {size['width']}"
                    for node in rule["nodes"]:
                        print(f"{where} {rule['id']}: {node['html'][:160]}", flush=True)
    return found


def score(lighthouse: Path, chromium: str, url: str, options: list[str]) -> list[float]:
    """The scores of a page in each category, each the median of some runs."""
    command = [str(lighthouse), url, "--quiet", "--output=json", *options]
    command += [f"--chrome-flags={' '.join(FLAGS)}", f"--only-categories={','.join(CATEGORIES)}"]
    runs = []
    for _ in range(RUNS):
        env = os.environ | {"CHROME_PATH": chromium}
        done = subprocess.run(command, capture_output=True, text=True, env=env)
        if done.returncode == 0:
            categories = json.loads(done.stdout)["categories"]
            runs.append([100 * categories[name]["score"] for name in CATEGORIES])
        else:  # as on a machine that is too busy
            print(f"{url} was not scored: {done.stderr.strip()}", flush=True)
    return [statistics.median(scores) for scores in zip(*runs, strict=True)]


def main(folder: Path, *names: str) -> int:
    """Print the figures."""
    packages = folder / "node_modules"
    axe = packages / "axe-core"
    chromium = search.find_browser()
    if not chromium:
        sys.exit("This needs Chromium or Chrome.")
    with tempfile.TemporaryDirectory() as temporary:
        site = Path(temporary)
        search.build(site)
        every = sorted(file.parent.relative_to(site) for file in site.rglob("index.html"))
        named = [f"{name.strip('/')}/" for name in names]
        paths = named or [f"{path.as_posix()}/".removeprefix("./") for path in every]
        with served(site) as address:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS[:2])
                weigh(browser, address, paths)
                found = examine(browser, address, paths, (axe / "axe.min.js").read_text("utf-8"))
                browser.close()
            version = json.loads((axe / "package.json").read_text("utf-8"))["version"]
            print(f"axe-core {version}: {found} findings on {len(paths)} pages in 4 views")
            print(f"Lighthouse, median of {RUNS}: {', '.join(CATEGORIES)}")
            for path, (device, options) in product(named or SCORED, DEVICES.items()):
                lighthouse = packages / ".bin" / "lighthouse"
                scores = score(lighthouse, chromium, f"{address}{path}", options)
                told = "/".join(f"{score:.0f}" for score in scores)
                print(f"  {told:15}  {device:7}  {path or '/'}", flush=True)
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
