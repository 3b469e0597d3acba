"""What can be tried on the site, by mouse and by keyboard; and how its pages present themselves."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import Locator, Page, ViewportSize

from tests.harness.read.site import ROOT
from tests.harness.run import pages
from tests.harness.run.pages import FITS, PHONE


@pytest.fixture
def tab(site: Page) -> Iterator[Page]:
    """A new tab on the first page of the site; nothing may go wrong in it."""
    browser = site.context.browser
    assert browser
    told: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("console", lambda said: told.append(said.text) if said.type == "error" else None)
        page.goto(site.url)
        yield page
    assert not [text for text in told if "favicon" not in text], told


# The first screen of the home page, what others show of a page, and what a printer does

SCREENS = [ViewportSize(width=1280, height=800), PHONE]
IN_VIEW = """
element => {
  const { top, bottom, left, right } = element.getBoundingClientRect()
  return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth
}
"""


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: str(size["width"]))
def test_the_first_screen_says_what_it_is_and_where_to_go(size: ViewportSize, tab: Page) -> None:
    tab.set_viewport_size(size)
    ways = tab.locator("svg.idea + ul > li")
    assert ways.count() == 3
    picture = tab.get_by_role("img", name="Two processes")
    title = tab.get_by_role("heading", level=1)
    for part in [title, picture, *ways.all()]:
        assert part.evaluate(IN_VIEW), part.text_content()
    assert (
        picture.locator("text").first.evaluate("text => text.getBoundingClientRect().height") > 10
    )
    for way in ways.all():
        assert way.get_by_role("link").count() >= 3


def test_with_its_picture_it_is_as_light_as_other_pages(site: Page) -> None:
    assert site.context.browser
    with site.context.browser.new_context() as context:
        visitor = pages.Visitor(context.new_page(), site.url)
        assert not list(visitor.problems(""))
        assert sum(visitor.weights.values()) <= pages.HEAVIEST


@pytest.mark.parametrize("path", ["", "pitfalls/race/", "costs/results/"])
def test_search_engines_and_previews_are_told_what_it_is(path: str, tab: Page) -> None:
    tab.goto(f"{tab.url}{path}")
    told = json.loads(tab.locator("script[type='application/ld+json']").inner_text())
    assert told["@type"] == "TechArticle"
    for name, key in {"og:title": "headline", "og:description": "description"}.items():
        content = tab.locator(f"meta[property='{name}']").get_attribute("content")
        assert content == told[key]
    assert told["description"] == tab.locator("meta[name=description]").get_attribute("content")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_quick_reference_has_two_sheets(paper: str, tab: Page) -> None:
    tab.goto(f"{tab.url}quick-reference/")
    sheets = re.findall(rb"/Type\s*/Page\b(?!s)", tab.pdf(format=paper))
    assert len(sheets) == 2


# Which tool do I need?

WHICH = "try/which-tool/"
QUESTIONS = "#questions"
CHOICE = f"{QUESTIONS} .choices a"
USE = f"{QUESTIONS} dl"
LINKS = f"[...document.querySelectorAll('{QUESTIONS} :is(h2, dl) a')].map(link => link.href)"
# Whether what is shown, with the last answer, is the text of one of the rows.
IS_A_ROW = f"""
() => {{
  const answer = [...document.querySelectorAll("{QUESTIONS} .answered strong")].at(-1)
  const use = document.querySelector("{QUESTIONS} h2")
  const parts = [answer, use, ...document.querySelectorAll("{QUESTIONS} dd")]
  const shown = parts.map(part => part.textContent.replace(/^Use /, "")).join()
  const rows = [...document.querySelectorAll("article tbody tr")]
  return rows.some(row => [...row.cells].map(cell => cell.textContent).join() === shown)
}}
"""


def rows() -> list[str]:
    """The first cell of each row that answers a last question, in the source of the page."""
    text = (ROOT / "docs" / "try" / "which-tool.md").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [line.strip("|").split(" | ")[0].strip() for line in lines]
    return [cell for cell in cells if not cell.endswith("?") and not cell.startswith("---")]


def press(tab: Page, link: Locator) -> None:
    """Press a link of the questions, and wait for what comes of it."""
    address = link.get_attribute("href")
    link.click()
    tab.wait_for_function("address => location.hash === address", arg=address)
    tab.wait_for_function(f"document.activeElement.matches('{QUESTIONS} h2')")


def ends(tab: Page, depth: int = 0) -> Iterator[str]:
    """The address of each end that is reached by pressing answers, and going back; it is shown."""
    if tab.locator(USE).count():
        yield tab.url
        return
    assert depth < 5, "more than five questions"
    for number in range(tab.locator(CHOICE).count()):
        press(tab, tab.locator(CHOICE).nth(number))
        yield from ends(tab, depth + 1)
        press(tab, tab.get_by_role("link", name="Back", exact=True))


def is_there(built: Path, path: str) -> bool:
    """Whether the built site has a page, and the heading that an address names."""
    path, heading = urldefrag(path)
    file = built / path / "index.html"
    return file.exists() and (not heading or f'id="{heading}"' in file.read_text("utf-8"))


def test_each_answer_is_reached_and_leads_on(tab: Page, built: Path) -> None:
    site = tab.url
    tab.set_viewport_size(PHONE)
    tab.goto(f"{site}{WHICH}")
    found = set()
    for address in ends(tab):
        links = tab.evaluate(LINKS)
        assert len(links) >= 2, f"{address}: no program, or nothing to take care of"
        for link in links:
            assert is_there(built, link.removeprefix(site)), f"{address}: {link}"
        assert tab.evaluate(IS_A_ROW), f"{address} does not show what a row of the tables says"
        assert tab.evaluate(FITS), f"{address} is wider than a phone"
        found.add(address)
    assert len(found) == len(rows()) > 40


def test_an_end_has_an_address(tab: Page) -> None:
    path = "a-program-and-the-processes-that-it-starts/one-number/several-processes"
    tab.goto(f"{tab.url}{WHICH}#which/{path}")
    assert tab.locator(f"{QUESTIONS} h2").inner_text().startswith("Use Value")
    press(tab, tab.get_by_role("link", name="Change the answer: One number"))
    assert tab.locator(f"{QUESTIONS} h2").inner_text() == "What do they share?"


def test_the_keyboard_reaches_an_end(tab: Page) -> None:
    tab.goto(f"{tab.url}{WHICH}")
    while not tab.evaluate(f"!!document.activeElement.closest('{QUESTIONS}')"):
        tab.keyboard.press("Tab")
    for question in "What do they share?", "Who changes it?":
        tab.keyboard.press("Enter")  # on the first answer
        tab.wait_for_function(f"document.activeElement.matches('{QUESTIONS} h2')")
        if question == "What do they share?":
            assert tab.locator(f"{QUESTIONS} h2").inner_text() == question
            for _ in range(3):
                tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(USE)
    assert "Value" in tab.locator(f"{QUESTIONS} h2").inner_text()
    assert "Value, under its lock" in tab.locator(USE).inner_text()
    for question in "Who changes it?", "What do they share?", "Who shares the data?":
        tab.go_back()
        tab.get_by_role("heading", name=question, exact=True).wait_for()


@pytest.mark.parametrize("wrong", ["#which/no-such-answer", "#which//", "#which/%", "#which/<b>"])
def test_an_address_that_is_none_is_told(wrong: str, tab: Page) -> None:
    tab.goto(f"{tab.url}{WHICH}{wrong}")
    assert "not here" in tab.get_by_role("alert").inner_text()
    assert tab.locator(CHOICE).count() == 4
    press(tab, tab.locator(CHOICE).first)
    assert not tab.get_by_role("alert").count()


def test_an_address_of_a_heading_asks_from_the_start(tab: Page) -> None:
    tab.goto(f"{tab.url}{WHICH}#what-do-they-share-one-number")
    assert tab.locator(CHOICE).count() == 4
    tab.evaluate("location.hash = '#where-to-go-next'")
    assert tab.locator(CHOICE).count() == 4


def test_the_tables_are_there_without_javascript(site: Page) -> None:
    assert site.context.browser
    with site.context.browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.url}{WHICH}")
        assert page.locator("article noscript a").is_visible()
        assert not page.locator(QUESTIONS).is_visible()
        assert page.locator("article tbody tr").count() == len(rows())
