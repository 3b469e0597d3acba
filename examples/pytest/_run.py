"""Runs pytest on a copy of a file, as you would in a terminal, and gives what came of it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

COMMAND = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider"]
HERE = os.path.dirname(os.path.abspath(__file__))


@contextmanager
def temporary_folder() -> Iterator[str]:
    """A folder that is removed, also while a process that ends still writes into it."""
    folder = mkdtemp()
    try:
        yield folder
    finally:
        while os.path.exists(folder):
            shutil.rmtree(folder, ignore_errors=True)


def run(file: str, *options: str, conftest: bool = False) -> list[str]:
    """The lines that pytest prints; the last is the sum, without the time.

    The file is copied to tests/, in an empty folder; with `conftest`, it is the conftest.py, too.
    What the tests write goes to the current folder.
    """
    with temporary_folder() as folder:
        tests = Path(folder, "tests")
        tests.mkdir()
        copied = shutil.copy(file, tests)
        if conftest:
            shutil.copy(file, tests / "conftest.py")
        Path(folder, "pytest.ini").write_text("[pytest]\n")
        path = os.pathsep.join([HERE, *filter(None, [os.environ.get("PYTHONPATH")])])
        done = subprocess.run(
            [*COMMAND, f"--basetemp={folder}/temporary", *options, copied],
            env={
                **os.environ,
                "PYTHONPATH": path,
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # those that a program names are loaded
                "TMPDIR": folder,
            },
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=100,
        )  # fmt: skip
    if done.returncode not in {0, 1}:
        sys.exit(f"{done.stdout}\npytest has ended with status {done.returncode}")
    return re.sub(r" in [\d.]+s\b.*", "", done.stdout.strip()).splitlines()


def covered(file: str, settings: str) -> set[int]:
    """The lines of a file that pytest-cov finds covered, with these settings of coverage."""
    from coverage import CoverageData

    with temporary_folder() as folder:
        rc, data = Path(folder, "coveragerc"), f"{folder}/data"
        rc.write_text(f"[run]\ndata_file = {data}\n{settings}\n")
        run(file, "-p", "pytest_cov", f"--cov={Path(file).stem}", f"--cov-config={rc}")
        found = CoverageData(data)
        found.read()
        (path,) = found.measured_files()
        return set(found.lines(path) or [])
