"""What docs/syntax/ctypes-structure.md says."""

import ctypes
import gc
import pickle
import sys
from ctypes import Structure, c_bool, c_char, c_double, c_int, sizeof
from itertools import permutations
from multiprocessing import (
    Array,
    Event,
    Manager,
    Process,
    Queue,
    RawValue,
    SimpleQueue,
    Value,
    get_start_method,
)  # fmt: skip
from multiprocessing.reduction import ForkingPickler
from multiprocessing.sharedctypes import copy
from typing import Any

from tests.claims import SURE, TIME_LIMIT, no_fact, on, raises, shown
from tests.claims._recorders import RecordedLock


class _Account(Structure):
    _fields_ = [("balance", c_double), ("bookings", c_int)]


class _Unshared(Structure):
    _fields_ = [("balance", c_double)]


class _Device(Structure):
    _fields_ = [("room", c_int)]


class _Anonymous(Structure):
    _anonymous_ = ("device",)
    _fields_ = [("device", _Device)]


class _Sensor(_Device):
    _fields_ = [("degrees", c_double)]

    def is_hot(self) -> bool:
        return bool(self.degrees > 30)


class _SameDevice(_Device):
    pass


class _Robot(Structure):
    _fields_ = [("name", c_char * 4), ("place", _Account), ("speeds", c_double * 2)]


def _recorded(type_: Any, *values: Any) -> tuple[Any, RecordedLock]:
    """A structure, and the lock that notes how it is accessed."""
    lock = RecordedLock()
    return Value(type_, *values, lock=lock), lock  # type: ignore[call-overload]


def _book(account: Any, half: Any, go_on: Any) -> None:
    with account.get_lock():
        account.balance += 10
        half.set()
        go_on.wait(TIME_LIMIT)
        account.bookings += 1


def _fail_between(account: Any) -> None:
    with account.get_lock():
        account.balance += 10
        sys.exit(3)


def _book_late(account: Any, started: Any, go_on: Any, seen: Any) -> None:
    started.set()
    go_on.wait(TIME_LIMIT)
    account.bookings += 1
    seen.put(account.bookings)


def several_fields() -> None:
    """A `Value` with a `ctypes.Structure` as its type shares several named fields under one
    lock.
    """
    shown("ctypes-structure/smallest", "_fields_ = [", "with account.get_lock():")
    shown("ctypes-structure/smallest", "Output\nBalance: 129.5 Bookings: 3")


def a_small_record() -> None:
    """Use it for a small record (a struct in C) whose fields are numbers, flags or short texts of
    a limited length.
    """
    no_fact("advice")


def its_own_fields() -> None:
    """The fields in the class's `_fields_` are attributes of the shared object; fields that it
    inherits in addition are not.
    """
    account: Any = Value(_Account, 9.5, 2)
    sensor: Any = Value(_Sensor, 3, 19.5)
    assert (account.balance, account.bookings) == (9.5, 2)
    assert (sensor.degrees, hasattr(sensor, "room")) == (19.5, False)
    without_more: Any = Value(_SameDevice, 3)
    assert without_more.room == 3


def in_step() -> None:
    """Only one process at a time can hold the lock, so a process that holds it does not see a new
    balance with an old number of bookings, unless a worker has failed between the two lines: an
    exception in the `with` block releases the lock, and does not undo what was changed.
    """
    account: Any = Value(_Account, 100, 0)
    half, go_on = Event(), Event()
    teller = Process(target=_book, args=(account, half, go_on))
    teller.start()
    assert half.wait(TIME_LIMIT)
    assert not account.get_lock().acquire(timeout=SURE)
    go_on.set()
    with account.get_lock():
        assert (account.balance, account.bookings) == (110, 1)
    teller.join()
    teller = Process(target=_fail_between, args=(account,))
    teller.start()
    teller.join()
    assert teller.exitcode == 3
    with account.get_lock():
        assert (account.balance, account.bookings) == (120, 1)


