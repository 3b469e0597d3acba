"""What docs/syntax/mmap.md says."""

import mmap
import os
import pickle
import signal
import struct
import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Process, get_start_method
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from tests.claims import no_fact, on, raises, script, shown
from tests.claims._full_disk import MAPPED, on_a_full_disk

ANONYMOUS_RESIZED = """
import mmap
memory = mmap.mmap(-1, mmap.PAGESIZE)
memory.resize(2 * mmap.PAGESIZE)
print("longer", flush=True)
memory[mmap.PAGESIZE] = 1
"""
ARRAY_AFTER_RESIZE = """
import mmap
from tempfile import TemporaryFile
import numpy as np
file = TemporaryFile()
file.truncate(mmap.PAGESIZE)
memory = mmap.mmap(file.fileno(), 0)
array = np.ndarray(mmap.PAGESIZE, np.uint8, buffer=memory)
memory.resize(100_000 * mmap.PAGESIZE)  # so much that it moves
print("longer", flush=True)
array[0] = 1
"""
ARRAY_AFTER_CLOSE = """
import mmap
import numpy as np

memory = mmap.mmap(-1, 100_000_000)
prices = np.ndarray(3, buffer=memory)
memory.close()
print("closed", flush=True)
print(prices[0])
"""


@contextmanager
def _file(content: bytes = b"0123456789") -> Iterator[IO[bytes]]:
    """A file with this content, which is removed at the end."""
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        yield file


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _write(path: str) -> None:
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
        memory[:5] = b"ready"


def the_same_bytes() -> None:
    """With `mmap`, several processes map the same file into memory, and read and write the same
    bytes.

    The worker gets the path, and each process maps the file itself. What the worker writes is in
    the parent's mapping without another read of the file.

    `flush(...)` | writes the changes back to disk. Other processes see them without it
    """
    shown("mmap/smallest", "sensor.join()\n                print", "Before: 0 0.0\nAfter:  7 19.5")
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "data")
        with open(path, "x+b") as file:
            file.truncate(10)
            with mmap.mmap(file.fileno(), 0) as memory:
                worker = Process(target=_write, args=(path,))
                worker.start()
                worker.join()
                assert (worker.exitcode, memory[:5]) == (0, b"ready")
                memory.flush()
            assert _content(file) == b"ready" + bytes(5)


def what_for() -> None:
    """Use such a memory-mapped file when the data is in a file anyway, must remain after the
    program ends, or is read by programs that are not written in Python.
    """
    no_fact("advice")


def standard_sizes() -> None:
    """With `=` at the start of its format, numbers have standard sizes and no gaps between them,
    but the byte order of the machine; `<` fixes that, too.
    """
    assert struct.calcsize("=bqd") == struct.calcsize("<bqd") == 1 + 8 + 8
    assert struct.pack("=i", 1) == (1).to_bytes(4, sys.byteorder)
    assert struct.pack("<i", 1) == (1).to_bytes(4, "little")


def by_keyword() -> None:
    """Pass `access` by keyword. On Unix, the third parameter is `flags`, so `mmap.mmap(fileno, 0,
    mmap.ACCESS_READ)` is not read-only: what is written to it goes to the file, without an
    error.
    """
    if sys.platform != "win32":
        with _file() as file:
            with mmap.mmap(file.fileno(), 0, mmap.ACCESS_READ) as memory:
                memory[:1] = b"X"
            assert _content(file) == b"X123456789"


def fileno() -> None:
    """`fileno` | `file.fileno()` of an open file, or `-1` for anonymous memory, which has no
    file
    """
    with _file() as file, mmap.mmap(file.fileno(), 0) as memory, mmap.mmap(-1, 3) as anonymous:
        assert (memory[:], anonymous[:]) == (b"0123456789", bytes(3))


