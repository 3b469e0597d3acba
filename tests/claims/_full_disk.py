"""A disk that is full, for checks."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from examples._inline import permitted

FULL = [
    *["unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "sh", "-ec"],
    'mount -t tmpfs -o size=16k disk "$0"; export TMPDIR="$0"; exec "$@"',
]
"""Runs a command with a disk of four pages in a folder, which is that for temporary files."""


def run(
    code: str, *options: str, stdout: str = "", real: bool = False, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run a program, with a disk that is really full, or with its standard output on one."""
    unset = {"PYTHONUNBUFFERED", "PYTHONDEVMODE"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    with TemporaryDirectory() as folder, open(stdout or os.devnull, "w") as output:
        Path(folder, "program.py").write_text(code, "utf-8")
        Path(folder, "disk").mkdir()
        before = [*FULL, str(Path(folder, "disk"))] if real else []
        return subprocess.run(
            [*before, sys.executable, *options, str(Path(folder, "program.py"))],
            stdout=output if stdout else subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd=folder, env=environment | variables, check=False,
        )  # fmt: skip


def on_a_full_disk(code: str) -> "subprocess.CompletedProcess[str] | None":
    """What a program does on a disk that is really full, if this system lets us have one."""
    if sys.platform != "linux" or not permitted(*FULL, "/tmp", "true"):
        return None
    return run(code, real=True)


MAPPED = """
import faulthandler, os
from mmap import mmap

faulthandler.disable()
with open(os.path.join(os.environ["TMPDIR"], "mapped"), "w+b") as file:
    file.truncate(1 << 20)
    numbers = mmap(file.fileno(), 1 << 20)
    print("writing", flush=True)
    for place in range(0, 1 << 20, 4096):
        numbers[place] = 1
"""
"""Writes to a mapped file with holes: SIGBUS kills it."""