def the_calls() -> None:
    """`Value(typecode_or_type, *args, lock=True)` and
    `Array(typecode_or_type, size_or_initializer, *, lock=True)`: the first makes one structure,
    the second makes an array of structures.
    """
    from inspect import signature

    assert str(signature(Value)) == "(typecode_or_type, *args, lock=True)"
    assert str(signature(Array)) == "(typecode_or_type, size_or_initializer, *, lock=True)"
    assert isinstance(Value(_Account).get_obj(), _Account)
    products: Any = Array(_Account, 2)
    assert isinstance(products[1], _Account)


def first_values() -> None:
    """`*args` | the first values of the fields, in their order, inherited fields first; the other
    fields are 0
    """
    sensor: Any = Value(_Sensor, 3)
    assert (sensor.get_obj().room, sensor.degrees) == (3, 0)
    account: Any = Value(_Account, 9.5, 2)
    assert (account.balance, account.bookings) == (9.5, 2)


def length_or_tuples() -> None:
    """`size_or_initializer` | a length: that many structures of zeros. Or a sequence of tuples, one
    for each structure
    """
    zeros: Any = Array(_Account, 2)
    accounts: Any = Array(_Account, [(9.5, 1), (8.0, 2)])
    assert [(one.balance, one.bookings) for one in zeros] == [(0, 0)] * 2
    assert [(one.balance, one.bookings) for one in accounts] == [(9.5, 1), (8.0, 2)]


def which_lock() -> None:
    """`lock` | as with Value

    `account.get_lock()` | the lock, for `with`
    """
    account, lock = _recorded(_Account)
    assert account.get_lock() is lock
    assert not hasattr(Value(_Account, lock=False), "get_lock")
    with Value(_Account).get_lock() as held:
        assert held is True


def a_field() -> None:
    """a field, as `account.balance` | acquires the lock for this one access

    `Value` wraps it in an object with one property for each entry of `_fields_`: the property
    acquires the lock, reads or writes the field, and releases the lock.
    """
    account, lock = _recorded(_Account, 9.5, 2)
    assert account.balance == 9.5
    account.bookings = 3
    assert lock.calls == ["acquire", "release"] * 2
    assert account.get_obj().bookings == 3
    properties = {name for name, one in vars(type(account)).items() if isinstance(one, property)}
    assert properties == {"balance", "bookings"}


def without_the_lock() -> None:
    """`account.get_obj()` | the structure itself, without the lock"""
    account, lock = _recorded(_Account, 9.5)
    account.get_obj().balance += 1
    assert isinstance(account.get_obj(), _Account)
    assert lock.calls == []
    assert account.balance == 10.5


def all_others() -> None:
    """all others | as with Value, except for `.value`, which a structure does not have"""
    account: Any = Value(_Account)
    number: Any = Value("i")
    names = {name for name in dir(number) if name[0] != "_"}
    assert names - set(dir(account)) == {"value"}


def a_misspelled_field() -> None:
    """A misspelled field raises no error when you write to it. `sensor.volts = 5` sets an attribute
    of the Python object in this process, which is not shared.
    """
    shown("ctypes-structure", 'sensor.volts = 5\nprint(hasattr(sensor.get_obj(), "volts"))\n#> Fal')


def inherited() -> None:
    """A class with `_fields_` may inherit more fields from another `Structure`, and have methods.
    The shared object has neither the inherited fields nor the methods: reading an inherited field
    raises `AttributeError`, and what you write to it is lost, as with a misspelled field. The
    object that `get_obj()` returns has them all; hold the lock while you use it.
    """
    shown("ctypes-structure", "#> 19.5 False False\nsensor.room = 4\n", "#> 3 False")
    sensor: Any = Value(_Sensor, 3, 31)
    with raises(AttributeError, text="room"):
        print(sensor.room)
    with raises(AttributeError, text="is_hot"):
        sensor.is_hot()
    sensor.room = 4
    assert (sensor.get_obj().room, sensor.get_obj().is_hot()) == (3, True)


