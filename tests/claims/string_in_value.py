"""What docs/pitfalls/string-in-value.md says."""

import os
from ctypes import (
    POINTER,
    Structure,
    c_char,
    c_char_p,
    c_int,
    c_size_t,
    c_void_p,
    c_wchar_p,
    cast,
    pointer,
    sizeof,
)
from multiprocessing import Array, Manager, Process, RawValue, Value, get_start_method
from pickle import PicklingError
from typing import Any

from tests.claims import raises, shown

LENGTH = 16  # bytes of a text


class Photo(Structure):
    """A structure with a pointer."""

    _fields_ = [("name", c_char_p)]


class Name(Structure):
    """A structure with a text."""

    _fields_ = [("text", c_char * 20)]


def _text() -> bytes:
    return bytes(byte | 1 for byte in os.urandom(LENGTH))  # without zeros


def _make_a_text(status: Any, written: Any) -> None:
    text = _text()
    status.value = text
    written.raw = text


def _set_a_literal(status: Any) -> None:
    status.value = b"3 photos taken"


def _read(status: Any, found: Any) -> None:
    found.value = status.value


def _at(address: int) -> bytes:
    """What this process has at an address; empty if there is no memory."""
    memory = os.open("/proc/self/mem", os.O_RDONLY)
    try:
        return os.pread(memory, LENGTH, address)
    except OSError:
        return b""
    finally:
        os.close(memory)


def use_one_of_two() -> None:
    """Do not share text with `Value(c_char_p, b"...")`; use `Array("c", 20)` for a short text, or
    `manager.Value("u", "")` for a string of any length.
    """
    shown("string-in-value/pointer", 'Value(c_char_p, b"")', "Text in them: False")
    shown("string-in-value/char_array", 'Array("c", 20)', "Text in them: True\n3 photos taken")
    shown("string-in-value/manager", 'Value("u", "")', "Output\n3 photos taken in the")


def a_str_raises() -> None:
    """With `c_char_p`, a `str` raises an error at once. Bytes, as in `b"..."` or from `encode()`,
    raise none, but they are not the fix:
    """
    shown("string-in-value", 'Value(c_char_p, "no photos")', "instead of str instance")
    assert Value(c_char_p, b"no photos").value == b"no photos"
    shown("string-in-value/pointer", 'status.value = b"3 photos taken"', "Text in them: False")


def silent_at_first() -> None:
    """Silent with bytes, at first. `Value(c_char_p, b"...")` raises nothing, a worker can set it,
    and the program may end with exit status 0.
    """
    shown("string-in-value/pointer", 'Value(c_char_p, b"")', "Output\nBytes shared: 8")


def garbage() -> None:
    """Which of these happens depends on the run, and under `fork` the text may even look right.

    Under `fork`, a child is a copy of its parent, so a text that the parent set before `start()`,
    and a literal such as `b"3 photos taken"` in the program, is at the same address in both.
    """
    status, found = Value(c_char_p, _text()), Array("c", LENGTH)
    if get_start_method() == "fork":
        child = Process(target=_read, args=(status, found))
        child.start()
        child.join()
        assert found.value == status.value  # type: ignore[attr-defined]
    shown("string-in-value/crash", "The viewer has crashed: True")


def of_a_child() -> None:
    """But a process that reads what another process has set may read garbage, that is, other bytes
    than were written, for which `decode()` may raise `UnicodeDecodeError`, or crash with a
    segmentation fault.

    At the same address, another process has something else, or nothing.

    A text that a child creates later, as with `encode()`, is not in the memory of the parent, under
    any start method.
    """
    status: Any = Value(c_char_p, b"")
    written: Any = Array("c", LENGTH)
    child = Process(target=_make_a_text, args=(status, written))
    child.start()
    child.join()
    assert all(written.raw)
    assert _at(c_size_t.from_buffer(status.get_obj()).value) != written.raw
    text = Value(c_char_p, written.raw)
    assert _at(c_size_t.from_buffer(text.get_obj()).value) == written.raw
    shown("string-in-value/crash", "print(status.value)", "The viewer has crashed: True")
    with raises(UnicodeDecodeError):
        b"pM\x9c0B\x7f".decode()  # what one run has read


def it_has_the_lock() -> None:
    """A process that crashes does so while it reads `.value`, and by then it has acquired the lock
    of the `Value`. Every other process that reads the value waits forever: see the crash below.
    """
    shown("string-in-value/crash", "    print(status.value)\n", "Lock free: False")


