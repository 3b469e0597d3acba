"""Runs a program with one fault at a time, which is put in from outside."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from examples import _runner
from examples._inline import permitted
from examples._runner import Outcome, run
from tests.harness.run.limits import PATIENCE

LATER = 5  # lines of the program, after which a fault comes that is to come later
AGAIN = 0.3  # seconds between the first Ctrl-C and the second


class Log:
    """What the processes of a run have noted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def pids(self, what: str) -> list[int]:
        """The processes that have noted something, in that order."""
        words = [line.split() for line in self.path.read_text("utf-8").splitlines()]
        return [int(pid) for noted, pid in words if noted == what]

    def write(self, what: str, pid: int = 0) -> None:
        """Note something for the processes to see."""
        with self.path.open("a", encoding="utf-8") as log:
            log.write(f"{what} {pid}\n")


def the_worker(number: int) -> Callable[[int, Log], bool]:
    """Send a signal to the worker that waits."""

    def send(_: int, log: Log) -> bool:
        return _kill(log.pids("here")[0], number)

    return send


def the_parent(number: int) -> Callable[[int, Log], bool]:
    """Send a signal to the program alone."""
    return lambda program, _: _kill(program, number)


def the_group(times: int) -> Callable[[int, Log], bool]:
    """Send what Ctrl-C sends, once or more often."""

    def send(program: int, log: Log) -> bool:
        os.killpg(program, signal.SIGINT)
        for _ in range(times - 1):
            time.sleep(AGAIN)
            with suppress(ProcessLookupError):
                os.killpg(program, signal.SIGINT)
        return True

    return send


def the_manager(_: int, log: Log) -> bool:
    """Kill the process of a manager."""
    return any([_kill(pid, signal.SIGKILL) for pid in log.pids("manager")[:1]])


def the_fork_server(program: int, _: Log) -> bool:
    """Kill the server that starts processes."""
    found = [
        pid for pid in _children(program) if "multiprocessing.forkserver" in _runner._command(pid)
    ]
    return any([_kill(pid, signal.SIGKILL) for pid in found])


def _kill(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


FAULTS: dict[str, Callable[[int, Log], bool]] = {
    "killed": the_worker(signal.SIGKILL),
    "killed-later": the_worker(signal.SIGKILL),
    "killed-idle": the_worker(signal.SIGKILL),
    "killed-holding": the_worker(signal.SIGKILL),
    "stopped": the_worker(signal.SIGSTOP),
    "interrupted": the_group(1),
    "interrupted-twice": the_group(2),
    "terminated": the_parent(signal.SIGTERM),
    "parent-killed": the_parent(signal.SIGKILL),
    "manager-killed": the_manager,
    "fork-server-killed": the_fork_server,
}
"""What puts a fault in from outside; `_fault.py` itself puts in the others of WORDS."""
FULL = [
    *["unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "sh", "-c"],
    'mount -t tmpfs -o size=16k shm /dev/shm && exec "$@"',
    "sh",
]
"""Runs a command with four pages of shared memory, in a namespace of its own."""


def possible(fault: str) -> bool:
    """Whether this system lets a fault be put in: not each gives a run a /dev/shm of its own."""
    return fault != "shared-memory-full" or permitted(*FULL, "true")


@dataclass
class Faulty:
    """A run into which a fault was put."""

    outcome: Outcome
    hit: bool
    """Whether it came to that: the program has what is hit, and did not end before."""
    workers: int
    """How many processes have called a function of the program."""


def put_in(
    program: Path,
    method: str,
    fault: str,
    which: int = 0,
    patience: float = PATIENCE,
    python: str = sys.executable,
) -> Faulty:
    """Run a program with a fault, of WORDS, in its worker number `which`; with none, watch it.

    It comes at the first line of the program that the worker runs, or some lines later; at the
    end of the function at the latest. A program that has not ended `patience` seconds after it
    hangs.
    """
    act, done = FAULTS.get(fault), False
    deadline = None
    lines = LATER if fault.endswith("-later") else 1
    name, which = (fault.removesuffix("-later"), which) if fault else ("none", 0)
    full = FULL if fault == "shared-memory-full" else []
    with tempfile.TemporaryDirectory() as folder:
        log = Log(Path(folder, "log"))

        def watch(pid: int) -> bool:
            nonlocal done, deadline
            if act and not done and log.pids("here"):
                done = True
                if act(pid, log):
                    log.write("hit")
                log.write("done")
            if deadline is None and (full or log.pids("hit")):
                deadline = time.monotonic() + patience
            return deadline is not None and time.monotonic() > deadline

        outcome = run(
            program,
            method,
            PATIENCE,
            python=python,
            variables={
                "EXAMPLE_FAULT": f"{name} {which} {lines}",
                "EXAMPLE_FAULT_LOG": str(log.path),
                "EXAMPLE_FOLDER": f"{program.resolve().parent}{os.sep}",
                "EXAMPLE_PROGRAM": str(program.resolve()),
                # What `-X dev` adds, and Python alone does not show in a library.
                "PYTHONWARNINGS": "ignore::DeprecationWarning,ignore::ResourceWarning",
            },
            watch=watch,
            prefix=full,
        )
        return Faulty(outcome, bool(full or log.pids("hit")), len(log.pids("worker")))
