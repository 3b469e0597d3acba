"""What docs/syntax/semaphore.md says."""

import math
import pickle
import sys
from multiprocessing import (
    BoundedSemaphore,
    Event,
    Lock,
    Manager,
    Pipe,
    Pool,
    Process,
    Queue,
    Semaphore,
    get_start_method,
)
from multiprocessing.connection import Connection
from multiprocessing.managers import RemoteError
from multiprocessing.synchronize import Event as EventType
from multiprocessing.synchronize import Lock as LockType
from multiprocessing.synchronize import Semaphore as SemaphoreType
from multiprocessing.synchronize import SemLock
from threading import Semaphore as ThreadSemaphore

from tests.claims import SURE, on, raises, script, shown
from tests.claims._starts import KEPT, NOT_KEPT

AT_MODULE_LEVEL = """
from multiprocessing import Process, Semaphore

slots = Semaphore(1)

def look():
    print(slots.acquire(block=False), flush=True)

if __name__ == "__main__":
    slots.acquire()
    child = Process(target=look)
    child.start()
    child.join()
"""

free: SemaphoreType  # of a worker of a pool: its initializer sets it


def _set_free(slots: SemaphoreType) -> None:
    global free
    free = slots


def _acquire(_: int) -> bool:
    return free.acquire(block=False)


def _acquire_it(slots: ThreadSemaphore) -> bool:
    return slots.acquire(blocking=False)


def _hold(slots: SemaphoreType, has_it: Connection, end: EventType) -> None:
    with slots:
        has_it.send(True)
        end.wait()


def _keep(slots: SemaphoreType) -> None:
    slots.acquire()


def _free(slots: SemaphoreType) -> int:
    """How many slots are free, which then are not."""
    count = 0
    while slots.acquire(block=False):
        count += 1
    return count


def up_to_n() -> None:
    """A `Semaphore(n)` lets up to `n` processes through and makes the others wait. Use it to limit
    (throttle) how many processes use a disk, a server or a license at the same time, for example
    to set a maximum of concurrent downloads.

    `value` | the number at the start, 0 or more, in a `BoundedSemaphore` 1 or more: how many
    processes can acquire it before one has to wait

    The operating system keeps the number, and lets one waiting process continue for each
    `release()`.
    """
    assert not Semaphore(0).acquire(block=False)
    with raises(OSError, ValueError):
        Semaphore(-1)
    if sys.platform != "darwin":  # which tells of no release too many
        with raises(OSError, ValueError):
            BoundedSemaphore(0).release()
    slots, end = Semaphore(2), Event()
    receiver, sender = Pipe(duplex=False)
    downloads = [Process(target=_hold, args=(slots, sender, end)) for _ in range(4)]
    for download in downloads:
        download.start()
    assert [receiver.recv(), receiver.recv()] == [True, True]
    assert not slots.acquire(block=False)
    slots.release()
    assert receiver.recv()
    assert not receiver.poll(SURE)
    end.set()
    for download in downloads:
        download.join()
    assert receiver.recv()
    assert _free(slots) == 3
    receiver.close()
    sender.close()


def which_to_use() -> None:
    """If you call `release()` yourself, use a `BoundedSemaphore`, which can report one release too
    many.
    """
    shown("semaphore/slots", "slots = BoundedSemaphore(2)", "slots.release()")
    shown("semaphore/released_twice", "BoundedSemaphore - ValueError")


def a_number() -> None:
    """A semaphore is a number that processes share. `acquire()` subtracts one, and waits while
    the number is 0. `release()` adds one. Here the number is that of the free slots.
    """
    shown(
        "semaphore/slots",
        "slots = BoundedSemaphore(2)",
        "both slots taken: False",
        "slot free: True",
    )


def acquire() -> None:
    """`Semaphore(value=1)`, `BoundedSemaphore(value=1)`

    `acquire(block=True, timeout=None)` | acquires a slot; returns `True` if it did, otherwise
    `False`

    `release()` | releases a slot

    With `block=False`, `acquire()` does not wait, and `timeout` limits its wait, in seconds.
    For no limit, use `None`, not `math.inf`.
    """
    if sys.platform == "linux":
        with raises(OSError, text="Invalid argument"):
            Semaphore(0).acquire(timeout=math.inf)
    for slots in (Semaphore(), BoundedSemaphore()):
        assert slots.acquire() is True
        assert slots.acquire(block=False) is False
        assert slots.acquire(timeout=0.1) is False
        slots.release()
        assert slots.acquire(timeout=30) is True


