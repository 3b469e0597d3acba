"""What docs/pitfalls/value-lock-hangs.md says."""

import sys
from multiprocessing import Array, Lock, Process, RLock, Value
from multiprocessing.sharedctypes import Synchronized
from threading import Thread

from tests.claims import shown
from tests.claims._recorders import RecordedLock


def leave_it_out() -> None:
    """Leave out `lock=` when you make a `Value` or an `Array`, and hold the lock that it brings,
    `get_lock()`; if it needs a lock of yours, give it an `RLock`, not a `Lock`.

    Leave `lock=` out, and use the lock that the `Value` brings:

    If one lock has to protect several things, make it an `RLock`:
    """
    shown("value-lock-hangs/own_lock", "with sold.get_lock():", "Tickets sold: 3")
    shown("value-lock-hangs/rlock", "lock = RLock()", "lock=lock", "Tickets sold: 3")
    own, array = Array("i", 3), Array("i", 3, lock=RLock())
    with own.get_lock(), array.get_lock():
        own[0] = array[0] = 7
    assert own[:] == array[:] == [7, 0, 0]


def silent() -> None:
    """Silent. The program prints no error. It hangs at the first `.value` inside `with lock:`,
    or at a second `with lock:` inside the first. One process is enough for this: no other
    process holds the lock.

    The holder then waits for itself: a deadlock (self-deadlock).
    """
    shown("value-lock-hangs/plain_lock", "with lock:\n            sold.value", "running after 5 s")
    shown("value-lock-hangs/taken_twice", "withdraw(account, amount, lock)", "running after 5 s")


def a_lock_keeps_its_holder_out() -> None:
    """While a `Lock` is held, every process that wants to acquire it waits, including the
    process that holds it.

    If that is your `Lock`, and you hold it around the line, the line tries to acquire it a
    second time.
    """
    shown("value-lock-hangs", 'a second time:", lock.acquire(timeout=0.1))\n    #> Taken a second')
    shown("value-lock-hangs", "time: False")
    shown("lock-holder-killed/time_limit", "No lock within 1 s")


def each_access_acquires_it() -> None:
    """Each access to `.value` acquires the lock of the `Value`."""
    lock = RecordedLock()
    sold = Value("i", 0, lock=lock)  # type: ignore[call-overload]
    sold.value = 3
    assert (sold.value, lock.calls.count("acquire")) == (3, 2)
    sold.value += 1
    assert lock.calls.count("acquire") == 4


def get_lock_and_arrays() -> None:
    """The program hangs with `with sold.get_lock():` too, because `get_lock()` returns the same
    `Lock`. An `Array` behaves in the same way.
    """
    lock, counted = Lock(), RecordedLock()
    assert Value("i", 0, lock=lock).get_lock() is lock
    assert Array("i", 1, lock=lock).get_lock() is lock
    with lock:
        assert not lock.acquire(timeout=0)
    array = Array("i", 1, lock=counted)  # type: ignore[call-overload]
    array[0] = 3
    assert (array[0], array[:], counted.calls.count("acquire")) == (3, [3], 3)


def without_a_lock() -> None:
    """Or keep your `Lock` and make the `Value` without one, with `lock=False`. Then you have to
    hold your lock around every access, as in A lock of your own.
    """
    sold = Value("i", 0, lock=False)
    with Lock():
        sold.value += 1
    assert sold.value == 1
    assert not hasattr(sold, "get_lock")


def acquired_twice() -> None:
    """`pay()` holds the lock and calls `withdraw()`, which tries to acquire it again:"""
    shown("value-lock-hangs/taken_twice", "= Lock()", "Enough money", "still running after 5 s")


def with_an_rlock() -> None:
    """With an `RLock` the same functions work:"""
    shown("value-lock-hangs/taken_twice_rlock", "lock = RLock()", "Balance: 60")


def _enter(sold: "Synchronized[int]") -> None:
    sys.exit(3 if sold.get_lock().acquire(block=False) else 4)


def no_second_process() -> None:
    """No lock, not even an `RLock`, lets a second process or thread in. If the holder waits for
    another process that needs the lock, both wait forever: do not call `join()`, `get()` or
    `recv()` inside the `with` block.
    """
    sold, entered = Value("i", 0), []
    lock = sold.get_lock()
    with lock:
        seller = Process(target=_enter, args=(sold,))
        seller.start()
        seller.join()
        thread = Thread(target=lambda: entered.append(lock.acquire(block=False)))
        thread.start()
        thread.join()
    assert (seller.exitcode, entered) == (4, [False])


def inside_value() -> None:
    """A lock that is acquired inside `.value`, as in the first program, has none: look where the
    program hangs.
    """
    shown("value-lock-hangs/plain_lock", "still running after 5 s")


def with_a_time_limit() -> None:
    """To find a lock that your code acquires twice, acquire it with a time limit. Instead of
    waiting forever, `acquire(timeout=...)` returns `False` when the time is over:
    """
    shown("value-lock-hangs", "lock.acquire(timeout=0.1))", "#> Taken a second time: False")
