"""What docs/syntax/array.md says."""

import ctypes
import gc
from multiprocessing import Array, Event, Lock, Process, Queue, RLock, SimpleQueue, get_start_method
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Event as EventType
from multiprocessing.synchronize import RLock as RLockType
from typing import Any

from tests.claims import SURE, TIME_LIMIT, no_fact, raises, shown
from tests.claims._recorders import RecordedLock

AT_MODULE_LEVEL = Array("i", 1, lock=False)


def _noted(numbers: list[int]) -> tuple[Any, RecordedLock]:
    """An Array, and the lock that notes how it is accessed."""
    lock = RecordedLock()
    return Array("i", numbers, lock=lock), lock  # type: ignore[call-overload]


def _move(stock: "SynchronizedArray[int]", half: EventType, stop: EventType) -> None:
    with stock.get_lock():
        stock[0] -= 1
        half.set()
        stop.wait(TIME_LIMIT)
        stock[1] += 1


def _read(stock: "SynchronizedArray[int]", seen: "SimpleQueue[list[int]]") -> None:
    seen.put(stock[:])


def _add_late(
    numbers: "SynchronizedArray[int]", started: EventType, go_on: EventType, seen: Any
) -> None:
    started.set()
    go_on.wait(TIME_LIMIT)
    AT_MODULE_LEVEL[0] = 1
    numbers[0] += 1
    seen.put(numbers[0])


def several_processes() -> None:
    """An `Array` holds numbers of one type in shared memory, where several processes can read and
    change them.
    """
    shown("array/smallest", "Array, Process", "degrees[room] += 1.5", "Degrees: [19.5, 22.0, 20.5]")
    with raises(TypeError):
        Array("i", [1, 2.5])


def choose_it() -> None:
    """Use it for readings, totals or samples if you know their number in advance."""
    no_fact("advice")


def the_first_program() -> None:
    """`degrees[:]` returns all of them as a list. Here only one worker changes them, and the
    parent waits until it has ended.
    """
    shown("array/smallest", "heating.start()\n    heating.join()\n    print", "degrees[:]")
    shown("array/smallest", "Degrees: [19.5, 22.0, 20.5]")


def hold_the_lock() -> None:
    """With several workers, hold the lock of the `Array` while you change it: only one process at
    a time can hold a lock, and the others wait.

    Each worker holds the lock during both steps. `stock[:]` acquires the same lock, so a
    process that reads it cannot see the moment at which a crate has left the first hall and
    has not arrived in the second.
    """
    shown(
        "array/under_lock",
        "with stock.get_lock():\n            stock[0] -= 1\n            stock[1]",
    )
    stock, half, stop = Array("i", [100, 0]), Event(), Event()
    seen: SimpleQueue[list[int]] = SimpleQueue()
    mover = Process(target=_move, args=(stock, half, stop))
    mover.start()
    assert half.wait(TIME_LIMIT)
    reader = Process(target=_read, args=(stock, seen))
    reader.start()
    assert not stock.get_lock().acquire(timeout=SURE)
    assert seen.empty()
    stop.set()
    assert seen.get() == [99, 1]
    mover.join()
    reader.join()


def parameters() -> None:
    """`Array(typecode_or_type, size_or_initializer, *, lock=True)`"""
    from inspect import signature

    assert str(signature(Array)) == "(typecode_or_type, size_or_initializer, *, lock=True)"


def type_of_each() -> None:
    """`typecode_or_type` | the type of each number: a letter (`"i"` integer, `"d"` float; all
    letters) or a ctypes type
    """
    assert Array("i", 2).get_obj()._type_ is ctypes.c_int
    assert Array("d", 2).get_obj()._type_ is ctypes.c_double
    assert Array(ctypes.c_longlong, 2).get_obj()._type_ is ctypes.c_longlong


def length_or_numbers() -> None:
    """`size_or_initializer` | a length, an `int`: that many zeros. Or a sequence, such as a list:
    its numbers. An integer of NumPy, such as `np.prod(shape)`, raises `TypeError` ("has no len()"):
    use `int(...)`
    """
    import numpy as np

    product = np.prod((2, 3))
    for length in 3.0, product:
        with raises(TypeError, text="has no len()"):
            Array("i", length)  # type: ignore[call-overload]
    assert len(Array("i", int(product))) == 6
    shown("array", 'Array("d", 3)[:]', "#> [0.0, 0.0, 0.0]", 'Array("i", [5, 2])[:]', "#> [5, 2]")
    assert Array("i", range(3))[:] == [0, 1, 2]


