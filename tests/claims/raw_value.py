"""What docs/syntax/raw-value.md says."""

import multiprocessing
from ctypes import Structure, addressof, c_char, c_double, c_int, c_longlong, sizeof
from inspect import signature
from multiprocessing import (
    Array,
    Barrier,
    Event,
    Process,
    RawArray,
    RawValue,
    RLock,
    SimpleQueue,
    Value,
    get_start_method,
    sharedctypes,
)
from multiprocessing.reduction import ForkingPickler
from multiprocessing.sharedctypes import copy, synchronized
from pickle import PicklingError
from threading import BrokenBarrierError
from typing import Any

from tests.claims import TIME_LIMIT, no_fact, raises, shown
from tests.claims._recorders import RecordedLock

MANY = 20  # objects, of which one gets the memory that was freed: others may have been freed, too


def _change(number: Any) -> None:
    number.value += 1


class _Box(Structure):
    _fields_ = [("crates", c_int), ("halls", c_int * 2)]


def _fill(box: Any, boxes: Any, place: int) -> None:
    box.crates = boxes[place].crates = boxes[place].halls[1] = 9


def _change_late(number: Any, started: Any, go_on: Any, seen: Any) -> None:
    started.set()
    go_on.wait(TIME_LIMIT)
    seen.put(number.value)
    number.value = 7


def without_a_lock() -> None:
    """`RawValue` and `RawArray` share a number, or an array of numbers, without a lock."""
    number: Any = RawValue("i", 5)
    worker = Process(target=_change, args=(number,))
    worker.start()
    worker.join()
    assert number.value == 6
    shown("raw-value/each_its_part", "degrees[first : first + 3] = [", "[3.0, 3.25, 3.5]")


def when_to_use_them() -> None:
    """Use them if only one process writes and the others may read half-written data, if no process
    reads while others write, or if you hold a lock of your own.
    """
    no_fact("advice")


def one_writes() -> None:
    """Here one worker writes, and the parent only reads, so no update can be lost."""
    shown("raw-value/smallest", "percent.value = 50", 'print("Downloaded:", percent.value, "%")')
    shown("raw-value/smallest", "Output\nDownloaded: 50 %\nDownloaded: 100 %")


def several_add() -> None:
    """If several processes add to the same number, use a Value and hold its lock."""
    no_fact("advice")


def where_from() -> None:
    """You can import both from `multiprocessing` or from `multiprocessing.sharedctypes`."""
    for module in (multiprocessing, sharedctypes):
        assert type(module.RawValue("i")) is c_int
        assert len(module.RawArray("i", 3)) == 3


def one_number() -> None:
    """`RawValue(typecode_or_type, *args)` | one number; `*args` is the first value, 0 if you leave
    it out
    """
    assert str(signature(RawValue)) == "(typecode_or_type, *args)"
    number, other = RawValue("i"), RawValue("i", 50)
    assert (number.value, other.value) == (0, 50)


def several_numbers() -> None:
    """`RawArray(typecode_or_type, size_or_initializer)` | a length, an `int`: that many zeros. Or
    a sequence: its numbers
    """
    with raises(TypeError, text="has no len()"):
        RawArray("i", 3.0)  # type: ignore[call-overload]
    assert str(signature(RawArray)) == "(typecode_or_type, size_or_initializer)"
    zeros, numbers = RawArray("i", 3), RawArray("i", (5, 2))
    assert (zeros[:], numbers[:]) == ([0, 0, 0], [5, 2])


def which_type() -> None:
    """`typecode_or_type` is a letter (`"i"` integer, `"d"` float; all letters), a ctypes type such
    as `ctypes.c_longlong`, or a ctypes Structure. Neither call has a parameter `lock`.
    """
    types = [type(RawValue(one)) for one in ("i", "d", c_longlong)]
    assert types == [c_int, c_double, c_longlong]
    shown("raw-value/torn", "RawValue(Stock, 10, 0)", "Afterward: 9 + 1")
    for call in (RawValue, RawArray):
        assert "lock" not in signature(call).parameters
        with raises(TypeError):
            call("i", 3, lock=True)  # type: ignore[call-overload]


