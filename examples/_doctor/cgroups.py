"""What the cgroups of this process limit, in version 1 and 2.

A limit holds for a cgroup and all below it, so the smallest on the way up counts.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from examples._doctor.machine import Machine

Cgroups = tuple[int, list[str]]
"""The version, and the folders of the cgroups: the one that the process is in, and those above."""


def hierarchies(machine: Machine, controller: str) -> Iterator[Cgroups]:
    """The cgroups by which a controller may limit this process."""
    for version, top, mounted in _mounts(machine, controller):
        inside = PurePosixPath(_cgroup(machine, version, controller))
        # In a container, the path may be that of the host, and the folder the container's own.
        below = inside.relative_to(top) if inside.is_relative_to(top) else PurePosixPath()
        own = PurePosixPath(mounted, below)
        yield version, [str(own), *map(str, list(own.parents)[: len(below.parts)])]


def _mounts(machine: Machine, controller: str) -> Iterator[tuple[int, str, str]]:
    """Of each hierarchy its version, the cgroup at its top, and where that is mounted."""
    for line in machine.read("/proc/self/mountinfo").splitlines():
        left, _, right = line.partition(" - ")
        _, _, _, top, mounted, *_ = left.split(" ")
        kind, *_, options = right.split(" ")
        if kind == "cgroup2":
            yield 2, top, mounted
        elif kind == "cgroup" and controller in options.split(","):
            yield 1, top, mounted
    yield 2, "/", "/sys/fs/cgroup"  # where it mostly is


def _cgroup(machine: Machine, version: int, controller: str) -> str:
    """The cgroup of this process, as a path below that of the top."""
    for line in machine.read("/proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "" if version == 2 else controller in controllers.split(","):
            return path
    return "/"


def number(text: str) -> int | None:
    """A number; None for what stands for no limit, such as "max" and "-1"."""
    return int(text) if text.strip().isdigit() else None


def processors(machine: Machine) -> float | None:
    """For how many processors there is time; None without a limit."""
    found = []
    for version, folders in hierarchies(machine, "cpu"):
        for folder in folders:
            if version == 2:
                quota, _, period = machine.read(f"{folder}/cpu.max").partition(" ")
            else:
                quota = machine.read(f"{folder}/cpu.cfs_quota_us")
                period = machine.read(f"{folder}/cpu.cfs_period_us")
            if (time := number(quota)) and (of := number(period)):
                found.append(time / of)
    return min(found, default=None)


def memory(machine: Machine) -> int | None:
    """The bytes that may be used; None without a limit."""
    names = {1: "memory.limit_in_bytes", 2: "memory.max"}
    found = [
        number(machine.read(f"{folder}/{names[version]}"))
        for version, folders in hierarchies(machine, "memory")
        for folder in folders
    ]
    return min(filter(None, found), default=None)


def killed(machine: Machine) -> int:
    """How many processes of the own cgroup were killed because its memory was used up."""
    names = {1: "memory.oom_control", 2: "memory.events"}
    for version, folders in hierarchies(machine, "memory"):
        for line in machine.read(f"{folders[0]}/{names[version]}").splitlines():
            if line.startswith("oom_kill "):
                return number(line.removeprefix("oom_kill ")) or 0
    return 0


def processes(machine: Machine) -> int | None:
    """How many processes and threads may still be started; None without a limit."""
    found = []
    for _, folders in hierarchies(machine, "pids"):
        for folder in folders:
            most = number(machine.read(f"{folder}/pids.max"))
            if most is not None:
                found.append(max(0, most - (number(machine.read(f"{folder}/pids.current")) or 0)))
    return min(found, default=None)
