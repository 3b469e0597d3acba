"""Passes on what a program prints, and notices when nobody reads it any more.

The reader of a pipe may leave early, as `head` and a pager do. The program that
prints would then fail, with a traceback that tells nothing about it.
"""

import _thread
import os
import signal
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager

OUT, ERR = 1, 2  # the file descriptors of standard output and standard error
LONGEST = 5.0  # seconds to wait for the rest, if something holds on to the pipe


class ReaderLeft(Exception):
    """Nobody reads what is printed."""


@contextmanager
def passed_on() -> Iterator[None]:
    """Raise ReaderLeft, in the main thread, once the reader of standard output has left.

    Where that is no pipe, nothing is passed on.
    """
    if not stat.S_ISFIFO(os.fstat(OUT).st_mode):
        yield
        return
    streams = [OUT, ERR] if os.path.sameopenfile(OUT, ERR) else [OUT]
    kept = {stream: os.dup(stream) for stream in streams}
    source, sink = os.pipe()
    for stream in streams:
        os.dup2(sink, stream, inheritable=True)
    os.close(sink)
    left = threading.Event()
    thread = threading.Thread(target=_copy, args=(source, kept[OUT], left), daemon=True)
    thread.start()
    try:
        try:
            yield
        finally:
            for stream, was in kept.items():
                os.dup2(was, stream)
            thread.join(LONGEST)  # it reads to the end, now that nothing has the other end
    except (KeyboardInterrupt, SystemExit):
        if left.is_set():
            raise ReaderLeft from None
        raise


def _copy(source: int, target: int, left: threading.Event) -> None:
    """Copy until the end; end the main thread, as SIGTERM does, once nobody reads."""
    while data := os.read(source, 65536):
        try:
            while data:
                data = data[os.write(target, data) :]
        except OSError:
            left.set()
            _thread.interrupt_main(signal.SIGTERM)
            return


def close_quietly() -> None:
    """Let what is not yet written go nowhere, so that the end of Python does not complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in OUT, ERR:
        os.dup2(nowhere, stream)
    os.close(nowhere)