def which_lock() -> None:
    """`lock` | `True`: a new `RLock`. An `RLock` of yours: that lock (a `Lock` hangs if you hold
    it around an access). `False`: no lock
    """
    one, other, mine, plain = Array("i", 1), Array("i", 1, lock=True), RLock(), Lock()
    assert isinstance(one.get_lock(), RLockType) and isinstance(other.get_lock(), RLockType)
    assert one.get_lock() is not other.get_lock()
    assert Array("i", 1, lock=mine).get_lock() is mine
    assert Array("i", 1, lock=plain).get_lock() is plain
    with plain:
        assert not plain.acquire(timeout=SURE)
    assert not hasattr(Array("i", 1, lock=False), "get_lock")


def one_element() -> None:
    """`a[i]`, `a[i] = x` | read or write one number"""
    a = Array("i", [5, 2, 8])
    a[1] = 7
    assert (a[1], a[-1]) == (7, 8)


def a_slice() -> None:
    """`a[i:j]` | a list, which is a copy (`bytes` with `"c"`, `str` with `"u"`)"""
    shown("array", "copy = stock[:]\ncopy[0] = 99", "#> list [5, 2, 8]")
    of_bytes: Any = Array("c", b"ab")
    of_characters: Any = Array("u", "ab")
    assert (of_bytes[:], of_characters[0:1]) == (b"ab", "a")
    assert type(Array("f", 2)[0:1]) is list


def assign_a_slice() -> None:
    """`a[i:j] = numbers` | writes them; `numbers` is a list or another sequence of the same
    length
    """
    a = Array("i", [5, 2, 8])
    a[0:2] = (7, 6)
    assert a[:] == [7, 6, 8]
    for wrong in ([1], [1, 2, 3], iter([1, 2])):
        with raises(ValueError, text="Can only assign sequence of same size"):
            a[0:2] = wrong


def as_with_a_list() -> None:
    """`len(a)`, `for x in a` | as with a list"""
    a: Any = Array("i", [5, 2, 8])
    assert len(a) == 3
    assert [x for x in a] == [5, 2, 8]


def get_lock() -> None:
    """`.get_lock()` | the lock, for `with`"""
    with Array("i", 1).get_lock() as held:
        assert held is True


def get_obj() -> None:
    """`.get_obj()` | the ctypes array without the lock"""
    a, lock = _noted([5, 2])
    assert isinstance(a.get_obj(), ctypes.Array)
    a.get_obj()[0] = 7
    assert lock.calls == []
    assert a[0] == 7


def acquire_and_release() -> None:
    """`.acquire(block=True, timeout=None)`, `.release()` | those of the lock: `acquire` returns
    `True` when it has the lock
    """
    a: Any = Array("i", 1, lock=Lock())
    assert a.acquire() is True
    assert not a.get_lock().acquire(block=False)
    assert a.acquire(True, 0) is False
    a.release()
    assert a.get_lock().acquire(block=False)


def how_often_it_acquires() -> None:
    """To write many elements, assign one slice, which acquires the lock once. Each single
    `stock[i] = x` acquires and releases the lock.

    Each `a[i]` and each slice acquires the lock, reads or writes, and releases the lock.
    `a[i] += 1` is a read *and* a write, and in between the lock is free.
    """
    a, lock = _noted([5, 2, 8])
    a[0:3] = [1, 2, 3]
    assert lock.calls == ["acquire", "release"]
    for i in range(3):
        a[i] = 0
    assert lock.calls == ["acquire", "release"] * 4
    assert (a[0], a[0:2]) == (0, [0, 0])
    assert lock.calls == ["acquire", "release"] * 6
    a[0] += 1
    assert lock.calls == ["acquire", "release"] * 8


def no_value() -> None:
    """An `Array` of numbers has no `.value`. Setting it raises no error, but changes nothing that
    is shared:
    """
    assert not hasattr(Array("i", 3), "value")
    shown("array", "stock.value = [0, 0, 0]\nprint(stock[:])\n#> [5, 2, 8]")


def bytes_of_it() -> None:
    """With the letter `"c"`, an `Array` holds bytes. `.raw` is all of them, `.value` those before
    the first zero byte.
    """
    shown("array", "#> b'ready' 8")
    state: Any = Array("c", b"ab\0cd")
    assert (state.raw, state.value) == (b"ab\0cd", b"ab")


def four_movers() -> None:
    """Four workers move crates from one hall to the other."""
    shown("array/under_lock", "for _ in range(4)", "Crates in each hall: [20, 80]")


def each_its_own() -> None:
    """If no two workers write the same element, and no process reads before they have ended, no
    number can be lost, and you need no lock. With `lock=False` you get the ctypes array
    itself, which has no `get_lock()`.
    """
    shown("array/each_its_own", "lock=False", "readings[sensor] =", "Readings: [0, 10, 20, 30]")
    bare = Array("i", 4, lock=False)
    assert isinstance(bare, ctypes.Array)
    assert not hasattr(bare, "get_lock")


