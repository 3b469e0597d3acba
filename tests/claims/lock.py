"""What docs/syntax/lock.md says."""

import math
import signal
import sys
import threading
from multiprocessing import (
    Event,
    Lock,
    Manager,
    Process,
    Queue,
    SimpleQueue,
    get_context,
    get_start_method,
)
from multiprocessing.synchronize import Event as EventType
from multiprocessing.synchronize import Lock as LockType
from typing import Any

from tests.claims import PRELOADED, SURE, TIME_LIMIT, no_fact, on, raises, script, shown
from tests.claims._starts import KEPT, NOT_KEPT

AT_MODULE_LEVEL = """
import os
from multiprocessing import Process, SimpleQueue

made_by = os.getpid()

def tell(seen):
    seen.put((made_by, made_by == os.getpid()))

if __name__ == "__main__":
    seen = SimpleQueue()
    for _ in range(2):
        worker = Process(target=tell, args=(seen,))
        worker.start()
        worker.join()
    (first, own), (second, _) = seen.get(), seen.get()
    shared = "parent" if first == made_by else "server"
    print("own" if own and first != second else shared if first == second else "?")
"""


def _enter(lock: LockType, entered: EventType) -> None:
    with lock:
        entered.set()


def _hold(lock: LockType, held: EventType, stop: EventType) -> None:
    with lock:
        held.set()
        stop.wait(TIME_LIMIT)


def _is_held(lock: LockType, seen: "SimpleQueue[bool]") -> None:
    seen.put(lock.locked() if hasattr(lock, "locked") else True)


def _end(lock: LockType) -> None:
    with lock:
        pass


def the_others_wait() -> None:
    """A `Lock` (a mutex, for mutual exclusion) makes other processes wait while one process runs
    a critical section, which no two may run at once.

    Only one process at a time can hold the lock, and the others wait.

    `block` | `True`: wait until the lock is free. `False`: do not wait; `timeout` is ignored

    `with` has no limit: it waits until it has the lock.
    """
    lock, entered = Lock(), Event()
    with lock:
        worker = Process(target=_enter, args=(lock, entered))
        worker.start()
        assert not entered.wait(SURE)
        assert lock.acquire(False, 1_000_000) is False
        assert lock.acquire(False, None) is False
        assert lock.acquire(False, math.inf) is False
    assert entered.wait(TIME_LIMIT)
    worker.join()


def choose_it() -> None:
    """Use it to protect a file, a series of steps, or shared data that has no lock of its own."""
    no_fact("advice")


def released_at_the_end() -> None:
    """`with lock:` acquires it, and releases it at the end of the block, even if the block ends
    with an error.

    `with lock:` | `acquire()` before the block, `release()` after it, even after an error
    """
    shown("lock", "with printer:\n        raise OSError", "#> Free: True")
    lock = Lock()
    with lock:
        assert not lock.acquire(block=False)
    assert lock.acquire(block=False)


def the_same_lock() -> None:
    """All processes must use the *same* lock: the parent creates it and passes it to each child."""
    shown("lock/smallest", "lock = Lock()\n", "args=(20, stock, lock)", "Tickets left: 20")
    with Lock():
        assert Lock().acquire(block=False)


def no_parameters() -> None:
    """`Lock()` has no parameters."""
    from inspect import signature

    assert not signature(Lock).parameters


def acquire() -> None:
    """`acquire(block=True, timeout=None)` | acquires the lock; returns `True` if it did, and
    `False` if not
    """
    shown("lock/timeout", "is held: False", "still held: False", "now free: True")


def release() -> None:
    """`release()` | releases the lock"""
    lock = Lock()
    assert lock.acquire()
    lock.release()
    assert lock.acquire(block=False)


def locked() -> None:
    """`locked()`, Python 3.14 and later | whether any process holds the lock

    Where the method is missing, the program prints `None`.
    """
    shown("lock/locked", 'if hasattr(lock, "locked") else None', "locked(): None", "locked(): True")
    lock: Any = Lock()
    assert hasattr(lock, "locked") == on("Python 3.14 and later")
    if hasattr(lock, "locked"):
        assert lock.locked() is False
        with lock:
            assert lock.locked() is True


def timeout() -> None:
    """`timeout` | the longest wait in seconds; `None`: no limit; zero or less: do not wait

    If you give a limit, check what `acquire()` returns.
    """
    shown("lock/timeout", "acquire(timeout=0.1)", "Within 0.1 s, still held: False")
    lock = Lock()
    for none in (0, -1):
        assert lock.acquire(timeout=none) is True
        assert lock.acquire(timeout=none) is False
        lock.release()
    assert lock.acquire(timeout=None)


