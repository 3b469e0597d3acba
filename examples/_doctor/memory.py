"""Items about shared memory, and about memory in all."""

import os
import re
import shlex
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from examples._doctor import cgroups
from examples._doctor.machine import Line, Machine, several, size

SMALL = 64 * 1024**2  # bytes; what a container of Docker has by default
FOLDER = "/dev/shm"
MADE_UP = "psm_", "sem.mp-"
"""How names begin that multiprocessing makes up: of blocks, and of semaphores."""
MOST = 20  # names in a command
NEW = 60.0  # seconds; a file that was changed since then may be about to be used
MAPPED = re.compile(r"^\S+ \S+ \S+ (\S+):(\S+) (\d+)", re.MULTILINE)
Identity = tuple[int, int]
"""The device of a file, and its number there."""


def shared_memory(machine: Machine) -> Iterator[Line]:
    """Whether blocks and locks have room."""
    if machine.system != "Linux":
        return
    page = "frameworks/containers.md#no-devshm-aws-lambda"
    try:
        total, free = machine.room(FOLDER)
    except OSError as error:
        found = f"not there ({error.strerror})"
        means = "A Lock, a Queue, a Pool and a SharedMemory raise OSError"
        yield Line(FOLDER, found, means, page, "Use a Process with a Pipe")
        return
    found = f"{size(total)}, of which {size(free)} are free"
    if not os.access(machine.path(FOLDER), os.W_OK | os.X_OK):
        means = "This user cannot write there: a Lock, a Queue and a SharedMemory raise OSError"
        do = f"Give it the usual permissions, as root: `chmod 1777 {FOLDER}`"
        yield Line(FOLDER, found, means, page, do)
        return
    means = "A write for which no room is left ends the process with a bus error (SIGBUS)"
    page = "pitfalls/shared-memory-full.md#give-it-more-room"
    do = ""
    if total <= SMALL:
        do = "If you share more, start the container with `docker run --shm-size=2g`"
    elif free <= SMALL:
        do = f"See what takes the room: `ls -l {FOLDER}`"
    yield Line(FOLDER, found, means, page, do)


def leftovers(machine: Machine) -> Iterator[Line]:
    """Files of this user there that no process uses, and that are not new."""
    if machine.system != "Linux" or not (files := _files(machine)):
        return
    used, unseen = _used(machine)
    unused = {name: told for name, told in files.items() if _identity(told) not in used}
    made_up = [name for name in unused if name.startswith(MADE_UP)]
    others = [name for name in unused if name not in made_up]
    page = "pitfalls/leaked-shared-memory.md#why"
    known = "No process has such a file open or mapped"
    if unseen:
        known += f", as far as can be seen: {several(unseen, 'process', 'processes')} of others "
        known += "could not be looked into"
    elif not machine.path("/proc/1").exists():  # as with hidepid=2
        known += ", as far as can be seen: those of other users are hidden"
    if made_up:
        means = f"{known}. multiprocessing chooses such names, so a program was probably killed, "
        means += "or did not call unlink()"
        do = f"If no program of yours is to attach to one by its name, run {_remove(made_up)}"
        yield Line("Left in /dev/shm", _told(made_up, unused), means, page, do)
    if others:
        means = f"{known}. It may be a block to which you gave a name, or belong to other software"
        do = f"If you know that nothing needs them, run {_remove(others)}"
        yield Line("Unused in /dev/shm", _told(others, unused), means, page, do)


def _files(machine: Machine) -> dict[str, os.stat_result]:
    """The files of this user, by their names; not new ones, nor what a command cannot name."""
    found = {}
    with suppress(OSError):
        for path in sorted(machine.path(FOLDER).iterdir()):
            with suppress(OSError):  # it has gone since
                told = path.lstat()
                ours = stat.S_ISREG(told.st_mode) and told.st_uid == machine.user
                old = told.st_mtime < machine.now - NEW
                if ours and old and path.name.isprintable():
                    found[path.name] = told
    return found


def _identity(told: os.stat_result) -> Identity:
    return told.st_dev, told.st_ino


def _used(machine: Machine) -> tuple[set[Identity], int]:
    """The files that processes have open or mapped; and how many could not be looked into."""
    found: set[Identity] = set()
    unseen = 0
    for process in machine.path("/proc").glob("[0-9]*"):
        try:
            found |= _used_by(process)
        except PermissionError:
            unseen += 1
        except OSError:  # it has ended since
            continue
    return found, unseen