def length() -> None:
    """`length` | the number of bytes; 0: the whole file. More than the file has: `ValueError` on
    Unix, a longer file on Windows. An empty file cannot be mapped with 0
    """
    shown("mmap", "#> ValueError: cannot mmap an empty file")
    with _file() as file:
        for length, expected in [(4, b"0123"), (0, b"0123456789")]:
            with mmap.mmap(file.fileno(), length) as memory:
                assert memory[:] == expected
        if sys.platform != "win32":
            with raises(ValueError, text="mmap length is greater than file size"):
                mmap.mmap(file.fileno(), 11)


def access() -> None:
    """`access` | `ACCESS_READ`: read-only. `ACCESS_WRITE`: writes go to the file, and other
    processes see them. `ACCESS_COPY`: writes stay in this mapping. `ACCESS_DEFAULT`, which is
    the default: as `ACCESS_WRITE`, unless `flags` or `prot` say otherwise. So a file that was
    opened with `"rb"` raises `PermissionError`; `ACCESS_READ` and `ACCESS_COPY` are allowed with
    it

    With `ACCESS_COPY`, no other process sees what is written, and no error is reported.
    """
    with _file() as file, mmap.mmap(file.fileno(), 0) as other:
        cases = {mmap.ACCESS_WRITE: b"AA", mmap.ACCESS_COPY: b"NA", mmap.ACCESS_DEFAULT: b"CC"}
        for access, expected in cases.items():
            with mmap.mmap(file.fileno(), 0, access=access) as memory:
                memory[:1] = expected[:1]
                assert memory[:1] + other[:1] == expected
        with mmap.mmap(file.fileno(), 0) as memory:
            memory[:1] = b"C"
        assert other[:1] == b"C"
        with (
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory,
            raises(TypeError, text="readonly"),
        ):
            memory[:1] = b"D"
        if sys.platform != "win32":
            with mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE) as memory:
                memory[:1] = b"E"
            assert other[:1] == b"C"
    with open(__file__, "rb") as file:
        with raises(PermissionError):
            mmap.mmap(file.fileno(), 0)
        for access in (mmap.ACCESS_READ, mmap.ACCESS_COPY):
            with mmap.mmap(file.fileno(), 0, access=access) as memory:
                assert memory[:8] == b'"""What '


def offset() -> None:
    """`offset` | the byte of the file at which the mapping begins, a multiple of
    `mmap.ALLOCATIONGRANULARITY`; pass it by keyword

    With `offset`, a mapping can begin in the middle of the file. Other positions are counted
    from there, but `size()` is still the length of the whole file:
    """
    shown("mmap", "offset=STEP + 1)", "#> not a multiple", "#> b'apples pears' 12 12")
    with _file(bytes(mmap.ALLOCATIONGRANULARITY) + b"end") as file:
        if sys.platform != "win32":
            positional: Any = mmap.mmap(file.fileno(), 0, mmap.MAP_SHARED, mmap.PROT_READ, 0)
            assert positional[:1] == b"\0"
            positional.close()
        with mmap.mmap(file.fileno(), 0, offset=mmap.ALLOCATIONGRANULARITY) as memory:
            assert (memory[0], memory.find(b"d")) == (ord("e"), 2)
            assert memory.size() == mmap.ALLOCATIONGRANULARITY + 3


def trackfd() -> None:
    """On Unix, Python 3.13 and later also have `trackfd`: with `trackfd=False`, the mapping keeps
    no file open, and `size()` and `resize()` raise an error.
    """
    if sys.platform == "win32":
        return
    options: dict[str, Any] = {"trackfd": False}
    with _file() as file:
        if not on("Python 3.13 and later"):
            with raises(TypeError):
                mmap.mmap(file.fileno(), 0, **options)
            return
        before = _free()
        with mmap.mmap(file.fileno(), 0, **options) as memory:
            assert _free() == before
            with raises(OSError, ValueError):
                memory.size()
            with raises(ValueError, text="can't resize with trackfd=False"):
                memory.resize(5)
        with mmap.mmap(file.fileno(), 0):
            assert _free() != before


def _free() -> int:
    """The number that the next file will get."""
    number = os.open(os.devnull, os.O_RDONLY)
    os.close(number)
    return number


