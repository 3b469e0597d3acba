"""What docs/syntax/shareable-list.md says."""

import ctypes
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from inspect import signature
from multiprocessing import Array, Process, get_start_method
from multiprocessing.shared_memory import ShareableList, SharedMemory
from typing import Any

from tests.claims import SURE, TIME_LIMIT, no_fact, raises, script, shown


class _Color(IntEnum):
    RED = 1


class _Spied(ShareableList[Any]):
    """A list that another process reads in the middle of an assignment."""

    read: Any = None

    def _set_packing_format_and_transform(self, position: int, *how: Any) -> None:
        super()._set_packing_format_and_transform(position, *how)  # type: ignore[misc]
        with _attached(self.shm.name) as other:
            self.read = other[position]


@contextmanager
def _new(*values: Any, kind: Any = ShareableList) -> Iterator[Any]:
    """A list, which is removed at the end."""
    items = kind(values)
    try:
        yield items
    finally:
        items.shm.close()
        items.shm.unlink()


@contextmanager
def _attached(name: str) -> Iterator[Any]:
    """Another look at a list, closed at the end."""
    items: Any = ShareableList(name=name)
    try:
        yield items
    finally:
        items.shm.close()


def _change(items: Any) -> None:
    items[1] = 21.5
    items.shm.close()


def fixed_length() -> None:
    """A `ShareableList` is a list of fixed length in shared memory."""
    shown("shareable-list/smallest", "sensor[1] = 21.5", "['kitchen', 21.5, True, None]")
    with _new("kitchen", 0.0) as items:
        assert isinstance(items.shm, SharedMemory)
        assert not {"append", "insert", "extend", "pop", "remove"} & set(dir(items))


def what_for() -> None:
    """Use it for a few numbers and short texts that several processes read and overwrite."""
    no_fact("advice")


def close_and_unlink() -> None:
    """Every process that uses the list calls `shm.close()`. The process that created it also calls
    `shm.unlink()` at the end.
    """
    no_fact("advice")


def the_call() -> None:
    """`ShareableList(sequence=None, *, name=None)`, from `multiprocessing.shared_memory`"""
    assert str(signature(ShareableList)) == "(sequence=None, *, name=None)"
    assert ShareableList.__module__ == "multiprocessing.shared_memory"


def first_values() -> None:
    """`sequence` | a list or tuple of the first values, which determine the length of the list and
    the room of each item
    """
    with _new("tea", 2, None) as items:
        assert (len(items), list(items)) == (3, ["tea", 2, None])
        with raises(ValueError):
            items[0] = "cappuccino"
    with _new(" " * 40) as items:
        items[0] = "cappuccino"
        assert list(items) == ["cappuccino"]


def compared_and_generated() -> None:
    """`items == [1, 2, 3]` is `False` even if the values are equal: compare `list(items)`. A
    generator as `sequence` raises `struct.error`, and leaves a block: write
    `ShareableList(list(generator))`.
    """
    with _new(1, 2, 3) as items:
        assert (items == [1, 2, 3]) is False
        assert list(items) == [1, 2, 3]
    name = items.shm.name  # which is free again
    with raises(struct.error):
        ShareableList((number for number in (1, 2, 3)), name=name)
    left = SharedMemory(name)
    left.close()
    left.unlink()


def name() -> None:
    """`name` | without `sequence`: attach to the list that has this name. With `sequence`: the
    name of the new list. If both are `None`: a new list without items
    """
    nameless: Any = ShareableList(name=None)
    assert list(nameless) == []
    nameless.shm.close()
    nameless.shm.unlink()
    with _new(7) as items:
        name = items.shm.name
        with _attached(name) as other:
            other[0] += 1
        assert items[0] == 8
        with raises(FileExistsError):
            ShareableList([7], name=name)
    again = ShareableList([9], name=name)
    assert again.shm.name == name
    again.shm.close()
    again.shm.unlink()


def items() -> None:
    """`items[2]`, `items[2] = value` | read or overwrite an item; `items[-1]` is the last one"""
    with _new(5, 6, 7) as items:
        items[2] = 8
        items[-2] = 9
        assert [items[2], items[-1], items[1]] == [8, 8, 9]