def with_statement() -> None:
    """`with slots:` | calls `acquire()` before the block and `release()` after it, also if the
    block raises

    In most cases `with` is all you need:

    A process that has a slot and waits for a second one waits forever if all other slots are held
    by processes that do the same.
    """
    shown("semaphore/smallest", "with slots:", "Never more than two at once: True")
    slots = Semaphore(1)
    with raises(ZeroDivisionError), slots:
        assert not slots.acquire(block=False)
        1 / 0  # noqa: B018
    assert slots.acquire(block=False)


def get_value() -> None:
    """`get_value()` | returns the number; not on macOS

    `get_value()` returns the number at this moment.
    """
    slots = Semaphore(3)
    slots.acquire()
    if sys.platform == "darwin":
        with raises(NotImplementedError):
            slots.get_value()
    else:
        assert slots.get_value() == 2


def locked() -> None:
    """`locked()`, Python 3.14 and later | returns `True` if the number is 0"""
    slots = Semaphore(1)
    assert hasattr(slots, "locked") == on("Python 3.14 and later")
    if on("Python 3.14 and later"):
        assert not slots.locked()  # type: ignore[attr-defined]
        slots.acquire()
        assert slots.locked()  # type: ignore[attr-defined]


def release_has_no_parameter() -> None:
    """`release()` has no parameter, unlike that of `threading`, which has `n`."""
    from inspect import signature

    with raises(TypeError):
        Semaphore(1).release(2)  # type: ignore[call-arg]
    assert "n" in signature(ThreadSemaphore.release).parameters


def released_twice() -> None:
    """If a process releases a slot twice, a `Semaphore` has one slot more than it should, and no
    error is reported. A `BoundedSemaphore` raises `ValueError` if the number is at its first value
    already:
    """
    shown("semaphore/released_twice", "Semaphore - no error\nSlots: 2")
    shown("semaphore/released_twice", "BoundedSemaphore - ValueError: semaphore or lock released")
    shown("semaphore/released_twice", "too many times\nSlots: 1")


def only_if_all_are_free() -> None:
    """The error comes only if all slots are free: while other processes have slots, a second
    `release()` goes unnoticed in a `BoundedSemaphore`, too.
    """
    slots, end = BoundedSemaphore(2), Event()
    receiver, sender = Pipe(duplex=False)
    other = Process(target=_hold, args=(slots, sender, end))
    other.start()
    receiver.recv()
    slots.acquire()
    slots.release()
    slots.release()
    assert _free(slots) == 2
    end.set()
    other.join()
    receiver.close()
    sender.close()


def do_not_decide_with_it() -> None:
    """Do not make a decision with the number, because another process may acquire the last slot
    before your next line runs. Call `acquire(block=False)` and look at its result instead.
    """
    shown("semaphore/slots", "slots.acquire(block=False)", "both slots taken: False")


def pass_it() -> None:
    """A semaphore holds no data besides its number. Pass it to a child as an argument of
    `Process`, or to the workers of a pool with `initializer=` and `initargs=`. At any other time
    pickling it raises `RuntimeError`: see "through inheritance".
    """
    shown("semaphore/slots", "args=(slots, answers)", "one slot free: True")
    shown("pool-argument/every_message", "RuntimeError: Semaphore objects should only be shared")
    slots = Semaphore(2)
    with raises(RuntimeError, text="Semaphore objects should only be shared between processes"):
        pickle.dumps(slots)
    with Pool(1, initializer=_set_free, initargs=(slots,)) as pool:
        assert pool.map(_acquire, range(3)) == [True, True, False]


def a_lock() -> None:
    """A Lock is a semaphore that starts at 1 and cannot go above it."""
    lock, slots = Lock(), Semaphore(1)
    assert lock._semlock.kind == slots._semlock.kind  # type: ignore[attr-defined]
    assert lock._semlock.maxvalue == 1  # type: ignore[attr-defined]
    with raises(ValueError):
        lock.release()
    assert lock.acquire(block=False)
    assert not lock.acquire(block=False)


