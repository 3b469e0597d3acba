"""Gives Dask a folder for its files, and removes it, also after Ctrl-C, SIGTERM and SIGHUP."""

import atexit
import logging
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import dask

LOCAL: dict[str, Any] = {
    "threads_per_worker": 1,
    "dashboard_address": "127.0.0.1:0",  # any free port, for this machine only
    "silence_logs": logging.CRITICAL,
}
LOGGERS = ["asyncio", "distributed", "distributed.client"]  # asyncio: with -X dev, on slow steps
QUIET = dict.fromkeys(["DASK_LOGGING__ASYNCIO", "DASK_LOGGING__DISTRIBUTED"], "critical")
"""Variables for the processes that Dask or the program starts."""
ENDS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
folders: list[str] = []


@atexit.register
def remove() -> None:
    """Remove what a cluster wrote that was interrupted while it started.

    Dask ends it at exit, and before this: `distributed` is imported after this module.
    """
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_folder() -> Iterator[str]:
    """A temporary folder, in which the scheduler and the workers keep their files.

    SIGTERM and SIGHUP end the program as Ctrl-C does: after the cluster. Only errors that
    are raised are shown, and no logs.
    """
    program = os.getpid()

    def end(number: int, frame: FrameType | None) -> None:
        if os.getpid() == program:
            raise SystemExit(128 + number)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    before = {number: signal.signal(number, end) for number in ENDS}
    try:
        with (
            TemporaryDirectory(prefix="dask-", ignore_cleanup_errors=True) as folder,
            dask.config.set(temporary_directory=folder),
        ):
            folders.append(folder)
            os.environ |= QUIET | {"DASK_TEMPORARY_DIRECTORY": folder}
            yield folder
    finally:
        for variable in *QUIET, "DASK_TEMPORARY_DIRECTORY":
            os.environ.pop(variable, None)
        for number, handler in before.items():
            signal.signal(number, handler)
