"""The pages to see and try, used by mouse and by keys in the built site, and held to Python."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.claims import _interleavings
from tests.harness.run import pages, stepper


@pytest.fixture
def told() -> list[str]:
    """What the pages say on the console, and the errors that they have."""
    return []


@pytest.fixture
def page(site: Page, told: list[str]) -> Iterator[Page]:
    """A page that nobody has used, on a phone; it must say nothing on the console."""
    browser = site.context.browser
    assert browser
    with browser.new_context(base_url=site.url, viewport=pages.PHONE) as context:
        page = context.new_page()
        page.on("console", lambda said: told.append(said.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        yield page
        assert not told


# The race stepper

SETTINGS = [(count, each) for count in (2, 3) for each in (1, 2, 3)]
LOSES = [
    *["A LOAD 0, 0", "B LOAD 0, 0", "A ADD 1, 0", "B ADD 1, 0"],
    *["A STORE 1, 1", "B STORE 1 ✗, 1"],
]
MALFORMED = {
    "#2x9-AB": "names no schedule",
    "#4x1-ABCD": "names no schedule",
    "#2x1-": "names no schedule",
    "#2x1-abab": "names no schedule",
    "#%E0%A4%A": "names no schedule",
    "#<img src=x onerror=alert(1)>": "names no schedule",
    "#2x1-" + "AB" * 5_000: "A cannot make step 7",
    "#2x1-ABC": "C cannot make step 3",
    "#2x1-AAAA": "A cannot make step 4",
    "#2x1-lock-AB": "B cannot make step 2",
}


def stepped(page: Page, address: str = "") -> Page:
    """The stepper, opened at an address."""
    page.goto("about:blank")  # else a new hash is no new visit
    page.goto(stepper.PAGE + address)
    page.wait_for_selector(f"{stepper.FORM}:not([inert])")
    return page


def said(page: Page, text: str) -> None:
    expect(page.locator(stepper.SAID)).to_contain_text(text)


@pytest.mark.parametrize("lock", [False, True])
def test_race_counts_are_those_of_python(page: Page, lock: bool) -> None:
    stepped(page)
    for setting in SETTINGS:
        found, examples = stepper.count(page, *setting, lock)
        assert found == _interleavings.count(*setting, lock), setting
        assert list(map(_interleavings.total, examples)) == sorted(found), setting


def test_race_by_mouse(page: Page) -> None:
    stepped(page)
    said(page, stepper.FRESH)
    assert stepper.here(page) == {"LOAD": "A B"}
    stepper.press(page, *"ABAB")
    assert stepper.here(page) == {"STORE": "A B"}
    assert page.locator("[data-of=B] strong").inner_text() == "1"
    stepper.press(page, *"AB")
    said(page, "That overwrites what A stored after B had loaded. The end: the total is 1, not 2.")
    assert stepper.rows(page) == LOSES
    assert stepper.here(page) == {"end": "A B"}
    assert page.locator("button[name=A]").inner_text() == "A is done"
    assert page.url.endswith("#2x1-ABABAB")
    stepper.press(page, "back", "back")
    assert page.url.endswith("#2x1-ABAB") and stepper.rows(page) == LOSES
    stepper.press(page, "next")
    assert page.url.endswith("#2x1-ABABA")
    stepper.press(page, "restart")
    said(page, stepper.FRESH)
    stepper.press(page, "B")  # not what comes next in what was undone
    assert stepper.rows(page) == ["B LOAD 0, 0"]


def test_race_by_keys(page: Page) -> None:
    stepped(page)
    page.keyboard.press("a")  # the focus is elsewhere
    said(page, stepper.FRESH)
    page.focus(f"{stepper.FORM} [name=processes]:checked")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for key in ["a", "A", "b", "Control+a", "a", "c"]:  # B has to wait
        page.keyboard.press(key)
    said(page, "C acquires the lock and loads 1.")
    assert page.url.endswith("#3x2-lock-AAAC")
    assert stepper.here(page) == {"with": "A B", "ADD": "C"}
    page.keyboard.press("Tab")
    for name in "ABC":  # each button can be reached, and says why it does nothing
        assert page.evaluate("document.activeElement.name") == name
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
    assert page.locator("button[name=A]").inner_text() == "A waits for C"
    assert page.locator("button[name=A]").get_attribute("aria-disabled") == "true"
    said(page, "C adds 1 and has 2 in its register.")
    page.keyboard.press("Enter")  # restart
    said(page, stepper.FRESH)
    assert page.get_by_role("group", name="Process C").is_visible()
    assert page.get_by_role("table", name="The schedule").is_visible()


@pytest.mark.parametrize("lock", [False, True])
def test_race_played_at_random(page: Page, lock: bool) -> None:
    page.clock.install()
    stepped(page)
    stepper.choose(page, 3, 2, lock)
    stepper.press(page, "play")
    page.clock.run_for(1_000)
    stepper.press(page, "play")  # stop
    made = re.sub(r".*-", "", page.url)
    assert made and set(made) <= set("ABC") and len(made) < 18
    page.clock.run_for(1_000)
    assert page.url.endswith(f"-{made}")
    stepper.press(page, "play")
    page.clock.run_for(10_000)
    schedule = re.sub(r".*-", "", page.url)
    assert sorted(schedule) == sorted("ABC" * 6) and schedule.startswith(made)
    said(page, f"The end: the total is {_interleavings.total(schedule)}, ")
    assert not lock or _interleavings.is_serial(schedule)


def test_race_all_schedules(page: Page, record_property: Callable[[str, object], None]) -> None:
    stepped(page)
    stepper.choose(page, 3, 3, False)
    took = page.evaluate(stepper.TIME)
    record_property("told", f"race stepper: 227,873,431,500 schedules counted in {took:.0f} ms")
    result = page.locator(".stepper-all")
    expect(result).to_contain_text("227,873,429,820 of 227,873,431,500 schedules end with a wrong")
    assert result.locator("tbody tr").count() == 8
    link = result.locator("tbody a").first
    schedule = link.inner_text()
    link.click()
    said(page, "the total is 2, not 9. 7 updates are lost.")
    assert page.url.endswith(f"#3x3-{schedule}") and _interleavings.total(schedule) == 2
    expect(page.locator(stepper.FORM)).to_be_in_viewport()
    stepper.choose(page, 3, 3, True)
    expect(result).to_contain_text("0 of 1,680 schedules end with a wrong total.")


def test_race_schedule_in_the_address(page: Page) -> None:
    stepped(page, "#2x1-ABABAB")
    said(page, stepper.LOST)
    assert stepper.rows(page) == LOSES
    expect(page.locator(stepper.SAID)).to_be_in_viewport()
    stepped(page, "#2x1-lock-AAABBB")
    said(page, "the total is 2, as it should be.")
    assert page.is_checked(f"{stepper.FORM} [name=lock]")
    page.goto("pitfalls/race/")
    page.click("text=Step through it")
    said(page, stepper.LOST)
    page.click("article a[href$='#how-many-schedules-lose-an-update']", force=True)
    said(page, stepper.LOST)  # a heading is no schedule


@pytest.mark.parametrize("address", MALFORMED)
def test_race_malformed_address(page: Page, address: str) -> None:
    stepped(page, address)
    said(page, MALFORMED[address])
    said(page, "This is a fresh start.")
    assert stepper.rows(page) == []
    stepper.press(page, "A")
    assert page.url.endswith("#2x1-A")


def test_race_fits_a_phone(page: Page) -> None:
    stepped(page)
    stepper.choose(page, 3, 3, True)
    stepper.press(page, "all")
    stepper.choose(page, 3, 3, False)
    assert page.evaluate(pages.FITS)


def test_race_without_scripts(site: Page) -> None:
    browser = site.context.browser
    assert browser
    with browser.new_context(base_url=site.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(stepper.PAGE)
        assert not page.locator(stepper.FORM).is_visible()
        assert page.locator("noscript a").get_attribute("href") == "#2x1-ABABAB"
        assert page.locator("[id='2x1-ABABAB'] ~ * tr").count() > len(LOSES)
        assert page.locator("td:text-is('227,873,431,500')").is_visible()
