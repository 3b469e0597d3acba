"""Work that ends in good order when the command is interrupted: other commands, and threads."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from os import cpu_count
from pathlib import Path
from typing import Any, TypeVar

from examples import _interrupts

PAUSE = 0.05  # seconds between two looks for a signal
PATIENCE = 10.0  # seconds for a command that is told to end; then it is killed
Item = TypeVar("Item")
Result = TypeVar("Result")


def run(command: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command that takes `options` of Popen; its output is text, and kept by default.

    Interrupted is raised once the command has ended, and ended what it has started.
    """
    _interrupts.check()
    kept = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
        "encoding": "utf-8",
        **options,
    }
    with _interrupts.held(), subprocess.Popen(command, **kept) as process:
        deadline = None
        while process.returncode is None:
            try:
                printed = process.communicate(timeout=PAUSE)
            except subprocess.TimeoutExpired:
                if _interrupts.received and deadline is None:
                    process.terminate()
                    deadline = time.monotonic() + PATIENCE
                elif deadline is not None and time.monotonic() > deadline:
                    process.kill()
    _interrupts.check()
    return subprocess.CompletedProcess(command, process.returncode, *printed)


def each(
    function: Callable[[Item], Result], items: Sequence[Item]
) -> Iterator[tuple[Item, Result]]:
    """Each item with the function's result, in order, from a pool of threads.

    On a signal, those that are done are given before Interrupted is raised.
    """
    pool = ThreadPoolExecutor(cpu_count())
    waiting = {pool.submit(function, item): item for item in items}
    try:
        while waiting and not _interrupts.received:
            future = next(iter(waiting))
            # Not future.result(), which on Windows no signal would interrupt.
            if wait([future], PAUSE).done and not _interrupts.received:
                yield waiting.pop(future), future.result()
    finally:
        pool.shutdown(cancel_futures=True)
    for future, item in waiting.items():
        if not future.cancelled() and not future.exception():
            yield item, future.result()
    _interrupts.check()


def write(path: Path, text: str) -> None:
    """Write a file, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_text(text, "utf-8")
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
