"""What docs/doctor.md says."""

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing import Process, freeze_support, get_context, get_start_method
from multiprocessing.connection import Client, Listener
from multiprocessing.shared_memory import SharedMemory
from multiprocessing.synchronize import Lock
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any

from tests.claims import ROOT, no_fact, script, shown
from tests.claims._starts import default_not_set, in_a_child

if TYPE_CHECKING:
    from examples._doctor.machine import Line

LINUX = sys.platform == "linux"
QUOTA = {"sys/fs/cgroup/cpu.max": "50000 100000\n"}
FOUND_BY_SERVER = """
from multiprocessing import Process, set_forkserver_preload

if __name__ == "__main__":
    set_forkserver_preload(["beside"])
    child = Process()
    child.start()
    child.join()
"""
AT_IMPORT = """
import sys
from multiprocessing import Process

if __name__ == "__main__":
    for child in Process(), Process():
        child.start()
        child.join()
else:
    print(sys.argv[1:], flush=True)
"""
OPTIONS = """
import sys
from multiprocessing import Process

def tell():
    print("doctor" in sys._xoptions, flush=True)

if __name__ == "__main__":
    child = Process(target=tell)
    child.start()
    child.join()
"""

SOCKETS = """
import os
import sys
import tempfile
from multiprocessing import current_process
from multiprocessing.connection import Listener

sys.path.append({root!r})
from examples._doctor.limits import temporary_folder
from examples._doctor.machine import Machine

if __name__ == "__main__":
    for length, letter in (75, "x"), (76, "x"), (79, "x"), (80, "x"), (90, "\u00f6"):
        folder = {folder!r} + "/"
        while len(os.fsencode(folder)) < length - 1:
            folder += letter
        folder = folder.ljust(len(folder) + length - len(os.fsencode(folder)), "x")
        os.mkdir(folder)
        tempfile.tempdir = folder
        (line,) = temporary_folder(Machine())
        current_process()._config.pop("tempdir", None)
        try:
            Listener(family="AF_UNIX").close()
            print(length, bool(line.do) == False)
        except OSError as error:
            print(length, bool(line.do) == ("path too long" in str(error)))
"""


def _doctor(*options: str) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-S", "-m", "examples", "doctor", *options]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True)


def _lines(
    item: "Callable[[Any], Iterator[Line]]", files: dict[str, str] | None = None, **facts: Any
) -> "list[Line]":
    """What an item tells of a machine that is made up: of Linux, with these files and facts."""
    from tests.test_harness_doctor import made

    with TemporaryDirectory() as folder:
        return list(item(made(Path(folder), files, **facts)))


def _asks(
    item: "Callable[[Any], Iterator[Line]]", files: dict[str, str] | None = None, **facts: Any
) -> bool:
    """Whether it asks for something."""
    return any(line.do for line in _lines(item, files, **facts))


def one_command() -> None:
    """In a copy of the site's source, one command tells what of your system and your Python
    matters to a program of several processes. It needs nothing but Python 3.11 or later, and
    changes nothing:

    Each item says what is there, what that means, and which page explains it. An item with an
    exclamation mark also says what to do. If there is such an item, the exit status is 1,
    otherwise 0.
    """
    ran = _doctor()
    assert ran.stderr == ""
    *items, summary = ran.stdout.split("\n\n")
    marked = [item for item in items if item.startswith("! ")]
    for item in items:
        lines = item.splitlines()
        assert len(lines) == 3 + (item in marked)
        assert lines[0][2:].startswith("/dev/shm") or ": " in lines[0]
        page = lines[-1].strip().partition("#")[0]
        assert (ROOT / page).is_file()
        assert ("\n  Do: " in item) == (item in marked)
    assert summary.startswith(f"{len(marked)} of {len(items)} ask for something")
    assert ran.returncode == bool(marked)
    tests = (ROOT / "tests" / "test_harness_doctor.py").read_text("utf-8")
    assert "def test_it_changes_nothing(" in tests


def in_a_small_container() -> None:
    """This program runs the doctor in a small container, with a block that a killed program has
    left, and prints what the doctor tells of `/dev/shm`:
    """
    shown("doctor/small_container", "size=64k shm /dev/shm", "rm /dev/shm/psm_1a2b3c4d")


