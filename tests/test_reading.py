"""The built site in the hands of a reader: copying, searching, switching; and without a server."""

import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, Page, expect

from docs._offline import hook
from tests.harness.read.site import ROOT
from tests.harness.run import pages, search

COPY = "nav.md-code__nav button[title='Copy to clipboard']"
ASKED = "brokenprocesspool"
ANSWER = "pitfalls/killed-worker"
SCHEME = "document.body.dataset.mdColorScheme"
LONG = 60_000  # ms
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def page(browser: str, built: Path) -> Iterator[Page]:
    """A page with programs, as nobody has used it."""
    with search.served(built) as (address, _), search.opened(browser, address) as first:
        assert first.context.browser
        with first.context.browser.new_context() as context:
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            page = context.new_page()
            page.set_default_timeout(LONG)
            page.goto(f"{address}syntax/queue/")
            yield page


def ask(page: Page) -> Locator:
    """Ask by keys; give the first answer."""
    page.keyboard.press("/")
    page.keyboard.type(ASKED)
    first = page.locator(f"a:has({search.SHOWN})").first
    whole = re.compile(f"{ANSWER}/.*[?]h={ASKED}$")  # before it, that of half a word may be shown
    expect(first).to_have_attribute("href", whole, timeout=LONG)
    return first


def test_a_program_is_copied_as_it_is(page: Page) -> None:
    programs = page.locator(".highlight:has(> .filename:text-matches('[.]py$'))")
    assert programs.count() > 1
    for program in programs.all():
        program.hover()
        program.locator(COPY).click()
        copied = page.evaluate("navigator.clipboard.readText()")
        path = ROOT / "examples" / program.locator(".filename").inner_text()
        assert copied.rstrip("\n") == path.read_text("utf-8").rstrip("\n")


def test_the_search_is_used_by_keys(page: Page) -> None:
    ask(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"{ANSWER}/"))
    expect(page.locator("h1")).to_be_visible(timeout=LONG)
    page.keyboard.press("s")
    page.keyboard.type("queue")
    page.keyboard.press("Escape")
    expect(page.locator(search.FIELD)).not_to_be_focused(timeout=LONG)


def test_the_scheme_is_switched_and_stays(page: Page) -> None:
    light = page.evaluate(BACKGROUND)
    assert page.evaluate(SCHEME) == "default"
    page.get_by_title("Switch to dark mode").click()
    page.wait_for_function(f"{SCHEME} === 'slate'")
    assert page.evaluate(BACKGROUND) != light
    page.goto(page.url.replace("queue", "pipe"))
    assert page.evaluate(SCHEME) == "slate"
    page.get_by_title("Switch to light mode").click()
    page.wait_for_function(f"{SCHEME} === 'default'")


def test_what_a_script_of_the_copy_does_not_find_stays(tmp_path: Path) -> None:
    script = tmp_path / "own.js"
    script.write_text('load("gone.js", "own.js")', "utf-8")
    assert hook.alone(script) == 'load("gone.js", "own.js")'


def test_the_copy_needs_no_server(browser: str, built: Path, tmp_path: Path) -> None:
    with ZipFile(built / "offline.zip") as packed:
        packed.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    site = f"{folder.as_uri()}/"
    with search.opened(browser, f"{site}index.html") as page:
        page.set_default_timeout(LONG)
        visitor = pages.Visitor(page, site)
        ask(page).click()
        page.wait_for_url(re.compile(f"{ANSWER}/"))
        assert page.url.startswith(f"{site}{ANSWER}/index.html")
        page.locator("article a[href^='../../syntax/']").first.click()
        page.wait_for_url(re.compile("/syntax/.*/index.html"))
        for path in folder.rglob("index.html"):
            if "<script defer " in path.read_text("utf-8"):
                page.goto(path.as_uri())
                page.wait_for_function("!document.querySelector('form[inert]')")
        page.goto(f"{site}check/index.html")
        page.fill("textarea", "from multiprocessing import Process\nProcess().start()\n")
        page.click("button:text('Check the program')")
        page.click("#check-answer li a")
        page.wait_for_url(re.compile("/pitfalls/main-guard/index.html"))
        page.goto(f"{site}diagnose/index.html")
        page.fill("textarea", "EOFError")
        page.click("button:text('Find the cause')")
        expect(page.locator("#diagnose-answer h2")).to_be_visible(timeout=LONG)
        assert not visitor.told
        assert not [one.url for one in visitor.read if one.url.startswith("http")]