def read() -> None:
    """`m[i]`, `m[i:j]` | one byte, as an `int`; several, as `bytes`, which are a copy"""
    shown("mmap", "print(memory[0], memory[:5], len(memory))\n        #> 114 b'ready' 10")
    with _file() as file, mmap.mmap(file.fileno(), 0) as memory:
        copy = memory[:2]
        memory[:2] = b"XY"
        assert copy == b"01"


def write() -> None:
    """`m[i:j] = data` | writes the bytes; `data` must have exactly the length of the slice"""
    shown("mmap", 'memory[:4] = b"failed"', "#> IndexError: mmap slice assignment is wrong size")
    with _file() as file, mmap.mmap(file.fileno(), 0) as memory:
        memory[2:4] = b"XY"
        assert memory[:] == b"01XY456789"
        with raises(IndexError):
            memory[2:4] = b"X"


def length_and_size() -> None:
    """`len(m)`, `size()` | the length of the mapping; that of the whole file. For anonymous
    memory, `size()` raises `OSError` before Python 3.15, except on Windows
    """
    with _file() as file, mmap.mmap(file.fileno(), 4) as memory:
        assert (len(memory), memory.size()) == (4, 10)
    with mmap.mmap(-1, 10) as memory:
        if on("Python 3.15 and later"):
            assert memory.size() == 10
        else:
            with raises(OSError):
                memory.size()


def resize() -> None:
    """`resize(newsize, /)` | changes the length of the file and of the mapping, where the system
    can do it. The mappings of other processes keep their length
    """
    if sys.platform == "linux":
        with (
            _file() as file,
            mmap.mmap(file.fileno(), 0) as memory,
            mmap.mmap(file.fileno(), 0) as other,
        ):
            memory.resize(20)
            assert (len(memory), memory.size(), len(other), other.size()) == (20, 20, 10, 20)


def move() -> None:
    """`move(dest, src, count, /)` | copies bytes within the mapping"""
    with _file() as file, mmap.mmap(file.fileno(), 0) as memory:
        memory.move(1, 7, 3)
        assert memory[:] == b"0789456789"


def anonymous() -> None:
    """`mmap.mmap(-1, length)` is memory without a file. Under `fork`, a child inherits the
    mapping, and both use the same memory. Under `forkserver` and `spawn`, the mapping would have
    to be pickled, which raises `TypeError`:

    An `mmap` object as an argument of a `Process` raises `TypeError` under `forkserver` and
    `spawn`, and as an argument of a pool's task under every start method. Pass the path instead.
    """
    shown("mmap/anonymous", "b'ready'", "TypeError: cannot pickle 'mmap.mmap' object")
    with _file() as file:
        for memory in (mmap.mmap(-1, 5), mmap.mmap(file.fileno(), 5)):
            memory[:5] = b"empty"
            with raises(TypeError):
                pickle.dumps(memory)  # as the argument of a task is
            worker = Process(target=_write_to, args=(memory,))
            if get_start_method() == "fork":
                worker.start()
                worker.join()
                assert memory[:] == b"ready"
            else:
                with raises(TypeError):
                    worker.start()
            memory.close()


def _write_to(memory: mmap.mmap) -> None:
    memory[:5] = b"ready"


def without_a_file() -> None:
    """To pass memory without a file under every start method, use SharedMemory or RawArray.

    To share memory without a file: SharedMemory.
    """
    shown("shared-memory/smallest", "args=(picture,)", "Output\nb'..###...'")
    shown("raw-value/phases", "RawArray", "Output\n")


def no_lock() -> None:
    """A mapping has no lock. If several processes read a number, add to it and write it back, hold
    a `Lock` around these steps, or updates can be lost.

    `m[0] += 1` in several processes, without a lock, can lose updates.
    """
    shown("mmap/own_lock", "with lock:\n                    (sold,)", "Tickets sold: 100")
    with (
        _file(b"\0") as file,
        mmap.mmap(file.fileno(), 0) as memory,
        mmap.mmap(file.fileno(), 0) as other,
    ):
        read = memory[0]
        other[0] += 1  # another process, between the read and the write
        memory[0] = read + 1
        assert other[0] == 1