def a_loop() -> None:
    """A loop over `a`, or `sum(a)`, acquires the lock for each element separately, and another
    process can write between two elements.
    """
    a, lock = _noted([5, 2, 8])
    assert sum(a) == 15
    assert lock.calls == ["acquire", "release"] * 4  # the last one finds the end
    shared = Array("i", [5, 2], lock=Lock())
    loop = iter(shared)
    assert next(loop) == 5
    assert shared.get_lock().acquire(block=False)
    shared.get_lock().release()
    shared[1] = 9
    assert next(loop) == 9


def all_at_once() -> None:
    """`a[:]` acquires it once: no process that uses the same lock can write until all numbers
    have been copied.
    """
    a, lock = _noted([5, 2, 8])
    assert a[:] == [5, 2, 8]
    assert lock.calls == ["acquire", "release"]


def lose_updates() -> None:
    """`a[i] += 1` in several processes, without holding the lock, can lose updates, as with a
    `Value`.
    """
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")
    a, other = Array("i", [0]), Array("i", [0])
    for numbers in (a, other):
        read = numbers[0]
        if numbers is other:
            numbers[0] += 1  # another process, between the read and the write
        numbers[0] = read + 1
    assert a[:] == other[:] == [1]


def as_an_argument() -> None:
    """An `Array` as an argument of `Pool.map` raises RuntimeError. As an argument of a `Process`
    it works.
    """
    shown("pool-argument/every_message", "Array:\n  RuntimeError: ")
    shown("array/smallest", "args=(degrees,)", "Degrees: [19.5, 22.0, 20.5]")


def only_the_copy() -> None:
    """A change to a slice, as in `a[:][0] = 1`, changes only the copy."""
    a = Array("i", [5, 2])
    a[:][0] = 1
    assert a[:] == [5, 2]


def wraps_around() -> None:
    """An integer that is too big for its type wraps around without an error: in an
    `Array("i", ...)`, `2**31` becomes `-2**31`.
    """
    a = Array("i", [2**31, 0])
    a[1] = 2**31
    assert a[:] == [-(2**31), -(2**31)]


def killed_with_the_lock() -> None:
    """If a worker is killed while it holds the lock, nothing releases it: `a[i]`, `a[:]` and a
    loop over `a` wait forever in all other processes.
    """
    shown("lock-holder-killed/terminated", "terminate()", "still running after 5 s")
    for access in (lambda a: a[1], lambda a: a[:], list):
        a, lock = _noted([5, 2])
        access(a)
        assert lock.calls[:2] == ["acquire", "release"]


def keep_it() -> None:
    """Keep the `Array` in a variable of the parent as long as a child uses it. If the parent no
    longer has it, the next `Array` can get the same memory, as with a `Value`.

    Under `forkserver` and `spawn`, a child does not have the parent's `Array` from module level,
    but one of its own or of the fork server. Make the `Array` in `main()`, and pass it.
    """
    gc.collect()  # what earlier checks left is not to free memory in between
    started, go_on = Event(), Event()
    seen: SimpleQueue[int] = SimpleQueue()
    lock = get_start_method() == "fork"  # elsewhere it would be gone
    numbers = Array("i", 4, lock=lock)
    worker = Process(target=_add_late, args=(numbers, started, go_on, seen))
    del numbers
    worker.start()
    assert started.wait(TIME_LIMIT)
    following = Array("i", [100] * 4, lock=lock)
    go_on.set()
    assert seen.get() == 101
    worker.join()
    assert (following[0], worker.exitcode) == (101, 0)
    assert AT_MODULE_LEVEL[0] == (1 if get_start_method() == "fork" else 0)


def every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver`
    and `spawn`.
    """
    shown("array/smallest", "Output\nDegrees")
    shown("array/under_lock", "Output\nCrates")
    shown("array/each_its_own", "Output\nReadings")


def one_number() -> None:
    """To share one number: Value."""
    shown("value/smallest", "Tickets sold: 3")


def several_dimensions() -> None:
    """To share a big array, or one with several dimensions: a shared NumPy array."""
    shown("numpy-array/own_rows", "np.full((400, 600)", "Bright pixels")


def a_list_that_grows() -> None:
    """To share a list that grows, or one of text or other objects: Manager."""
    shown("one-problem/with_manager_list", ".append(", "Output")


def lists_of_numbers() -> None:
    """To send lists of numbers one after the other: Queue."""
    queue: Queue[list[int]] = Queue()
    queue.put([1, 2])
    queue.put([3])
    assert [queue.get(), queue.get()] == [[1, 2], [3]]


def what_becomes_of_it() -> None:
    """If a worker fails before it has written, its part of the array keeps the old values, and
    the program ends with exit status 0.

    After each `join()`, look at the worker's `exitcode`.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "array/smallest",
        "If something fails",
        "a worker is killed            wrong result",
        "a worker calls sys.exit(3)    wrong result",
    )
