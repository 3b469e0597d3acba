"""Reads what `_startup/_trace.py` noted of a run."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Event:
    """One line: what happened, when, in which process and thread, and more that tells of it."""

    name: str
    time: int
    """Nanoseconds, on the clock of the machine."""
    pid: int
    thread: int
    """0 for the main one."""
    told: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.told.get(key, "")


def read_events(path: Path) -> list[Event]:
    """All lines of a file, in the order in which they were written; a torn one is left out."""
    events = []
    for line in path.read_text("utf-8", "replace").splitlines() if path.exists() else []:
        try:
            told = json.loads(line)
            events.append(
                Event(told.pop("e"), told.pop("t"), told.pop("p"), told.pop("w", 0), told)
            )
        except (ValueError, KeyError, AttributeError):
            continue
    return events
