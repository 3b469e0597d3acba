"""What a reader can play with is used by mouse and by keyboard, in a browser."""

import csv
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.harness.read.site import ROOT
from tests.harness.read.versions import numbers, read_versions
from tests.harness.run.pages import PHONE

OUTCOMES = ROOT / "examples" / "what-the-child-sees" / "_outcomes.csv"
CHILD = "try/what-the-child-sees/"
ANSWER = "#child-answer"
SELECTS = "#child-thing", "#child-way", "#child-method", "#child-python"
LOCK = "#lock/argument-of-a-pool-s-task/spawn/3.13.0"
EVERY_CHOICE = """
() => {
  const [thing, way, method, python] = document.querySelectorAll("#child select")
  const told = []
  for (const option of thing.options) {
    thing.value = option.value
    thing.dispatchEvent(new Event("change", { bubbles: true }))
    for (way.selectedIndex = 0; ; way.selectedIndex++) {
      for (const { value: start } of method.options)
        for (const { value: release } of python.options) {
          method.value = start
          python.value = release
          way.dispatchEvent(new Event("change", { bubbles: true }))
          const text = document.querySelector("#child-answer .found").textContent
          told.push([thing.value, way.value, start, release, text])
        }
      if (way.selectedIndex === way.options.length - 1) break
    }
  }
  return told
}
"""


@pytest.fixture
def child(site: Page) -> Iterator[Page]:
    """The page on what a child sees, as nobody has used it."""
    browser = site.context.browser
    assert browser
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.url + CHILD)
        page.wait_for_selector(f"{ANSWER} .found")
        yield page


def chosen(page: Page) -> list[str]:
    return [page.input_value(select) for select in SELECTS]


def told(page: Page) -> str:
    return page.inner_text(f"{ANSWER} .found")


def test_every_choice_is_answered_as_it_was_recorded(child: Page) -> None:
    recorded = {}
    with OUTCOMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for first in row["pythons"].split():
                case = row["thing"], row["way"], row["start method"], numbers(first)
                recorded[case] = row["outcome"].replace("`", "")
    spans = sorted({release for *_, release in recorded})
    answers = child.evaluate(EVERY_CHOICE)
    for *case, python, text in answers:
        first = max(span for span in spans if span <= numbers(python))
        assert text == recorded[*case, first], (case, python)
    assert len(answers) == len(recorded)


def test_labels_are_those_of_tabs(child: Page) -> None:
    cells = child.locator(".outcomes ~ details tbody td:nth-child(2)").all_text_contents()
    labels = {cell.partition(", Python ")[2] for cell in cells} - {""}
    assert labels
    for label in labels:
        assert str(read_versions(label)) == label


def test_a_reader_chooses_by_mouse(child: Page) -> None:
    child.select_option("#child-thing", "Lock")
    child.select_option("#child-way", "argument of a Pool's task")
    child.select_option("#child-method", "spawn")
    child.select_option("#child-python", "3.13.0")
    assert "only be shared between processes through inheritance" in told(child)
    assert child.url.endswith(LOCK)
    child.get_by_role("link", name="Why, and what to do").click()
    assert child.url.endswith("/pitfalls/pool-argument/")
    child.go_back()
    child.wait_for_selector(f"{ANSWER} .found")
    assert chosen(child) == ["Lock", "argument of a Pool's task", "spawn", "3.13.0"]


def test_a_reader_chooses_by_keyboard(child: Page) -> None:
    child.focus("#child-thing")
    child.keyboard.type("Open")
    child.keyboard.press("Tab")
    child.keyboard.press("End")
    child.keyboard.press("Tab")
    child.keyboard.type("fork")
    assert chosen(child)[:3] == ["Open file", "item of a Queue", "fork"]
    assert told(child).lower().startswith("lost: put() returns")
    for _ in range(2):
        child.keyboard.press("Tab")
    assert child.evaluate("document.activeElement.closest('#child-answer') !== null")
    assert child.get_attribute(ANSWER, "aria-live") == "polite"
    for name in "What is shared", "How it gets there", "Start method", "Python":
        assert child.get_by_label(name, exact=True).count() == 1


def test_a_setting_has_no_way_of_an_object(child: Page) -> None:
    child.select_option("#child-way", "item of a Queue")
    child.select_option("#child-thing", "Environment variable")
    assert len(child.locator("#child-way option").all()) == 3
    assert told(child)


@pytest.mark.parametrize(
    "address", ["#lock/nowhere/spawn/3.13.0", "#lock/", "#a/b/c/d/e", "#lock/%E0%A4%A", "#/<b>/"]
)
def test_a_malformed_address_is_told(child: Page, address: str) -> None:
    child.goto(child.url.partition("#")[0] + address)
    child.reload()
    child.wait_for_selector(f"{ANSWER} .found")
    assert "Choose again" in child.inner_text(ANSWER)
    assert child.locator(f"{ANSWER} b").count() == 0
    child.select_option("#child-thing", "Value")
    assert "Choose again" not in child.inner_text(ANSWER)


def test_the_address_of_a_heading_is_none_of_a_choice(child: Page) -> None:
    child.goto(child.url + "#how-to-read-it")
    child.reload()
    child.wait_for_selector(f"{ANSWER} .found")
    assert "Choose again" not in child.inner_text(ANSWER)


def test_without_scripts_there_is_the_table(child: Page) -> None:
    browser = child.context.browser
    assert browser
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:
        plain = context.new_page()
        plain.goto(child.url)
        assert not plain.locator("#child").is_visible()
        table = plain.locator("details", has_text="SharedMemory").first
        table.locator("summary").click()
        assert table.locator("tbody tr").first.is_visible()
        assert plain.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
