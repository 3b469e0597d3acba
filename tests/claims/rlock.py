"""What docs/syntax/rlock.md says."""

import os
import pickle
import signal
import sys
from multiprocessing import (
    Array,
    Event,
    Process,
    RLock,
    Value,
    get_all_start_methods,
    get_context,
    get_start_method,
)
from multiprocessing.synchronize import Event as EventType
from multiprocessing.synchronize import RLock as RLockType
from threading import Thread, get_ident
from typing import Any

from tests.claims import SURE, TIME_LIMIT, on, raises, script, shown
from tests.claims._starts import KEPT, NOT_KEPT

AT_MODULE_LEVEL = """
from multiprocessing import Process, RLock

lock = RLock()

def look():
    print(lock.acquire(block=False), flush=True)

if __name__ == "__main__":
    with lock:
        child = Process(target=look)
        child.start()
        child.join()
"""

FORKED = """
import os
from multiprocessing import RLock

lock = RLock()
with lock:
    child = os.fork()
    if not child:
        print(lock.acquire(block=False), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""

RELEASED_BY_BOTH = """
import os
from multiprocessing import Process, Queue, RLock

def acquire(lock, answers):
    answers.put(lock.acquire(block=False))

if __name__ == "__main__":
    lock, answers = RLock(), Queue()
    with lock:
        child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    for _ in range(2):
        worker = Process(target=acquire, args=(lock, answers))
        worker.start()
        print(answers.get(), end=" ")
        worker.join()
    print()
"""


def _enter(lock: Any, entered: EventType) -> None:
    with lock:
        entered.set()


def _hold(lock: Any, held: EventType, stop: EventType) -> None:
    with lock, lock:
        held.set()
        stop.wait(TIME_LIMIT)


def _end(lock: Any) -> None:
    with lock:
        pass


def acquired_again() -> None:
    """An `RLock`, a recursive or reentrant lock, is a lock that its holder may acquire again. Use
    it when a function that holds the lock calls another one that acquires it, too.

    `withdraw()` acquires the same lock again.

    For the holder, `acquire()` returns `True` at once.
    """
    shown("rlock/smallest", "withdraw(amount, balance, lock)\n", "Balance: 10")
    lock = RLock()
    assert [lock.acquire(), lock.acquire(block=False), lock.acquire(timeout=0)] == [True] * 3
    for _ in range(3):
        lock.release()


def while_it_is_held() -> None:
    """`pay()` holds the lock, so that no other process changes the balance between the test and
    the two withdrawals. The last payment finds too little money and changes nothing.
    """
    shown("rlock/smallest", "def pay(amount, fee, balance, lock):\n    with lock:\n        if")
    shown("rlock/smallest", "range(3)", "Balance: 10")


def a_lock_waits_for_itself() -> None:
    """With a `Lock`, it would wait for itself, forever."""
    shown("value-lock-hangs/taken_twice", "still running after 5 s")


def no_parameters() -> None:
    """`RLock()` has no parameters."""
    from inspect import signature

    assert not signature(RLock).parameters


def acquire() -> None:
    """`acquire(block=True, timeout=None)` | acquires the lock; returns `True` if it did, and
    `False` if not

    With `block=False`, `acquire()` does not wait, and `timeout` limits the wait, in seconds.

    `locked()`, Python 3.14 and later | whether any process holds the lock
    """
    lock: Any = RLock()
    held, stop = Event(), Event()
    other = Process(target=_hold, args=(lock, held, stop))
    other.start()
    assert held.wait(TIME_LIMIT)
    assert lock.acquire(block=False) is False
    assert lock.acquire(timeout=0.01) is False
    assert lock.acquire(block=False, timeout=1_000_000) is False
    assert hasattr(lock, "locked") == on("Python 3.14 and later")
    assert not hasattr(lock, "locked") or lock.locked() is True
    stop.set()
    other.join()
    assert not hasattr(lock, "locked") or lock.locked() is False
    assert lock.acquire() is True
    lock.release()


def waits() -> None:
    """With neither, `acquire()` waits until it has the lock."""
    lock, entered = RLock(), Event()
    with lock:
        worker = Process(target=_enter, args=(lock, entered))
        worker.start()
        assert not entered.wait(SURE)
    assert entered.wait(TIME_LIMIT)
    worker.join()


def release() -> None:
    """`release()` | undoes one `acquire()`; only the holder may call it

    The lock counts: after two calls of `acquire()`, other processes can acquire it only after
    two calls of `release()`:
    """
    shown("rlock/held_twice", "Times held: 1, free for others: False\nTimes held: 0, free")
    shown("rlock/held_twice", "free for others: True", "lock.acquire()\n    lock.acquire()\n")


def with_a_block() -> None:
    """`with lock:` | `acquire()` before the block, `release()` after it, even after an error"""
    lock: Any = RLock()
    with raises(ZeroDivisionError), lock:
        assert lock._semlock._count() == 1
        _ = 1 / 0
    assert lock._semlock._count() == 0


def released_by_another() -> None:
    """`release()` raises an `AssertionError` in another process, and in the holder after its last
    `release()`:
    """
    shown("rlock/released_by_other", "AssertionError: attempt to release recursive lock not owned")
    shown("rlock", "#> AssertionError: attempt to release recursive lock not owned by thread")


def one_thread() -> None:
    """The holder is one thread of one process: a second thread of the same process has to wait,
    too. Coroutines of one event loop share a thread, so an `RLock` does not keep them apart.
    """
    import asyncio

    lock = RLock()
    seen: list[bool] = []
    with lock:
        thread = Thread(target=lambda: seen.append(lock.acquire(block=False)))
        thread.start()
        thread.join()
        assert lock.acquire(block=False)
        lock.release()
    assert seen == [False]

    async def acquire() -> bool:
        return lock.acquire(block=False)

    async def hold() -> bool:
        with lock:
            return await asyncio.create_task(acquire())

    assert asyncio.run(hold())


def another_counts_as_the_holder() -> None:
    """If a thread ends before its `release()`, a new thread that gets its identifier counts as the
    holder. So does a child that the holder makes with `os.fork()` while it holds the lock. If both
    then release it, two processes can hold it at the same time from then on, without an error.
    """
    lock = RLock()
    seen: list[tuple[int, bool]] = []

    def acquire() -> None:
        seen.append((get_ident(), lock.acquire(block=False)))

    while len(seen) < 2 or (seen[0] not in seen[1:] and len(seen) < 1000):
        thread = Thread(target=acquire)
        thread.start()
        thread.join()
        assert seen[-1][1] == (seen[-1][0] == seen[0][0])
    assert seen[0] in seen[1:]
    if hasattr(os, "fork"):
        assert script(FORKED).stdout == "True\n"
        assert script(RELEASED_BY_BOTH).stdout == "True True \n"


def when_it_can_be_passed() -> None:
    """You share the lock itself and no data. Pass it to a child as an argument of `Process`, or to
    the workers of a pool with `initializer=`. At any other time it cannot be pickled: see
    "through inheritance".
    """
    shown("rlock/smallest", "args=(40, 5, balance, lock)", "Balance: 10")
    shown("executor-lock-counter/shared", "initializer=", "Output")
    with raises(RuntimeError, text="RLock objects should only be shared between processes through"):
        pickle.dumps(RLock())
    assert not hasattr(RLock(), "value")


def how_it_works() -> None:
    """An `RLock` is a semaphore of the operating system, as a `Lock` is, and a count in each
    process: how often the thread that holds the lock has acquired it.
    """
    lock: Any = RLock()
    context: Any = get_context()
    assert type(lock._semlock) is type(context.Lock()._semlock)
    with lock, lock:
        assert lock._semlock._count() == 2
        if sys.platform != "darwin":  # which does not tell the number
            assert lock._semlock._get_value() == 0
    assert lock._semlock._count() == 0


def killed() -> None:
    """A process that is killed while it holds the lock does not release it, and the others wait
    forever.
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")
    lock, held, stop = RLock(), Event(), Event()
    holder = Process(target=_hold, args=(lock, held, stop))
    holder.start()
    assert held.wait(TIME_LIMIT)
    holder.kill()
    holder.join()
    assert not lock.acquire(timeout=SURE)


