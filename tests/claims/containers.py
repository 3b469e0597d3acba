"""What docs/frameworks/containers.md says."""

import os
import platform
import signal
import subprocess
import sys
from importlib import import_module
from multiprocessing import Lock, Manager, Pipe, Process, get_start_method, shared_memory
from multiprocessing.connection import Connection
from multiprocessing.managers import SyncManager
from multiprocessing.pool import ThreadPool
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from stat import S_ISSOCK
from threading import Event
from threading import Lock as ThreadLock

from examples._inline import missing
from tests.claims import ROOT, no_fact, on, raises, shown

PROGRAMS = ROOT / "examples" / "containers"
RUNS_HERE = sys.platform == "linux" and missing((PROGRAMS / "full.py").read_text("utf-8"))[1] == []
sys.path.append(str(PROGRAMS))
container = import_module("_container")


def _inside(setup: str, code: str, **variables: str) -> str:
    """What a program prints that is PID 1 of a container."""
    script = f'{setup}\nexec "$@"'
    ran = subprocess.run(
        [*container.COMMAND, script, "sh", sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | variables,
    )
    return ran.stdout


def in_short() -> None:
    """In a container, give `/dev/shm` more room, set the number of workers yourself, and start an
    init as PID 1.
    """
    no_fact("advice")


def a_pipe() -> None:
    """Where there is no `/dev/shm`, as on AWS Lambda, use `Process` with `Pipe`.

    Give each worker a pipe of its own.
    """
    shown("containers/a_pipe_each", "enter(NONE)", "Pipe(duplex=False)", "4\n9\n")


def symptoms() -> None:
    """the program has more workers than the container has processors, and is slow or runs out of
    memory | The number of workers

    all processes together seem to use more than the limit, and the pod goes on | Above the limit

    `docker stop` lasts ten seconds; processes that are `<defunct>` | PID 1

    blocks and locks of a service disappear | systemd
    """
    no_fact("an introduction: the sections prove it")


def no_locks() -> None:
    """`OSError: [Errno 38] Function not implemented`, `[Errno 2] No such file or directory` or
    `[Errno 13] Permission denied`, from `Lock`, `Queue` or `Pool` | No /dev/shm
    """
    shown(
        "containers/no_shm",
        "Lock raises OSError\n",
        "Queue raises OSError\n",
        "Pool raises OSError\n",
    )


def too_full() -> None:
    """ "Bus error", exit code -7 or 135, or `OSError: [Errno 28] No space left on device` |
    A small /dev/shm

    The block is created without an error, and the write kills the worker.
    """
    shown("containers/full", "Created\n", "killed by SIGBUS", "[Errno 28] No space left on device")


def why() -> None:
    """A container has a `/dev/shm` of its own, which is small or missing, and its first process is
    PID 1, which Linux treats differently. Python does not see all of its limits.
    """
    no_fact("an introduction: the sections prove it")


def not_even_threads() -> None:
    """Even `ThreadPool` fails, because it makes a `SimpleQueue` of `multiprocessing`; for threads,
    use `ThreadPoolExecutor`.
    """
    shown("containers/no_shm", "ThreadPool raises OSError\n")
    with ThreadPool(1) as pool:
        assert isinstance(pool._change_notifier, SimpleQueue)  # type: ignore[attr-defined]
    pool.join()
    if RUNS_HERE:
        code = "from concurrent.futures import ThreadPoolExecutor as Executor\n"
        code += "with Executor(1) as executor: print(executor.submit(abs, -1).result())"
        assert _inside(container.NONE, code) == "1\n"


def _end_with(lock: ThreadLock) -> None:
    lock.acquire()
    os._exit(1)


def a_manager() -> None:
    """A manager works, too: the lock that it makes is one of its server's threads, and workers
    reach it through a socket.

    If it was killed while it held the `lock`, the other workers wait for the lock forever.
    """
    shown("containers/a_pipe_each", "manager.Lock()", "Tasks: 2")
    assert SyncManager._registry["Lock"][0] is ThreadLock  # type: ignore[attr-defined]
    with Manager() as manager:
        if sys.platform == "linux":
            assert isinstance(manager.address, str)
            assert S_ISSOCK(os.stat(manager.address).st_mode)
        lock = manager.Lock()
        worker = Process(target=_end_with, args=(lock,))
        worker.start()
        worker.join()
        assert not lock.acquire(False)


def _wait(sender: Connection) -> None:
    Event().wait()
    sender.close()


def killed() -> None:
    """If a worker is killed before it has sent its result, `recv()` raises `EOFError`, or
    `OSError` in the middle of a message, because the parent has closed its own copy of the
    `sender`.
    """
    shown("containers/a_pipe_each", "sender.close()")
    shown("pipe/killed_while_sending", "Output, on Linux and macOS\n", "OSError")
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=_wait, args=(sender,))
    worker.start()
    sender.close()
    worker.kill()
    with raises(EOFError):
        receiver.recv()
    worker.join()


NO_ROOM = f"{container.SMALL}\ncat /dev/zero > /dev/shm/full || true"
FULL = """
from multiprocessing import Lock, Pool, Queue, RawArray
for call in Lock, Queue, Pool:
    try:
        call()
    except OSError as error:
        print(error.errno)
numbers = RawArray("b", 5 << 20)
(file,) = [line.split()[5] for line in open("/proc/self/maps") if "/pym-" in line]
print(file)
"""


def while_it_is_full() -> None:
    """While `/dev/shm` is full, no `Lock` can be created, so no `Queue` and no `Pool` either. A
    `RawArray` of more than 4 MB is put into the temporary folder instead.
    """
    shown("containers/full", "Lock: [Errno 28] No space left on device")
    if RUNS_HERE:
        *errors, file = _inside(NO_ROOM, FULL).split()
        assert errors == ["28"] * 3
        assert not file.startswith("/dev/shm")


