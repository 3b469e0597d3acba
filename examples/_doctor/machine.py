"""The facts that items tell from, and the lines that they tell."""

import importlib.util
import math
import multiprocessing
import os
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import util
from pathlib import Path

from tests.harness.read.versions import THIS, Release
from tests.harness.read.words import SYSTEM

LIMITS = "NOFILE", "NPROC", "MEMLOCK"
LIBRARIES = "numpy", "scipy", "sklearn", "torch", "numba", "numexpr"
"""Modules that may start threads of their own."""


@dataclass(frozen=True)
class Line:
    """What one item tells."""

    about: str
    found: str
    """What is there."""
    means: str
    page: str
    """Below the folder docs, with the heading: `syntax/queue.md#the-call`."""
    do: str = ""
    """Empty where nothing need be done."""


def _usable() -> int:
    """The processors that this process may use; all where the system does not tell."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _workers() -> int:
    """How many workers a pool has by default."""
    count = getattr(os, "process_cpu_count", os.cpu_count)  # the former since Python 3.13
    return count() or 1


def _limits() -> dict[str, tuple[float, float]]:
    """Of the resource limits that the system has, the current value and the highest."""
    try:
        import resource
    except ImportError:  # on Windows
        return {}
    found = {}
    for name in LIMITS:
        if number := getattr(resource, f"RLIMIT_{name}", None):
            soft, hard = (
                math.inf if value == resource.RLIM_INFINITY else value
                for value in resource.getrlimit(number)
            )
            found[name] = soft, hard
    return found


def _semaphores() -> int | None:
    """The most that a process may have; -1 without such a limit, None without semaphores."""
    try:
        import multiprocessing.synchronize  # noqa: F401
    except ImportError:
        return None
    with suppress(AttributeError, ValueError, OSError):  # on Windows; where it is not told
        return os.sysconf("SC_SEM_NSEMS_MAX")
    return -1


def _temporary() -> str:
    """The folder for temporary files; empty if none can be written to."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        return ""


def _for_sockets() -> str:
    """The folder in which multiprocessing makes a folder for its sockets."""
    if not _temporary():
        return ""
    chosen = getattr(util, "_get_base_temp_dir", None)  # since Python 3.13.6
    return (chosen and chosen(tempfile)) or _temporary()


@dataclass(frozen=True)
class Machine:
    """A machine, the user and this Python on it."""

    root: Path = Path("/")
    """The folder that has dev, proc, sys and so on."""
    system: str = SYSTEM
    """Linux, macOS or Windows, as pages name it."""
    now: float = field(default_factory=time.time)
    """Seconds since 1970, as files have it."""
    user: int = field(default_factory=getattr(os, "getuid", lambda: 0))
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    release: Release = THIS
    implementation: str = sys.implementation.name
    executable: str = sys.executable
    frozen: bool = hasattr(sys, "frozen")
    interactive: bool = field(
        default_factory=lambda: bool(hasattr(sys, "ps1") or sys.flags.interactive)
    )
    without_gil: bool = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    """Whether this is a free-threaded build."""
    gil: bool = field(default_factory=getattr(sys, "_is_gil_enabled", lambda: True))
    start_methods: list[str] = field(default_factory=multiprocessing.get_all_start_methods)
    """The default first."""
    processors: int = field(default_factory=lambda: os.cpu_count() or 1)
    usable: int = field(default_factory=_usable)
    workers: int = field(default_factory=_workers)
    libraries: list[str] = field(
        default_factory=lambda: [name for name in LIBRARIES if importlib.util.find_spec(name)]
    )
    limits: Mapping[str, tuple[float, float]] = field(default_factory=_limits)
    semaphores: int | None = field(default_factory=_semaphores)
    temporary: str = field(default_factory=_temporary)
    for_sockets: str = field(default_factory=_for_sockets)

    def path(self, name: str) -> Path:
        """Where a file is that has this name on the machine."""
        return self.root / name.lstrip("/")

    def read(self, name: str) -> str:
        """The text of a file; empty if it cannot be read, or is not there, or no longer."""
        try:
            return self.path(name).read_text("utf-8", "replace")
        except OSError:
            return ""

    def room(self, name: str) -> tuple[int, int]:
        """The bytes of a file system, and those of them that this user may still take; OSError."""
        told = os.statvfs(self.path(name))
        return told.f_frsize * told.f_blocks, told.f_frsize * told.f_bavail


def size(number: float) -> str:
    """Bytes, as people read them: "64 MiB"."""
    units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    while number >= 1024 and len(units) > 1:
        number /= 1024
        del units[0]
    return f"{number:,.0f} {units[0]}" if number >= 100 else f"{number:.3g} {units[0]}"


def count(number: float) -> str:
    """A number, with commas: "1,024"; or that there is no limit."""
    return "no limit" if number == math.inf else f"{number:,.0f}"


def several(number: int, one: str, many: str) -> str:
    """A number, with commas, of what is called so: "1 file", "2 files"."""
    return f"{number:,} {one if number == 1 else many}"


def listed(names: list[str]) -> str:
    """Names with commas and "and" between them."""
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