def the_object_itself() -> None:
    """Both return the ctypes object itself, which has no `get_lock()` and no `get_obj()`. You read
    and write the number of a `RawValue` as `.value`.
    """
    shown("raw-value", 'print(percent, hasattr(percent, "get_lock"))\n#> c_double(50.0) False')
    number, numbers = RawValue("i", 50), RawArray("i", 3)
    assert isinstance(numbers, c_int * 3)
    for one in (number, numbers):
        assert not hasattr(one, "get_lock")
        assert not hasattr(one, "get_obj")
    number.value = 51
    assert (type(number), number.value) == (c_int, 51)


def lock_is_false() -> None:
    """`Value(..., lock=False)` returns the same as `RawValue(...)`, and `Array(..., lock=False)`
    the same as `RawArray(...)`.
    """
    assert type(Value("i", 50, lock=False)) is type(RawValue("i", 50))
    assert type(Array("i", 3, lock=False)) is type(RawArray("i", 3))


def with_a_lock_and_copied() -> None:
    """`multiprocessing.sharedctypes.synchronized(obj, lock=None, ctx=None)` wraps a raw object in
    one with a lock: yours, or a new one at each call. `multiprocessing.sharedctypes.copy(obj)`
    makes a second raw object with the same content.
    """
    assert str(signature(synchronized)) == "(obj, lock=None, ctx=None)"
    assert str(signature(copy)) == "(obj)"
    numbers = RawArray("i", [5, 2])
    lock = RLock()
    assert synchronized(numbers, lock).get_lock() is lock
    guarded: Any = synchronized(numbers)
    assert synchronized(numbers).get_lock() is not guarded.get_lock()
    with guarded.get_lock():
        guarded[0] = 6
    second: Any = copy(numbers)
    numbers[1] = 3
    assert (numbers[:], second[:]) == ([6, 3], [6, 2])
    assert type(second) is type(numbers)
    shown("raw-value", "guarded = synchronized(percent)", "print(percent.value)\n#> 51")


def slices_are_copies() -> None:
    """A slice of numbers, `readings[2:4]`, is a list, and the list is a copy. To write several
    elements, assign a slice of the same length.
    """
    shown("raw-value", "copy[0] = 99\nprint(readings[:])\n#> [1, 2, 3, 0, 0, 0]")
    readings = RawArray("i", 6)
    assert type(readings[2:4]) is list
    readings[2:4] = [1, 2]
    assert readings[:] == [0, 0, 1, 2, 0, 0]
    with raises(ValueError, text="Can only assign sequence of same size"):
        readings[2:4] = [1, 2, 3]


def a_memoryview() -> None:
    """A `memoryview` uses the shared memory itself, and so do its slices. It cannot be indexed
    before you `cast` it to bytes and then to the type of the numbers:
    """
    shown("raw-value", "second_half[0] = 4\nprint(readings[:])\n#> [1, 2, 3, 4, 0, 0]")
    readings: Any = RawArray("i", 6)
    with raises(NotImplementedError):
        memoryview(readings)[0]
    memoryview(readings).cast("B").cast("i")[2:4][1] = 9
    assert readings[3] == 9


def each_its_own() -> None:
    """If no two workers write the same element, and no process reads before they have ended, no
    lock is needed.
    """
    shown("raw-value/each_its_part", "first = part * 3", "sensor.join()\n    for first in range")
    shown("raw-value/each_its_part", "[0.0, 0.25, 0.5]\n[1.0, 1.25, 1.5]\n[2.0, 2.25, 2.5]\n[3.0")


def one_fails() -> None:
    """If a worker fails, its part may still be 0: look at its `exitcode`."""
    assert RawArray("d", 3)[:] == [0, 0, 0]
    shown("process/exit_codes", "raises an exception: 1")


def before_the_barrier() -> None:
    """If a worker fails before it, the others wait forever."""
    with raises(BrokenBarrierError):
        Barrier(2).wait(timeout=0)


def a_barrier() -> None:
    """At a Barrier processes wait for each other. Before it, each worker writes its own element;
    after it, all workers may read all elements.
    """
    shown(
        "raw-value/phases", "sales[me] = (me + 1) * 100\n    all_written.wait()\n    shares[me] ="
    )
    shown("raw-value/phases", "sum(sales)", "Percent: [10, 20, 30, 40]")


