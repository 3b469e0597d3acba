"""For how long something may run, and how a fragment that runs longer is stopped."""

import faulthandler
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 300.0  # seconds for a program of the suite: the machine may have much else to do
GRACE = 10.0  # seconds between the attempt to interrupt a fragment, and the end of the process


class TimedOut(BaseException):
    """A fragment still ran at its limit."""


@contextmanager
def limited(seconds: float, stderr: int, grace: float = GRACE) -> Iterator[None]:
    """Raise TimedOut in what still runs after `seconds`, and each second while it catches that.

    What cannot be interrupted, which is anything on Windows, ends the whole process
    `grace` seconds later, with a stack on the file descriptor `stderr`.
    """

    faulthandler.dump_traceback_later(seconds + grace, exit=True, file=stderr)
    try:
        if sys.platform == "win32":
            yield
        else:
            with _interrupted(seconds):
                yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@contextmanager
def _interrupted(seconds: float) -> Iterator[None]:
    """Raise TimedOut after `seconds`, and then each second."""

    def stop(number: int, frame: object) -> None:
        raise TimedOut(f"still running after {seconds:g} s")

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
