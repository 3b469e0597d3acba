"""A changed output that the tests do not notice, or notice elsewhere, is told."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.harness.read.site import ROOT, read_site
from tests.harness.read.versions import MINORS, THIS, named
from tests.harness.read.words import SYSTEM, SYSTEMS
from tests.harness.tools import mutate
from tests.test_harness_runs import AT_MOST
from tests.test_harness_site import PAGE, PROGRAM, RACE, TABS, make, make_with_harness
from tests.test_harness_update import PYTHON, SITE

OTHER = next(name for name in SYSTEMS if name != SYSTEM)
CLAIMS = '''"""What the page says."""

from tests.claims import raises


def adds() -> None:
    """Two and two is `4`."""
    assert 2 + 2 == 4


def missing() -> None:
    """The key is missing."""
    with raises(KeyError, text="a"):
        {}["a"]
'''
TWO = {
    RACE: PAGE + PAGE.replace("fixed", "again"),
    "examples/race/again.py": '"""Add."""\n\nprint(4)\n',
    "examples/race/again.out": "4\n",
}
Mutate = Callable[[Mapping[str, str | None], list[str]], int]


@pytest.fixture
def run_mutate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mutate:
    """The command, on a small site with some files changed, on this Python only."""

    def run(changes: Mapping[str, str | None], names: list[str]) -> int:
        monkeypatch.setattr(mutate, "ROOT", make_with_harness(tmp_path, changes))
        monkeypatch.setattr(mutate, "find_pythons", lambda: PYTHON)
        monkeypatch.setattr("sys.argv", ["mutate", *names])
        return mutate.main()

    return run


def test_each_output_is_changed_and_noticed(
    run_mutate: Mutate, capsys: pytest.CaptureFixture[str]
) -> None:
    page = PAGE + PAGE.replace("fixed", "unsafe").replace("Output", AT_MOST)
    changes = {
        **SITE,
        "docs/a/race.md": page + "\nTwo and two is `4`. The key is missing.\n",
        "examples/race/unsafe.py": '"""Lose."""\n\nprint(4)\n',
        "examples/race/unsafe.out": "4\n",
        "tests/claims/__init__.py": (ROOT / "tests/claims/__init__.py").read_text("utf-8"),
        "tests/claims/race.py": CLAIMS,
    }
    assert run_mutate(changes, []) == 0
    assert capsys.readouterr().out.splitlines() == [
        "examples/race/fixed.out: noticed",
        "examples/race/unsafe.out: not compared, as its page says",
        "docs/a/print.md:9: noticed",
        "tour.ipynb:cell 1: noticed",
        "tests/claims/race.py:8: noticed",
        "tests/claims/race.py:13: noticed",
        f"Python {named(THIS)}: 5 of 5 changes noticed, 1 not compared",
    ]


def test_a_change_that_fails_another_test_is_told(
    run_mutate: Mutate, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = {
        **SITE,
        "docs/a/race.md": PAGE + PAGE.replace("fixed", "wrong"),
        "examples/race/wrong.py": '"""Add."""\n\nprint(5)\n',
        "examples/race/wrong.out": "4\n",
    }
    assert run_mutate(changes, ["race/fixed"]) == 1
    told = capsys.readouterr().out
    (line,) = [line for line in told.splitlines() if "fixed.out: WRONG, fails for " in line]
    assert "::test_program[race/wrong-" in line
    assert told.endswith("0 of 1 changes noticed, 0 not compared\n")


def test_what_another_python_tries_is_left_to_it(
    run_mutate: Mutate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mutate, "THIS", MINORS[0])
    monkeypatch.setitem(PYTHON, MINORS[-1], PYTHON[THIS])
    assert run_mutate(SITE, []) == 0
    assert capsys.readouterr().out.endswith("Nothing was changed under this Python\n")


@pytest.mark.parametrize(
    "one, rest",
    [
        ("Python 3.11", "Python 3.12 and later"),
        (OTHER, " and ".join(name for name in SYSTEMS if name != OTHER)),
    ],
)
def test_what_no_python_or_system_here_prints_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one: str, rest: str
) -> None:
    monkeypatch.setattr(mutate, "THIS", MINORS[-1])
    monkeypatch.setattr(mutate, "find_pythons", dict)
    changes = {RACE: PROGRAM + TABS.format(one, rest), "examples/race/fixed.spawn.out": "4\n"}
    (mutation,) = mutate.mutations(read_site(make(tmp_path, changes)), [])
    assert mutation.name == "examples/race/fixed.spawn.out"


def test_the_pythons_are_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not for each output of the site: there are many files on PATH."""
    looks = iter([PYTHON])
    monkeypatch.setattr(mutate, "find_pythons", lambda: next(looks))
    site = read_site(make(tmp_path, TWO))
    assert len(list(mutate.mutations(site, []))) == 2