def a_lock_of_your_own() -> None:
    """If several shared objects change together, use raw objects and one Lock. As long as a worker
    may write, hold the same lock around every access, including those that only read.
    """
    no_fact("advice")


def it_acquires_none() -> None:
    """With a `Value` that got the same `Lock` as its `lock=`, the worker would hang, because
    `.value` would acquire the lock a second time. A raw object acquires no lock.
    """
    shown("value-lock-hangs/plain_lock", "lock=lock", "with lock:\n            sold.value += 1")
    shown("value-lock-hangs/plain_lock", "still running after")
    shown("raw-value/own_lock", "with lock:\n        sold.value += 1", "Sold: 3 Seats: [1, 0, 1,")


def half_written() -> None:
    """Two numbers that belong together are written one after the other, and a process that reads in
    between sees one new number and one old. In this program a `Barrier` makes the parent read
    exactly then: a crate has left the shelf, but is not counted as sold.
    """
    shown(
        "raw-value/torn", "stock.shelf -= 1\n    halfway.wait()", "Halfway:   9 + 0\nAfterward: 9"
    )


def what_can_be_shared() -> None:
    """You can share numbers, single characters, bytes of a fixed length, and structures of these.
    The size cannot be changed later.
    """
    character: Any = RawValue("u", "é")
    some_bytes: Any = RawValue(c_char * 5, *b"abc")
    assert (RawValue("d", 0.5).value, character.value, some_bytes.value) == (0.5, "é", b"abc")
    shown("raw-value/torn", "class Stock(Structure):", "Halfway:   9 + 0")
    numbers: Any = RawArray("i", 3)
    assert not hasattr(numbers, "append")
    with raises(IndexError):
        numbers[3] = 1


def no_pointer() -> None:
    """Do not share a pointer: an address is valid in one process only."""
    shown("string-in-value/crash", "c_char_p", "The viewer has crashed: True")


def a_part_of_a_block() -> None:
    """Python keeps blocks of shared memory. Each call gets a free part of one, makes a ctypes
    object that uses it, and sets it to zero or to the first values. When the object is gone, the
    part is free again.
    """
    number: Any = RawValue("q", 7)
    other: Any = RawValue("q", 8)
    (one, *_), _size = number._wrapper._state
    (same, *_), _size = other._wrapper._state
    assert one is same
    assert addressof(number) != addressof(other)
    start = addressof(c_char.from_buffer(one.buffer))
    assert start <= addressof(number) <= start + one.size - sizeof(number)
    place = addressof(number)
    del number
    following: Any = RawValue("q")
    assert (addressof(following), following.value) == (place, 0)
    del following
    again: Any = RawArray("q", [3])
    assert (addressof(again), again[:]) == (place, [3])


def a_value() -> None:
    """A `Value` contains such an object and a lock, and acquires the lock at each access."""
    lock = RecordedLock()
    number: Any = Value("i", 5, lock=lock)  # type: ignore[call-overload]
    assert type(number.get_obj()) is type(RawValue("i"))
    assert (number.value, number.get_lock()) == (5, lock)
    assert lock.calls == ["acquire", "release"]


def lost_updates() -> None:
    """`sold.value += 1` in several processes can lose updates, and no error is reported."""
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")
    sold, other = RawValue("i", 0), RawValue("i", 0)
    for number in (sold, other):
        read = number.value
        if number is other:
            number.value += 1  # another process, between the read and the write
        number.value = read + 1
    assert sold.value == other.value == 1


def as_an_argument() -> None:
    """A raw object as an argument of `Pool.map` raises RuntimeError. As an argument of a `Process`
    it works.
    """
    for raw in (RawValue("i"), RawArray("i", 3)):
        with raises(RuntimeError, text="should only be shared between processes through inherit"):
            ForkingPickler.dumps(raw)  # as a pool pickles its tasks
    shown("raw-value/smallest", "args=(percent, half, go_on)", "Downloaded: 100 %")


