"""Waits for what another process does, for checks."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

from tests.claims import PAUSE, TIME_LIMIT


def until(found: Callable[[], Any], limit: float = TIME_LIMIT) -> bool:
    """Look again and again, until something is found or `limit` seconds have passed."""
    deadline = time.monotonic() + limit
    while not (holds := bool(found())) and time.monotonic() < deadline:
        time.sleep(PAUSE)
    return holds


def is_in(thread: Thread, function: str) -> bool:
    """Whether a thread is in that function, or in C code that it has called."""
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code.co_name == function


def ended(process: int) -> bool:
    """Whether no process has that number, or one that has ended (on Linux)."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(") ")[2][0] in "XZ"
    except OSError:
        return True