def one_of_an_array() -> None:
    """`products[place]` is the structure itself, in shared memory. Reading or changing one of its
    fields does not acquire the lock, so hold `products.get_lock()` while you do it. A slice such
    as `products[:]` is a list of the structures themselves, not of copies.
    """
    shown("ctypes-structure/array_of_structures", "with products.get_lock():", "apple 1 9\npear 7")
    lock = RecordedLock()
    accounts: Any = Array(_Account, 2, lock=lock)  # type: ignore[call-overload]
    account = accounts[0]
    assert lock.calls == ["acquire", "release"]
    account.balance += 1
    assert lock.calls == ["acquire", "release"]
    assert accounts.get_obj()[0].balance == 1
    in_a_slice = accounts[:]
    account.balance += 1
    assert (type(in_a_slice), in_a_slice[0].balance) == (list, 2)


def a_text() -> None:
    """For a text, use `c_char * n`, which has space for `n` bytes inside the structure. The field
    holds `bytes`, so `encode` a text before you write it and `decode` it after you read it. A
    text that is too long raises `ValueError`. When you read the field, it ends before its first
    zero byte.
    """
    shown("ctypes-structure", "robot.name.decode()", "#> ValueError: bytes too long (18, maximum l")
    robot: Any = Value(_Robot, b"Anna")
    assert robot.name == b"Anna"
    assert sizeof(c_char * 4) == 4
    robot.name = b"a\0b"
    assert robot.name == b"a"
    with raises(ValueError, text="bytes too long"):
        robot.name = b"Anton"
    with raises(TypeError):
        robot.name = "Anna"


def an_array_or_a_structure() -> None:
    """A field can also be an array, or another structure."""
    shown("ctypes-structure", '("place", Point)', "#> Zoë 1.5 [3.0, 4.0]")


def nested_fields() -> None:
    """`robot.place` is the inner structure itself, without a lock. `robot.place.x` acquires the
    lock only to get `place`, and so does `robot.speeds[0]` for `speeds`: hold `robot.get_lock()`
    while you read or change a nested field or an element.
    """
    robot, lock = _recorded(_Robot)
    place, speeds = robot.place, robot.speeds
    assert lock.calls == ["acquire", "release"] * 2
    place.balance = 5
    speeds[0] = 7
    assert lock.calls == ["acquire", "release"] * 2
    assert isinstance(place, _Account)
    assert (robot.get_obj().place.balance, robot.get_obj().speeds[0]) == (5, 7)


def no_pointer() -> None:
    """Do not use `c_char_p` or any other pointer. An address is valid in one process only.

    A text as a pointer is not shared, and can crash another process with a segmentation fault.
    """
    shown("string-in-value/pointer", "c_char_p", "Text in them: False")
    shown("string-in-value/crash", "c_char_p", "The viewer has crashed: True")


def a_copy() -> None:
    """To keep the state of one moment, copy the structure while you hold the lock.
    `multiprocessing.sharedctypes.copy` makes another object in shared memory, without a lock. It
    needs the structure itself, so pass it `get_obj()`. In the same way, `copy(products.get_obj())`
    copies an array of structures.
    """
    shown("ctypes-structure", "yesterday = copy(account.get_obj())", "#> 0.0 100.0")
    account: Any = Value(_Account, 9.5)
    kept: Any = copy(account.get_obj())
    assert isinstance(kept, _Account)
    assert hasattr(kept, "_wrapper")  # which has the place in shared memory
    account.balance = 0
    assert kept.balance == 9.5
    with raises(TypeError):
        copy(account)
    products: Any = Array(_Account, [(9.5, 1), (8.0, 2)])
    kept = copy(products.get_obj())
    products[1].balance = 0
    assert [one.balance for one in kept] == [9.5, 8.0]