def an_address() -> None:
    """A `c_char_p` is a C pointer: an address, the number of a place in memory. The `Value` shares
    the few bytes of that address. The text itself stays in the memory of the process that set
    it, and each process has memory of its own.
    """
    shown("string-in-value/pointer", "Bytes shared: 8\nText in them: False")
    text = b"3 photos taken"
    status = Value(c_char_p, text)
    address = c_size_t.from_buffer(status.get_obj()).value
    assert address == cast(c_char_p(text), c_void_p).value


def other_pointers() -> None:
    """The same holds for `Array(c_char_p, n)`, `c_void_p`, for pointers as fields of a structure,
    and for `c_wchar_p`, which accepts a `str`. It also holds for `RawValue(POINTER(...))`, which
    cannot be passed to a `Process` under `forkserver` and `spawn`.
    """
    number = c_int(7)
    texts: Any = Array(c_char_p, 1)
    texts[0] = b"photo"
    shared: list[tuple[Any, bytes]] = [
        (texts.get_obj(), b"photo"),
        (Value(c_wchar_p, "photo").get_obj(), b"p"),
        (Value(c_void_p, cast(pointer(number), c_void_p).value).get_obj(), bytes(number)),
        (Value(Photo, b"photo").get_obj(), b"photo"),
    ]
    to_number = RawValue(POINTER(c_int))
    to_number.contents = number
    shared.append((to_number, bytes(number)))
    for one, target in shared:
        assert sizeof(one) == sizeof(c_void_p)
        assert _at(c_size_t.from_buffer(one).value).startswith(target)
    if get_start_method() != "fork":
        with raises(PicklingError, text="LP_c_int"):
            Process(target=print, args=(to_number,)).start()


def the_program() -> None:
    """The worker sets a text. If the parent read `status.value` here, it would get the right text
    under `fork`, because the text is a literal of the program; under `forkserver` and `spawn`, it
    would get garbage or crash. So this program looks at the shared bytes instead. There are 8 of
    them, the size of an address in a 64-bit Python, and the text is not in them:
    """
    status = Value(c_char_p, b"")
    child = Process(target=_set_a_literal, args=(status,))
    child.start()
    child.join()
    found = _at(c_size_t.from_buffer(status.get_obj()).value)
    assert found.startswith(b"3 photos taken") == (get_start_method() == "fork")
    shown("string-in-value/pointer", 'status.value = b"3 photos taken"', "status.get_obj()")
    shown("string-in-value/pointer", "Bytes shared: 8\nText in them: False")


def the_crash() -> None:
    """To crash in every run, this program writes an address at which there is no memory. It turns
    off Python's report of the crash with `faulthandler.disable()`, because the report differs
    from run to run.
    """
    shown("string-in-value/crash", "faulthandler.disable()", ".value = 8\n", "crashed: True")


def room() -> None:
    """`Array("c", 20)` has room for 20 bytes. Call `encode()` on a `str` before you assign it, and
    `decode()` on the bytes that you read. A text that is too long raises `ValueError`.
    """
    shown(
        "string-in-value/char_array", "Bytes shared: 20", "status.value.decode()", "3 photos taken"
    )
    status: Any = Array("c", 20)
    status.value = ("é" * 10).encode()
    assert status.value.decode() == "é" * 10
    with raises(ValueError, text="too long"):
        status.value = ("é" * 11).encode()
    with raises(TypeError):
        status.value = "é"


def several_texts() -> None:
    """For several texts, use an array of structures with a field of type `c_char * 20`; an
    `Array(c_char * 20, n)` cannot be passed to a `Process` under `forkserver` and `spawn`.
    """
    names: Any = Array(Name, 3)
    names[1].text = b"photo"
    assert [name.text for name in names] == [b"", b"photo", b""]
    shown("ctypes-structure/array_of_structures", "Array(Product", "Output")
    if get_start_method() != "fork":
        with raises(PicklingError):
            Process(target=_read, args=(Array(c_char * 20, 3), None)).start()


def a_manager() -> None:
    """A manager keeps the object in a process of its own, and sends a copy to each process that
    reads it. The object may be any `str`. The first argument has no effect here:
    `manager.Value(c_char_p, "")`, which answers on the web often show, works in the same way, and
    its text is a `str`, too.
    """
    shown("string-in-value/manager", "Output\n3 photos taken in the café, with flash")
    with Manager() as manager:
        for kind in ("u", "i", c_char_p):
            status = manager.Value(kind, "")
            for text in ("", "é\0\n" * 100_000):
                status.value = text
                assert status.value == text
                assert status.value is not status.value or not text
