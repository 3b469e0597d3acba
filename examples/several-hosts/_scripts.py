"""Starts the scripts of this folder, as on hosts of their own, and ends them."""

import os
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from types import FrameType

HOST = "127.0.0.1"


def ends(number: int, frame: FrameType | None) -> None:
    """End the program, and with it the scripts, as Ctrl-C does."""
    raise SystemExit(128 + number)


@contextmanager
def script(
    name: str, *arguments: str, stdout: int | None = None, stderr: int | None = None
) -> Iterator[Popen[str]]:
    """A script that runs. It is killed at the end."""
    line = [sys.executable, str(Path(__file__).with_name(name)), *arguments]
    with Popen(line, stdout=stdout, stderr=stderr, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def work(port: str) -> None:
    """Run a worker until it ends; end the program if it fails."""
    with script("worker.py", HOST, port) as worker:
        if worker.wait():
            raise SystemExit(f"worker.py: exit status {worker.returncode}")


@contextmanager
def server(
    lease: float, port: str = "0", folder: str | None = None
) -> Iterator[tuple[Popen[str], str]]:
    """A server that listens, and its port. The key is in the environment of this program."""
    os.environ.setdefault("JOBS_KEY", secrets.token_hex(32))
    signal.signal(signal.SIGTERM, ends)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, ends)
    with TemporaryDirectory() as own:
        results = str(Path(folder or own, "results.txt"))
        with script("server.py", HOST, port, results, str(lease), stdout=PIPE) as process:
            assert process.stdout
            said = process.stdout.readline().split()
            if not said:
                raise SystemExit("server.py has not started")
            yield process, said[-1]