def the_holder_is_killed() -> None:
    """If a process ends without `release()`, for example because it is killed, its slot stays
    taken.

    A semaphore does not record which process has a slot, and any process may release one.
    """
    slots, end = Semaphore(2), Event()
    receiver, sender = Pipe(duplex=False)
    holder = Process(target=_hold, args=(slots, sender, end))
    other = Process(target=_keep, args=(slots,))
    holder.start()
    other.start()
    receiver.recv()
    holder.kill()
    holder.join()
    other.join()
    assert other.exitcode == 0
    assert _free(slots) == 0
    slots.release()
    assert _free(slots) == 1
    receiver.close()
    sender.close()


def it_protects_nothing() -> None:
    """A semaphore with more than one slot does not protect shared data: changes can be lost.
    Therefore, the second program also acquires the lock of the `Value`.
    """
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")
    shown("semaphore/smallest", "with slots:\n        with running.get_lock():")


def children_not_joined() -> None:
    """Keep the semaphore in a variable until you have joined the children that use it. Otherwise,
    they may find that it has been removed, under `forkserver` and `spawn`, except on Windows.
    """
    shown(*NOT_KEPT)
    shown(*KEPT)
    assert issubclass(SemaphoreType, type(Lock()).__mro__[1])  # what is said there of a Lock


def under_every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver`
    and `spawn`.
    """
    shown("semaphore/slots", "Output\nThird")
    shown("semaphore/smallest", "Output\nNever")
    shown("semaphore/released_twice", "Output\nSemaphore")


def make_it_in_main() -> None:
    """Make the semaphore in `main()` and pass it. Under `spawn` and `forkserver`, a semaphore
    that is made at module level is not the same in a child as in the parent.
    """
    shown("lock/module_level", "The worker got it as well: True")
    if get_start_method() != "forkserver":  # whose server may leave its own semaphores behind
        outcome = script(AT_MODULE_LEVEL)
        assert outcome.stdout == f"{get_start_method() != 'fork'}\n"


def one_at_a_time() -> None:
    """To let only one process through at a time: Lock."""
    shown("lock/smallest", "A lock lets one process at a time", "Tickets left: 20")


def a_pool() -> None:
    """To do many tasks with a few processes: a Pool of that size, which limits them without a
    semaphore.
    """
    shown("pool/smallest", "Pool(2)", "[640, 800, 1024]", "[320, 400, 512]")


def of_a_manager() -> None:
    """To pass it as an argument of `Pool.map` or through a `Queue`: the `Semaphore()` of a
    Manager. The first parameter of its `acquire` is `blocking`; write `acquire(False)`, which works
    with both. Neither `get_value()` nor `locked()` works with it.
    """
    queue: Queue[ThreadSemaphore] = Queue()
    with Manager() as manager, Pool(1) as pool:
        slots = manager.Semaphore(1)
        assert pool.map(_acquire_it, [slots, slots]) == [True, False]
        queue.put(slots)
        queue.get().release()
        assert slots.acquire(blocking=False)
        with raises(TypeError, text="'block'"):
            slots.acquire(block=False)  # type: ignore[call-arg]
        assert slots.acquire(False) is Semaphore(0).acquire(False) is False
        with raises(AttributeError):
            slots.get_value()  # type: ignore[attr-defined]
        with raises(AttributeError, RemoteError):
            slots.locked()  # type: ignore[attr-defined]


def something_has_happened() -> None:
    """To wait until something has happened: Event."""
    shown("event/smallest", "ready.wait()", "ready.set()", "Average: 30.0")


def what_becomes_of_it() -> None:
    """A worker that is killed before it has a slot does not stop the others.

    Of a worker that has a slot, read What goes wrong.

    This is what becomes of `semaphore/smallest.py` if a fault is put in:
    """
    shown("semaphore/smallest", "If something fails", "a worker is killed            right result")


def no_room() -> None:
    """On Linux, `Semaphore()` raises `OSError: [Errno 28] No space left on device` if `/dev/shm` is
    full, as a small one in a container soon is, and another `OSError` if there is none.
    """
    assert issubclass(LockType, SemLock)
    assert issubclass(SemaphoreType, SemLock)
    shown("containers/full", "Lock: [Errno 28] No space left on device")
    shown("containers/no_shm", "Lock raises OSError")
