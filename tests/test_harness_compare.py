"""What is told of a difference fits on a screen, and advises only what can be done."""

from pathlib import Path

import pytest

from examples._runner import Outcome
from tests.harness.compare.differences import COLUMNS, SCREEN, cut, differences, failure
from tests.test_harness_runs import METHODS, made_up

ENDLESS = "".join(f"{number}\n" for number in range(90_000))


def told(tmp_path: Path, outcome: Outcome) -> list[str]:
    """The lines of the failure of a program whose page shows a 4."""
    program = made_up(tmp_path, "print(4)")
    (expectation,) = program.expectations
    found = differences(expectation, outcome)
    return failure(program, expectation, METHODS[0], found).splitlines()


@pytest.mark.parametrize(
    "text, lines",
    [
        ("a\nb", ["a", "b"]),
        ("a\nb\nc", ["a", "b", "c"]),
        ("a\nb\nc\nd", ["a", "b", "c", "... and 1 more line"]),
        ("a\n" * 3000, ["a", "a", "a", "... and 2,997 more lines"]),
        ("a" * COLUMNS, ["a" * COLUMNS]),
        ("a" * (COLUMNS + 5000), ["a" * COLUMNS + " ... and 5,000 more"]),
    ],
)
def test_a_text_is_cut_and_says_by_how_much(text: str, lines: list[str]) -> None:
    assert cut(text, 3).splitlines() == lines


def test_an_endless_output_is_a_screenful(tmp_path: Path) -> None:
    lines = told(tmp_path, Outcome(0, stdout=ENDLESS))
    assert len(lines) == SCREEN + 2
    assert lines[-2].startswith("... and 89,9"), lines[-2]


def test_no_difference_hides_another(tmp_path: Path) -> None:
    outcome = Outcome(0, stdout=ENDLESS, stderr="No\n", faults=["left a file behind: a"] * 9)
    lines = told(tmp_path, outcome)
    assert "No" in lines
    assert len(lines) <= SCREEN + 4


def test_more_faults_than_a_screen_has_lines_are_cut(tmp_path: Path) -> None:
    lines = told(tmp_path, Outcome(0, stdout="4\n", faults=["left a file behind: a"] * 99))
    assert lines[-2:] == ["... and 59 more lines", "Fix the program"]


@pytest.mark.parametrize(
    "outcome, remedy",
    [
        pytest.param(Outcome(0, "5\n"), "record what it prints: nox -s update", id="other output"),
        pytest.param(Outcome(3, "5\n"), "say over its last output how it ends", id="exit status"),
        pytest.param(Outcome(None, "5\n", seconds=60), "how it ends", id="still running"),
        pytest.param(
            Outcome(0, "5\n", faults=["left a file behind: a"]), "Fix the program", id="left behind"
        ),
        pytest.param(Outcome(0, "4\n", "No\n"), "show its standard error", id="other stream"),
        pytest.param(Outcome(0, "5\t5\n"), "what a page cannot show: a tab", id="tab"),
        pytest.param(Outcome(0, "5"), "no end of the last line", id="no end of line"),
        pytest.param(
            Outcome(0, "\n"), "it printed nothing, or nothing that is always the same", id="nothing"
        ),
    ],
)
def test_recording_is_advised_only_where_it_can_be_done(
    tmp_path: Path, outcome: Outcome, remedy: str
) -> None:
    lines = told(tmp_path, outcome)
    assert remedy in lines[-1]
    assert ("nox -s update" in "".join(lines)) == (remedy.startswith("record"))