def as_with_a_list() -> None:
    """`len(items)`, `for`, `in` | as with a list

    `.count(value)`, `.index(value)` | as with a list; `.index` has no `start` and `stop`
    """
    with _new(5, "tea", 5) as items:
        assert (len(items), [item for item in items]) == (3, [5, "tea", 5])
        assert "tea" in items and "milk" not in items
        assert (items.count(5), items.index("tea"), items.index(5)) == (2, 1, 0)
        with raises(ValueError):
            items.index("milk")
        with raises(TypeError):
            items.index(5, 1)


def the_block() -> None:
    """`.shm` | the SharedMemory that holds the list: `.shm.name`, `.shm.close()`,
    `.shm.unlink()`
    """
    with _new(5) as items:
        assert type(items.shm) is SharedMemory
        items.shm.close()
        with raises(TypeError):
            items[0]
    with raises(FileNotFoundError):
        ShareableList(name=items.shm.name)


def the_format() -> None:
    """`.format` | the format in which the items are stored now, in the letters of struct"""
    with _new(5, 2.5, "tea") as items:
        assert items.format == "qd8s"
        assert struct.calcsize(items.format) == 24
        items[0] = 1.5
        assert items.format == "dd8s"


def wrong_index() -> None:
    """An index that is too high raises `IndexError`, but one that is too low may not: in a list of
    three numbers, `items[-4]` returns other data, and `items[-4] = 0` destroys the list, both
    without an error.
    """
    shown("shareable-list/every_message", "read:\n  IndexError", "write:\n  IndexError")
    for numbers in ([1, 2, 3], [1.5, 2, 2.5], [1, 2, 2.5]):
        with _new(*numbers) as items:
            assert items[-4] not in numbers
            items[-4] = 0
            with raises(ValueError, struct.error):
                list(items)
    with _new(1, 2, None) as items:
        for index, error in ((-4, KeyError), (-8, IndexError)):
            with raises(error):
                items[index]


def as_an_argument() -> None:
    """A child that gets the list as an argument, as above, needs nothing more. You can pass the
    name instead, and attach with `name=`:
    """
    shown("shareable-list/smallest", "args=(sensor,)", "21.5")
    shown("shareable-list/by_name", "args=(temperatures.shm.name,", "(name=name)")
    shown("shareable-list/by_name", "[21.5, 19.0, 23.5]")
    with _new("kitchen", 0.0) as items:
        child = Process(target=_change, args=(items,))
        child.start()
        child.join()
        assert (child.exitcode, items[1]) == (0, 21.5)


def six_types() -> None:
    """An item is an `int`, `float`, `bool`, `str`, `bytes` or `None`, and its type may change."""
    values = [1, 2.5, True, "tea", b"tea", None]
    with _new(*values) as items:
        assert list(map(repr, items)) == list(map(repr, values))
        for value in values:
            items[0] = value
            assert repr(items[0]) == repr(value)


def sixty_four_bits() -> None:
    """An `int` has 64 bits and a sign, and a larger one raises `struct.error`. If it was assigned,
    the item is 0 after that; if it was one of the first values, a block that holds no list is
    left.
    """
    with _new(2**63 - 1, -(2**63), 2.5, "tea") as items:
        assert list(items)[:2] == [2**63 - 1, -(2**63)]
        for place in (0, 2, 3):
            with raises(struct.error):
                items[place] = 2**63
            assert items[place] == 0
    name = items.shm.name  # which is free again
    with raises(struct.error):
        ShareableList([2**63], name=name)
    left = SharedMemory(name)
    left.close()
    left.unlink()


def what_does_not_fit() -> None:
    """A list, a dict or an object of your own class does not fit. The list has no `append`, no
    `insert` and no slices:

    The `KeyError` names the type that cannot be stored.
    """
    shown("shareable-list/wrong_items", "KeyError: <class 'list'>", "no attribute 'append'")
    with _new(1, 2) as items:
        things: list[Any] = [[1], {}, object()]
        for wrong in things:
            with raises(KeyError, text=str(type(wrong))):
                items[0] = wrong
            with raises(KeyError):
                ShareableList([wrong])
        assert not hasattr(items, "insert")
        with raises(TypeError):
            items[0:1]


def exactly_these_types() -> None:
    """The type of a number must be exactly `int`, `float` or `bool`. A number that NumPy has
    computed has another type, even where that is a subclass of `float`. Convert it with
    `float()` or `int()`.
    """
    shown("shareable-list/numpy_number", "KeyError: <class 'numpy.float64'>", "float(mean)")
    shown("shareable-list/numpy_number", "['kitchen', 21.5]")
    with _new(0) as items:
        with raises(KeyError):
            items[0] = _Color.RED
        items[0] = int(_Color.RED)
        assert items[0] == 1


