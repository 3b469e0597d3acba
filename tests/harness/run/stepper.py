"""Uses the race stepper of the built site, in a browser, as a reader does."""

from collections import Counter

from playwright.sync_api import Page

PAGE = "try/race-stepper/"
FORM = "#stepper"
SAID = f"{FORM} [role=status]"
FRESH = "No step is made yet. Step a process."
LOST = "1 update is lost."
# The model is asked as the page asks it; its counts, and what it says its schedules end with.
COUNT = """
async settings => {
  const { outcomes, run } = await import(new URL("../../assets/race-model.js", location))
  return settings.map(([processes, increments, lock]) => {
    const setting = { processes, increments, lock }
    return outcomes(setting).map(({ total, schedules, schedule }) =>
      [total, schedules, schedule, run(setting, schedule).state.value])
  })
}
"""
# How long a press on "Run all schedules" takes, until the page is changed, in milliseconds.
TIME = """
() => {
  const button = document.querySelector("#stepper [name=all]")
  const start = performance.now()
  button.click()
  document.querySelector("#stepper .stepper-all").getBoundingClientRect()
  return performance.now() - start
}
"""


def count(
    page: Page, processes: int, increments: int, lock: bool
) -> tuple[Counter[int], list[str]]:
    """How many schedules the page says end with each total, and one of each, which does so."""
    [found] = page.evaluate(COUNT, [[processes, increments, lock]])
    assert all(total == reached for total, _, _, reached in found)
    counts = Counter({total: number for total, number, _, _ in found})
    return counts, [schedule for _, _, schedule, _ in found]


def press(page: Page, *names: str) -> None:
    """Click on buttons, one after the other: A, back, all."""
    for name in names:
        page.click(f"{FORM} button[name={name}]")


def choose(page: Page, processes: int, increments: int, lock: bool) -> None:
    """Choose what runs, by mouse."""
    page.check(f"{FORM} [name=processes][value='{processes}']")
    page.check(f"{FORM} [name=increments][value='{increments}']")
    page.set_checked(f"{FORM} [name=lock]", lock)


def rows(page: Page) -> list[str]:
    """The steps that the table of the schedule shows, as `A LOAD 0, 0`."""
    told = []
    for row in page.locator(f"{FORM} .stepper-steps tr").all():
        *steps, value = [cell.inner_text() for cell in row.locator("td").all()]
        told += ["ABC"[who] + f" {step}, {value}" for who, step in enumerate(steps) if step]
    return told


def here(page: Page) -> dict[str, str]:
    """At which lines of the program the processes stand."""
    found = {}
    for line in page.locator(f"{FORM} [data-line]").all():
        if names := line.locator("td").first.inner_text():
            found[str(line.get_attribute("data-line"))] = names
    return found