def about_python() -> None:
    """Python | it is frozen, or embedded in another program

    Start methods | no folder for temporary files can be written to, and so `forkserver` is not
    the default

    Free threading | never
    """
    from examples._doctor import python

    assert not _asks(python.interpreter)
    assert _asks(python.interpreter, frozen=True)
    assert _asks(python.interpreter, executable="/usr/bin/uwsgi")
    assert not _asks(python.start_methods, start_methods=["fork", "spawn", "forkserver"])
    assert not _asks(python.start_methods)
    assert _asks(python.start_methods, start_methods=["spawn", "fork", "forkserver"])
    for without, gil in [(False, True), (True, True), (True, False)]:
        assert not _asks(python.threads, without_gil=without, gil=gil)


def about_processors() -> None:
    """Processors | a pool has more workers by default than its affinity and its cgroup let run at
    a time

    BLAS and OpenMP | NumPy or a similar package is installed, and would start more threads than
    that, and no variable such as `OMP_NUM_THREADS` is set
    """
    from examples._doctor import processors

    assert not _asks(processors.processors)
    assert _asks(processors.processors, usable=1)
    assert _asks(processors.processors, QUOTA)
    assert not _asks(processors.threads, QUOTA)
    assert not _asks(processors.threads, libraries=["numpy"])
    assert _asks(processors.threads, QUOTA, libraries=["numpy"])
    several = {"OMP_NUM_THREADS": "64"}
    assert not _asks(processors.threads, QUOTA, libraries=["numpy"], environment=several)
    variables = {"OMP_NUM_THREADS": "1"}
    assert not _asks(processors.threads, QUOTA, libraries=["numpy"], environment=variables)
    if LINUX:
        code = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        code += "import numpy, threadpoolctl\n"
        code += "print(*{pool['num_threads'] for pool in threadpoolctl.threadpool_info()})"
        environment = {k: v for k, v in os.environ.items() if not k.endswith("_THREADS")}
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stdout == "1\n"


def about_memory() -> None:
    """Memory | the system has killed a process of this cgroup, because its memory was used up

    `/dev/shm` | it is missing, 64 MiB or smaller, nearly full, or cannot be written to

    Left in `/dev/shm` | there are files that no process uses, with names that multiprocessing
    chooses

    Unused in `/dev/shm` | there are such files with other names

    Shared memory at logout | never; it says whether systemd removes it
    """
    from unittest.mock import patch

    from examples._doctor import memory
    from examples._doctor.machine import Machine

    assert not _asks(memory.memory)
    assert not _asks(memory.memory, {"sys/fs/cgroup/memory.max": "1000"})
    assert _asks(memory.memory, {"sys/fs/cgroup/memory.events": "oom_kill 1"})
    folder = {"dev/shm/x": ""}
    for total, free, asks in [(2**34, 2**33, 0), (2**34, 2**26, 1), (2**26, 2**26, 1)]:
        with patch.object(Machine, "room", lambda *_, room=(total, free): room):
            assert _asks(memory.shared_memory, folder) == bool(asks)
            with patch("os.access", return_value=False):
                assert _asks(memory.shared_memory, folder)
    if LINUX:
        assert _asks(memory.shared_memory)
        files = {f"dev/shm/{name}": "" for name in ["psm_x", "sem.mp-x", "picture"]}
        made_up, other = _lines(memory.leftovers, files, user=os.getuid())
        assert "rm /dev/shm/psm_x /dev/shm/sem.mp-x`" in made_up.do
        assert "rm /dev/shm/picture`" in other.do
    started = {"run/systemd/system/x": "", "run/systemd/seats/x": ""}
    for user in 0, 1000:
        (line,) = _lines(memory.logout, started, user=user)
        assert not line.do


def about_limits() -> None:
    """Open files | a process may have fewer than 1,024

    Processes and threads | the user may have fewer than 256, or the cgroup as few more

    Semaphores | there are none, or too few for an executor

    Folder for temporary files | its path is too long for a socket, or none can be written to
    """
    from examples._doctor import limits

    for most, asks in [(1023, True), (1024, False)]:
        assert _asks(limits.files, limits={"NOFILE": (most, most)}) == asks
    for most, asks in [(255, True), (256, False)]:
        assert _asks(limits.processes, limits={"NPROC": (most, most)}) == asks
        cgroup = {"sys/fs/cgroup/pids.max": str(most)}
        assert _asks(limits.processes, cgroup, limits={"NPROC": (math.inf, math.inf)}) == asks
    for most_semaphores, asks in [(None, True), (255, True), (256, False)]:
        assert _asks(limits.semaphores, semaphores=most_semaphores) == asks
    for length, asks in [(75, False), (76, True)]:
        path = "/" + "x" * (length - 1)
        assert _asks(limits.temporary_folder, temporary=path, for_sockets=path) == asks
    assert _asks(limits.temporary_folder, temporary="", for_sockets="")
    if LINUX:
        with TemporaryDirectory(dir="/tmp") as folder:
            told = script(SOCKETS.format(root=str(ROOT), folder=folder))
        assert told.stdout.split() == [
            "75",
            "True",
            "76",
            "True",
            "79",
            "True",
            "80",
            "True",
            "90",
            "True",
        ]


