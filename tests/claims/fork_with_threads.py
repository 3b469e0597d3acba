"""What docs/pitfalls/fork-with-threads.md says."""

import multiprocessing
import os
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import (
    Pool,
    Queue,
    active_children,
    current_process,
    get_context,
    get_start_method,
)
from typing import Any

from tests.claims import PRELOADED, SURE, changed, on, raises, script, shown

PACK = """
from multiprocessing import Process
from threading import Event, Thread

if __name__ == "__main__":
    finish = Event()
    thread = Thread(target=finish.wait)
    thread.start()
    packer = Process(target=print, args=("packed",))
    packer.start()
    packer.join()
    finish.set()
    thread.join()
"""
LOCKED = """
import os
import sys
from fcntl import ioctl
from struct import unpack
from termios import FIONREAD
from threading import Thread
from time import sleep
from warnings import simplefilter


def fill(file):
    file.write("x" * 200_000)


simplefilter("ignore")
told = os.dup(1)
read, write = os.pipe()
os.dup2(write, {number})
file = {file}
Thread(target=fill, args=(file,), daemon=True).start()
full = 0
while not full or unpack("i", ioctl(read, FIONREAD, bytes(4)))[0] > full:
    full = unpack("i", ioctl(read, FIONREAD, bytes(4)))[0]
    sleep(0.1)  # the pipe has become full: the thread waits, with the lock of the file
child = os.fork()
if not child:
    os.dup2(os.open(os.devnull, os.O_WRONLY), {number})
    os.write(told, b"child")
    file.write("x" * 200_000)
    os.write(told, b" has written")
    os._exit(0)
os.waitpid(child, 0)
os._exit(0)
"""
LOGGED = """
import logging
import os
from threading import Event, Thread
from warnings import simplefilter


def hold():
    handler.acquire()
    held.set()
    Event().wait()


simplefilter("ignore")
handler = logging.StreamHandler()
held = Event()
Thread(target=hold, daemon=True).start()
held.wait()
child = os.fork()
if not child:
    handler.acquire()
    print("not locked", flush=True)
    os._exit(0)
os.waitpid(child, 0)
os._exit(0)
"""
# At import, a thread acquires the lock. It goes on if it is asked to, as the packer does.
AT_IMPORT = """
from multiprocessing import Process
from threading import Event, Lock, Thread


def write_log():
    with log_lock:
        writing.set()
        finish.wait()


log_lock, writing, finish = Lock(), Event(), Event()
Thread(target=write_log, daemon=True).start()
writing.wait()


def pack():
    print("packing", flush=True)
    finish.set()
    with log_lock:
        print("packed")


if __name__ == "__main__":
    packer = Process(target=pack)
    packer.start()
    packer.join()
"""
WARNING = "use of fork() may lead to deadlocks in the child"


def _pid(_: int) -> int:
    return os.getpid()


def _class_of_process() -> str:
    return type(current_process()).__name__


def start_them_first() -> None:
    """If your program has threads, start its processes with `spawn`; under `fork`, start all
    processes before the first thread.

    If you need `fork`, start the processes, or create the `Pool`, while the program has only
    one thread.
    """
    shown("fork-with-threads/spawned", "Starting the packer\nPacked apple")
    shown("fork-with-threads/process_first", "packer.start()\n    logger = ", "\nPacked apple")


def an_executor_starts_them_later() -> None:
    """A `ProcessPoolExecutor` starts its workers not when it is created, but at the first
    `submit()` or `map()`.
    """
    before = active_children()
    with ProcessPoolExecutor(1) as executor:
        assert active_children() == before
        list(executor.map(abs, [-1]))
        assert len(active_children()) == len(before) + 1


def _use(sender: Any, pool: Any) -> None:
    task: Any = pool.submit(abs, -1) if hasattr(pool, "submit") else pool.apply_async(abs, (-1,))
    try:
        sender.send(task.get(SURE) if hasattr(task, "get") else task.result(SURE))
    except (TimeoutError, multiprocessing.TimeoutError):
        sender.send("not done")
    os._exit(0)


def pools_of_the_parent() -> None:
    """A forked child cannot use a `Pool` of its parent, nor a `ProcessPoolExecutor` that the parent
    has used: their threads are not in the child, so a task that the child gives to them is never
    done. Create one in the child.
    """
    if get_start_method() != "fork":
        return
    with Pool(1) as pool, ProcessPoolExecutor(1) as executor, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # there are threads
        assert (pool.apply(abs, (-1,)), executor.submit(abs, -1).result()) == (1, 1)
        for parents in pool, executor:
            receiver, sender = multiprocessing.Pipe(duplex=False)
            child = multiprocessing.Process(target=_use, args=(sender, parents))
            child.start()
            sender.close()
            assert receiver.recv() == "not done"
            child.join()


def a_thread_at_import() -> None:
    """It helps as long as no import starts a thread. In Python 3.13.8 and later and 3.14.1 and
    later, the fork server imports the program before it forks: a thread that the program, or a
    module that it imports, starts at import runs in the fork server, too, and a child can hang
    as under `fork`.
    """
    shown("fork-with-threads/lock_held", "Starting the packer\nPacked apple")
    if get_start_method() == "fork":
        return
    copied = get_start_method() == "forkserver" and on(PRELOADED)
    outcome = script(AT_IMPORT, hangs_after="packing\n" if copied else "")
    assert outcome.stdout == ("packing\n" if copied else "packing\npacked\n")