def bytes_only() -> None:
    """A mapping holds bytes, so you can share what has a layout of fixed size: numbers, by
    `struct` or by a `memoryview` with `cast`. Python objects cannot be stored in it directly.
    """
    shown("mmap/own_lock", "COUNT.pack_into(memory, 0, sold + 1)", "Tickets sold: 100")
    with _file(bytes(16)) as file, mmap.mmap(file.fileno(), 0) as memory:
        with memoryview(memory) as view, view.cast("q") as numbers:
            numbers[1] = 7
        assert struct.unpack("2q", memory[:]) == (0, 7)
        with raises(TypeError):
            memory[0] = {"apple": 3}  # type: ignore[call-overload]


def bigger_than_memory() -> None:
    """To map a file does not read it, so the file can be bigger than the memory of the machine."""
    if sys.platform == "linux":
        size = 2 * os.sysconf("SC_PHYS_PAGES") * mmap.PAGESIZE
        with TemporaryFile() as file:
            file.truncate(size)
            with mmap.mmap(file.fileno(), 0) as memory:
                assert len(memory) == size
                memory[size - 1] = 7
            assert os.pread(file.fileno(), 1, size - 1) == b"\7"


def bus_error() -> None:
    """If the file gets shorter while it is mapped, a process on Linux that uses a page behind the
    new end is ended by SIGBUS (bus error), without a Python exception. In the page that holds the
    new end, the bytes behind the end are zeros, and what is written there does not get into the
    file, without an error.
    """
    shown("shared-memory-full/bus_error", "truncate(0)", "Writing\nKilled by SIGBUS")
    if sys.platform == "linux":
        with _file() as file, mmap.mmap(file.fileno(), 0) as memory:
            file.truncate(4)
            assert memory[:] == b"0123" + bytes(6)
            memory[6:] = b"lost"
            assert _content(file) == b"0123"


def size_once() -> None:
    """Set the size once, before any process maps the file."""
    no_fact("advice")


def still_used() -> None:
    """If a `memoryview`, or an array that `np.frombuffer` made, still uses the mapping, `close()`,
    also at the end of a `with` block, raises `BufferError` ("cannot close exported pointers
    exist"). Delete the array or release the `memoryview` before.
    """
    import numpy

    memory = mmap.mmap(-1, 8)
    array_of_bytes: Any = numpy.frombuffer(memory, dtype="u1")
    with raises(BufferError, text="cannot close exported pointers exist"):
        memory.close()
    del array_of_bytes
    memory.close()
    numbers = memoryview(array("b"))
    with _file() as file:
        with (
            raises(BufferError, text="cannot close exported pointers exist"),
            mmap.mmap(file.fileno(), 0) as memory,
        ):
            numbers = memoryview(memory)
        with raises(BufferError):
            memory.close()
        numbers.release()
        memory.close()
        assert memory.closed


def still_used_by_an_ndarray() -> None:
    """`close()` and `resize()` raise nothing if an array that was made with
    `np.ndarray(..., buffer=m)` still uses the mapping. If the program then uses the array, it ends
    with a segmentation fault, or reads and changes other data, as with a closed SharedMemory.
    Delete the array before.
    """
    outcome = script(ARRAY_AFTER_CLOSE)
    assert (outcome.stdout, outcome.status) == ("closed\n", -signal.SIGSEGV)
    if sys.platform == "linux":
        outcome = script(ARRAY_AFTER_RESIZE)
        assert (outcome.stdout, outcome.status) == ("longer\n", -signal.SIGSEGV)
    shown("closed-shared-memory/other_block", "np.ndarray(", "Prices: [7, 8, 9]")
    shown("closed-shared-memory/read_after_close", "np.ndarray(", "Exit code of the worker: -11")


def every_start_method() -> None:
    """A mapped file works the same under every start method: `fork`, `forkserver` and `spawn`."""
    shown("mmap/smallest", "Output\nBefore")
    shown("mmap/own_lock", "Output\nTickets")


