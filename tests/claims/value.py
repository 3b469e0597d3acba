"""What docs/syntax/value.md says."""

import array
import ctypes
import os
import sys
from datetime import UTC, datetime
from multiprocessing import Event, Lock, Process, RLock, SimpleQueue, Value, get_start_method
from multiprocessing.sharedctypes import Synchronized, typecode_to_type  # type: ignore[attr-defined]
from multiprocessing.synchronize import Event as EventType
from multiprocessing.synchronize import RLock as RLockType
from typing import Any

from tests.claims import SURE, TIME_LIMIT, no_fact, on, raises, script, shown
from tests.claims._recorders import RecordedLock

SIGNED = {"b": 1, "h": 2, "i": 4, "l": ctypes.sizeof(ctypes.c_long), "q": 8}  # and their bytes

AT_MODULE_LEVEL = """
from multiprocessing import Process, SimpleQueue, Value

number = Value("i", 0, lock=False)

def add(seen):
    number.value += 1
    seen.put(number.value)

if __name__ == "__main__":
    number.value = 100
    seen = SimpleQueue()
    for _ in range(2):
        worker = Process(target=add, args=(seen,))
        worker.start()
        worker.join()
    print(seen.get(), seen.get())
"""


class _Late:
    """Is unpickled only after an event."""

    def __init__(self, event: EventType) -> None:
        self.event = event

    def __setstate__(self, state: dict[str, EventType]) -> None:
        state["event"].wait(TIME_LIMIT)


class _Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int), ("y", ctypes.c_int)]


def _hold(number: "Synchronized[int]", held: EventType, stop: EventType) -> None:
    with number.get_lock():
        number.value += 1
        held.set()
        stop.wait(TIME_LIMIT)


def _add_late(number: Any, started: EventType, go_on: EventType, seen: Any) -> None:
    started.set()
    go_on.wait(TIME_LIMIT)
    number.value += 1
    seen.put(number.value)


def _end(late: _Late, number: "Synchronized[int]") -> None:
    number.value += 1


def _exit_with_the_lock(number: "Synchronized[int]") -> None:
    with number.get_lock():
        os._exit(3)


def _bytes(letter: str) -> int:
    return ctypes.sizeof(Value(letter, lock=False))


def one_number() -> None:
    """A `Value` is one number in shared memory that several processes can read and change.

    The parent starts a worker, and sees the number that the worker has written. `sold.value`
    reads or writes the number. `sold.get_lock()` returns the lock of the `Value`: only one
    process at a time can hold it, and the others wait.
    """
    number, held, stop = Value("i", 5), Event(), Event()
    worker = Process(target=_hold, args=(number, held, stop))
    worker.start()
    assert held.wait(TIME_LIMIT)
    assert not number.get_lock().acquire(timeout=SURE)
    stop.set()
    with number.get_lock():
        assert number.value == 6
    worker.join()
    number.value = 7
    assert number.value == 7


def choose_it() -> None:
    """Use it for a counter, a total or a yes/no flag."""
    no_fact("advice")


def every_ticket() -> None:
    """Here there is one worker; with several, the lock makes sure that every ticket is counted."""
    shown("value/smallest", "seller.start()", "Tickets sold: 3")
    shown("value/one_lock_for_two", "for _ in range(4)", "Sold: 80")


def parameters() -> None:
    """`Value(typecode_or_type, *args, lock=True)`"""
    from inspect import signature

    assert str(signature(Value)) == "(typecode_or_type, *args, lock=True)"


def first_value() -> None:
    """`*args` | the first value; 0 if you leave it out"""
    assert (Value("i", 7).value, Value("d", 2.5).value) == (7, 2.5)
    for letter, zero in [("i", 0), ("d", 0), ("c", b"\0"), ("u", "\0")]:
        assert Value(letter).value == zero


def which_lock() -> None:
    """`lock` | `True`: a new `RLock`. An `RLock` of yours: that lock (a `Lock` hangs if you hold
    it around an access). `False`: no lock
    """
    one, other, mine = Value("i"), Value("i", lock=True), RLock()
    assert isinstance(one.get_lock(), RLockType) and isinstance(other.get_lock(), RLockType)
    assert one.get_lock() is not other.get_lock()
    assert Value("i", lock=mine).get_lock() is mine
    assert not hasattr(Value("i", lock=False), "get_lock")
    shown("value-lock-hangs/plain_lock", "lock = Lock()", "lock=lock", "still running after 5 s")


