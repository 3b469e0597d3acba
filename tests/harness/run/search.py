"""Asks the search of the built site, in a browser, as a reader does."""

import functools
import gzip
import http.server
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.harness import work
from tests.harness.read.site import ROOT

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
# The worker that answers the theme is asked as the theme does, and timed in milliseconds.
ASK = """
question => new Promise(resolve => {
  const config = JSON.parse(document.getElementById("__config").textContent)
  const start = performance.now()
  self.asked ??= new Worker(new URL(config.search, new URL(config.base, location)))
  asked.onmessage = ({ data }) =>
    resolve([data.data.items.map(([page]) => page.location), performance.now() - start])
  asked.postMessage({ type: 2, data: question })
})
"""
FIELD = "[data-md-component=search-query]"
SHOWN = "article.md-search-result__article:has(.md-search-result__icon)"  # one for a page


def find_browser() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def build(folder: Path) -> None:
    """Build the site into a folder, strictly. Raises AssertionError, with what was wrong."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    built = work.run(command, cwd=ROOT)
    assert built.returncode == 0, built.stderr


def build_once(folder: Path) -> Path:
    """Build the site below a folder, in the first of the processes that ask for it there."""
    site, problem = folder / "site", folder / "site.problem"
    try:
        (folder / "site.begun").mkdir()
    except FileExistsError:
        while not (site.exists() or problem.exists()):
            time.sleep(0.1)  # seconds
    else:
        told = "the build was interrupted"
        try:
            build(folder / "site.part")
            (folder / "site.part").rename(site)
        except AssertionError as error:
            told = str(error)
            raise
        finally:
            if not site.exists():
                (folder / "site.told").write_text(told, "utf-8")
                (folder / "site.told").rename(problem)
    assert site.exists(), problem.read_text("utf-8")
    return site


@contextmanager
def served(site: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a built site from a port of its own; give its address, and the files read so far."""
    read: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            """Note each request, and print nothing."""
            read.append(self.translate_path(self.path))

    handler = functools.partial(Handler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", read
        finally:
            server.shutdown()


def bytes_of(read: list[str]) -> int:
    """The size of the search's files among those read, in bytes, gzipped as a server sends them."""
    return sum(len(gzip.compress(Path(file).read_bytes())) for file in read if "search" in file)


@contextmanager
def opened(browser: str, address: str) -> Iterator[Page]:
    """Open a page of a site in a browser without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            page = chromium.new_page()
            page.goto(address)
            page.wait_for_load_state("networkidle")  # also if it is long before the page is read
            yield page
        finally:
            chromium.close()


def ask(page: Page, question: str) -> tuple[list[str], float]:
    """The pages that the search finds, best first, as `<section>/<page>`, and the milliseconds."""
    found, took = page.evaluate(ASK, question)
    return [location.strip("/") for location in found], took


def paste(page: Page, question: str) -> list[str]:
    """The pages that the search shows, in their order, when a question is put into its field."""
    page.keyboard.press("/")
    page.fill(FIELD, question)
    page.press(FIELD, "End")
    page.wait_for_selector(SHOWN)
    links = page.eval_on_selector_all(SHOWN, "all => all.map(one => one.closest('a').pathname)")
    page.keyboard.press("Escape")
    return [link.strip("/") for link in links]
