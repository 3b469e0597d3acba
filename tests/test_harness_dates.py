"""The date of a page is that of the last change to it or to its programs."""

import os
import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.read.site import ROOT

Changes = Callable[[Path], dict[str, str]]
PARTS = "AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL"
IDENTITY = {f"GIT_{part}": "someone@example.org" for part in PARTS}


@pytest.fixture
def last_changes() -> Changes:
    found: Changes = runpy.run_path(str(ROOT / "docs" / "_dates.py"))["last_changes"]
    return found


def commit(root: Path, name: str, day: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(day)
    dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00", "GIT_COMMITTER_DATE": f"{day}T12:00:00"}
    environment = {**os.environ, **IDENTITY, **dates}
    for command in ["init", "-q"], ["add", "."], ["commit", "-qm", "change"]:
        subprocess.run(["git", "-C", str(root), *command], env=environment, check=True)


def test_a_change_of_a_program_is_one_of_its_page(tmp_path: Path, last_changes: Changes) -> None:
    commit(tmp_path, "docs/pitfalls/race.md", "2026-01-01")
    commit(tmp_path, "docs/syntax/value.md", "2026-01-02")
    commit(tmp_path, "examples/race/fixed.py", "2026-01-03")
    assert last_changes(tmp_path) == {"race": "2026-01-03", "value": "2026-01-02"}


def test_without_its_whole_history_no_date_is_told(tmp_path: Path, last_changes: Changes) -> None:
    commit(tmp_path / "whole", "docs/race.md", "2026-01-01")
    commit(tmp_path / "whole", "docs/value.md", "2026-01-02")
    clone = ["git", "clone", "-q", "--depth=1", f"file://{tmp_path}/whole", str(tmp_path / "part")]
    subprocess.run(clone, check=True)
    assert last_changes(tmp_path / "part") == {}


def test_without_a_repository_no_date_is_told(tmp_path: Path, last_changes: Changes) -> None:
    assert last_changes(tmp_path) == {}
