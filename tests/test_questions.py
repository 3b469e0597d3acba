"""Readers who ask the site's search in their own words find the page that answers."""

import hashlib
import statistics
import tomllib
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import pytest

from tests.harness.read.site import ROOT, read_site
from tests.harness.run import search

QUESTIONS = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))["question"]
PAGES = {question["asked"]: question["pages"] for question in QUESTIONS if question["pages"]}
UNUSED = 15_000  # bytes that a page may cost for the search, gzipped, until it is used
FIRST = 3  # hits that a phone shows without scrolling
NAMES = {  # in any capitalization, in part, with a letter wrong, or in text of another script
    "SharedMemory": "syntax/shared-memory",
    "sharedmemory": "syntax/shared-memory",
    "SHARED_MEMORY": "syntax/shared-memory",
    "sharedmem": "syntax/shared-memory",
    "shraed memory": "syntax/shared-memory",
    "brokenprocesspool": "pitfalls/killed-worker",
    "BrokenProcessPol": "pitfalls/killed-worker",
    "processpoolexecutor": "syntax/process-pool-executor",
    "poolexecutor": "syntax/process-pool-executor",
    "shareablelist": "syntax/shareable-list",
    "sharablelist": "syntax/shareable-list",
    "barrier": "syntax/barrier",
    "barreir": "syntax/barrier",
    "queeu": "syntax/queue",
    "picklingerror": "pitfalls/local-function",
    "共享内存SharedMemory删除": "syntax/shared-memory",  # no space before the name or after it
    "用Barrier同步": "syntax/barrier",
    "как работает Barrier": "syntax/barrier",
}
NOTHING = "left-out"  # the page that the search offers where no other fits
FOREIGN = [  # questions of other guides
    "kubernetes operator helm chart values",
    "css flexbox center a div vertically",
    "rust borrow checker lifetime of a closure",
    "sourdough starter hydration ratio",
    "django template extends block not rendering",
    "react useEffect infinite loop",
    "how to reverse a list in python",
    "regex match email address",
    "matplotlib legend outside the plot",
    "git rebase conflict abort",
    "tensorflow keras model fit shape mismatch",
    "postgres slow query explain analyze index",
    "java spring boot bean autowire",
    "selenium element not clickable exception",
    "typing protocol generic covariant",
    "sql left join duplicate rows",
]


class Half(StrEnum):
    """What a question is for: the ranking may be tuned on the one half, never on the other.

    The `asked` of pages has words of both: how well a new question does, only new ones tell.
    """

    TUNED = "to tune on"
    REPORTED = "to report"


ENOUGH = {Half.TUNED: 0.9, Half.REPORTED: 0.9}  # found, of those that were asked


def half_of(asked: str) -> Half:
    """The half of a question: by its text alone, so nobody can choose it."""
    return list(Half)[hashlib.sha256(asked.encode()).digest()[0] % 2]


def test_each_answer_is_a_page() -> None:
    docs = ROOT / "docs"
    site = read_site()
    paths = [*site.fences, *site.notebooks]
    pages = {path.relative_to(docs).with_suffix("").as_posix() for path in paths}
    for question in QUESTIONS:
        unknown = set(question["pages"]) - pages
        assert not unknown, f"{question['asked']!r} names pages that do not exist: {unknown}"


def test_questions_find_their_page(
    browser: str, built: Path, record_property: Callable[[str, object], None]
) -> None:
    with search.served(built) as (address, read), search.opened(browser, address) as page:
        unused = search.bytes_of(read)
        answers = {asked: search.ask(page, asked) for asked in [*PAGES, *NAMES, *FOREIGN]}
        shown = search.paste(page, "sharedmemory")
        used = search.bytes_of(read)
    assert unused <= UNUSED < used, f"a page reads {unused} bytes for the search, {used} when used"
    hits = {asked: found[:FIRST] for asked, (found, _) in answers.items()}
    assert shown[:FIRST] == hits["sharedmemory"], "the theme shows other pages than were found"
    for name, answer in NAMES.items():
        assert answer in hits[name], f"{name!r} finds {hits[name]}, and not {answer}"
    told = [question for question in FOREIGN if hits[question][:1] == [NOTHING]]
    assert len(told) > len(FOREIGN) / 2, f"it is told that nothing fits of {told} alone"
    lines, missed = [], []
    for half in Half:
        asked = [question for question in PAGES if half_of(question) is half]
        lost = [question for question in asked if not set(hits[question]) & set(PAGES[question])]
        found = len(asked) - len(lost)
        lines.append(f"{len(asked)} questions {half}, {found} found their page")
        if found < ENOUGH[half] * len(asked):
            missed += [f"{q}\n  answered by {PAGES[q]}, got {hits[q]}" for q in lost]
    reported = [q for q in QUESTIONS if half_of(q["asked"]) is Half.REPORTED]
    judged = sum(bool({*q.get("judged", [])} & {*hits.get(q["asked"], [])}) for q in reported)
    lines[-1] += f" ({judged} by judgment)"
    line = "; ".join(lines) + f" among the first {FIRST} hits"
    line += f"; {len(QUESTIONS) - len(PAGES)} without a page yet"
    first, *times = (took for _, took in answers.values())
    line += f"; first answer after {first:.0f} ms, 95 % of the others within "
    line += f"{statistics.quantiles(times, n=20)[-1]:.0f} ms"
    record_property("told", line)
    if missed:
        pytest.fail("\n".join([line, *missed]), pytrace=False)