def locked_memory() -> None:
    """Locked memory | never, because `multiprocessing` locks none"""
    from examples._doctor import limits

    for most in 0, 65536, math.inf:
        assert not _asks(limits.locked_memory, limits={"MEMLOCK": (most, most)})
    if LINUX:
        assert in_a_child(_without_locked_memory) == 0


def _without_locked_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
    block = SharedMemory(create=True, size=2**20)
    assert block.buf is not None
    block.buf[-1] = 1
    block.close()
    block.unlink()


def about_surroundings() -> None:
    """Container | process 1 is Python

    WSL | never
    """
    from examples._doctor import surroundings

    assert not _asks(surroundings.container)
    assert not _asks(
        surroundings.container, {".dockerenv": "", "proc/1/cmdline": "tini\0python3\0"}
    )
    assert _asks(
        surroundings.container,
        {".dockerenv": "", "proc/1/cmdline": "/usr/bin/python3.13\0gunicorn\0"},
    )
    kernel = {"proc/sys/kernel/osrelease": "5.15-microsoft-standard-WSL2"}
    (line,) = _lines(surroundings.windows_subsystem, kernel)
    assert not line.do


def the_fault_of_a_release() -> None:
    """Fault of Python | the release has a bug that another release has not"""
    from examples._doctor.faults import FAULTS
    from examples._doctor.python import faults
    from tests.claims import max_tasks_deadlock
    from tests.harness.read.words import read_case

    labels = {fault.what: fault.label for fault in FAULTS}
    assert max_tasks_deadlock.OLD in labels.values()
    for what, has_it in _found():
        (label,) = (labels[one] for one in labels if what in one)
        case = read_case(label)
        assert has_it == case.covers(get_start_method()), f"{what}: {has_it} on {label}"
    told = [line.found for line in _lines(faults, release=sys.version_info[:3])]
    assert told == [
        fault.what
        for fault in FAULTS
        if any(read_case(fault.label).covers(m, system="Linux") for m in ["fork", "spawn"])
    ]


def _found() -> Iterator[tuple[str, bool]]:
    """Words of each fault that can be looked for here, and whether this Python has it."""
    method = get_start_method()
    with default_not_set():
        freeze_support()
        yield "freeze_support()", get_start_method(allow_none=True) is not None
    yield 'key b""', _lets_in_without_a_key()
    if method == "fork" or sys.platform == "win32":
        return
    context: Any = get_context(method)
    with default_not_set():
        _end(context.Process())
        yield 'get_context("spawn")', get_start_method(allow_none=True) is not None
    child = context.Process(target=print, args=(get_context("fork").Lock(),))
    try:
        yield "made for fork", _end(child) == -signal.SIGSEGV
    except RuntimeError:
        yield "made for fork", False
    lock = context.Lock()  # kept until the child has ended
    yield "cannot pass a lock on", _end(Process(target=_pass_on, args=(lock,))) != 0
    yield "-X options", script(OPTIONS, "-X", "doctor").stdout == "False\n"
    if method == "forkserver":
        yield "looks for modules", not _server_finds()
        imports = AT_IMPORT.replace("[1:]", "")
        told = script(imports).stdout.splitlines()
        yield "does not import the program", len(told) == 2
        yield "sys.argv has no arguments", told[0] == "['-c']"


def _end(child: Any) -> int | None:
    """Start it, and give its exit code."""
    child.start()
    child.join()
    exit_code: int | None = child.exitcode
    return exit_code


def _pass_on(lock: Lock) -> None:
    sys.exit(_end(Process(target=id, args=(lock,))))


def _lets_in_without_a_key() -> bool:
    with Listener(authkey=b"") as listener:
        client = Thread(target=lambda: Client(listener.address).close())
        client.start()
        try:
            listener.accept().close()
        except (EOFError, OSError):
            return False
        finally:
            client.join()
    return True