def not_joined() -> None:
    """Keep the lock in a variable until you have joined the children that use it. Otherwise, they
    may find that it has been removed, under `forkserver` and `spawn`, except on Windows.
    """
    shown(*NOT_KEPT)
    shown(*KEPT)


def of_another_start_method() -> None:
    """A lock made for `fork` that is passed to a child of `spawn` or `forkserver` raises
    RuntimeError. In Python 3.11.0 to 3.11.4, it raises nothing, and the child crashes.
    """
    if get_start_method() == "fork":
        return
    worker = _context().Process(target=_end, args=(get_context("fork").RLock(),))
    if on("Python 3.11.0 to 3.11.4"):
        worker.start()
        worker.join()
        assert worker.exitcode == -signal.SIGSEGV
    else:
        with raises(RuntimeError, text="created in a fork context"):
            worker.start()


def of_spawn_or_forkserver() -> None:
    """A lock made for `spawn` or `forkserver` can be passed to a child of any start method."""
    for method in set(get_all_start_methods()) - {"fork"}:
        lock = get_context(method).RLock()
        worker = _context().Process(target=_end, args=(lock,))
        worker.start()
        worker.join()
        assert worker.exitcode == 0


def _context() -> Any:
    return get_context()


def every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver` and
    `spawn`.
    """
    shown("rlock/smallest", "Output\nBalance")
    shown("rlock/held_twice", "Output\nTimes")
    shown("rlock/released_by_other", "Output\nAssertionError")


def at_module_level() -> None:
    """Make the lock in `main()` and pass it. If a lock is made at module level, a child under
    `forkserver` or `spawn` has another one than the parent, as with a Lock.
    """
    shown("lock/module_level", "got it as well: False", "got it as well: True")
    if get_start_method() != "forkserver":  # whose server may leave its own semaphore behind
        assert script(AT_MODULE_LEVEL).stdout == f"{get_start_method() == 'spawn'}\n"


def not_acquired_again() -> None:
    """If no function that holds the lock acquires it again: Lock."""
    shown("lock/smallest", "with lock:", "Tickets left: 20")


def one_number() -> None:
    """To protect one number or an array of numbers: the `get_lock()` of a Value or an Array, which
    is an `RLock`.
    """
    assert isinstance(Value("i").get_lock(), RLockType)
    assert isinstance(Array("i", 2).get_lock(), RLockType)


def what_becomes_of_it() -> None:
    """A worker that is killed before it has acquired the lock does not stop the others.

    Of a worker that holds it, read What goes wrong.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown("rlock/smallest", "If something fails", "a worker is killed            right result")