def the_room() -> None:
    """Each item keeps the room that its first value got. A number, `None`, or a text of up to 7
    characters gets 8 bytes; a longer text gets the next multiple of 8 above its length. A later
    text, or `bytes`, may fill the room completely. One that needs more raises `ValueError`, and
    the item keeps its old value:
    """
    shown("shareable-list/room", "Ordered: espresso\nValueError: bytes/str item exceeds")
    for first, room in [(1, 8), (None, 8), ("1234567", 8), ("12345678", 16), ("1" * 17, 24)]:
        with _new(first, 5) as items:
            items[0] = "x" * room
            assert items[0] == "x" * room
            items[0] = b"y" * room
            with raises(ValueError, text="bytes/str item exceeds available storage"):
                items[0] = "z" * (room + 1)
            assert list(items) == [b"y" * room, 5]


def as_long_as_the_longest() -> None:
    """So create the list with a text that is as long as the longest one to come:"""
    shown("shareable-list/room_kept", '[" " * 40, 0]', "Ordered: cappuccino")


def changed_values() -> None:
    """In every release from Python 3.11.0 to 3.15.2, two kinds of values come back changed,
    without an error:
    """
    shown("shareable-list/changed_values", "b'end\\x00\\x00' became b'end'", "became 'Ελλά'")
    with _new("a\0", b"\0", "Ελλάδα") as items:
        assert list(items) == ["a", b"", "Ελλά"]


def a_byte_of_your_own() -> None:
    r"""Append a byte of your own, such as `b"."`, and remove it when you read."""
    with _new(b"end\0\0" + b".") as items:
        assert items[0][:-1] == b"end\0\0"


def null_bytes() -> None:
    r"""Null bytes (`\x00`) at the end of a `str` or of `bytes` are removed."""
    with _new("end\0", b"end\0\0", 0) as items:
        assert list(items) == ["end", b"end", 0]
        items[2] = "\0"
        assert items[2] == ""


def greek_letters() -> None:
    """For the first values, room is counted in characters, but a text is stored as UTF-8. Six
    Greek letters need 12 bytes and get 8, so the end is cut off. If the cut is in the middle of
    a letter, reading the item raises `UnicodeDecodeError`. Create the list with filler, as
    above, and assign the text after that: a text that does not fit then raises `ValueError`.
    """
    with _new("Ελλάδα", "-Ελλάδα", " " * 8, " " * 7) as items:
        assert len("Ελλάδα".encode()) == 12
        assert items[0] == "Ελλά"
        with raises(UnicodeDecodeError):
            items[1]
        items[2] = "Ελλάδα"
        assert items[2] == "Ελλάδα"
        with raises(ValueError):
            items[3] = "Ελλάδα"


def no_lock() -> None:
    """Reading or writing an item acquires no lock. If several processes change the same item, or
    items that must fit together, give them a `Lock`, and hold it around the whole statement or
    group of statements.

    `stock[1] -= 1` in several processes, without a lock, can lose updates, and no error is
    reported.
    """
    shown("shareable-list/with_lock", "with lock:\n            stock[1] -= 1", "left: 800")
    with _new("apples", 10) as stock, _attached(stock.shm.name) as other:
        read = stock[1]
        other[1] -= 1  # another process, between the read and the write
        stock[1] = read - 1
        assert other[1] == 9


def half_an_assignment() -> None:
    """Hold it around reads, too: an assignment first stores the type, then clears the item, and
    then stores the value, so a reader without the lock can get a wrong value or an error.
    """
    with _new(0, "abc", kind=_Spied) as items:
        items[0] = 1.0
        items[0] = 1
        assert items.read == struct.unpack("q", struct.pack("d", 1.0))[0]
        items[0] = -1
        with raises(UnicodeDecodeError):
            items[0] = "text"
        with raises(struct.error):
            items[1] = 2**63  # so it ends before the value is stored
        assert items[1] == 0


