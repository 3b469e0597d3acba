"""Starts `flask run` on a free port, as you would in a terminal."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Timer
from typing import NamedTuple


class Server(NamedTuple):
    """A server that runs."""

    process: "Popen[str]"
    lines: Iterator[str]
    """What the application prints."""


@contextmanager
def flask_run(app: str, *options: str) -> Iterator[Server]:
    """A server of the application in this file, with some options of `flask run`.

    All its processes are killed at the end, or after 50 seconds. SystemExit if it has ended
    before a line is read.
    """
    path = str(Path(__file__).with_name(f"{app}.py"))
    command = [sys.executable, "-m", "flask", "--app", path, "run", "--port", "0", "--no-debugger"]
    with Popen(
        [*command, *options], stdout=PIPE, stderr=DEVNULL, text=True, process_group=0
    ) as process:
        limit = Timer(50, _kill, [process])
        limit.start()
        try:
            yield Server(process, _lines(process))
        finally:
            limit.cancel()
            _kill(process)


def _lines(process: "Popen[str]") -> Iterator[str]:
    assert process.stdout
    for line in process.stdout:
        if not line.startswith(" * "):
            yield line.rstrip()
    raise SystemExit("the server has ended")


def _kill(process: "Popen[str]") -> None:
    """Kill the server, the process that its reloader has started, and the children of that."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
