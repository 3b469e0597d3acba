"""The update records real output, and refuses what must not be recorded."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.harness.compare.record import with_dots, without_frames
from tests.harness.read.model import Program
from tests.harness.read.site import ROOT
from tests.harness.read.versions import THIS, named
from tests.harness.read.words import START_METHODS
from tests.harness.run.pythons import Python
from tests.harness.tools import update
from tests.harness.tools.update import update_program
from tests.test_harness_runs import made_up
from tests.test_harness_site import PAGE, make_with_harness

PYTHON = {THIS: Python(sys.executable, THIS, frozenset({"numpy"}))}
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


NOTEBOOK = """{
 "cells": [
  {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "Add"},
  {"cell_type": "code", "id": "b", "metadata": {}, "source": "CODE", "execution_count": 1,
   "outputs": [{"name": "stdout", "output_type": "stream", "text": ["4\\n"]}]}
 ],
 "metadata": {}, "nbformat": 4, "nbformat_minor": 5
}
"""
PRINT = "# Print\n\n```python\nprint({})\n#> 4\n```\n"
FIXED, PAGE_OF_PRINT, TOUR = "examples/race/fixed.py", "docs/a/print.md", "docs/a/tour.ipynb"
SITE = {
    "mkdocs.yml": "nav:\n  - index.md\n  - a/race.md\n  - a/print.md\n  - a/tour.ipynb\n",
    "docs/pitfalls/race.md": None,
    "docs/a/race.md": PAGE,
    PAGE_OF_PRINT: PRINT.format("4"),
    TOUR: NOTEBOOK.replace("CODE", "print(4)"),
    "tests/addresses.txt": "/\n/a/print/\n/a/race/\n",
}
Command = Callable[[Mapping[str, str], list[str]], int]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, on a small site with some files changed, on this Python only."""

    def run(changes: Mapping[str, str], names: list[str]) -> int:
        monkeypatch.setattr(update, "ROOT", make_with_harness(tmp_path, {**SITE, **changes}))
        monkeypatch.setattr(update, "find_pythons", lambda packages: PYTHON)
        monkeypatch.setattr("sys.argv", ["update", *names])
        return update.main()

    return run


def test_the_command_records_what_differs_and_shows_it(
    tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = {
        FIXED: '"""Add."""\n\nprint(5)\n',
        PAGE_OF_PRINT: PRINT.format("5"),
        TOUR: NOTEBOOK.replace("CODE", "print(5)"),
    }
    assert command(changes, []) == 0
    told = capsys.readouterr().out
    assert "race/fixed: recorded" in told
    assert "tour.ipynb: recorded" in told
    assert "-#> 4\n+#> 5" in told
    assert "/a/tour/: a new address\nDone\n" in told
    assert (tmp_path / "examples/race/fixed.out").read_text("utf-8") == "5\n"
    assert "#> 5\n" in (tmp_path / PAGE_OF_PRINT).read_text("utf-8")
    assert '"5\\n"' in (tmp_path / TOUR).read_text("utf-8")
    assert "/a/tour/\n" in (tmp_path / "tests/addresses.txt").read_text("utf-8")


def test_the_command_refuses_what_fails_and_keeps_the_pages(
    tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = {
        FIXED: '"""Add."""\n\nprint(1 / 0)\n',
        PAGE_OF_PRINT: PRINT.format("1 / 0"),
        TOUR: NOTEBOOK.replace("CODE", "print(1 / 0)"),
    }
    assert command(changes, []) == 1
    told = capsys.readouterr().out
    assert "race/fixed: refused: under " in told
    assert "tour.ipynb: refused: " in told
    assert told.count("ZeroDivisionError: division by zero") >= 2
    assert told.endswith("3 refused\n")
    assert (tmp_path / "examples/race/fixed.out").read_text("utf-8") == "4\n"
    assert (tmp_path / PAGE_OF_PRINT).read_text("utf-8").endswith(changes[PAGE_OF_PRINT])
    assert (tmp_path / TOUR).read_text("utf-8") == changes[TOUR]


@pytest.mark.skipif(sys.platform == "win32", reason="ends the process instead")
def test_a_fragment_that_hangs_is_stopped_and_refused(
    tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    runner = (ROOT / "examples" / "_runner.py").read_text("utf-8")
    changes = {
        PAGE_OF_PRINT: PRINT.format("4").replace("print(4)", "while True: pass"),
        "examples/_runner.py": runner.replace("TIME_LIMIT = 60.0", "TIME_LIMIT = 3.0"),
    }
    assert command(changes, ["print"]) == 1
    told = capsys.readouterr().out
    assert f"{PAGE_OF_PRINT}:7: still running after 3 s, in line 8\n" in told
    assert "#> 4\n" in (tmp_path / PAGE_OF_PRINT).read_text("utf-8")


def test_the_command_updates_only_what_is_named(
    tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = {
        TOUR: NOTEBOOK.replace("CODE", "print(5)"),
        "docs/a/race.md": PAGE + "\n" + PRINT.format("5"),
    }
    assert command(changes, ["print", "race/fixed"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[1:] == ["", "/a/tour/: a new address", "Done"]
    assert (tmp_path / TOUR).read_text("utf-8") == changes[TOUR]
    assert command({}, ["tour"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["/a/tour/: a new address", "Done"]


def test_the_command_says_that_nothing_has_a_name(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command({}, ["lost", "gone"]) == 2
    assert "Nothing is named lost or gone" in capsys.readouterr().out


def test_a_notebook_that_depends_on_the_start_method_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "a" / "tour.ipynb"
    path.parent.mkdir(parents=True)
    code = "import multiprocessing as m; print(m.get_start_method())"
    path.write_text(NOTEBOOK.replace("CODE", code), "utf-8")
    assert "different things under two start methods" in update.update_notebook(path)


def test_a_program_whose_page_shows_no_output_is_refused(tmp_path: Path) -> None:
    program = Program("race/fixed", tmp_path / "fixed.py", "docs/pitfalls/race.md", 4)
    assert update_program(program, PYTHON) == "refused: its page shows no output"


def test_a_python_without_a_package_is_told_and_not_used(tmp_path: Path) -> None:
    program = made_up(tmp_path, "print(5)")
    needs = "".join(f"# {line}\n" for line in ("/// script", 'dependencies = ["lost"]', "///"))
    program.path.write_text(needs + program.path.read_text("utf-8"), "utf-8")
    told = update_program(program, PYTHON)
    assert told == f"not run on Python {named(THIS)}, without lost"
    assert program.expectations[0].shown[0].text == "4\n"


def test_it_refuses_a_program_whose_command_is_not_there(tmp_path: Path) -> None:
    program = made_up(tmp_path, "print(4)")
    needs = "# /// script\n# [tool.examples]\n# commands = ['gone']\n# ///\n"
    program.path.write_text(needs + program.path.read_text("utf-8"), "utf-8")
    assert update_program(program, PYTHON) == "refused: it needs gone; install that first"
    assert program.expectations[0].shown[0].text == "4\n"