def padding() -> None:
    """As in C, each number begins at a multiple of its alignment, which is usually its size, so
    there may be gaps between the fields. If the biggest numbers come first, the structure needs
    the least memory:
    """
    shown("ctypes-structure", "#> 24 16 8", "print(sizeof(Mixed), sizeof(BigFirst)")
    types: list[Any] = [c_double, c_int, ctypes.c_short, ctypes.c_short, c_bool]
    sizes = []
    for order in permutations(types):
        fields = [(f"field{number}", one) for number, one in enumerate(order)]
        structure: Any = type("Ordered", (Structure,), {"_fields_": fields})
        sizes.append(sizeof(structure))
        for name, one in fields:
            assert getattr(structure, name).offset % ctypes.alignment(one) == 0
    assert sizes[0] == min(sizes) < max(sizes)


def sent_by_name() -> None:
    """The structure is in a block.

    Because the class is sent by its name, define it at module level. A class that is defined
    inside a function cannot be pickled, and under `forkserver` and `spawn` the process does not
    start:

    Local functions raise the same error: an `AttributeError` up to Python 3.13, a `PicklingError`
    from Python 3.14 on.
    """
    shown("ctypes-structure/local_structure", "Output\nThe worker was not started\nBalance: 100.0")

    class Local(Structure):
        _fields_ = [("balance", c_double)]

    assert b"_Account" in pickle.dumps(_Account)
    error = pickle.PicklingError if on("Python 3.14 and later") else AttributeError
    for local in (Local, lambda: None):
        with raises(error, text="local"):
            ForkingPickler.dumps(local)
    if get_start_method() != "fork":
        with raises(error, text="local"):
            Process(target=print, args=(Value(Local),)).start()


def in_its_own_memory() -> None:
    """The child maps the block into its own memory, often at another address. Under `fork` it has
    the class and the block from the start.
    """
    shown("ctypes-structure/local_structure", "Output\nBalance: 109.5")
    shown("ctypes-structure/smallest", "Output\nBalance: 129.5 Bookings: 3")


def lost_updates() -> None:
    """`account.balance += 1` in several processes, without holding the lock, can lose updates: it
    is a read and a write, and in between the lock is free.
    """
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")
    account, lock = _recorded(_Account)
    account.balance += 1
    assert lock.calls == ["acquire", "release", "acquire", "release"]


def as_an_argument() -> None:
    """A `Value` as an argument of `Pool.map` raises RuntimeError. As an argument of a `Process` it
    works.
    """
    shown("pool-argument/value_as_argument", "RuntimeError: Synchronized objects should only be")
    shown("ctypes-structure/smallest", "args=([9.5, 20.0], account)", "Balance: 129.5")


def _balance(account: _Unshared) -> None:
    assert account.balance == 9.5


def cannot_be_sent() -> None:
    """After `Value(Account)`, a process cannot send any `Account` through a queue, a pipe or a
    pool, not even a copy or an ordinary one: pickling it raises RuntimeError, and the `put()` of a
    `Queue` loses it. As an argument of a `Process`, an ordinary one raises `AttributeError` about
    `_wrapper`, under `forkserver` and `spawn`. Send its fields as a tuple.
    """
    ordinary = _Unshared(9.5)
    assert ForkingPickler.loads(ForkingPickler.dumps(ordinary)).balance == 9.5
    account: Any = Value(_Unshared, 9.5)
    results: SimpleQueue[Any] = SimpleQueue()
    for one in (ordinary, copy(account.get_obj()), _Unshared.from_buffer_copy(account.get_obj())):
        with raises(RuntimeError, text="_Unshared objects should only be shared between"):
            results.put(one)
    child = Process(target=_balance, args=(ordinary,))
    if get_start_method() == "fork":
        child.start()
        child.join()
        assert child.exitcode == 0
    else:
        with raises(AttributeError, text="'_wrapper'"):
            child.start()
    results.put((ordinary.balance,))
    assert results.get() == (9.5,)
    shown("unpicklable-item/item_lost", "Output\nReceived: cherry", "Standard error")


