"""The tests that failed are run again before a change lands; nothing else passes by it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.read.site import ROOT

NOXFILE = """
import os, pathlib, sys
if "--last-failed" in sys.argv:
    print("ran again")
elif told := os.environ["TOLD"]:
    failed = pathlib.Path(".pytest_cache/v/cache/lastfailed")
    failed.parent.mkdir(parents=True)
    failed.write_text('{"a::b": true}')
    sys.exit(told)
"""
ENDED = "nox > Command python -m tests.harness tests failed with exit code"


@pytest.mark.skipif(sys.platform == "win32", reason="a script for a shell")
@pytest.mark.parametrize(
    "told, status, again",
    [
        ("", 0, 0),
        (f"{ENDED} 1", 0, 3),
        (f"{ENDED} 1\x1b[0m", 0, 3),
        (f"{ENDED} 3", 1, 0),  # it broke off
        (f"{ENDED} 15", 1, 0),
        (f"FAIL Required test coverage of 100% not reached.\n{ENDED} 1", 1, 0),
        ("The installation failed.", 1, 0),
    ],
)
def test_only_a_failed_test_gets_another_chance(
    tmp_path: Path, told: str, status: int, again: int
) -> None:
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / "noxfile.py").write_text(NOXFILE, "utf-8")
    env = os.environ | {"TOLD": told}
    done = subprocess.run([tmp_path / ".ci" / "suite"], env=env, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    assert done.stdout.count("ran again") == again