def elsewhere() -> None:
    """Bus error shows how to get an exception when you create the block."""
    shown("shared-memory-full/reserved", "OSError: [Errno 28] No space left on device")


def the_number() -> None:
    """Pass `max_workers`, or `processes` for a `Pool`."""
    no_fact("advice")


def not_a_real_limit() -> None:
    """This program was not run under a real limit: a file with the limit of half a processor was
    put in the place of `cpu.max`.
    """
    shown("containers/workers", "enter(QUOTA)", "Workers: 1")
    assert "echo 50000 100000 > /sys/fs/cgroup/cpu.max" in container.QUOTA


def a_set_of_processors() -> None:
    """length of `os.sched_getaffinity(0)` | not seen | seen

    `os.process_cpu_count()`, Python 3.13 and later | not seen | seen

    `os.cpu_count()` | not seen | not seen with glibc
    """
    if sys.platform == "linux":
        before, all_of_them = os.sched_getaffinity(0), os.cpu_count()
        os.sched_setaffinity(0, {min(before)})
        try:
            assert len(os.sched_getaffinity(0)) == 1
            assert os.cpu_count() == all_of_them or platform.libc_ver()[0] != "glibc"
            assert hasattr(os, "process_cpu_count") == on("Python 3.13 and later")
            assert getattr(os, "process_cpu_count", lambda: 1)() == 1
        finally:
            os.sched_setaffinity(0, before)


def by_the_environment() -> None:
    """In Python 3.13 and later, the environment variable `PYTHON_CPU_COUNT` sets the default number
    of workers, without a change to the program.
    """
    code = "from concurrent.futures import ProcessPoolExecutor as Executor\n"
    code += "print(Executor()._max_workers)"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHON_CPU_COUNT": "57"},
    )
    assert (ran.stdout == "57\n") == on("Python 3.13 and later")


def with_a_handler() -> None:
    """Start the container with `docker run --init`, or handle SIGTERM in your program.

    PID 1 receives only signals for which it has a handler, and a Python program has none for
    SIGTERM unless it sets one.
    """
    shown(
        "containers/pid_1",
        "PID: 1\nWithout a handler, nothing happens\nSIGTERM is received\n",
    )
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def the_workers_too() -> None:
    """Let the handler end the workers as well."""
    shown("ctrl-c/sigterm", "signal.SIGTERM")


def zombies() -> None:
    """When it ends, it remains as a zombie, which `ps` shows as `<defunct>`, until PID 1 waits for
    it. Python waits only for processes that it has started itself:
    """
    shown("containers/zombie", "worker.join()", "is a zombie: True\nAfter waitpid it is gone: True")


def removed_files() -> None:
    """After that, a process that attaches to a block gets a `FileNotFoundError`, and so does a
    child that is given a lock under `forkserver` or `spawn`. Processes that already use them are
    not affected.
    """
    if sys.platform == "linux":
        block, lock = shared_memory.SharedMemory(create=True, size=9), Lock()
        file = Path(os.readlink(f"/proc/self/fd/{block._fd}"))  # type: ignore[attr-defined]
        removed = file.rename(file.with_name(f"{file.name}-removed"))
        with raises(FileNotFoundError):
            shared_memory.SharedMemory(block.name)
        assert block.buf is not None
        block.buf[0] = 1
        removed.rename(file)
        block.close()
        block.unlink()
        semaphore = lock._semlock  # type: ignore[attr-defined]
        if get_start_method() == "fork":
            assert semaphore.name is None  # a child has it already
        else:
            file = Path("/dev/shm", f"sem.{semaphore.name[1:]}")
            removed = file.rename(file.with_name(f"{file.name}-removed"))
            with raises(FileNotFoundError):  # as the child does it
                import_module("_multiprocessing").SemLock._rebuild(
                    semaphore.handle, semaphore.kind, semaphore.maxvalue, semaphore.name
                )
            with lock:
                removed.rename(file)


def not_run() -> None:
    """Not run under systemd: files were removed from `/dev/shm` as it would.

    Not run in WSL.

    Not run on Windows.

    Run with `unshare` of util-linux 2.38, not with Docker, Kubernetes or Lambda.
    """
    no_fact("what was done")


def a_module_of_their_own() -> None:
    """Put the functions for workers into a module of their own.

    Leave it out of your program, with its import.
    """
    no_fact("advice")


def again() -> None:
    """`_container.py` starts a program again with `unshare` of Linux, which makes it PID 1 and
    gives it a `/dev/shm` of its own, as a container does. In a real container, where the program
    is PID 1 already, `enter` does nothing.
    """
    text = (PROGRAMS / "_container.py").read_text("utf-8")
    assert "if os.getpid() != 1:" in text
    assert "os.execvp(" in text
    assert container.COMMAND[0] == "unshare"
    if RUNS_HERE:
        code = "import os, shutil; print(os.getpid(), shutil.disk_usage('/dev/shm').total)"
        assert _inside(container.SMALL, code) == f"1 {64 * 1024 * 1024}\n"


def all_processes_together() -> None:
    """the container is `OOMKilled`, or a worker ends with -9, though each process is below the
    limit | The memory limit

    So choose the number of workers by memory, too.
    """
    no_fact("an introduction and advice; the page links to what the limit counts")


def above_the_limit() -> None:
    """First compare the right numbers.

    Then look at the exit codes of the children.
    """
    no_fact("advice")


def kill_mode() -> None:
    """Choose `control-group`, the default, or `mixed`."""
    no_fact("advice; the sentence before and the section have the sources")


def the_socket_of_the_parent() -> None:
    """A forked child also keeps the socket of its parent."""
    shown("inherited/port_taken", "Address already in use")