def killed_with_the_lock() -> None:
    """If a worker is killed while it holds the lock, nothing releases it: each access to a field
    waits forever in all other processes.
    """
    shown("lock-holder-killed/terminated", "terminate()", "still running after 5 s")
    account, lock = _recorded(_Account)
    assert (account.balance, lock.calls) == (0, ["acquire", "release"])


def keep_it() -> None:
    """Keep the `Value` in a variable of the parent as long as a child uses it. Otherwise, the next
    one can get the same memory.
    """
    gc.collect()  # what earlier checks left is not to free memory in between
    started, go_on = Event(), Event()
    seen: SimpleQueue[int] = SimpleQueue()
    lock = get_start_method() == "fork"  # elsewhere it would be gone
    account: Any = Value(_Account, 0, 5, lock=lock)
    worker = Process(target=_book_late, args=(account, started, go_on, seen))
    del account
    worker.start()
    assert started.wait(TIME_LIMIT)
    following: Any = Value(_Account, 0, 100, lock=lock)
    go_on.set()
    assert seen.get() == 101
    worker.join()
    assert (following.bookings, worker.exitcode) == (101, 0)


def every_start_method() -> None:
    """With the class at module level, the programs on this page print the same under `fork`,
    `forkserver` and `spawn`.
    """
    shown("ctypes-structure/smallest", "Output\nBalance")
    shown("ctypes-structure/array_of_structures", "Output\napple")


def the_same_everywhere() -> None:
    """If the layout has to be the same everywhere, use `c_int32` or `c_int64`."""
    assert (sizeof(ctypes.c_int32), sizeof(ctypes.c_int64)) == (4, 8)


def of_any_type() -> None:
    """To share fields of any type and length: a Manager with `Namespace()` or `dict()`."""
    with Manager() as manager:
        account, other = manager.Namespace(), manager.dict()
        account.name, account.tags = "Ada", ["new"]
        account.name = other["name"] = "Ada Lovelace"
        assert (account.name, account.tags) == ("Ada Lovelace", ["new"])
        assert other["name"] == "Ada Lovelace"


def sent_once() -> None:
    """To send a record once instead of sharing it: a tuple or an object through a Queue."""
    queue: Queue[tuple[str, int]] = Queue()
    queue.put(("Ada", 2))
    assert queue.get() == ("Ada", 2)


def without_a_lock() -> None:
    """To share a structure without a lock: RawValue."""
    account: Any = RawValue(_Account, 9.5, 2)
    assert isinstance(account, _Account)
    assert not hasattr(account, "get_lock")
    shown("raw-value/torn", "RawValue(Stock, 10, 0)", "Afterward: 9 + 1")


def what_becomes_of_it() -> None:
    """If a worker fails before it has written, the structure keeps the old values, and the
    program ends with exit status 0.

    If it is killed while it holds the lock, the lock stays locked, and the next process waits
    forever.

    After each `join()`, look at the worker's `exitcode`.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "ctypes-structure/smallest",
        "If something fails",
        "a worker is killed            wrong result",
        "killed while it holds a lock  hangs",
    )


def _value(*fields: Any, **attributes: Any) -> Any:
    """A `Value` of a class with these fields."""
    return Value(type("_Named", (Structure,), {**attributes, "_fields_": fields}), 7)


def names_of_fields() -> None:
    """If a field is named `acquire` or `release`, `Value` raises `RecursionError`; one named
    `get_lock` or `get_obj` hides the method. The fields of an `_anonymous_` structure are
    attributes only of what `get_obj()` returns.
    """
    for name in "acquire", "release":
        with raises(RecursionError):
            _value((name, c_int))
    assert _value(("get_lock", c_int)).get_lock == 7
    assert _value(("get_obj", c_int)).get_obj == 7
    sensor: Any = Value(_Anonymous, (3,))
    assert not hasattr(sensor, "room")
    assert sensor.get_obj().room == 3


def in_a_module() -> None:
    """Define the class in a module that both import, or use `multiprocessing`."""
    no_fact("advice; dill pickles a class of another module by its name")
