"""Asks all items, and prints what they tell: as text, or as JSON for a report of a bug."""

import json
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict

from examples._doctor import limits, memory, processors, python, surroundings
from examples._doctor.machine import Line, Machine
from examples._pages import address

ITEMS: list[Callable[[Machine], Iterator[Line]]] = [
    python.interpreter,
    python.start_methods,
    python.threads,
    processors.processors,
    processors.threads,
    memory.memory,
    memory.shared_memory,
    memory.leftovers,
    memory.logout,
    limits.files,
    limits.processes,
    limits.semaphores,
    limits.locked_memory,
    limits.temporary_folder,
    surroundings.container,
    surroundings.windows_subsystem,
    python.faults,
]


def doctor(as_json: bool, machine: Machine | None = None) -> int:
    """Print what there is to tell; the exit status is 1 if something should be done."""
    lines = list(ask(machine or Machine()))
    if as_json:
        system = f"{platform.system()} {platform.release()} {platform.machine()}"
        print(json.dumps({"system": system, "python": sys.version} | told(lines)))
    else:
        text = "\n\n".join([*map(paragraph, lines), summary(lines)])
        encoding = sys.stdout.encoding or "utf-8"
        print(text.encode(encoding, "backslashreplace").decode(encoding))
    return int(any(line.do for line in lines))


def ask(machine: Machine) -> Iterator[Line]:
    """The lines of all items; of one that fails, that it did."""
    for item in ITEMS:
        try:
            yield from item(machine)
        except Exception as error:
            name = f"{item.__module__.rpartition('.')[2]}.{item.__name__}"
            yield Line(name, f"could not be told: {error!r}", "Report this", "contributing.md")


def told(lines: list[Line]) -> dict[str, list[dict[str, str]]]:
    """The lines, for JSON."""
    return {"lines": [asdict(line) | {"page": address(line.page)} for line in lines]}


def paragraph(line: Line) -> str:
    """A line as people read it; an exclamation mark where something should be done."""
    mark = "!" if line.do else " "
    text = [f"{mark} {line.about}: {line.found}.", f"  {line.means}."]
    text += [f"  Do: {line.do}."] * bool(line.do)
    return "\n".join([*text, f"  {address(line.page)}"])


def summary(lines: list[Line]) -> str:
    """The last line."""
    number = sum(bool(line.do) for line in lines)
    return f"{number} of {len(lines)} ask for something: see the lines with !."
