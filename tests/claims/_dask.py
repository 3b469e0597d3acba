"""Processes of Dask's command, for checks."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.claims import ROOT, TIME_LIMIT


@contextmanager
def started(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of Dask's command, on this machine alone."""
    here = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    line = [sys.executable, "-m", "dask", *words, *here]
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": paths}  # for the checks
    with subprocess.Popen(line, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            end(process)
            process.kill()


def end(process: "subprocess.Popen[bytes]") -> None:
    """End it with its workers."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(TIME_LIMIT)