def _server_finds() -> bool:
    """Whether the fork server imports a module in the folder of the program, not the current."""
    with TemporaryDirectory() as folder:
        Path(folder, "beside.py").write_text("print('found', flush=True)\n", "utf-8")
        program = Path(folder, "program.py")
        program.write_text(FOUND_BY_SERVER, "utf-8")
        ran = subprocess.run(
            [sys.executable, str(program)], cwd="/", capture_output=True, text=True, check=True
        )
    return "found" in ran.stdout


def left_out() -> None:
    """An item of which the system has nothing is left out: on Windows, for example, there is no
    `/dev/shm`.
    """
    from examples._doctor import memory

    assert not _lines(memory.shared_memory, system="Windows")
    assert not _lines(memory.leftovers, system="Windows")


def what_was_done() -> None:
    """The doctor was run on Linux only, in Debian 12 and 13."""
    no_fact("what was done")


def what_is_left_over() -> None:
    """The doctor looks into `/dev/shm` for files of your user that were not changed within the
    last minute.

    The doctor names the command that removes the others, 20 of them at a time, and does not run it.
    """
    from examples._doctor import memory
    from tests.test_harness_doctor import OLD

    files = {"dev/shm/psm_x": ""}
    if LINUX:
        user = os.getuid()
        assert not _lines(memory.leftovers, files, user=user + 1)
        assert not _lines(memory.leftovers, files, user=user, now=OLD + 59)
        (line,) = _lines(memory.leftovers, files, user=user, now=OLD + 61)
        assert "run `rm /dev/shm/psm_x`" in line.do
        many = {f"dev/shm/psm_{number}": "" for number in range(100, 121)}
        (line,) = _lines(memory.leftovers, many, user=user)
        assert line.do.endswith(" /dev/shm/psm_119`, then run the doctor again: there is 1 more")
        block = SharedMemory(create=True, size=1)
        used, _ = memory._used(_this())
        file = Path(os.readlink(f"/proc/self/fd/{block._fd}"))  # type: ignore[attr-defined]
        told = file.stat()
        assert memory._identity(told) in used
        block.close()
        used, _ = memory._used(_this())
        assert memory._identity(told) not in used
        assert file.exists()
        block.unlink()


def _this() -> Any:
    from examples._doctor.machine import Machine

    return Machine()


def what_it_cannot_know() -> None:
    """It cannot know everything:

    Do not remove a file that you need.

    Processes of another container that shares your `/dev/shm` are not seen.
    """
    no_fact("an introduction, advice, and what follows from looking at /proc alone")


def attach_again() -> None:
    """A program may have closed a block that it, or another one, will attach to again by its
    name.
    """
    block = SharedMemory(create=True, size=1)
    if sys.platform != "win32":
        block.close()
    again = SharedMemory(block.name)
    assert again.size
    again.close()
    again.unlink()
    block.close()


def of_other_users() -> None:
    """Processes of other users can be looked into by root only, and in a container often not even
    by root. The doctor says how many it could not look into, or that they are hidden.
    """
    from unittest.mock import patch

    from examples._doctor import memory

    if not LINUX:
        return
    code = "import os; os.setuid(65534); open(f'/proc/{os.getppid()}/maps').read(1)"
    if os.getuid() == 0:
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert ran.stderr.splitlines()[-1].startswith("PermissionError")
        assert Path("/proc/self/maps").read_text()
    with patch.object(memory, "_used_by", side_effect=PermissionError):
        files = {"dev/shm/psm_x": "", "proc/1/maps": "", "proc/8/maps": ""}
        (line,) = _lines(memory.leftovers, files, user=os.getuid())
    assert "2 processes of others could not be looked into" in line.means
    assert "hidden" not in line.means
    (line,) = _lines(memory.leftovers, {"dev/shm/psm_x": "", "proc/8/x": ""}, user=os.getuid())
    assert "those of other users are hidden" in line.means


def as_json() -> None:
    """With `--json`, the doctor prints the same as one line of JSON, with the version of Python
    and of the system. It has the path of your folder for temporary files and the names of files
    in `/dev/shm`: look at it before you post it.
    """
    from examples._doctor import limits

    told = _doctor("--json").stdout
    assert told.count("\n") == 1
    read = json.loads(told)
    assert read["python"] == sys.version
    assert read["system"]
    assert "Processors" in [line["about"] for line in read["lines"]]
    (line,) = _lines(limits.temporary_folder, temporary="/home/me/tmp")
    assert line.found.startswith("/home/me/tmp, ")
