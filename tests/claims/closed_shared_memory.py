"""What docs/pitfalls/closed-shared-memory.md says."""

import faulthandler
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from struct import iter_unpack

import numpy as np

from tests.claims import no_fact, raises, script, shown


@contextmanager
def _block() -> Iterator[SharedMemory]:
    """A block with three numbers."""
    block = SharedMemory(create=True, size=24)
    assert block.buf is not None
    np.frombuffer(block.buf, dtype="q", count=3)[:] = [10, 20, 30]
    try:
        yield block
    finally:
        block.close()
        block.unlink()


def _not_counted(block: SharedMemory) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The numbers as an array that does not keep the block open."""
    return np.ndarray((3,), "q", block.buf)


def _mapped() -> str:
    """What is in the memory of this process (on Linux)."""
    return Path("/proc/self/maps").read_text("utf-8")


def _attach(name: str) -> None:
    block = SharedMemory(name)
    assert block.name in _mapped()


def copy_or_delete() -> None:
    """Before you call `close()`, copy the result out of the array, or delete the array with `del`.
    Keep the `SharedMemory` object as long as its array.
    """
    shown("closed-shared-memory/copied_out", "int(table.sum())\n    prices.close()", "Sum: 60")
    shown("closed-shared-memory/array_deleted", "del table\n        attached.close()", "Sum: 60")
    shown("closed-shared-memory/block_kept", "return prices, np.ndarray", "worker: 0")


def it_depends() -> None:
    """What you see depends on how the program uses the block:"""
    no_fact("an introduction")


def an_ndarray() -> None:
    """`np.ndarray(..., buffer=block.buf)`, also with `buffer=block.buf[8:]` | the block is closed;
    then the array causes a segmentation fault, or gives other data
    """
    with _block() as block:
        assert block.buf is not None
        table = np.ndarray((1,), "q", block.buf[8:])
        assert table[0] == 20
        block.close()
    shown("closed-shared-memory/read_after_close", "prices.close()\n    print(", "worker: -11")
    shown("closed-shared-memory/other_block", "Prices: [7, 8, 9]\nStock: [11, 8, 9]")


def frombuffer() -> None:
    """`np.frombuffer(block.buf, ...)` | `BufferError`"""
    with _block() as block:
        assert block.buf is not None
        table = np.frombuffer(block.buf, dtype="q", count=3)
        with raises(BufferError, text="cannot close exported pointers exist"):
            block.close()
        assert table.sum() == 60
        del table


def a_slice() -> None:
    """a slice, `block.buf[2:6]` | `BufferError`

    Even after this error `buf` is `None`. The slice still works. When it has been released, call
    `close()` again, as the program does.
    """
    shown("closed-shared-memory/cannot_close", "row.release()\n    finally:\n        image.close()")
    with _block() as block:
        assert block.buf is not None
        row = block.buf[2:6]
        with raises(BufferError, text="cannot close exported pointers exist"):
            block.close()
        assert block.buf is None
        row[:] = b"####"
        assert bytes(row) == b"####"
        row.release()
        block.close()


def buf_itself() -> None:
    """`block.buf` itself | the block is closed; then `block.buf[0]` raises `TypeError`"""
    shown(
        "closed-shared-memory/buf_after_close",
        "image.close()",
        "print(image.buf[0])",
        "TypeError: 'No",
    )


def the_worst_case() -> None:
    """Silent, and the worst case: there is no error, and the array of the closed block reads and
    changes the data of another block.
    """
    shown(
        "closed-shared-memory/other_block",
        "table[0] = 11",
        "Stock: [11, 8, 9]",
        "Output, on Linux\n",
    )


def the_segmentation_fault() -> None:
    """The segmentation fault is silent in the worker, too: by default there is no traceback and
    nothing on standard error. If the worker belongs to a `Pool`, `map` waits forever. On Linux
    the worker's exit code is -11, the number of the signal SIGSEGV with a minus:
    """
    shown("killed-worker/pool_hangs", "pool.map(", "still running after 5 s")
    shown("closed-shared-memory/read_after_close", "Output\nExit code of the worker: -11")
    if sys.platform == "linux":
        assert int(signal.SIGSEGV) == 11


def close_raises() -> None:
    """`close()` raises the `BufferError`:"""
    shown(
        "closed-shared-memory/cannot_close", "image.close()\n        except BufferError", "exported"
    )


def without_a_call() -> None:
    """The `BufferError` also appears without a call of `close()` in the program, if the
    `SharedMemory` object is deleted before its array. Up to Python 3.13, and from 3.14 on, the
    message begins:
    """
    shown("closed-shared-memory/never_closed", "return np.frombuffer(prices.buf", "BufferError")
    shown(
        "closed-shared-memory/never_closed", "Exception ignored in: <function SharedMemory.__del__"
    )
    shown("closed-shared-memory/never_closed", "Exception ignored while calling deallocator <func")


def what_close_does() -> None:
    """`close()` removes the block from the memory of this process."""
    shown("closed-shared-memory/read_after_close", "Exit code of the worker: -11")
    if sys.platform == "linux":
        with _block() as block:
            assert block.name in _mapped()
            block.close()
            assert block.name not in _mapped()


def what_is_counted() -> None:
    """Python counts the slices of `block.buf` and the arrays that `np.frombuffer` makes, so
    `close()` can refuse.
    """
    shown("closed-shared-memory/cannot_close", "image.buf[2:6]", "BufferError: cannot close")
    with _block() as block:
        assert block.buf is not None
        tables = [np.frombuffer(block.buf, dtype="q", count=3) for _ in range(2)]
        while tables:
            with raises(BufferError):
                block.close()
            tables.pop()
        block.close()


def the_same_address() -> None:
    """After `close()` the array still uses the same address. If there is no memory at that address
    any more, the operating system kills the process. But the address is free, so another block
    that this process opens, or other data, may be placed there. Then the array reads and changes
    that data, and no error is reported.
    """
    shown("closed-shared-memory/read_after_close", "Exit code of the worker: -11")
    shown("closed-shared-memory/other_block", "Prices: [7, 8, 9]\nStock: [11, 8, 9]")
    with _block() as block:
        table = _not_counted(block)
        before = table.ctypes.data
        block.close()
        assert table.ctypes.data == before


def python_calls_close() -> None:
    """Python also calls `close()` when nothing refers to the `SharedMemory` object any more, for
    example at the end of a function.
    """
    shown("closed-shared-memory/block_lost", "return np.ndarray(", "worker: -11")
    if sys.platform == "linux":
        with _block() as block:
            block.close()
            _attach(block.name)
            assert block.name not in _mapped()


def why_faulthandler() -> None:
    """The tests of this site run with `-X dev`, which would print the stack of the crash, so the
    program calls `faulthandler.disable()`.
    """
    shown("closed-shared-memory/read_after_close", "faulthandler.disable()", "Output\nExit code")
    assert sys.flags.dev_mode == faulthandler.is_enabled()


def the_sum_first() -> None:
    """The fix calculates the sum first. The number does not depend on the block; nor does a copy
    of the whole array, `table.copy()`.
    """
    shown(
        "closed-shared-memory/copied_out",
        "total = int(table.sum())\n    prices.close()",
        "worker: 0",
    )
    with _block() as block:
        table = _not_counted(block)
        copied = table.copy()
        del table
        block.close()
        assert copied.tolist() == [10, 20, 30]


def the_address_of_the_first() -> None:
    """On Linux the second block gets the address of the first one, which is closed by then:"""
    shown(
        "closed-shared-memory/other_block",
        "prices.close()\n\n    counts = SharedMemory(",
        "on Linux",
    )


def a_name_error() -> None:
    """The fix is the same: copy what you need before `close()`. Or call `del table` before
    `close()`, so that a later use raises a `NameError`.
    """
    shown(
        "closed-shared-memory/copied_out", "total = int(table.sum())\n    prices.close()", "Sum: 60"
    )
    with _block() as block:
        table = _not_counted(block)
        del table
        with raises(NameError):
            table.sum()  # type: ignore[misc]  # noqa: F821


def no_call_of_close() -> None:
    """This program does not call `close()` in the worker."""
    shown("closed-shared-memory/block_lost", "table = attach(name)\n    print(", "worker: -11")


def return_both() -> None:
    """The fix returns both, and the caller keeps both:"""
    shown("closed-shared-memory/block_kept", "prices, table = attach(name)", "Sum: 60", "worker: 0")


def until_it_is_released() -> None:
    """Until it is released, `close()` raises `BufferError`:"""
    shown(
        "closed-shared-memory/cannot_close", "row = image.buf[2:6]", "BufferError: cannot close exp"
    )


def in_a_with_block() -> None:
    """The fix uses the slice in a `with` block, which releases it:"""
    shown("closed-shared-memory/with_slice", "with image.buf[2:6] as row:", "image.close()", "####")


def an_iterator() -> None:
    """An iterator that `struct.iter_unpack` has made of `buf` itself prevents `close()` in the same
    way, with another message. Delete the iterator first, here with `del`:
    """
    shown("closed-shared-memory/iterator_kept", "del numbers\n    block.close()", "First: 20")
    shown("closed-shared-memory/iterator_kept", "BufferError: memoryview has 1 exported buffer")
    with _block() as block:
        assert block.buf is not None
        numbers = iter_unpack("q", block.buf)
        with raises(BufferError, text="memoryview has 1 exported buffer"):
            block.close()
        del numbers


def buf_is_none() -> None:
    """`close()` sets `buf` to `None`. A variable to which you have assigned `buf` before raises
    `ValueError: operation forbidden on released memoryview object` instead.
    """
    with _block() as block:
        buf = block.buf
        assert buf is not None
        block.close()
        assert block.buf is None
        with raises(ValueError, text="operation forbidden on released memoryview object"):
            print(buf[0])


def read_before() -> None:
    """Read from `buf` before you call `close()`."""
    no_fact("advice")


def the_result_is_right() -> None:
    """Here is the function that returns the array again, now with `np.frombuffer`. The result is
    right, because `close()` refuses to close the block. But Python reports the refusal on
    standard error and, on Linux and macOS, leaves a file descriptor open.
    """
    from unittest.mock import patch

    shown("closed-shared-memory/never_closed", "np.frombuffer(prices.buf", "Output\nSum: 60")
    shown(
        "closed-shared-memory/never_closed", "Standard error", "BufferError: cannot close exported"
    )
    if sys.platform == "win32":
        return
    with _block() as block:
        attached = SharedMemory(block.name)
        assert attached.buf is not None
        file: int = attached._fd  # type: ignore[attr-defined]
        table = np.frombuffer(attached.buf, dtype="q", count=3)
        with patch("sys.unraisablehook") as told:
            del attached
        assert told.called and table.sum() == 60
        del table
        os.close(file)  # raises OSError if it is closed


def delete_the_array() -> None:
    """The fix deletes the array, and closes the block after that. Prefer `np.frombuffer`, because
    then this mistake leads to a message, and not to a crash or to wrong data.
    """
    shown(
        "closed-shared-memory/array_deleted",
        "del table\n        attached.close()",
        "Output\nSum: 60",
    )
    shown("closed-shared-memory/never_closed", "np.frombuffer(", "BufferError: cannot close")


def delete_that_name() -> None:
    """If another name refers to the array or to a slice of it, delete that name as well."""
    with _block() as block:
        assert block.buf is not None
        table = np.frombuffer(block.buf, dtype="q", count=3)
        first_two = table[:2]
        del table
        with raises(BufferError):
            block.close()
        assert first_two.tolist() == [10, 20]
        del first_two
        block.close()


AT_THE_END = """
import numpy as np
from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    block = SharedMemory(create=True, size=24)
    table = np.frombuffer(block.buf, dtype="q", count=3)
    print(table.sum())
    block.unlink()