def no_limit() -> None:
    """For no limit, use `None`, not `math.inf`: on Linux, if the lock is held, a `timeout` of
    `math.inf` raises `OSError`, `[Errno 22] Invalid argument`.
    """
    if sys.platform == "linux":
        lock = Lock()
        assert lock.acquire(timeout=math.inf)
        with raises(OSError, text="[Errno 22] Invalid argument"):
            lock.acquire(timeout=math.inf)


def block_or_blocking() -> None:
    """The first parameter of `acquire` is `block` here, but `blocking` in a `threading.Lock`. The
    wrong name raises `TypeError`; `acquire(False)` works with both:
    """
    shown("lock", "acquire(blocking=False)", "#> TypeError", "threading.Lock().acquire(False)")
    assert Lock().acquire(block=False)
    not_ours: Any = threading.Lock()
    assert not_ours.acquire(blocking=False)
    not_ours.release()
    with raises(TypeError):
        not_ours.acquire(block=False)


def released_by_another() -> None:
    """To release a `Lock` that is free raises `ValueError`. A `Lock` that is held can be released
    by any process or thread that has it, not only by its holder, and no error is reported:
    """
    shown("lock", "#> ValueError: semaphore or lock released too many times")
    shown("lock/released_by_other", "lock.release()", "of the porter: 0", "Free again: True")
    lock = Lock()
    lock.acquire()
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    assert lock.acquire(block=False)


def rlock_is_different() -> None:
    """An RLock can be released only by its holder."""
    shown("rlock/released_by_other", "AssertionError: attempt to release recursive lock not owned")


def do_not_base_a_decision_on_it() -> None:
    """Do not base a decision on `locked()`: another process may acquire the lock before your next
    line runs. Use `acquire(block=False)`, which tests and acquires the lock in one step.
    """
    lock: Any = Lock()
    held, stop = Event(), Event()
    before = lock.locked() if hasattr(lock, "locked") else False
    other = Process(target=_hold, args=(lock, held, stop))
    other.start()
    assert held.wait(TIME_LIMIT)
    assert not before and not lock.acquire(block=False)
    stop.set()
    other.join()
    assert lock.acquire(block=False) and not lock.acquire(block=False)


def opposite_order() -> None:
    """One process holds the first lock and waits for the second; the other holds the second and
    waits for the first. Both wait forever: a deadlock. The barrier makes this happen in every
    run; without it, whether it happens depends on timing.

    Two processes that acquire two locks in opposite order wait for each other.
    """
    shown("lock/opposite_order", "(checking, savings, both_have_one)", "both_have_one.wait()")
    shown("lock/opposite_order", "still running after 5 s", "Moving money in both directions")


def in_the_same_order() -> None:
    """Acquire the locks in the same order everywhere, for example sorted by account number. Or
    use one lock for both accounts.
    """
    no_fact("advice")


def only_by_agreement() -> None:
    """You share the lock itself and no data. It protects what you agree on, and only if every
    process acquires it.
    """
    seen: SimpleQueue[bool] = SimpleQueue()
    lock = Lock()
    with lock:  # which keeps nobody from doing anything else
        worker = Process(target=_is_held, args=(lock, seen))
        worker.start()
        assert seen.get()
    worker.join()
    assert worker.exitcode == 0


def when_it_can_be_passed() -> None:
    """Pass it to a child as an argument of `Process`, or to the workers of a pool with
    `initializer=`. At any other time it cannot be pickled, so it cannot go through a `Queue`
    or be an argument of Pool.map.
    """
    shown("lock/smallest", "args=(20, stock, lock)", "Tickets left: 20")
    shown("executor-lock-counter/shared", "initializer=", "Output")
    shown(
        "pool-argument/every_message", "Lock:\n  RuntimeError: Lock objects should only be shared"
    )
    queue: SimpleQueue[LockType] = SimpleQueue()
    with raises(RuntimeError):
        queue.put(Lock())


def a_number() -> None:
    """A `Lock` is a semaphore: a number that the operating system keeps, here 1 or 0. `acquire()`
    waits until the number is 1 and makes it 0; `release()` makes it 1 again.
    """
    lock: Any = Lock()
    if sys.platform != "darwin":  # which does not tell the number
        assert lock._semlock._get_value() == 1
        lock.acquire()
        assert lock._semlock._get_value() == 0
        lock.release()
        assert lock._semlock._get_value() == 1


def twice() -> None:
    """A process that acquires the same `Lock` twice waits for itself."""
    shown("value-lock-hangs/taken_twice", "still running after 5 s")


