"""Readers who ask the site's search in their own words find the page that answers."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.read.site import ROOT, read_site
from tests.harness.run import search

QUESTIONS = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))["question"]
FIRST = 3  # hits that a phone shows without scrolling
ENOUGH = 0.95


def test_each_answer_is_a_page() -> None:
    docs = ROOT / "docs"
    site = read_site()
    paths = [*site.fences, *site.notebooks]
    pages = {path.relative_to(docs).with_suffix("").as_posix() for path in paths}
    for question in QUESTIONS:
        unknown = set(question["pages"]) - pages
        assert not unknown, f"{question['asked']!r} names pages that do not exist: {unknown}"


@pytest.mark.skipif(not search.find_browser(), reason="no Chromium or Chrome to ask the search in")
def test_questions_find_their_page(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    search.build(tmp_path)
    missed = []
    browser = search.find_browser()
    assert browser
    with search.served(tmp_path) as address, search.opened(browser) as page:
        for question in QUESTIONS:
            hits = search.ask(page, address, question["asked"])[:FIRST]
            if not set(hits) & set(question["pages"]):
                missed.append(f"{question['asked']}\n  answered by {question['pages']}, got {hits}")
    found = len(QUESTIONS) - len(missed)
    line = f"{len(QUESTIONS)} questions, {found} found their page among the first {FIRST} hits"
    record_property("questions", line)
    if found < ENOUGH * len(QUESTIONS):
        pytest.fail("\n".join([line, *missed]), pytrace=False)
