"""Whether a process goes on if a signal interrupts its fork, before the parent knows of it."""

import os
import signal
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import Pipe, Process, get_context, parent_process, pool
from multiprocessing.connection import Connection
from multiprocessing.managers import SyncManager
from threading import Thread
from typing import Any

from tests.claims import PAUSE, SURE, TIME_LIMIT

forked: list[int] = []
interrupted: list[object] = []


class _InterruptedPool(pool.Pool):
    """A pool of which the second worker is forked when the first one waits for a task."""

    _processes: int
    _inqueue: Any

    def _repopulate_pool(self) -> None:
        interrupted.append(self)  # as the traceback keeps it that Python shows
        self._processes = 1
        super()._repopulate_pool()  # type: ignore[misc]
        while not self._inqueue._rlock._semlock._is_zero():
            time.sleep(PAUSE)
        interrupt_the_next_fork()
        self._processes = 2
        super()._repopulate_pool()  # type: ignore[misc]


def interrupt_the_next_fork() -> None:
    fork = os.fork

    def fork_and_interrupt() -> int:
        if process := fork():
            forked.append(process)
            raise KeyboardInterrupt
        return process

    os.fork = fork_and_interrupt


def start_pool(initializer: Any) -> None:
    _InterruptedPool(2, initializer, context=get_context())


def start_executor(initializer: Any) -> None:
    interrupt_the_next_fork()
    ProcessPoolExecutor(1, initializer=initializer).submit(abs, 1)


def start_manager(initializer: Any) -> None:
    interrupt_the_next_fork()
    SyncManager().start(initializer)


def _start_and_end(
    start: Callable[[Any], None], initializer: Any, line: Connection, folder: str
) -> None:
    tempfile.tempdir = folder  # the process that is left needs the sockets in it
    with suppress(KeyboardInterrupt):
        start(initializer)
    line.send(forked)


def watch_parent() -> None:
    def end_with_parent() -> None:
        parent = parent_process()
        assert parent
        parent.join()
        os._exit(1)

    Thread(target=end_with_parent, daemon=True).start()


def is_left(start: Callable[[Any], None], initializer: Any = None) -> bool:
    """Whether the process goes on of which the fork was interrupted."""
    line, end = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        parent = Process(target=_start_and_end, args=(start, initializer, end, folder))
        parent.start()
        end.close()
        (process,) = line.recv()
        parent.join()
        is_left = not line.poll(TIME_LIMIT if initializer else SURE)
        if is_left:
            os.kill(process, signal.SIGKILL)
    return is_left