def what_it_holds() -> None:
    """The list is one block. It holds the length, the position of each item, the values as bytes,
    and the format and the type of each value.
    """
    with _new(5, "tea") as items:
        buf = items.shm.buf
        assert struct.unpack_from("q", buf) == (2,)
        assert struct.unpack_from("3q", buf, 8) == (0, 8, 16)
        assert struct.unpack_from("q8s", buf, 32) == (5, b"tea\0\0\0\0\0")
        assert struct.unpack_from("8s8s2b", buf, 48) == (
            b"q".ljust(8, b"\0"),
            b"8s" + bytes(6),
            0,
            1,
        )


def one_item_at_a_time() -> None:
    """`items[2]` unpacks the bytes of the third item, and `items[2] = value` packs them. Each
    access reads or writes only one item.
    """
    with _new(5, 6, 7) as items:
        struct.pack_into("q", items.shm.buf, 40 + 16, 8)
        assert list(items) == [5, 6, 8]
        items[2] = 9
        assert struct.unpack_from("3q", items.shm.buf, 40) == (5, 6, 9)


def many_numbers() -> None:
    """To work with many numbers at once, use an Array, which has slices, or a NumPy array."""
    numbers = Array(ctypes.c_int, 5)
    numbers[1:3] = [1, 2]
    assert numbers[:] == [0, 1, 2, 0, 0]
    shown("numpy-array/own_rows", "image[top : top + 100] += 50", "Bright pixels")


def leaked() -> None:
    """If the list is never unlinked, the resource tracker warns about leaked shared_memory objects
    at the end.
    """
    shown("leaked-shared-memory/never_unlinked", "1 leaked shared_memory objects to clean up")


FORKED_FIRST = """
from multiprocessing import Pool
from multiprocessing.shared_memory import ShareableList
from time import monotonic, sleep


def read(name):
    ShareableList(name=name).shm.close()


def use_a_pool(items):
    pool = Pool(1)
    items = items or ShareableList([1, 2])
    pool.apply(read, (items.shm.name,))
    pool.close()
    pool.join()
    return items


def is_there(items):
    try:
        read(items.shm.name)
    except FileNotFoundError:
        return False
    return True


if __name__ == "__main__":
    items = use_a_pool(None)
    end = monotonic() + {seconds}
    while is_there(items) and monotonic() < end:
        sleep(0.01)  # its tracker is not done
    print(is_there(items))
    items = ShareableList([1, 2])
    print(is_there(use_a_pool(items)))
    items.shm.unlink()
"""


def forked_before_the_list() -> None:
    """If a worker was forked before the first list, the list can vanish when the worker ends. With
    a `Pool` under `fork`, create the list first.
    """
    forks = get_start_method() == "fork"
    seconds = TIME_LIMIT if forks else SURE
    assert script(FORKED_FIRST.format(seconds=seconds)).stdout == f"{not forks}\nTrue\n"


def vanished() -> None:
    """If a reader was started as a program of its own, the list can vanish when the reader ends.
    A `ShareableList` has no `track` parameter, so such a reader has to unregister the block.
    """
    shown("shared-memory-vanished/tracked_reader", "Exit status of the reader: 1", "leaked")
    shown("shared-memory-vanished/any_version", "resource_tracker.unregister(", "Output")
    assert "track" not in signature(ShareableList).parameters


def every_message() -> None:
    """This program causes the errors of an index or a value that the list does not have, and that
    of a closed list:
    """
    shown("shareable-list/every_message", "read:", "write:", "index():", "after close():")


def every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver` and
    `spawn`.
    """
    shown("shareable-list/smallest", "Output\n['kitchen'")
    shown("shareable-list/by_name", "Output\n[21.5")
    shown("shareable-list/with_lock", "Output\napples")


def one_type() -> None:
    """To share numbers of one type: Array."""
    shown("array/smallest", "Degrees: [19.5, 22.0, 20.5]")


def a_list_that_grows() -> None:
    """To share a list that grows, or one that holds lists and dicts: Manager."""
    shown("one-problem/with_manager_list", ".append(", "Output")


def fields() -> None:
    """To share fields with names: a ctypes structure."""
    shown("ctypes-structure/smallest", "account.balance += amount", "Balance: 129.5 Bookings: 3")


def results() -> None:
    """To return results: Queue."""
    shown("queue/smallest", "pear 4\napple 3")


def what_becomes_of_it() -> None:
    """If the worker fails before it has written, the list keeps the old items, and the program
    ends with exit status 0.

    After each `join()`, look at the worker's `exitcode`.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "shareable-list/smallest",
        "If something fails",
        "a worker is killed            wrong result",
    )
