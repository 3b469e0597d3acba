"""What docs/pitfalls/too-many-files.md says."""

import os
import resource
import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe, Process, Queue, active_children, forkserver, get_start_method
from multiprocessing.connection import Connection, wait
from multiprocessing.shared_memory import SharedMemory
from time import sleep
from typing import Any

from tests.claims import PAUSE, no_fact, on, raises, script, shown

# Enough for all, before a fork server is started; as in the programs.
_, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_most, _most))


def _pass() -> None:
    """Is what a child does if it does nothing."""


def _count(files: list[Connection], answers: Connection) -> None:
    answers.send(len(files))


def _look(_: Connection, answers: Connection) -> None:
    inodes = set()
    for number in range(256):
        with suppress(OSError):
            inodes.add(os.fstat(number).st_ino)
    answers.send(inodes)


def _open_files() -> int:
    return len(os.listdir("/dev/fd"))


def one_queue() -> None:
    """Use one queue for all jobs instead of one for each, close what you no longer need, and keep
    no more than a few hundred ends of pipes and queues.

    Use one queue for the answers of all jobs, and send the number of the job with each answer:
    """
    shown("too-many-files/one_queue", "answers.put((number, len(words.split())))")
    shown("too-many-files/one_queue", "(NOFILE, (64, most))", "Answers: 100 for job 99: 3")


def an_open_file() -> None:
    """For the operating system, an end of a pipe is an open file, and has a number, its file
    descriptor (fd).
    """
    receiver, sender = Pipe(duplex=False)
    with receiver, sender:
        assert type(receiver.fileno()) is int
        os.fstat(receiver.fileno())


def two_each() -> None:
    """On Linux, each `Queue`, `Pipe` and `SharedMemory` has two. So has each `Process` that was
    started, also after it has ended, until you call its `close()`, or no longer keep the object,
    and it was joined: by `join()`, by `active_children()` or by the next `start()`.
    """
    first: Any = [Process(target=_pass), Queue(), SharedMemory(create=True, size=1)]
    first[0].start()  # after this the helper processes run, and have their files
    first[0].join()
    before = _open_files()
    queue: Queue[int] = Queue()
    assert _open_files() == before + 2
    queue.close()
    for duplex in (False, True):
        before = _open_files()
        ends = Pipe(duplex)
        assert _open_files() == before + 2
        for end in ends:
            end.close()
    before = _open_files()
    block = SharedMemory(create=True, size=1)
    assert _open_files() == before + 2
    first.append(block)
    before = _open_files()
    for is_joined in (True, False):
        process: Any = Process(target=_pass)
        process.start()
        if is_joined:
            process.join()
            assert _open_files() == before + 2
            process.close()
        else:
            wait([process.sentinel])
            del process
            assert _open_files() == before + 2
            while active_children():  # which joins it when it has ended
                sleep(PAUSE)
        assert _open_files() == before
    ended: Any = Process(target=_pass)
    ended.start()
    wait([ended.sentinel])
    if get_start_method() != "forkserver":
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    del ended
    last = Process(target=_pass)
    last.start()
    assert _open_files() == before + 2
    last.join()
    last.close()
    assert _open_files() == before
    del first[0]  # which is joined
    assert _open_files() == before - 2
    for block in first[1:]:
        block.close()
        block.unlink()


def the_limit() -> None:
    """`ulimit -n` prints the limit, and `ulimit -n 4096` sets it, if the system allows that many,
    for the programs that you then start in this terminal.
    """
    limit = "import resource as r; print(r.getrlimit(r.RLIMIT_NOFILE))"
    typed = f"ulimit -n 200; ulimit -n; '{sys.executable}' -c '{limit}'"
    run = subprocess.run(typed, shell=True, stdout=subprocess.PIPE, text=True)
    assert run.stdout == "200\n(200, 200)\n"


def messages() -> None:
    """A traceback ends with one of these, or with another message that is below:"""
    shown("too-many-files/a_queue_each", "OSError: [Errno 24] Too many open files")
    shown("too-many-files/received", "RuntimeError: received 0 items of ancdata")
    shown("too-many-files/many_arguments", "ValueError: too many fds")


def one_more() -> None:
    """Too many open files | this process tried to open one more"""
    shown("too-many-files/a_queue_each", "queues.append(Queue())\n    except OSError as error:")
    shown("too-many-files/a_queue_each", "OSError: [Errno 24] Too many open files")


