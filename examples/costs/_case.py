"""What a measured case is, and how the cases of a group are gathered.

A case is a generator: it sets up, yields `run` and `outcome`, and tears
down. `run(loops)` does the work that many times: it is what is timed.
`outcome()` says what came of it, so that a case that measures nothing,
or something else, is seen.
"""

import os
import sys
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec

Run = Callable[[int], object]
Setup = Callable[..., Generator[tuple[Run, Callable[[], object]]]]

UNITS = ["B", "KiB", "MiB"]


class CannotMeasure(Exception):
    """Raised by a case that this machine or this Python cannot run."""


def need_shared_memory(size: int) -> None:
    """Raise CannotMeasure where there is not so much, in bytes.

    Linux says so only by a signal, at the first write beyond the end.
    """
    if sys.platform == "linux":
        try:
            room = os.statvfs("/dev/shm")
        except OSError as error:
            raise CannotMeasure(f"no shared memory: {error}") from error
        free = room.f_bavail * room.f_frsize
        if free < size:
            raise CannotMeasure(f"only {free:,} bytes are free in /dev/shm")


@dataclass(frozen=True)
class Case:
    """One thing whose cost is measured, at one size."""

    group: str
    tool: str
    setup: Setup
    size: int | None
    """Bytes of data, or number of workers; None where it has none."""
    baseline: bool = False
    """Whether it is what the others of its group are compared with."""
    needs: str = ""
    """The module without which it cannot be measured."""

    @property
    def name(self) -> str:
        """By which results know it."""
        size = "" if self.size is None else f", {self.size_name}"
        return f"{self.group}: {self.tool}{size}"

    @property
    def size_name(self) -> str:
        """The size as people write it."""
        if self.group == "contention":
            return f"{self.size} worker{'s' * (self.size != 1)}"
        size, unit = self.size or 0, 0
        while size >= 1024:
            size, unit = size // 1024, unit + 1
        return f"{size} {UNITS[unit]}"

    @contextmanager
    def ready(self) -> Generator[tuple[Run, Callable[[], object]]]:
        """Set up, give `run` and `outcome`, and tear down.

        Raises CannotMeasure, with the reason.
        """
        if self.needs and find_spec(self.needs) is None:
            raise CannotMeasure(f"{self.needs} is not installed")
        arguments = [] if self.size is None else [self.size]
        with contextmanager(self.setup)(*arguments) as pair:
            yield pair


@dataclass
class Group:
    """The cases of one module, which measure the same job."""

    name: str
    sizes: list[int] | list[None] = field(default_factory=lambda: [None])
    cases: list[Case] = field(default_factory=list)

    def case(self, tool: str, baseline: bool = False, needs: str = "") -> Callable[[Setup], Setup]:
        """Add the generator below as a case, at each size.

        `needs` names a module that Python does not bring along.
        """

        def add(setup: Setup) -> Setup:
            self.cases += [
                Case(self.name, tool, setup, size, baseline, needs) for size in self.sizes
            ]
            return setup

        return add

    def show(self, largest: int = 65_536) -> None:
        """Run each case three times, and print what came of it.

        Sizes above `largest` are left out: this shows that the cases
        do what they say, and measures nothing.
        """
        # Threads of a pool may not have quite ended when the next one forks.
        warnings.filterwarnings("ignore", "This process .* is multi-threaded")
        for case in self.cases:
            if case.size is None or case.size <= largest:
                try:
                    with case.ready() as (run, outcome):
                        run(3)
                        print(f"{case.name}: {outcome()}")
                except CannotMeasure as reason:
                    print(f"{case.name}: {reason}")
