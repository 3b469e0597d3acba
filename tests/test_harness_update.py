"""The update records real output, and refuses what must not be recorded."""

import sys
from pathlib import Path

import pytest

from tests.harness.update import update_program, with_dots, without_frames
from tests.harness.words import START_METHODS
from tests.test_harness_runs import made_up

PYTHON = {f"{sys.version_info.major}.{sys.version_info.minor}": sys.executable}
METHOD = "from multiprocessing import get_start_method as m\n"


def test_it_records_and_shows_what_changed(tmp_path: Path) -> None:
    program = made_up(tmp_path, "print(5)")
    assert update_program(program, PYTHON).splitlines()[-2:] == ["-4", "+5"]
    assert program.expectations[0].shown[0].text == "5\n"
    assert update_program(program, PYTHON) == ""


@pytest.mark.parametrize(
    "code, why",
    [
        ("print(5)\nexit(3)", "it should be exit status 0, was exit status 3"),
        ("print(5)\nraise ValueError('bad order')", "ValueError: bad order"),
        ("print(5)\nopen('left', 'w').close()", "left a file behind: left"),
        ("import sys\nprint(5, file=sys.stderr)", "the page shows no standard error"),
        (METHOD + "print(m())", "different in cases that the page shows as one"),
        ("pass", "it printed nothing"),
        ("print('4', end='')", "no end of the last line"),
        ("print('4\\t5')", "what a page cannot show"),
    ],
)
def test_it_refuses_and_keeps_the_page(tmp_path: Path, code: str, why: str) -> None:
    program = made_up(tmp_path, code)
    message = update_program(program, PYTHON)
    assert message.startswith("refused: ")
    assert why in message
    assert program.expectations[0].shown[0].text == "4\n"


def test_it_puts_dots_where_the_page_allows_them(tmp_path: Path) -> None:
    title = "Output, with ... for what differs"
    program = made_up(tmp_path, METHOD + "print('under', m(), 'today')", title)
    update_program(program, PYTHON)
    assert program.expectations[0].shown[0].text == "under ... today\n"
    assert len(START_METHODS) > 1


def test_it_refuses_to_leave_nothing_but_dots(tmp_path: Path) -> None:
    program = made_up(tmp_path, METHOD + "print(m())", "Output, with ... for what differs")
    assert "nothing that is always the same" in update_program(program, PYTHON)
    assert program.expectations[0].shown[0].text == "4\n"


def test_it_keeps_an_output_that_still_holds(tmp_path: Path) -> None:
    title = "Output, only checked to end at or below 100"
    program = made_up(tmp_path, "print(5)", title)
    assert update_program(program, PYTHON) == ""
    assert program.expectations[0].shown[0].text == "4\n"


def test_frames_are_left_out() -> None:
    text = 'Traceback (most recent call last):\n  File "x", line 1\n    f()\n    ~^^\nKeyError: 1\n'
    assert without_frames(text) == "Traceback (most recent call last):\n  ...\nKeyError: 1\n"


@pytest.mark.parametrize(
    "one, other, both",
    [
        ("a 1 b\n", "a 2 b\n", "a ... b\n"),
        ("same\nPID 7\n", "same\nPID 8\n", "same\nPID ...\n"),
        ("same\n", "same\nmore\n", "same\n...\n"),
    ],
)
def test_what_differs_becomes_dots(one: str, other: str, both: str) -> None:
    assert with_dots(one, other) == both
