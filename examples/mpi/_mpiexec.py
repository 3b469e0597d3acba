"""Starts a program under mpiexec, as you would in a terminal, and ends it."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from glob import glob
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from types import FrameType
from typing import NoReturn

import mpi4py

MPIEXEC = Path(sys.executable).with_name("mpiexec")  # where the wheel of MPICH puts it
MISSING = "there is no mpiexec beside this Python: pip install mpich (not on Windows)"
IN_A_RANK = "PMI_RANK" in os.environ
SAFELY = ["-m", "mpi4py"]  # an error in one rank ends all
LEFT = "/dev/shm/mpich_shm_*"  # 3 MB for each job that does not reach its end
NO_FILE = "HWLOC_XMLFILE=/dev/null"  # instead of one in /tmp, which may be left
LONGEST = 10.0  # seconds for the ranks to end when they are told to

if not IN_A_RANK:
    mpi4py.rc.initialize = False  # MPI begins in the ranks
    if not MPIEXEC.exists():
        print(MISSING, file=sys.stderr)
        raise SystemExit(2)


def mpiexec(main: Callable[[], None]) -> None:
    """In a rank, call `main`; elsewhere, start three ranks, and end with their status."""
    if IN_A_RANK:
        main()
    else:
        raise SystemExit(run([*SAFELY, main.__globals__["__file__"]]))


def ending(*options: str, ranks: int = 3, limit: float | None = None) -> str:
    """Start ranks of Python with these options, and tell how they end; not what their errors say.

    Ranks that still run after `limit` seconds are killed.
    """
    sys.stdout.flush()
    status = run(options, ranks, limit, errors=DEVNULL)
    return f"still running after {limit} s" if status is None else f"exit status {status}"


def run(
    options: Iterable[str],
    ranks: int = 3,
    limit: float | None = None,
    errors: int | None = None,
) -> int | None:
    """The status of mpiexec; None if it was killed after the limit.

    Ctrl-C, SIGTERM and SIGHUP are for the program alone, which then ends the ranks. A second
    one does not disturb that.
    """
    before = {n: signal.signal(n, end) for n in (signal.SIGTERM, signal.SIGHUP)}
    before[signal.SIGINT] = signal.getsignal(signal.SIGINT)
    others = set(glob(LEFT))
    mark = f"STARTED_BY={os.getpid()}"
    job = None
    try:
        line = [str(MPIEXEC), "-hosts", "localhost", "-n", str(ranks), sys.executable, *options]
        job = Popen(["env", mark, NO_FILE, *line], stdin=DEVNULL, stderr=errors, process_group=0)
        return job.wait(limit)
    except TimeoutExpired:
        if job:
            job.kill()  # which prints nothing
        return None
    finally:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        if job:
            stop(job, mark)
        for file in set(glob(LEFT)) - others - mapped():
            with suppress(OSError):  # another user's
                Path(file).unlink()
        for number, handled in before.items():
            signal.signal(number, handled)


def end(number: int, frame: FrameType | None) -> NoReturn:
    """End the program by an exception."""
    raise SystemExit(128 + number)


def stop(job: Popen[bytes], mark: str) -> None:
    """End the ranks through mpiexec, which passes the signal on, and wait until they are gone."""
    job.terminate()
    try:
        job.wait(LONGEST)
    except TimeoutExpired:
        job.kill()
        job.wait()
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        if not any(mark in text.split("\0") for text in about_all("environ")):
            break
        time.sleep(0.01)


def mapped() -> set[str]:
    """The files in memory that processes use: those of other jobs."""
    lines = [line for text in about_all("maps") for line in text.splitlines()]
    return {line.split(maxsplit=5)[-1] for line in lines if "/mpich_shm_" in line}


def about_all(name: str) -> Iterator[str]:
    """What the system tells of each process, as far as we may know."""
    for file in glob(f"/proc/[0-9]*/{name}"):
        try:
            yield Path(file).read_text("utf-8", "replace")
        except OSError:  # it has ended, or is another user's
            continue