def value() -> None:
    """`.value` | the number"""
    number = Value("i", 3)
    number.value += 4
    assert (number.value, number.get_obj().value) == (7, 7)


def get_lock() -> None:
    """`.get_lock()` | the lock, for `with`"""
    with Value("i").get_lock() as held:
        assert held is True


def get_obj() -> None:
    """`.get_obj()` | the ctypes object without the lock"""
    number = Value("i", 3, lock=(noted := RecordedLock()))  # type: ignore[call-overload]
    assert type(number.get_obj()) is ctypes.c_int
    number.get_obj().value = 4
    assert noted.calls == []
    assert number.value == 4


def acquire_and_release() -> None:
    """`.acquire(block=True, timeout=None)`, `.release()` | those of the lock: `acquire` returns
    `True` when it has the lock
    """
    number = Value("i", lock=Lock())
    assert number.acquire() is True
    assert not number.get_lock().acquire(block=False)
    assert number.acquire(True, 0) is False
    number.release()
    assert number.get_lock().acquire(block=False)


def without_a_lock() -> None:
    """With `lock=False` you get the ctypes object itself, which has no `get_lock()`."""
    shown("value", "#> 50 False")
    assert type(Value("i", 0, lock=False)) is ctypes.c_int


def only_where() -> None:
    """Use it only where a single process writes and it does not matter if others read an old or
    half-written value, or where you hold another lock around every access.
    """
    no_fact("advice")


def not_the_number() -> None:
    """The `Value` itself is not the number. `sold += 1` raises `TypeError`. Three other
    forms of this mistake raise no error. `if stop:` is true even when the number is 0, unless the
    `Value` was made with `lock=False`. `sold == 3` is false even when the number is 3. `sold = 3`
    turns `sold` into a plain number, and changes nothing that is shared:
    """
    shown("value", "#> unsupported operand type(s) for +=", "#> True False")
    for lock in (True, False):
        shared: Any = Value("i", 3, lock=lock)
        sold = shared
        assert (sold == 3) is False
        sold = 4
        assert (sold, shared.value) == (4, 3)
    assert bool(Value("i", 0)) and bool(Value(ctypes.c_bool, False))
    assert not Value("i", 0, lock=False)
    assert Value("i", 1, lock=False)


def of_a_fixed_size() -> None:
    """A `Value` holds one number, or one character, of a fixed size; with a ctypes Structure as
    its type it holds several.
    """
    point: Any = Value(_Point, 1, 2)
    assert (point.x, point.y) == (1, 2)
    assert (Value("u", "a").value, Value("c", b"a").value) == ("a", b"a")
    with raises(TypeError):
        Value("u", "ab")
    with raises(TypeError):
        Value("c", b"ab")


def only_the_address() -> None:
    """Of a text or a Python object it could hold only the address, which is valid in one process
    only; for these, use a Manager or a Queue.
    """
    shown("string-in-value/pointer", "Output")
    for kind in (ctypes.c_char_p, ctypes.c_wchar_p, ctypes.py_object):
        assert ctypes.sizeof(kind) == ctypes.sizeof(ctypes.c_void_p)


def wraps_around() -> None:
    """An integer that is too big wraps around without an error: in one byte, 255 + 1 becomes 0, and
    in an `"i"`, 2147483647 + 1 becomes -2147483648. For a counter that runs for long, use `"q"`.
    """
    shown("value", 'Value("B", 255)', "small.value += 1", "#> 0\n")
    for letter, size in SIGNED.items():
        number = Value(letter, last := 2 ** (8 * size - 1) - 1)
        number.value += 1
        assert number.value == -last - 1
        number = Value(letter.upper(), 2 ** (8 * size) - 1)
        number.value += 1
        assert number.value == 0
    assert 2 ** (8 * SIGNED["i"] - 1) == 2147483648
    assert SIGNED["q"] == 8


def wrong_type() -> None:
    """A float or a text in an integer `Value` raises `TypeError`:"""
    for letter in [*SIGNED, *(letter.upper() for letter in SIGNED)]:
        number = Value(letter)
        for wrong in (2.5, "2"):
            with raises(TypeError):
                number.value = wrong


def all_the_letters() -> None:
    """These are all the letters. The letters of the module `array` are different: from Python 3.13
    on, it has some for which `Value` raises `TypeError`, such as `"w"`, and it does not have
    `"c"`.
    """
    assert set(typecode_to_type) == set("bBhHiIlLqQfdcu")
    for letter in map(chr, range(32, 127)):
        if letter not in typecode_to_type:
            with raises(TypeError):
                Value(letter)
    assert ("w" in array.typecodes) == on("Python 3.13 and later")
    assert on("Python 3.13 and later") or set(array.typecodes) <= set(typecode_to_type)
    assert "c" not in array.typecodes