def one_more_was_sent() -> None:
    """received 0 items of ancdata | another process sent one more, through a pipe or a queue, and
    this process could not open it

    The child sends connections, and the parent keeps them all.
    """
    shown("too-many-files/received", "to_parent.send(receiver)", "kept.append(from_child.recv())")
    shown("too-many-files/received", "RuntimeError: received 0 items of ancdata")


def the_limit_of_the_program() -> None:
    """In this program the limit is set to 64, so that it is reached soon."""
    shown("too-many-files/a_queue_each", "resource.setrlimit(NOFILE, (64, most))", "Errno 24")


def close_both_ends() -> None:
    """If each job needs a pipe of its own, close both ends after the job, for example with `with
    receiver, sender:`. Call `close()` of each `Process` after its `join()`.
    """
    before = _open_files()
    receiver, sender = Pipe(duplex=False)
    with receiver, sender:
        assert _open_files() == before + 2
    assert _open_files() == before


def what_a_child_has() -> None:
    """Under `fork` the child has all open files of its parent, and under `spawn` it inherits those
    in its arguments.
    """
    passed, other, (receiver, sender) = Pipe(), Pipe(), Pipe(duplex=False)
    child = Process(target=_look, args=(passed[0], sender))
    child.start()
    inodes = receiver.recv()
    child.join()
    assert os.fstat(passed[0].fileno()).st_ino in inodes
    is_there = os.fstat(other[0].fileno()).st_ino in inodes
    assert is_there == (get_start_method() == "fork")
    for end in (*passed, *other, receiver, sender):
        end.close()


def too_many() -> None:
    """Linux sends 253 files at most in one message, and four of them are Python's own. So 250 or
    251 files in the arguments fail, too, but with `OSError: [Errno 22] Invalid argument`. Up to
    Python 3.13 the fork server then ends, which prints a traceback with `EOFError`.
    """
    receiver, sender = Pipe(duplex=False)
    files = [Connection(os.dup(sender.fileno())) for _ in range(252)]
    for number in (249, 250, 251, 252):
        child = Process(target=_count, args=(files[: number - 1], sender))
        if get_start_method() == "forkserver" and number > 249:
            error = ValueError if number > 251 else OSError
            with raises(error, text="too many fds" if number > 251 else "[Errno 22] Invalid arg"):
                child.start()
            if number < 252 and on("Python 3.11 to 3.13"):
                server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
                assert os.waitid(os.P_PID, server, os.WEXITED | os.WNOWAIT)
        else:
            child.start()
            assert receiver.recv() == number - 1
            child.join()
    for end in (*files, receiver, sender):
        end.close()


def only_what_it_uses() -> None:
    """Pass each worker only the ends that it uses, or one queue for all."""
    no_fact("advice")