def a_few_numbers() -> None:
    """To share a few numbers that have a lock: Value or Array."""
    shown("value/smallest", "sold.get_lock()", "Tickets sold: 3")
    shown("array/under_lock", "stock.get_lock()", "Crates in each hall: [20, 80]")


def records() -> None:
    """To let several programs change records safely: SQLite and files."""
    shown("sqlite-and-files/counter", "Output\n")


def what_becomes_of_it() -> None:
    """If the worker fails before it has written, the file keeps the old bytes, and the program
    ends with exit status 0.

    After each `join()`, look at the worker's `exitcode`.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown("mmap/smallest", "If something fails", "a worker is killed            wrong result")


def resized() -> None:
    """`resize()` does both at once: on Linux, and on Windows if nothing else maps the file.

    For the same reason, `resize()` raises `BufferError` ("mmap can't resize with extant buffers
    exported."): delete each array first, and make it again afterwards.

    A mapping in another process keeps its length.
    """
    with _file() as file, mmap.mmap(file.fileno(), 0) as memory:
        other = mmap.mmap(file.fileno(), 0)
        view = memoryview(memory)
        with raises(BufferError, text="mmap can't resize with extant buffers exported."):
            memory.resize(20)
        view.release()
        if sys.platform == "linux":
            memory.resize(20)
            assert (len(memory), len(other), len(_content(file))) == (20, 10, 20)
        other.close()


def memory_that_cannot_grow() -> None:
    """Memory without a file, from `mmap.mmap(-1, length)`, cannot be made longer by `resize()` on
    Linux: in Python 3.13.8 and later, it raises `ValueError`. Before, it raises nothing, and a
    process that uses a page behind the old end is ended by SIGBUS. Make a longer mapping, and copy
    the bytes.
    """
    if sys.platform != "linux":
        return
    if on("Python 3.13.8 and later"):
        with mmap.mmap(-1, mmap.PAGESIZE) as memory, raises(ValueError):
            memory.resize(2 * mmap.PAGESIZE)
    else:
        outcome = script(ANONYMOUS_RESIZED)
        assert (outcome.stdout, outcome.status) == ("longer\n", -signal.SIGBUS)


def map_again() -> None:
    """Make the file longer, and map it again:

    So a process that has made the file longer, by `resize()` or by `truncate()`, has to tell the
    others, and each of them closes its mapping and maps the file again.
    """
    with _file() as file:
        with mmap.mmap(file.fileno(), 0) as memory:
            assert len(memory) == 10
        file.truncate(20)
        with mmap.mmap(file.fileno(), 0) as memory:
            assert len(memory) == 20


def long_from_the_start() -> None:
    """If you know the largest size, it is less work to begin with it: on Linux, a file that
    `truncate()` has made longer usually takes up no space on the disk where nothing was written.
    """
    if sys.platform == "linux":
        with _file() as file:
            file.truncate(100_000_000)
            assert os.fstat(file.fileno()).st_blocks * 512 < 1_000_000


RESERVED = """
import os

with open(os.path.join(os.environ["TMPDIR"], "mapped"), "w+b") as file:
    os.posix_fallocate(file.fileno(), 0, 4096)
    print(os.fstat(file.fileno()).st_size, os.fstat(file.fileno()).st_blocks * 512)
    try:
        os.posix_fallocate(file.fileno(), 0, 1 << 20)
    except OSError as error:
        print(error.strerror)
"""


def a_full_disk() -> None:
    """If the disk is full when a process writes there, SIGBUS kills the process.
    `os.posix_fallocate(file.fileno(), 0, size)` in place of `truncate()` reserves the space, or
    raises `OSError`.
    """
    if ran := on_a_full_disk(MAPPED):
        assert (ran.stdout, ran.returncode) == ("writing\n", -signal.SIGBUS)
    if ran := on_a_full_disk(RESERVED):
        assert ran.stdout == "4096 4096\nNo space left on device\n", ran


def how_much_is_in_use() -> None:
    """Keep in its first bytes how much of it is in use."""
    no_fact("advice")