def _is_integer_of(letter: str, size: int) -> None:
    """It is signed, its capital is not, and both have that many bytes."""
    assert _bytes(letter) == _bytes(letter.upper()) == size
    assert Value(letter, -1).value == -1
    assert Value(letter.upper(), -1).value == 2 ** (8 * size) - 1
    assert Value(letter.upper(), 0).value == 0


def bytes_1() -> None:
    """`"b"`, `"B"` | integer, from 0 with `"B"` | 1"""
    _is_integer_of("b", 1)
    assert _bytes("b") == 1


def bytes_2() -> None:
    """`"h"`, `"H"` | integer, from 0 with `"H"` | 2"""
    _is_integer_of("h", 2)
    assert _bytes("h") == 2


def bytes_4() -> None:
    """`"i"`, `"I"` | integer, from 0 with `"I"` | 4"""
    _is_integer_of("i", 4)
    assert _bytes("i") == 4


def bytes_4_or_8() -> None:
    """`"l"`, `"L"` | integer, from 0 with `"L"` | 8, but 4 on Windows and on 32-bit systems"""
    size = 4 if sys.platform == "win32" or sys.maxsize < 2**32 else 8
    _is_integer_of("l", size)
    assert _bytes("l") == size


def bytes_8() -> None:
    """`"q"`, `"Q"` | integer, from 0 with `"Q"` | 8"""
    _is_integer_of("q", 8)
    assert _bytes("q") == 8


def float_of_4() -> None:
    """`"f"` | float | 4"""
    assert _bytes("f") == 4
    assert Value("f", 0.5).value == 0.5
    assert Value("f", 0.1).value != 0.1


def float_of_8() -> None:
    """`"d"` | float, as in Python | 8"""
    assert _bytes("d") == 8
    for number in (0.1, 1 / 3, sys.float_info.max, sys.float_info.min):
        assert Value("d", number).value == number


def one_byte() -> None:
    """`"c"` | one byte, as `bytes` | 1"""
    assert _bytes("c") == 1
    assert Value("c", b"x").value == b"x"


def one_character() -> None:
    """`"u"` | one character, as `str` | 4, but 2 on Windows"""
    assert _bytes("u") == (2 if sys.platform == "win32" else 4)
    assert Value("u", "x").value == "x"


def a_flag() -> None:
    """For a flag, use `ctypes.c_bool`. It accepts any object and stores whether the object is
    true, so that even the text `"no"` becomes `True`:
    """
    flag = Value(ctypes.c_bool, False)
    for value in ("no", "", 2, 0, None, [0], []):
        flag.value = value  # type: ignore[assignment]
        assert flag.value is bool(value)


def belong_together() -> None:
    """If two numbers belong together, no process should see one changed and the other not. Give
    both the same lock, and hold it around everything that reads or changes them.
    """
    no_fact("advice")


def would_wait_for_itself() -> None:
    """With a `Lock`, the process would wait for itself forever."""
    shown("value-lock-hangs/plain_lock", "lock = Lock()", "lock=lock", "still running after 5 s")


def a_ctypes_object() -> None:
    """The number is a ctypes object in memory that the parent and its children share."""
    shown("value", "#> c_double(9.5)")
    shown("value/smallest", "Tickets sold: 3")


def each_access() -> None:
    """Each access to `.value` acquires the lock, reads or writes the number, and releases the
    lock. `sold.value += 1` is a read *and* a write, and in between the lock is free. That is
    why you hold it around the whole line.
    """
    number = Value("i", 3, lock=(noted := RecordedLock()))  # type: ignore[call-overload]
    assert number.value == 3
    assert noted.calls == ["acquire", "release"]
    number.value = 4
    assert noted.calls == ["acquire", "release"] * 2
    number.value += 1
    assert noted.calls == ["acquire", "release"] * 4


def loses_updates() -> None:
    """`sold.value += 1` in several processes, without holding the lock, loses updates, and no
    error is reported.
    """
    shown("race/unsafe_every_time", "sold.value = count + 1", "Tickets sold by 4 sellers: 1")