def close_or_raise_the_limit() -> None:
    """Close each connection when you no longer need it. If you need all of them, raise the limit
    with `ulimit -n`, or with `resource.setrlimit` before the first child is started: under
    `forkserver`, the fork server and all children keep the limit of that moment.

    `AssertionError: Len is 4 but msg[0] is 5`, or with other numbers | too many open files: the
    fork server has one for each child that is running
    """
    limit, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit - 1, most))
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (limit - 1, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (limit, most)
    if sys.platform == "linux":
        raised = script(RAISED_LATE)
        if get_start_method() == "forkserver":
            assert raised.stdout == "True True\nEOFError: unexpected EOF\n", raised
            assert "\nAssertionError: Len is " in raised.stderr
        else:
            assert raised.stdout == "True False\n", raised


NOTED = """
names = []
make_name = SemLock._make_name


@staticmethod
def note_name():
    names.append(make_name())
    return names[-1]


SemLock._make_name = note_name
"""
POOLS = """
import os
from multiprocessing import Pool

def count():
    return len(os.listdir("/proc/self/fd"))

if __name__ == "__main__":
    with Pool(1) as pool:
        pool.map(abs, [-1])
    pool.join()
    del pool
    before = count()
    for workers in [1, 2, 4]:
        pool = Pool(workers)
        pool.map(abs, [-1])
        opened = count() - before
        pool.close()
        pool.join()
        kept = count() - before
        del pool
        print(opened, kept, count() - before)
    with Pool(1) as pool:
        pool.map(abs, [-1])
    kept = count() - before
    pool.join()
    del pool
    print(kept, count() - before)
"""
LIMITED = """
import os
import resource
from _multiprocessing import sem_unlink
from contextlib import suppress
from multiprocessing import Pool, Process, pool, popen_fork, popen_forkserver
from multiprocessing import popen_spawn_posix, queues
from multiprocessing.synchronize import SemLock
from threading import Thread

{noted}
if __name__ == "__main__":
    if os.getuid() == 0:  # for whom there is no limit
        os.setuid(65534)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    for start in [Process().start, Pool, os.fork, Thread().start]:
        try:
            start()
        except (OSError, RuntimeError) as error:
            print(f"{type(error).__name__}: {error}")
    for name in names:
        with suppress(FileNotFoundError):
            sem_unlink(name)
"""
# What the fork server imports, so that it cannot start a process.
FEWER = """
import hmac
import os
import resource

hmac.new(b"", b"", "sha256")  # which it needs, and could not import as another user
if os.getuid() == 0:  # for whom there is no limit
    os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
"""
IN_FORK_SERVER = """
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, Process, forkserver, set_forkserver_preload
from pathlib import Path

def submit():
    with ProcessPoolExecutor(1) as executor:
        executor.submit(abs, -1)

if __name__ == "__main__":
    Path("fewer.py").write_text(FEWER)
    set_forkserver_preload(["fewer"])
    for start in [Process(target=int).start, Pool, submit]:
        try:
            start()
        except EOFError as error:
            print(f"EOFError: {error}")
        server = forkserver._forkserver._forkserver_pid  # of which the next one needs the end
        os.waitid(os.P_PID, server, os.WEXITED | os.WNOWAIT)
"""
LEFT = """
import os
import resource
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, popen_fork


class OneOnly(ProcessPoolExecutor):
    def _spawn_process(self):
        if os.getuid() == 0:  # for whom there is no limit
            os.setuid(65534)
        super()._spawn_process()
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


if __name__ == "__main__":
    try:
        with OneOnly(2) as executor:
            executor.submit(abs, -1)
    except BlockingIOError as error:
        print(error)
    for worker in active_children():
        print(worker.daemon, worker.is_alive())
        worker.kill()
"""
RAISED_LATE = """
import resource
from multiprocessing import Pipe, Process

FILES = resource.RLIMIT_NOFILE


def tell(sender):
    sender.send(resource.getrlimit(FILES)[0])


if __name__ == "__main__":
    limit, most = resource.getrlimit(FILES)
    resource.setrlimit(FILES, (24, most))
    receiver, sender = Pipe(duplex=False)
    told = []
    for _ in range(2):
        child = Process(target=tell, args=(sender,))
        child.start()
        told.append(receiver.recv() == 24)
        child.join()
        resource.setrlimit(FILES, (limit, most))
    print(*told)
    workers = 24 if all(told) else 0
    try:
        for _ in range(workers):
            Process(target=receiver.recv).start()
    except EOFError as error:
        print(f"EOFError: {error}")
    sender.close()
"""
REPLACED = """
import os
import sys
from _multiprocessing import sem_unlink
from _posixshmem import shm_unlink
from io import StringIO
from multiprocessing import Lock, Manager, Process, Queue, resource_tracker
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory
from multiprocessing.synchronize import SemLock


class Window(StringIO):
    def fileno(self):
        return -1


class Raises(StringIO):
    def fileno(self):
        raise OSError("no file")


{noted}

def share():
    with SharedMemoryManager() as manager:
        manager.SharedMemory(1)


def start():
    process = Process(target=int)
    process.start()
    process.join()


def block():
    try:
        SharedMemory("left_by_claims", create=True, size=1).close()
    finally:  # it is there also after the error
        shm_unlink("/left_by_claims")


if __name__ == "__main__":
    stream, call = STREAM, CALL
    if stream == "closed":
        os.close(2)
    elif stream == "running":
        resource_tracker.ensure_running()
        sys.stderr = Window()
    else:
        sys.stderr = globals()[stream]()
    try:
        made = globals()[call]()
        if call == "Manager":
            made.shutdown()
        print(call)
    except ValueError as error:
        assert str(error) == "bad value(s) in fds_to_keep"
        assert names or call not in {"Lock", "Queue"}
        for name in names:
            sem_unlink(name)
        print(call, "fails")
"""


def _replaced(stream: str, calls: str) -> list[str]:
    """Which of the calls fail; each call is made in a program of its own."""
    failed = []
    for call in calls.split(","):
        code = REPLACED.replace("{noted}", NOTED).replace("STREAM, CALL", f"{stream!r}, {call!r}")
        told = script(code).stdout
        assert told in {f"{call}\n", f"{call} fails\n"}, (stream, call, told)
        if "fails" in told:
            failed.append(call)
    return failed


def of_a_pool() -> None:
    """A `Pool` has six, and two more for each worker, and keeps them also after `close()` and
    `join()`, or after its `with` block, for as long as a variable or an attribute refers to the
    `Pool` object. So a pool in every call of a function, or in every object of a class, adds up:
    create one `Pool` and use it again, or end each with `close()` and `join()`, and do not keep it.
    """
    if sys.platform == "linux":
        assert script(POOLS).stdout == "8 8 0\n10 10 0\n14 14 0\n8 0\n"


def a_replaced_stream() -> None:
    """Python passes the file descriptor of `sys.stderr` to its resource tracker. Then the tracker
    cannot start:

    Under `fork`, `SharedMemory` and `SharedMemoryManager` raise this error. Under `forkserver` and
    `spawn`, a `Lock`, a `Queue`, a `Manager` and the first `start()` raise it as well. The block
    of a `SharedMemory` and the semaphore of a `Lock` have been created by then, and are left
    behind. You also see it there if descriptor 2 was closed with `os.close(2)`. If `fileno()`
    raises an exception instead, as that of `io.StringIO` does, there is no error.
    """
    shown("too-many-files/replaced_stderr", "return -1", "ValueError: bad value(s) in fds_to_keep")
    is_fork = get_start_method() == "fork"
    others = [] if is_fork else ["Lock", "Queue", "Manager", "start"]
    failed = _replaced("Window", "block,share,Lock,Queue,Manager,start")
    assert failed == ["block", "share", *others]
    assert _replaced("closed", "Lock,start") == ([] if is_fork else ["Lock", "start"])
    assert _replaced("Raises", "block,Lock,start") == []
    assert _replaced("StringIO", "block,Lock,start") == []


def a_tracker_that_runs() -> None:
    """Before the framework replaces the stream, call `resource_tracker.ensure_running()`, after
    `from multiprocessing import resource_tracker`. In your own class, leave `fileno` out, or let it
    raise `OSError`.
    """
    assert _replaced("running", "block,Lock,Queue,start") == []
    assert _replaced("Raises", "block") == []


def too_many_processes() -> None:
    """If `start()`, `Pool()` or `os.fork()` raises `BlockingIOError: [Errno 11] Resource
    temporarily unavailable`, the system allows no further process.

    For a thread, the same limit raises `RuntimeError: can't start new thread`. Under `forkserver`,
    you may see `EOFError` instead.
    """
    if sys.platform != "linux":
        return
    unavailable = "BlockingIOError: [Errno 11] Resource temporarily unavailable\n"
    told = script(LIMITED.replace("{noted}", NOTED)).stdout
    assert told == unavailable * 3 + "RuntimeError: can't start new thread\n"


def in_the_fork_server() -> None:
    """If the fork server reaches a limit, it ends with a traceback, and `start()`, `Pool()` or
    `submit()` in your program raises `EOFError: unexpected EOF`. The last line of the first
    traceback says which limit it is:

    `BlockingIOError: [Errno 11] Resource temporarily unavailable` | too many processes

    The workers go on, but their exit codes are lost.
    """
    shown("process/server_killed", "255")
    if sys.platform == "linux" and get_start_method() == "forkserver":
        outcome = script(IN_FORK_SERVER.replace("FEWER", repr(FEWER)))
        assert outcome.stdout == "EOFError: unexpected EOF\n" * 3, outcome


def workers_that_are_left() -> None:
    """Under `fork`, a `ProcessPoolExecutor` that raises this error has started some workers, which
    wait for tasks, and so the program does not end. Call `kill()` of each process in
    `multiprocessing.active_children()`.
    """
    if sys.platform == "linux" and get_start_method() == "fork":
        outcome = script(LEFT)
        unavailable = "[Errno 11] Resource temporarily unavailable"
        assert (outcome.stdout, outcome.status) == (f"{unavailable}\nFalse True\n", 0), outcome


def fewer_workers() -> None:
    """Start fewer workers, with `Pool(2)` or `ProcessPoolExecutor(2)`, or with the option of your
    tool, such as `flake8 --jobs 1`.

    Start fewer at a time, or raise the limit before the first child is started.
    """
    no_fact("advice")
