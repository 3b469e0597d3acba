"""Opens a page of the built site in a browser, and tells what a reader would not want of it."""

import gzip
from collections.abc import Iterator

from playwright.sync_api import ConsoleMessage, Error, Page, Request, TimeoutError, ViewportSize

PHONE = ViewportSize(width=390, height=844)  # pixels
DESK = ViewportSize(width=1280, height=844)
HEAVIEST = 90 * 1024  # bytes of all that a page without pictures has a browser read, gzipped
SHIFT = 0.01  # as browsers score it, where less than 0.1 is good: https://web.dev/articles/cls
SHIFTED = """
() => new Promise(resolve => {
  let sum = 0
  const add = list => list.getEntries().forEach(entry => (sum += entry.value))
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true })
  setTimeout(() => resolve(sum), 50)
})
"""
FITS = "document.scrollingElement.scrollWidth <= innerWidth"


class Visitor:
    """Opens one page of a site after the other, in a tab of a browser."""

    def __init__(self, tab: Page, site: str) -> None:
        self.tab, self.site = tab, site
        self.told: list[str] = []
        self.read: list[Request] = []
        self.weights: dict[str, int] = {}  # of files, by address
        tab.on("console", self._hear)
        tab.on("pageerror", self._fail)
        tab.on("request", self._note)

    def _hear(self, said: ConsoleMessage) -> None:
        self.told += [f"says: {said.text}"] * (said.type == "error")

    def _fail(self, error: Error) -> None:
        self.told.append(f"fails: {error}")

    def _note(self, request: Request) -> None:
        self.read.append(request)

    def problems(self, path: str) -> Iterator[str]:
        """What is wrong with a page."""
        self.told.clear()
        self.read.clear()
        self.tab.set_viewport_size(PHONE)
        self.tab.goto(f"{self.site}{path}")
        if (shift := self.tab.evaluate(SHIFTED)) > SHIFT:
            yield f"shifts while it is read: {shift:.3f}"
        for size in PHONE, DESK:
            self.tab.set_viewport_size(size)
            try:
                self.tab.wait_for_function(FITS, timeout=5_000)  # ms: a change may be animated
            except TimeoutError:
                yield f"is wider than a screen of {size['width']} pixels"
        yield from self.told
        yield from (f"reads {url}" for url in self._files() if not url.startswith(self.site))
        weight = self.weight()
        if weight > HEAVIEST and not self.tab.locator("svg[role=img]").count():
            yield f"weighs {weight} bytes, gzipped, of {HEAVIEST}"

    def weight(self) -> int:
        """All that the page has read, in bytes, gzipped."""
        return sum(map(self._weight, self._files().values()))

    def _files(self) -> dict[str, Request]:
        return {one.url: one for one in self.read if not one.url.startswith("data:")}

    def _weight(self, request: Request) -> int:
        if request.url not in self.weights:
            response = request.response()
            self.weights[request.url] = len(gzip.compress(response.body())) if response else 0
        return self.weights[request.url]
