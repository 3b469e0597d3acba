"""Items about what the system lets a process or a user have."""

import math
import os
from collections.abc import Iterator
from mmap import PAGESIZE

from examples._doctor import cgroups
from examples._doctor.machine import Line, Machine, count, size

FEW_FILES = 1024  # below it, a program with some hundred queues fails
FEW_PROCESSES = 256  # a pool for each of a few programs, and the threads of their libraries
NEEDED = 256  # semaphores, without which there is no ProcessPoolExecutor
LONGEST = {"Linux": 107, "macOS": 103}  # bytes, of the path of a socket
ADDED = len("/pymp-12345678/listener-12345678")  # to the folder for temporary files


def files(machine: Machine) -> Iterator[Line]:
    """How many files may be open."""
    if "NOFILE" not in machine.limits:
        return
    soft, hard = machine.limits["NOFILE"]
    found = f"{count(soft)} in a process"
    if hard > soft:
        found += f"; ulimit -n can raise it ({count(hard)})".replace("(no limit)", "without limit")
    means = "On Linux, each Queue, Pipe, SharedMemory and started Process has two"
    do = ""
    if soft < FEW_FILES:
        do = "Use one queue for all workers"
        if hard > soft:
            do += f"; or run `ulimit -n {min(hard, 4096):.0f}` before the program"
    yield Line("Open files", found, means, "pitfalls/too-many-files.md", do)


def processes(machine: Machine) -> Iterator[Line]:
    """How many processes and threads there may be."""
    if "NPROC" not in machine.limits:
        return
    of_user = machine.limits["NPROC"][0] if machine.user else math.inf  # root has no such limit
    left = cgroups.processes(machine)
    told = [f"{count(of_user)} for this user"] if machine.user else ["no limit for root"]
    if left is not None:
        told.append(f"{count(left)} more in this cgroup")
    means = "Threads count, too. Beyond this, the start of a process raises BlockingIOError, "
    means += "and that of a thread RuntimeError"
    page = "pitfalls/too-many-files.md#resource-temporarily-unavailable-too-many-processes"
    few = min(of_user, math.inf if left is None else left) < FEW_PROCESSES
    do = "Start few workers, with Pool(2) or ProcessPoolExecutor(2)" if few else ""
    yield Line("Processes and threads", "; ".join(told), means, page, do)


def locked_memory(machine: Machine) -> Iterator[Line]:
    """How much memory may be locked."""
    if "MEMLOCK" in machine.limits:
        soft, _ = machine.limits["MEMLOCK"]
        found = count(soft) if soft == math.inf else size(soft)
        means = "multiprocessing locks no memory, so this does not limit what is shared"
        yield Line("Locked memory", found, means, "syntax/shared-memory.md#how-it-works")


def semaphores(machine: Machine) -> Iterator[Line]:
    """How many semaphores there may be: of these, locks and queues are made."""
    means = "A Lock is one semaphore; a Queue, an Event and a Pool have several"
    page = "errors.md#where-the-system-lacks-something"
    if machine.semaphores is None:
        found = "this Python was built without them"
        means = "It has no Lock, no Queue and no Pool"
        yield Line("Semaphores", found, means, page, "Install another build of Python")
    elif 0 <= machine.semaphores < NEEDED:
        found = f"{machine.semaphores} in a process"
        means = f"ProcessPoolExecutor needs {NEEDED}, and raises NotImplementedError"
        yield Line("Semaphores", found, means, page, "Use a Pool")
    elif machine.semaphores > 0:
        yield Line("Semaphores", f"{count(machine.semaphores)} in a process", means, page)
    elif machine.system == "Linux":
        try:
            # Each is a file of its own there, which takes a whole page.
            found = f"room in /dev/shm for {count(machine.room('/dev/shm')[1] // PAGESIZE)}"
        except OSError:
            return  # what is told of /dev/shm says so
        page = "frameworks/containers.md#a-small-devshm-docker-and-kubernetes"
        yield Line("Semaphores", found, means, page)


def temporary_folder(machine: Machine) -> Iterator[Line]:
    """Whether the path of a socket fits, which is put into the folder for temporary files."""
    if machine.system not in LONGEST:
        return
    about, page = "Folder for temporary files", "syntax/remote-manager.md#addresses"
    if not machine.temporary:
        means = "A manager, the fork server, and arrays that do not fit /dev/shm need one"
        page = "syntax/start-methods.md#which-one-is-the-default"
        do = "Set TMPDIR to a folder that this user can write to"
        yield Line(about, "none can be written to", means, page, do)
        return
    most = LONGEST[machine.system] - ADDED
    length = len(os.fsencode(machine.temporary))
    found = f"{machine.temporary}, {length} bytes"
    means = f"For sockets of a manager or the fork server, {most} bytes are the most"
    do = ""
    if len(os.fsencode(machine.for_sockets)) > most:
        means += ": they fail, with EOFError or `AF_UNIX path too long`"
        do = "Set TMPDIR to a folder with a shorter path, such as /tmp"
    elif machine.for_sockets != machine.temporary:
        means += f", so this Python puts sockets into {machine.for_sockets}"
    yield Line(about, found, means, page, do)
