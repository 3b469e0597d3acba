"""Ends a command in good order: on Ctrl-C, when it is told to end, when its terminal closes.

Where a command is `held`, a signal is only noted. Whatever waits looks for it, by
`check`, and raises `Interrupted`: so no step is left half done, and what was
started is ended. Elsewhere, as in most of a test, `Interrupted` is raised at once;
and so it is where a command has nothing to undo, and is `free`.
Either way only the first signal counts: nox and the terminal may send a second.
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

IGNORABLE = "SIGALRM", "SIGCHLD", "SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"
SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"]  # each system has some of them

received = 0
"""The first signal that came; 0 before."""
holds = 0
"""How many blocks hold a signal back."""


class Interrupted(KeyboardInterrupt):
    """Raised once for the signal that came; in each thread that looks for it."""

    def __init__(self) -> None:
        super().__init__(signal.Signals(received).name)
        self.status = 128 + received
        """The exit status, as shells give it."""
        self.outcome = "nothing is written"
        """What became of the command's work."""


def install() -> None:
    """Note signals from now on, but for those that the caller has ignored."""
    for number in _numbers(SIGNALS):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _note)
    pass_on_no_ignored_signal()


def pass_on_no_ignored_signal() -> None:
    """Keep ignoring what the caller ignores, such as SIGHUP under nohup, but not in programs.

    A program inherits that a signal is ignored, and not that a handler does nothing.
    """
    for number in _numbers(IGNORABLE):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def _numbers(names: Iterable[str]) -> list[signal.Signals]:
    """The signals with these names; Windows has few of them."""
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _note(number: int, frame: FrameType | None) -> None:
    global received
    if not received:
        received = number
        if not holds:
            raise Interrupted


def check() -> None:
    """Raise Interrupted if a signal came."""
    if received:
        raise Interrupted


@contextmanager
def held() -> Iterator[None]:
    """In the block, a signal is noted and not raised; `check` after it."""
    global holds
    ours = threading.current_thread() is threading.main_thread()  # it alone gets signals
    holds += ours
    try:
        yield
    finally:
        holds -= ours


@contextmanager
def free() -> Iterator[None]:
    """In the block, which starts and writes nothing, a signal is raised again, even if held."""
    global holds
    kept, holds = holds, 0
    try:
        yield
    finally:
        holds = kept


def _leave() -> None:
    """Let a signal end the process at once, as it has nothing left to do."""
    for number in _numbers(SIGNALS):
        if signal.getsignal(number) is _note:
            signal.signal(number, signal.SIG_DFL)


def command(main: Callable[[], int]) -> int:
    """Run a command to its end or to a signal, and say which; give its exit status."""
    try:
        with held():
            install()
            try:
                check()
                return main()
            finally:
                if not received:
                    _leave()
    except Interrupted as end:
        print(f"\nInterrupted: {end.outcome}.", file=sys.stderr, flush=True)
        return end.status
