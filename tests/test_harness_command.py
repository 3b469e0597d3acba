"""`python -m examples` lists and runs the programs of the site."""

import multiprocessing
from pathlib import Path

import pytest

from examples import __main__ as command
from tests.test_harness_site import make

METHOD = "from multiprocessing import get_start_method\nprint(get_start_method())\n"

NEEDS = '# dependencies = ["lost >= 2", "sys"]'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs in place of the real ones."""
    files = {
        "examples/race/fixed.py": f'"""Add with a lock."""\n\n{METHOD}',
        "examples/race/hangs.py": '"""Wait for ever."""\n\nwhile True: pass\n',
        "examples/race/fails.py": '"""Fail."""\n\nraise SystemExit(3)\n',
        "examples/race/needs.py": f'# /// script\n{NEEDS}\n# ///\n"""Need."""\n',
        "examples/race/leaves.py": '"""Leave a file."""\n\nopen("left", "w").close()\n',
    }
    monkeypatch.setattr(command, "FOLDER", make(tmp_path, files) / "examples")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["examples", *arguments])
    return command.main()


def test_it_lists_what_cannot_be_parsed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (command.FOLDER / "race" / "broken.py").write_text("print(4", "utf-8")
    assert run(monkeypatch) == 0
    assert "race/broken  (a syntax error in line 1)" in capfd.readouterr().out


def test_it_lists(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch) == 0
    assert capfd.readouterr().out.splitlines()[1:3] == [
        "race/fixed   Add with a lock.",
        "race/hangs   Wait for ever.",
    ]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("race/fixed", id="name"),
        pytest.param("race/fixed.py", id="file"),
        pytest.param("examples/race/fixed.py", id="path"),
    ],
)
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_it_runs_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], name: str, method: str
) -> None:
    assert run(monkeypatch, name, "--start-method", method) == 0
    assert capfd.readouterr().out == f"{method}\n"


@pytest.mark.parametrize(
    "arguments, status, told",
    [
        pytest.param(
            ["race/fixd"], 2, "No program 'race/fixd'. Did you mean race/fixed", id="near"
        ),
        pytest.param(
            ["zzz"], 2, "No program 'zzz'. `python -m examples` lists them all.", id="unknown"
        ),
        pytest.param(
            ["race/needs"], 2, "race/needs needs lost: install with `python", id="dependency"
        ),
        pytest.param(["race/fails"], 3, "[race/fails: exit status 3]", id="fails"),
        pytest.param(["race/leaves"], 0, "[race/leaves left a file behind: left]", id="leaves"),
        pytest.param(
            ["race/hangs", "--time-limit", "0.5"],
            1,
            "[race/hangs: still running after 0.5 s]",
            id="hangs",
        ),
    ],
)
def test_it_tells_what_went_wrong(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    told: str,
) -> None:
    assert run(monkeypatch, *arguments) == status
    assert told in capfd.readouterr().err