def killed() -> None:
    """A process that is killed while it holds the lock does not release it, and the others wait
    forever.
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")


def not_joined() -> None:
    """Keep the lock in a variable until you have joined the children that use it. Otherwise, they
    may find that it has been removed, under `forkserver` and `spawn`, except on Windows.
    """
    shown(*NOT_KEPT)
    shown(*KEPT)


def of_another_start_method() -> None:
    """A lock made for `fork` that is passed to a child of `spawn` or `forkserver` raises
    RuntimeError, and in Python 3.11.0 to 3.11.4 the child crashes.
    """
    if get_start_method() == "fork":
        return
    context: Any = get_context()
    worker = context.Process(target=_end, args=(get_context("fork").Lock(),))
    if on("Python 3.11.0 to 3.11.4"):
        worker.start()
        worker.join()
        assert worker.exitcode == -signal.SIGSEGV
    else:
        with raises(RuntimeError):
            worker.start()


def passed_as_an_argument() -> None:
    """A lock that is passed as an argument works the same under every start method."""
    shown("lock/smallest", "Output\nTickets left: 20")
    shown("lock/released_by_other", "Output\nExit code")


def at_module_level() -> None:
    """A lock made at module level does not. Under `fork`, the child has the parent's lock. Under
    `spawn`, each child makes a lock of its own, which protects nothing. Under `forkserver`, each
    child makes a lock of its own, or all children share one that the fork server has made, which
    is not the parent's: that depends on the release and on how the program is started.
    """
    server = "server" if on(PRELOADED) else "own"
    made = {"fork": "parent", "forkserver": server, "spawn": "own"}[get_start_method()]
    assert script(AT_MODULE_LEVEL).stdout == made + "\n"
    as_module = "parent" if made == "parent" else "own"
    assert script(AT_MODULE_LEVEL, module=True).stdout == as_module + "\n"
    shown("lock/module_level", "got it as well: False", "got it as well: True")


def in_main() -> None:
    """So make the lock in `main()` and pass it."""
    no_fact("advice")


def leaked() -> None:
    """The warning about leaked semaphore objects has the same cause: the child's own lock was not
    removed when the child ended.
    """
    shown("lock/module_level", "There appear to be 1 leaked semaphore objects", "lock = Lock()\n")


def one_number() -> None:
    """To protect one number: a Value, which has its own lock."""
    shown("value/smallest", "with sold.get_lock()", "Tickets sold: 3")


def called_while_held() -> None:
    """To call, while you hold the lock, a function that acquires it, too: RLock."""
    shown("rlock/smallest", "withdraw(amount, balance, lock)", "Balance: 10")


def several_at_once() -> None:
    """To let several processes in at once, for example three: Semaphore."""
    shown("semaphore/smallest", "Never more than two at once: True")


def many_readers() -> None:
    """To let many read at once, but one write alone: a readers-writer lock."""
    shown("readers-writer-lock/rw_lock", "two readers", "one writer")


def lock_of_a_manager() -> None:
    """To pass a lock to `Pool.map` or through a `Queue`: the `Lock()` of a Manager. The first
    parameter of its `acquire` is `blocking`; write `acquire(False)`, which works with both.
    """
    queue: Queue[Any] = Queue()
    with Manager() as manager, get_context().Pool(1) as pool:
        lock = manager.Lock()
        assert pool.map(type, [lock]) == [type(lock)]
        queue.put(lock)
        arrived = queue.get()
        assert arrived.acquire(False) is True
        assert arrived.acquire(blocking=False) is False
        with raises(TypeError):
            arrived.acquire(block=False)
        pool.close()
        pool.join()


def separate_programs() -> None:
    """To lock out programs that were started separately: a file lock or SQLite."""
    shown("sqlite-and-files/file_lock", "fcntl.flock(file, fcntl.LOCK_EX)", "Output")


def what_becomes_of_it() -> None:
    """If a worker fails before it has acquired the lock, its part of the work is missing, and
    the program ends with exit status 0.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown("lock/smallest", "If something fails", "a worker is killed            wrong result")


def killed_while_it_holds_it() -> None:
    """If it is killed while it holds the lock, the next process waits forever."""
    shown("lock-holder-killed/terminated", "still running after", "with lock:")


def no_room() -> None:
    """On Linux, `Lock()`, and each object that holds a lock, raises `OSError: [Errno 28] No space
    left on device` if `/dev/shm` is full, as a small one in a container soon is, and another
    `OSError` if there is none.
    """
    shown("containers/full", "Lock: [Errno 28] No space left on device")
    shown("containers/no_shm", "Lock raises OSError", "Queue raises OSError")
