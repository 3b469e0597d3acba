"""What docs/pitfalls/lock-holder-killed.md says."""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from multiprocessing import (
    Barrier,
    Condition,
    Event,
    Lock,
    Manager,
    Process,
    Queue,
    RawValue,
    RLock,
    Semaphore,
    Value,
)
from multiprocessing.reduction import ForkingPickler
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Condition as ConditionType
from multiprocessing.synchronize import Event as EventType
from multiprocessing.synchronize import Lock as LockType
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from threading import Thread
from time import sleep
from types import FrameType
from typing import Any

from tests.claims import PAUSE, SURE, TIME_LIMIT, no_fact, raises, script, shown

LOCKS_AT_ONCE = """
import sqlite3
connection = sqlite3.connect({path!r}, timeout=0, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
"""


def _raise() -> None:
    raise RuntimeError("so that the block is left")


def _exit_at_once() -> None:
    os._exit(1)


def _wait() -> None:
    sleep(TIME_LIMIT)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(3)


def _hold_with_handler(lock: LockType, holding: EventType) -> None:
    signal.signal(signal.SIGTERM, _leave)
    _hold_with(lock, holding, _wait)


def _hold_all(locks: list[Any], holding: EventType) -> None:
    for lock in locks:
        lock.acquire()
    holding.set()
    _wait()


def _hold_with(lock: LockType, holding: EventType, work: Callable[[], None]) -> None:
    with lock:
        holding.set()
        work()


def _write_half(
    lock: LockType, first: "Synchronized[int]", second: "Synchronized[int]", half: EventType
) -> None:
    with lock:
        first.value = 1
        half.set()
        _wait()
        second.value = 1


def _put(queue: "Queue[bytes]", size: int, returned: EventType) -> None:
    queue.put(bytes(size))
    returned.set()


def _fill(queue: "Queue[bytes]") -> int:
    """Write small items, as many as the pipe holds."""
    pipe, sent = queue._writer, 0  # type: ignore[attr-defined]
    os.set_blocking(pipe.fileno(), False)
    with suppress(BlockingIOError):
        while True:
            pipe.send_bytes(ForkingPickler.dumps(bytes(100)))
            sent += 1
    os.set_blocking(pipe.fileno(), True)
    return sent


def _read(flag: Any, started: EventType) -> None:
    started.set()
    while not flag.value:
        sleep(PAUSE)


def _get(queue: "Queue[bytes]") -> None:
    queue.get()


def _wait_for(condition: ConditionType) -> None:
    with condition:
        condition.wait()


def _notify(condition: ConditionType) -> None:
    with condition:
        condition.notify()


def _killed(worker: Process, holding: EventType) -> None:
    """Start it, and kill it as soon as it says that it holds what it is to hold."""
    worker.start()
    assert holding.wait(TIME_LIMIT)
    worker.kill()
    worker.join()


def ask_it_to_stop() -> None:
    """Ask a worker to stop with an `Event`, and do not use `terminate()` or `kill()`; where a
    process may be killed all the same, acquire the lock with `acquire(timeout=...)`, or use a
    lock that the system releases.

    One line is different: the worker is asked to stop.
    """
    shown("lock-holder-killed/terminated", "    worker.terminate()\n", "still running after 5 s")
    shown("lock-holder-killed/asked_to_stop", "    stop.set()\n", "The parent has the lock")
    shown("lock-holder-killed/time_limit", "acquire(timeout=1)", "No lock within 1 s")
    shown("lock-holder-killed/sqlite_lock", "worker.terminate()", "The parent has the lock")


def killed_while_it_writes() -> None:
    """Silent. The program prints no error. It hangs in `acquire()`, at `with lock:`, in the
    `get()` of a queue, or at its end after a `put()`, although the process that held the lock
    no longer exists.

    On Linux and macOS, a process that is killed while its feeder thread writes an item, even a
    small one, leaves the queue locked for all other writers: their `put()` returns, but their
    items never arrive. While the pipe is full, the feeder thread is always writing.
    """
    shown("lock-holder-killed/terminated", "has ended", "with lock:\n", "still running after 5 s")
    shown("lock-holder-killed/killed_in_put", "pictures.get(timeout=1)", "still running after 5 s")
    if sys.platform == "win32":
        return
    queue: Queue[bytes] = Queue()
    sent = _fill(queue)
    first, later = Event(), Event()
    camera = Process(target=_put, args=(queue, 100, first))
    camera.start()
    assert first.wait(TIME_LIMIT)
    while camera.is_alive() and queue._wlock.acquire(block=False):  # type: ignore[attr-defined]
        queue._wlock.release()  # type: ignore[attr-defined]
        sleep(PAUSE)
    camera.kill()
    camera.join()
    for _ in range(sent):
        queue._reader.recv_bytes()  # type: ignore[attr-defined]
    other = Process(target=_put, args=(queue, 100, later))
    other.start()
    assert later.wait(TIME_LIMIT)
    other.join(SURE)
    assert other.is_alive()
    assert queue.empty()
    assert not queue._wlock.acquire(block=False)  # type: ignore[attr-defined]
    other.kill()
    other.join()


