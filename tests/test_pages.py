"""Each page of the built site is light, stands still, and reads nothing from elsewhere."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.harness.run import pages, search


@contextmanager
def visitor(browser: str, site: Path) -> Iterator[pages.Visitor]:
    with search.served(site) as (address, _), search.opened(browser, address) as page:
        assert page.context.browser
        yield pages.Visitor(page.context.browser.new_page(), address)  # which has read nothing yet


def test_nothing_is_wrong_with_any_page(browser: str, built: Path) -> None:
    files = sorted(built.rglob("index.html"))
    with visitor(browser, built) as tab:
        paths = [f"{file.parent.relative_to(built).as_posix()}/" for file in files]
        told = [f"{path} {problem}" for path in paths for problem in tab.problems(path)]
    assert not told, "\n".join(told)


WRONG = {
    "<script>console.error('no')</script>": "says: no",
    "<script>gone()</script>": "fails: gone is not defined",
    "<div style='width: 500px'>wide</div>": "is wider than a screen of 390 pixels",
    "<script src='data.js'></script>": "weighs ",
    "<img src='http://127.0.0.1:9/x.png'>": "reads http://127.0.0.1:9/x.png",
    "<script>setTimeout(() => document.body.style.paddingTop = '300px', 30)</script>": "shifts ",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_told(text: str, browser: str, tmp_path: Path) -> None:
    page = f"<!doctype html><link rel=icon href=data:,><h1>Title</h1><p>{text}"
    (tmp_path / "index.html").write_text(page, "utf-8")
    (tmp_path / "data.js").write_bytes(random.Random(0).randbytes(pages.HEAVIEST))
    with visitor(browser, tmp_path) as tab:
        told = list(tab.problems(""))
    assert any(problem.startswith(WRONG[text]) for problem in told), told
