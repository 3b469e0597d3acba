"""Programs run on a Python that is named, and what differs there is told."""

import sys
from pathlib import Path

import pytest

from tests.harness.read.versions import THIS, named
from tests.harness.read.words import METHODS
from tests.harness.tools import programs as tool
from tests.test_harness_site import GREEN, PAGE, PROGRAM, make

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="writes a script for a shell")
NEEDS = '# /// script\n# dependencies = ["no_such"]\n# ///\n"""It."""\n'
UNDER_SPAWN = """
=== "spawn"

    ```text title="Output"
    --8<-- "one/fixed.out"
    ```
"""
OTHER = f"""#!/bin/sh
[ "$1" = -I ] || echo more
exec {sys.executable} "$@"
"""


def ran(root: Path, monkeypatch: pytest.MonkeyPatch, python: str, *names: str) -> int:
    """The exit status of the command, in a site of three programs."""
    make(
        root,
        {
            "docs/pitfalls/needs.md": PAGE.replace("race/fixed", "needs/needs"),
            "examples/needs/needs.py": NEEDS,
            "examples/needs/needs.out": "4\n",
            "docs/pitfalls/one.md": PROGRAM.replace("race/", "one/") + UNDER_SPAWN,
            "examples/one/fixed.py": GREEN["examples/race/fixed.py"],
            "examples/one/fixed.out": "4\n",
        },
    )
    monkeypatch.setattr(tool, "ROOT", root)
    monkeypatch.setattr(sys, "argv", ["programs", python, *names])
    return tool.main()


def test_all_that_can_run_there_runs_under_each_method(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(tmp_path, monkeypatch, sys.executable) == 0
    told = f"2 programs, {len(METHODS) + 1} runs, 0 differ; 1 programs left out"
    assert capsys.readouterr().out == f"Python {named(THIS)}: {told}\n"


def test_what_differs_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (other := tmp_path / "other").write_text(OTHER, "utf-8")
    other.chmod(0o755)
    assert ran(tmp_path, monkeypatch, str(other), "race") == 1
    told = capsys.readouterr().out
    assert told.startswith("docs/pitfalls/race.md:")
    assert told.count("+more") == len(METHODS)
    assert told.endswith(f"{len(METHODS)} differ; 0 programs left out\n")


@pytest.mark.parametrize("python", ["no-such-python", "true"])
def test_what_is_no_python_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], python: str
) -> None:
    assert ran(tmp_path, monkeypatch, python) == 2
    assert capsys.readouterr().err.startswith(f"{python} runs no Python 3.11 to ")