def as_an_argument() -> None:
    """A `Value` as an argument of `Pool.map` raises RuntimeError. As an argument of a `Process` of
    the same context it works.
    """
    shown("pool-argument/every_message", '"Value": ', "Value:\n  RuntimeError: ")
    shown("value/smallest", "args=(3, sold)", "Tickets sold: 3")


def the_holder_is_gone() -> None:
    """A process that is killed, or that calls `os._exit()`, while it holds the lock does not
    release it. Every later access to `.value` waits forever.
    """
    number = Value("i", 0)
    worker = Process(target=_exit_with_the_lock, args=(number,))
    worker.start()
    worker.join()
    assert worker.exitcode == 3
    assert not number.get_lock().acquire(block=False)
    shown("lock-holder-killed/terminated", "with lock:", "still running after")


def at_module_level() -> None:
    """A `Value` that is made at module level is made again in each child under `spawn`. Under
    `forkserver` each child makes its own or all children share one that is not the parent's,
    depending on who imports the program.
    """
    preloaded = on("Python 3.13.8 and later and 3.14.1 and later")
    server = "1 2" if preloaded else "1 1"
    seen = {"fork": "101 102", "forkserver": server, "spawn": "1 1"}
    assert script(AT_MODULE_LEVEL).stdout == seen[get_start_method()] + "\n"
    seen["forkserver"] = "1 1"
    assert script(AT_MODULE_LEVEL, module=True).stdout == seen[get_start_method()] + "\n"


def keep_it() -> None:
    """Keep the `Value` in a variable of the parent as long as a child uses it. Do not write
    `Process(target=sell, args=(3, Value("i", 0)))`: after `start()` the parent no longer has
    that `Value`, and the next one that it makes can get the same memory. The child then
    changes that one, too, and no error is reported.
    """
    started, go_on = Event(), Event()
    seen: SimpleQueue[int] = SimpleQueue()
    lock = get_start_method() == "fork"  # elsewhere it would be gone, as below
    number = Value("i", 0, lock=lock)
    worker = Process(target=_add_late, args=(number, started, go_on, seen))
    del number
    worker.start()
    assert started.wait(TIME_LIMIT)
    following = Value("i", 100, lock=lock)
    go_on.set()
    assert seen.get() == 101
    worker.join()
    assert (following.value, worker.exitcode) == (101, 0)


def its_lock_is_gone() -> None:
    """Except under `fork` and on Windows, the child can also end with `FileNotFoundError`,
    because its lock has been removed.
    """
    go_on = Event()
    worker = Process(target=_end, args=(_Late(go_on), Value("i", 0)))
    worker.start()
    go_on.set()
    worker.join()
    keeps_it = get_start_method() == "fork" or sys.platform == "win32"
    assert worker.exitcode == (0 if keeps_it else 1)
    if not keeps_it:
        shown("children-not-joined/lock_gone", "FileNotFoundError")


def every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver`
    and `spawn`.
    """
    shown("value/smallest", "Output\nTickets sold: 3")
    shown("value/one_lock_for_two", "Output\nSold: 80 Left: 20")


def many_numbers() -> None:
    """To share many numbers of one type: Array."""
    shown("array/smallest", "Degrees: [19.5, 22.0, 20.5]")


def one_after_the_other() -> None:
    """To send numbers one after the other, each of which must arrive: Queue."""
    shown("queue/smallest", "prices.put((order", "apple 3")


def other_objects() -> None:
    """To share text, dicts, lists or other objects: Manager."""
    shown("manager/smallest", "Manager()", "Output")


def every_message() -> None:
    """This program passes arguments that `Value` and `Array` do not accept. Python 3.15 lists the
    letters that are allowed:
    """
    shown(
        "value/every_message",
        "TypeError: this type has no size",
        "TypeError: bad typecode (must be a ctypes type or one of c, b, B, u, h, H, i, I, l",
    )


def what_becomes_of_it() -> None:
    """If a worker fails before it has written, the value lacks its part, and the program ends
    with exit status 0.

    If it is killed while it holds the lock of the value, the lock stays locked, and the next
    process waits forever.

    After each `join()`, look at the worker's `exitcode`.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "value/smallest",
        "If something fails",
        "a worker is killed            wrong result",
        "killed while it holds a lock  hangs",
    )


def a_date_or_a_time() -> None:
    """A `datetime` does not fit into a `Value`. Share its `timestamp()`, in a `Value("d")`:"""
    shown("value", 'changed = Value("d")', "#> 2026-05-17 12:30:00+00:00")
    for kind in "d", "q":
        with raises(TypeError):
            Value(kind).value = datetime.now(UTC)