def the_holder_is_killed() -> None:
    """A process that is killed while it holds your lock does not release it, and the others wait
    forever.
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")


def no_part_of_an_array() -> None:
    """Do not pass an element of an array of structures to a `Process`: pass the whole array and an
    index. The element is shared only under `fork`. Under `forkserver` and `spawn`, the child gets
    a copy, and no error is reported, or `start()` raises `AttributeError`.

    Under `forkserver` and `spawn`, an array of arrays, such as `RawArray(c_int * 3, 2)`, cannot be
    an argument of a `Process`: `start()` raises `PicklingError`. Use one long array, or a
    structure with an array as a field.
    """
    forked = get_start_method() == "fork"
    boxes: Any = RawArray(_Box, 2)
    worker = Process(target=_fill, args=(boxes[0], boxes, 1))
    worker.start()
    worker.join()
    assert worker.exitcode == 0
    assert boxes[0].crates == (9 if forked else 0)
    assert (boxes[1].crates, boxes[1].halls[:]) == (9, [0, 9])
    if not forked:
        known: Any = RawValue(_Box)
        assert known.crates == 0
        with raises(AttributeError):
            Process(target=_fill, args=(boxes[0], boxes, 1)).start()
        with raises(PicklingError):
            Process(target=_fill, args=(RawArray(c_int * 3, 2), boxes, 1)).start()


def wraps_around() -> None:
    """An integer that is too big wraps around without an error."""
    small = RawValue("B", 255)
    small.value += 1
    assert small.value == 0


def keep_it() -> None:
    """Keep a raw object in a variable of the parent as long as a child uses it. Do not write
    `Process(target=sell, args=(RawValue("i", 0),))`: after `start()` the parent no longer has
    that object, and the next raw object, `Value` or `Array` that it makes can get the same
    memory. Then the child and the parent change each other's numbers silently, under every start
    method.
    """
    started, go_on = Event(), Event()
    seen: SimpleQueue[int] = SimpleQueue()
    worker = Process(target=_change_late, args=(RawValue("i", 5), started, go_on, seen))
    worker.start()
    assert started.wait(TIME_LIMIT)
    following = [Value("i", 100) for _ in range(MANY)]
    go_on.set()
    assert seen.get() == 100
    worker.join()
    assert ([number.value for number in following].count(7), worker.exitcode) == (1, 0)
    for make in (lambda: Array("i", 1).get_obj(), lambda: RawValue("i")):
        number: Any = RawValue("i")
        place = addressof(number)
        del number
        assert place in map(addressof, [make() for _ in range(MANY)])


def what_keeps_it() -> None:
    """A `memoryview` or a NumPy array of the object keeps the memory, too."""
    import numpy as np

    for view_of in (memoryview, lambda raw: np.frombuffer(raw, np.intc)):
        numbers: Any = RawArray("i", [5, 2])
        place = addressof(numbers)
        view = view_of(numbers)
        del numbers
        others = [RawArray("i", 2) for _ in range(3)]
        assert place not in map(addressof, others)
        del view
        assert place in map(addressof, [RawArray("i", 2) for _ in range(MANY)])


def every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver` and
    `spawn`.
    """
    shown("raw-value/smallest", "Output\nDownloaded")
    shown("raw-value/each_its_part", "Output\n[0.0")
    shown("raw-value/phases", "Output\nSales")
    shown("raw-value/own_lock", "Output\nSold")
    shown("raw-value/torn", "Output\nHalfway")


def which_have_a_lock() -> None:
    """To change the same number in several processes: Value or Array, which have a lock."""
    assert hasattr(Value("i"), "get_lock")
    assert hasattr(Array("i", 3), "get_lock")
    shown("array/under_lock", "with stock.get_lock():", "Crates in each hall: [20, 80]")


def opened_by_name() -> None:
    """To share a big array with a process that opens it by name: SharedMemory."""
    shown("numpy-array/own_rows", "SharedMemory(name=name)", "Bright pixels: 240000")


def what_becomes_of_it() -> None:
    """Here the parent waits for an event that the worker sets.

    If the worker fails before, the parent waits forever.

    Give `wait()` a `timeout`, and then look at the worker's `exitcode`.

    If the worker was killed while it waited for `go_on`, `go_on.set()` may never return.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "raw-value/smallest",
        "If something fails",
        "a worker is killed            hangs",
        "a worker calls sys.exit(3)    hangs",
    )