def _used_by(process: Path) -> set[Identity]:
    """The files that a process has open or mapped; OSError if it has ended, or is another's."""
    maps = (process / "maps").read_text("utf-8", "replace")
    found = {
        (os.makedev(int(major, 16), int(minor, 16)), int(number))
        for major, minor, number in MAPPED.findall(maps)
    }
    for file in (process / "fd").iterdir():
        with suppress(FileNotFoundError):  # it has been closed since, or is no file
            found.add(_identity(file.stat()))
    return found


def _told(names: list[str], files: dict[str, os.stat_result]) -> str:
    total = sum(files[name].st_blocks * 512 for name in names)
    return f"{several(len(names), 'file', 'files')}, {size(total)}"


def _remove(names: list[str]) -> str:
    """The command that removes files; a part of them if there are many."""
    command = shlex.join(["rm", *(f"{FOLDER}/{name}" for name in names[:MOST])])
    more = len(names) - MOST
    again = f", then run the doctor again: there {'are' if more > 1 else 'is'} {more} more"
    return f"`{command}`" + again * (more > 0)


PLACES = "etc", "run", "usr/local/lib", "usr/lib"
"""Where systemd looks for its settings; the first has precedence."""
NO = "0", "f", "false", "n", "no", "off"


def logout(machine: Machine) -> Iterator[Line]:
    """Whether systemd removes shared memory when the user logs out."""
    booted = machine.path("/run/systemd/system").is_dir()  # how systemd itself tells
    if machine.system != "Linux" or not booted or not machine.path("/run/systemd/seats").is_dir():
        return
    about, page = "Shared memory at logout", "frameworks/containers.md#systemd"
    last = re.findall(r"^SYS_UID_MAX\s+(\d+)", machine.read("/etc/login.defs"), re.MULTILINE)
    if machine.user <= int((last or ["999"])[-1]):
        means = "systemd removes only what belongs to ordinary users"
        yield Line(about, f"kept: user {machine.user} is a system user", means, page)
    elif _remove_ipc(machine).lower() in NO:
        means = "What a program leaves in /dev/shm stays there, too"
        yield Line(about, "kept: RemoveIPC=no", means, page)
    else:
        means = "A program of this user that is to run on after that loses its blocks and locks: "
        means += "run it as a system user, or set RemoveIPC=no"
        yield Line(about, "systemd removes it", means, page)


def _remove_ipc(machine: Machine) -> str:
    """What the settings say last; "yes" where they say nothing."""
    main = [f"{place}/systemd/logind.conf" for place in PLACES]
    files = [name for name in main if machine.path(name).exists()][:1]
    extra: dict[str, str] = {}
    for place in reversed(PLACES):  # a file in the first hides one of the same name
        folder = f"{place}/systemd/logind.conf.d"
        for path in machine.path(folder).glob("*.conf"):
            extra[path.name] = f"{folder}/{path.name}"
    files += [extra[name] for name in sorted(extra)]
    text = "\n".join(map(machine.read, files))
    found: list[str] = re.findall(r"^\s*RemoveIPC\s*=\s*(\w+)", text, re.MULTILINE)
    return ["yes", *found][-1]


def memory(machine: Machine) -> Iterator[Line]:
    """How much memory there is, and whether the cgroup has a limit."""
    if machine.system != "Linux":
        return
    told = re.search(r"^MemTotal:\s*(\d+) kB", machine.read("/proc/meminfo"), re.MULTILINE)
    total = int(told[1]) * 1024 if told else 0
    limit, killed = cgroups.memory(machine), cgroups.killed(machine)
    found = f"{size(total)} in all" if told else "unknown"
    means = "If it is used up, the system kills a process"
    page = "pitfalls/killed-worker.md#if-it-was-memory"
    do = ""
    if limit is not None and (limit < total or not told):
        found += f"; this cgroup may use {size(limit)}"
        means += ". What is in /dev/shm counts, too"
    if killed:
        found += f"; {several(killed, 'process was', 'processes were')} killed in this cgroup"
        do = "Start fewer workers, or raise the limit"
    yield Line("Memory", found, means, page, do)