def silent() -> None:
    """Silent. No error is reported."""
    shown("fork-with-threads/lock_held", "Output, still running after 5 s\nStarting the packer\n")


def what_is_reset() -> None:
    """Now and then a child hangs forever, often inside a library, or when it writes to a file
    that a thread of the parent was writing to.

    In the child, Python resets the locks of `logging`. It does not reset the locks of your own
    code, nor those of open files such as `sys.stdout`, so even `print` can hang.
    """
    if get_start_method() != "fork":  # these programs are the same under each
        return
    for number, file in [(1, "sys.stdout"), (9, "open(9, 'w')")]:
        program = LOCKED.format(number=number, file=file)
        outcome = script(program, "-E", hangs_after="child")  # not PYTHONUNBUFFERED
        assert (outcome.status, outcome.stdout) == (None, "child")
    assert script(LOGGED).stdout == "not locked\n"
    shown("fork-with-threads/lock_held", "    with log_lock:", "still running after 5 s")


def a_warning() -> None:
    """Python hides it by default, because it comes from a module of the library. `python -X dev`,
    with which the tests of this site run, shows it:
    """
    warns = get_start_method() == "fork" and on("Python 3.12 and later")
    hidden = script(PACK)
    assert (hidden.stdout, hidden.stderr) == ("packed\n", "")
    told = script(PACK, "-X", "dev").stderr
    assert (WARNING in told) == warns
    assert ("popen_fork.py" in told) == warns


def the_lock_stays_locked() -> None:
    """If another thread holds a lock at that moment, the lock stays locked in the child, where
    the thread that would release it does not exist. If the child then acquires the lock, it
    waits forever.

    A thread holds `log_lock` when the process is started. The thread then releases the lock,
    but the child's copy stays locked.
    """
    shown("fork-with-threads/lock_held", "packer.start()\n    finish.set()\n    logger.join()")
    shown("fork-with-threads/lock_held", "still running after 5 s\nStarting the packer\n")


def not_your_threads() -> None:
    """Many threads are not yours.

    A `Pool` forks again later, with `maxtasksperchild` or when a worker is killed. By then it
    has threads of its own.
    """
    before = threading.active_count()
    queue: Queue[int] = Queue()
    assert threading.active_count() == before
    queue.put(1)
    assert threading.active_count() == before + 1
    queue.get()
    queue.close()
    queue.join_thread()
    assert threading.active_count() == before
    with Pool(1, maxtasksperchild=1) as pool:
        assert threading.active_count() == before + 3
        assert len(set(pool.map(_pid, range(2), chunksize=1))) == 2
    before = threading.active_count()
    with ProcessPoolExecutor(1) as executor:
        assert executor.submit(abs, -1).result() == 1
        assert threading.active_count() == before + 2
    shown("killed-worker/pool_hangs", "use of fork() may lead to deadlocks in the child")


def same_names() -> None:
    """`get_context("spawn")` returns an object with the classes and functions of
    `multiprocessing`, such as `Process` and `Pool`, that starts processes with `spawn` whatever
    the default is.
    """
    spawn = get_context("spawn")
    missing = {name for name in multiprocessing.__all__ if not hasattr(spawn, name)}
    assert missing == {"get_all_start_methods"}
    with spawn.Pool(1) as pool:
        assert pool.apply(_class_of_process) == "SpawnProcess"


def another_lock() -> None:
    """The packer does not wait for the thread, because it has a `log_lock` of its own."""
    shown("fork-with-threads/spawned", "packer.start()\n    finish.set()", "\nPacked apple")


def keeps_nothing_apart() -> None:
    """So this lock does not keep the two processes apart: if both write to one file, pass a `Lock`
    of `multiprocessing`.

    A `ProcessPoolExecutor` is given the object as `mp_context`.
    """
    code = changed(
        "fork-with-threads/spawned",
        (
            "    packer.start()\n    finish.set()",
            "    packer.start()\n    packer.join()\n    finish.set()",
        ),
    )
    outcome = script(code)
    assert (outcome.status, outcome.stdout) == (0, "Starting the packer\nPacked apple\n")
    shown("thread-objects/lock_of_processes", "till = Lock()", "Second worker: kept out")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        assert executor.submit(_class_of_process).result() == "SpawnProcess"


def _get(queue: Any) -> None:
    assert queue.get() == 1


def of_the_same_object() -> None:
    """Create each `Queue`, `Lock` or `Value` that you pass to such a process with the same object,
    for example `spawn.Queue()`: a queue or lock of `fork` cannot be passed.
    """
    spawn: Any = get_context("spawn")
    queue = spawn.Queue()
    packer = spawn.Process(target=_get, args=(queue,))
    packer.start()
    queue.put(1)
    packer.join()
    assert packer.exitcode == 0
    if "fork" in multiprocessing.get_all_start_methods() and on("Python 3.11.5 and later"):
        fork: Any = get_context("fork")
        for thing in fork.Queue(), fork.Lock(), fork.Value("i"):
            with raises(RuntimeError, text="A SemLock created in a fork context"):
                spawn.Process(target=_get, args=(thing,)).start()


def the_guard() -> None:
    """`spawn` and `forkserver` need the guard in any case."""
    shown("main-guard/unguarded", "finished its bootstrapping phase", "Traceback")
