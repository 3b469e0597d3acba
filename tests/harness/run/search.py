"""Asks the search of the built site, in a browser, as a reader does."""

import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

from tests.harness import work
from tests.harness.read.site import ROOT

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
ANSWERED = """
document.querySelector(".md-search-result__item") ||
/^No/.test(document.querySelector(".md-search-result__meta")?.innerText)
"""
RESULTS = ".md-search-result__item"
MOST = 30_000  # milliseconds to wait for an answer


def find_browser() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def build(folder: Path) -> None:
    """Build the site into a folder, strictly. Raises AssertionError, with what was wrong."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    built = work.run(command, cwd=ROOT)
    assert built.returncode == 0, built.stderr


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a built site from a port of its own; give its address."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing of each request."""


@contextmanager
def opened(browser: str) -> Iterator[Page]:
    """Open an empty page in a browser without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield chromium.new_page()
        finally:
            chromium.close()


def ask(page: Page, address: str, question: str) -> list[str]:
    """The pages that the search finds, best first, as `<section>/<page>`."""
    page.goto(f"{address}?{urlencode({'q': question})}")
    page.wait_for_function(ANSWERED, timeout=MOST)
    links = page.eval_on_selector_all(RESULTS, "all => all.map(one => one.querySelector('a').href)")
    return [link.removeprefix(address).partition("?")[0].strip("/") for link in links]