"""


def global_variables() -> None:
    """If the block and the array are global variables, as in a worker of a pool, the message can
    also appear when the process ends. There it is harmless: the process ends with the same exit
    status, and the system closes what it has open.
    """
    outcome = script(AT_THE_END)
    assert (outcome.status, outcome.stdout) == (0, "0\n")
    assert "BufferError: cannot close exported pointers exist" in outcome.stderr


def _add_up(block: SharedMemory, *, deletes: bool) -> None:
    assert block.buf is not None
    table = np.frombuffer(block.buf, dtype="q", count=3)
    try:
        raise ValueError("a price is missing")
    finally:
        if deletes:
            del table


def an_exception_keeps_it() -> None:
    """An exception keeps the local variables of the functions that it has left, until it is
    handled. So if a function raises one while such an array or slice is in a variable, a `close()`
    in `finally` raises `BufferError`, and the `unlink()` after it is not reached. Delete the
    variable in a `finally` of that function, or call `unlink()` before `close()`.
    """
    for deletes, unlinks_first in [(False, False), (True, False), (False, True)]:
        block = SharedMemory(create=True, size=24)
        closed = False
        try:
            try:
                _add_up(block, deletes=deletes)
            finally:
                if unlinks_first:
                    block.unlink()
                block.close()
                closed = True
        except (ValueError, BufferError) as error:
            assert isinstance(error, ValueError) == deletes == closed
        block.close()
        if not unlinks_first:
            block.unlink()
        with raises(FileNotFoundError):
            SharedMemory(block.name)


def not_tested() -> None:
    """What Windows and macOS show for the crash was not tested; the line under each output says
    where it was checked.
    """
    no_fact("what this site does not say")
