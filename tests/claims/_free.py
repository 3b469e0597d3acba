"""Free-threaded builds of Python that are on PATH, for checks."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import TIME_LIMIT
from tests.harness.read.versions import PYTHONS

NOT_ITS_OWN = "PYTHONPATH", "PYTHONHOME", "PYTHON_GIL"


@cache
def builds() -> tuple[str, ...]:
    """Their paths; a word where there is none, so that it is seen what was not checked."""
    named = [shutil.which(f"python{version}t") for version in PYTHONS]
    found = tuple(path for path in named if path and _answers(path))
    if not found:
        print("no free-threaded Python, such as python3.14t, is on PATH: not checked there")
    return found


def _answers(path: str) -> bool:
    try:
        return printed(path, "import sys; print(sys._is_gil_enabled())") == ["False"]
    except (OSError, AssertionError):
        return False


def ran(
    path: str, code: str, *options: str, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """What a program comes to in such a build, or in another Python, in a file of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_ITS_OWN}
    with TemporaryDirectory() as folder:
        file = Path(folder, "program.py")
        file.write_text(code, "utf-8")
        return subprocess.run(
            [path, *options, str(file)],
            env=kept | variables,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=4 * TIME_LIMIT,
        )


def printed(path: str, code: str, *options: str, **variables: str) -> list[str]:
    """The lines that a program prints there, which ends with status 0."""
    outcome = ran(path, code, *options, **variables)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout.splitlines()


def has(path: str, package: str) -> str:
    """The version of a package there; empty if it is missing."""
    code = f"""
from importlib.metadata import PackageNotFoundError, version
try:
    print(version({package!r}))
except PackageNotFoundError:
    print()
"""
    return printed(path, code)[0]