def its_names() -> None:
    """Such a lock is called abandoned, orphaned or stale."""
    no_fact("words that people search for")


def a_number() -> None:
    """A `Lock` of `multiprocessing` is a semaphore, a number that the operating system keeps: 1
    means that the lock is free, 0 that it is held.
    """
    lock = Lock()
    if sys.platform != "darwin":  # which does not tell the number
        assert lock._semlock._get_value() == 1  # type: ignore[attr-defined]
        with lock:
            assert lock._semlock._get_value() == 0  # type: ignore[attr-defined]


def it_stays_held() -> None:
    """If the holder ends without `release()`, the number stays 0 forever: a deadlock.

    So do the out-of-memory killer of the system and `os._exit()`.

    The same holds for RLock, Semaphore, Condition, for the lock of a Value, and for the locks
    inside a Queue.
    """
    queue: Queue[bytes] = Queue()
    inside = queue._rlock  # type: ignore[attr-defined]
    locks = [Lock(), RLock(), Semaphore(1), Condition(), Value("i", 0).get_lock(), inside]
    holding = Event()
    _killed(Process(target=_hold_all, args=(locks, holding)), holding)
    assert [lock.acquire(False) for lock in locks] == [False] * 6
    lock = Lock()
    worker = Process(target=_hold_with, args=(lock, holding, _exit_at_once))
    worker.start()
    worker.join()
    assert not lock.acquire(block=False)


def of_a_manager() -> None:
    """The lock of a Manager is not released either."""
    with Manager() as manager:
        lock, holding = manager.Lock(), Event()
        _killed(Process(target=_hold_all, args=([lock], holding)), holding)
        assert not lock.acquire(False)


def exceptions_do_no_harm() -> None:
    """An exception in the `with` block does no harm, because `with` releases the lock when the
    block is left.
    """
    lock, holding = Lock(), Event()
    worker = Process(target=_hold_with, args=(lock, holding, _raise))
    worker.start()
    worker.join()
    assert worker.exitcode == 1
    assert lock.acquire(block=False)


def a_handler_for_sigterm() -> None:
    """If the worker has a handler for SIGTERM, `terminate()` runs the handler on Unix; if that
    raises an exception, the lock is usually released.
    """
    if sys.platform != "win32":
        lock, holding = Lock(), Event()
        worker = Process(target=_hold_with_handler, args=(lock, holding))
        worker.start()
        assert holding.wait(TIME_LIMIT)
        worker.terminate()
        worker.join()
        assert worker.exitcode == 3
        assert lock.acquire(block=False)


def as_it_is_entered() -> None:
    """But an exception that a signal handler raises just as the block is entered or left, such as
    the `KeyboardInterrupt` of Ctrl-C, can leave the lock held. To avoid that, let the handler set
    a variable that the worker checks.
    """
    lock = Lock()
    moment = place = ""

    def interrupt(frame: FrameType, event: str, argument: object) -> None:
        if event == moment and frame.f_code.co_name == place:
            signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for moment, place in ("return", "__enter__"), ("call", "__exit__"):  # noqa: B007
            with raises(KeyboardInterrupt):
                try:
                    sys.setprofile(interrupt)
                    with lock:
                        pass
                finally:
                    sys.setprofile(None)
            assert not lock.acquire(block=False)
            lock.release()
        seen: list[int] = []
        signal.signal(signal.SIGINT, lambda number, _: seen.append(number))
        with lock:
            signal.raise_signal(signal.SIGINT)
        assert seen == [signal.SIGINT]
        assert lock.acquire(block=False)
    finally:
        signal.signal(signal.SIGINT, before)


def check_in_each_round() -> None:
    """In a worker that has a loop, check `stop.is_set()` in each round; see stop everything
    early.
    """
    shown("stop-early/first_result", "is_set()")


def a_flag_without_a_lock() -> None:
    """Then use a RawValue as the flag, which has no lock, and read its `value` in each round."""
    stop = RawValue("b", 0)
    started = Event(), Event()
    killed, other = (Process(target=_read, args=(stop, event)) for event in started)
    other.start()
    _killed(killed, started[0])
    stop.value = 1
    other.join()
    assert other.exitcode == 0


def an_answer() -> None:
    """A time limit turns the hang into an answer:"""
    shown("lock-holder-killed/time_limit", "if lock.acquire(timeout=1):", "No lock within 1 s")


def half_done() -> None:
    """Do not release the lock for the dead process and go on: the data that it was writing may be
    half done. End the program, or discard the data and create both the data and the lock again.
    """
    first, second = Value("i", 0), Value("i", 0)
    lock, half = Lock(), Event()
    _killed(Process(target=_write_half, args=(lock, first, second, half)), half)
    assert (first.value, second.value) == (1, 0)


def _take_again_and_again(lock: LockType, waiting: EventType) -> None:
    while True:
        waiting.set()
        with lock:
            pass


def far_longer() -> None:
    """Choose a limit that is far longer than all processes together hold the lock: one that waits
    may have to wait for all the others, and more than once, since the lock does not go to the one
    that has waited longest.
    """
    lock, waiting = Lock(), Event()
    with lock:
        worker = Process(target=_take_again_and_again, args=(lock, waiting))
        worker.start()
        assert waiting.wait(TIME_LIMIT)
    lock.acquire()
    while True:  # until this process, which has had the lock, is before the one that waits
        sleep(PAUSE)
        lock.release()
        if lock.acquire(block=False):
            break
        lock.acquire()
    worker.kill()
    worker.join()


def half_an_item() -> None:
    """A process that is killed while it sends an item can leave half of that item in the queue. The
    timeout of `get(timeout=1)` limits only the wait for the beginning of an item; after that,
    `get()` waits forever for the rest. Here the item is too big for the pipe of the queue, so
    the camera is certainly still sending when it is terminated:
    """
    shown(
        "lock-holder-killed/killed_in_put",
        "bytes(1_000_000)",
        "while pictures.empty():",
        "pictures.get(timeout=1)",
        "still running after 5 s",
        "The camera has ended, reading within 1 s",
    )


def killed_in_get() -> None:
    """A process that is killed in `get()` can leave the queue locked for all other readers."""
    queue: Queue[bytes] = Queue()
    reader = Process(target=_get, args=(queue,))
    reader.start()
    while reader.is_alive() and queue._rlock.acquire(block=False):  # type: ignore[attr-defined]
        queue._rlock.release()  # type: ignore[attr-defined]
        sleep(PAUSE)
    reader.kill()
    reader.join()
    queue.put(b"picture")
    while queue.empty():
        sleep(PAUSE)
    with raises(Empty):
        queue.get(timeout=PAUSE)


def a_queue_of_its_own() -> None:
    """So give a worker that you may have to terminate a queue or a pipe of its own, and discard
    it with the worker.
    """
    no_fact("advice")


def killed_while_it_waits() -> None:
    """A process that holds no lock can do harm too. If it is killed in the `wait()` of a
    Condition, a later `notify()` can wait forever.

    An Event and a Barrier have a `Condition` inside, so the `set()` of an `Event` can wait
    forever, too.

    An `Event` has a lock inside, too: if a worker may be killed while it waits, or in `is_set()`,
    `stop.set()` may never return.
    """
    condition, event = Condition(), Event()
    inside: Any = condition, event._cond  # type: ignore[attr-defined]
    waiters = [
        Process(target=_wait_for, args=(condition,)),
        Process(target=event.wait),
    ]
    for waiter in waiters:
        waiter.start()
    for waiter, its in zip(waiters, inside, strict=True):
        while its._sleeping_count._semlock._is_zero():
            sleep(PAUSE)
        waiter.kill()
        waiter.join()
    wake = [Thread(target=_notify, args=(condition,)), Thread(target=event.set)]
    for thread in wake:
        thread.start()
    for thread, its in zip(wake, inside, strict=True):
        thread.join(SURE)
        assert thread.is_alive()
        its._woken_count.release()  # in its place
        thread.join()
    assert isinstance(inside[1], ConditionType)
    assert isinstance(Barrier(2)._cond, ConditionType)  # type: ignore[attr-defined]


def the_lock_of_a_file() -> None:
    """The operating system releases a lock on a file when the process that holds it ends.

    Its `BEGIN IMMEDIATE` corresponds to `acquire()`, and `COMMIT` to `release()`. Without `COMMIT`,
    `close()` also releases the lock, but undoes what you have written:
    """
    shown(
        "lock-holder-killed/sqlite_lock",
        'execute("BEGIN IMMEDIATE")\n        holding.set()',
        "worker.terminate()",
        'The parent has the lock")\n            connection.execute("COMMIT")\n',
        "The parent has the lock",
    )
    with TemporaryDirectory() as folder:
        rows = []
        for end in "SELECT 1", "COMMIT":
            with closing(sqlite3.connect(Path(folder, "lock.db"))) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS sold (ticket)")
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO sold VALUES (7)")
                connection.execute(end)
            with closing(sqlite3.connect(Path(folder, "lock.db"), timeout=0)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                rows.append(connection.execute("SELECT * FROM sold").fetchall())
    assert rows == [[], [(7,)]]


def opened_in_another_way() -> None:
    """On Linux and macOS, the process that holds the lock must not open the file of the database in
    any other way, not even to copy it: when it closes that file, the lock is released, and no error
    is reported.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder, "lock.db")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE sold (ticket)")
            connection.execute("BEGIN IMMEDIATE")
            acquires = LOCKS_AT_ONCE.format(path=str(path))
            outcome = script(acquires)
            assert "OperationalError: database is locked" in outcome.stderr
            path.read_bytes()
            assert script(acquires).status == (1 if sys.platform == "win32" else 0)


def with_a_time_limit() -> None:
    """Another page has a program that acquires such a lock with a time limit, on Windows, too."""
    shown("started-twice/owner_lock", "fcntl.flock(", "msvcrt.locking(", "raise TimeoutError(")
