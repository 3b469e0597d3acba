"""What docs/pitfalls/shared-memory-full.md says."""

import errno
import faulthandler
import gc
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from mmap import PAGESIZE, mmap
from multiprocessing import Array, Event, Lock, Process, Queue, RawArray, Value
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from shutil import disk_usage
from socket import socketpair
from tempfile import TemporaryFile

from tests.claims import no_fact, raises, shown

CONTAINER = import_module("tests.claims.containers")


def _read_nothing() -> None:
    faulthandler.disable()
    with TemporaryFile() as file:
        file.truncate(1000)
        frames = mmap(file.fileno(), 1000)
        file.truncate(0)
        bytes(frames)


def _file_of(block: SharedMemory) -> Path:
    """The file of a block (on Linux); the tests put something before its name."""
    file = Path(os.readlink(f"/proc/self/fd/{block._fd}"))  # type: ignore[attr-defined]
    assert file.parent == Path("/dev/shm")
    return file


def give_it_more() -> None:
    """Give the container more shared memory (`docker run --shm-size=2g`), and reserve the memory
    when you create a block.
    """
    no_fact("advice")


def an_error_instead() -> None:
    """Then a full `/dev/shm` raises an `OSError`, and does not crash the process.

    If the memory is reserved first, the same lack of memory raises an error that you can catch:
    """
    shown("shared-memory-full/reserved", "except OSError as error:\n        print(")
    shown("shared-memory-full/reserved", "OSError: [Errno 28] No space left on device")


def silent() -> None:
    """Silent in Python: there is no exception and, by default, no traceback. The process is killed
    by the signal SIGBUS in the middle of a write or a read.
    """
    shown("shared-memory-full/bus_error", "Output\nWriting\nKilled by SIGBUS", 'print("Written")')
    if sys.platform == "linux":
        worker = Process(target=_read_nothing)
        worker.start()
        worker.join()
        assert worker.exitcode == -signal.SIGBUS


def an_error_of_a_call() -> None:
    """If the system itself fills the block, as it can in `readinto()` of a file and `recv_into()`
    of a socket, that call raises `OSError: [Errno 14] Bad address` on Linux instead, or stores
    fewer bytes than you asked for.
    """
    if sys.platform == "linux":
        here, there = socketpair()
        with here, there, open("/dev/zero", "rb", buffering=0) as zeros, TemporaryFile() as file:
            here.send(b"image")
            file.truncate(2 * PAGESIZE)
            with mmap(file.fileno(), 2 * PAGESIZE) as frames:
                file.truncate(PAGESIZE)
                assert zeros.readinto(frames) == PAGESIZE
                file.truncate(0)
                for call in (zeros.readinto, there.recv_into):
                    with raises(OSError, text="[Errno 14] Bad address"):
                        call(frames)


def a_killed_worker() -> None:
    """For a pool, such a worker is a killed worker."""
    shown("shared-memory-full/bus_error", "Signals(-worker.exitcode)", "Killed by SIGBUS")
    shown("killed-worker/executor_raises", "BrokenProcessPool")


def only_the_length() -> None:
    """`SharedMemory(create=True, size=...)` only sets the length of that file. The system provides
    the memory page by page, when the program first writes to a page or reads it.
    """
    if sys.platform == "linux":
        block = SharedMemory(create=True, size=100 * PAGESIZE)
        file = _file_of(block)
        assert block.buf is not None
        assert (file.stat().st_size, file.stat().st_blocks) == (100 * PAGESIZE, 0)
        block.buf[0] = 1
        after_one = file.stat().st_blocks
        assert block.buf[50 * PAGESIZE] == 0
        after_two = file.stat().st_blocks
        block.close()
        block.unlink()
        assert 0 < after_one < after_two


def no_call_can_return_an_error() -> None:
    """If there is no memory left at that moment, no call can return an error, because the program
    only uses memory. So the system sends SIGBUS, which ends the process.
    """
    shown("shared-memory-full/bus_error", "frames[0] = 255", "Killed by SIGBUS")


def never_unlinked() -> None:
    """Blocks that were never unlinked take up space until they are removed. These commands show
    the free space and the files of the blocks:
    """
    if sys.platform == "linux":
        block = SharedMemory(create=True, size=PAGESIZE)
        file = _file_of(block)
        assert block.buf is not None
        block.buf[0] = 1
        block.close()
        assert file.stat().st_blocks > 0
        block.unlink()
        assert not file.exists()


def too_big() -> None:
    """The first half shows that you get no error when a block is too big. This block is twice as
    big as all of `/dev/shm`.
    """
    shown("shared-memory-full/too_big", '2 * disk_usage("/dev/shm").total', "Created: True")


def why_it_does_not_write() -> None:
    """The program does not write to the block, because that would use up the memory of everything
    else that runs on the machine.
    """
    shown("shared-memory-full/too_big", "frames.size == too_much)\n    frames.close()")


def nothing_behind_it() -> None:
    """The second half shows what happens when a program writes to mapped memory that has nothing
    behind it. For the same reason, it uses a file and not a full `/dev/shm`: the worker maps the
    file into its memory, cuts the file to 0 bytes, and writes.
    """
    shown("shared-memory-full/bus_error", "mmap(file.fileno(), 0)", "file.truncate(0)", "by SIGBUS")


def why_faulthandler() -> None:
    """The tests of this site run with `-X dev`, which would print the stack of the crash, so the
    program calls `faulthandler.disable()`.
    """
    shown("shared-memory-full/bus_error", "faulthandler.disable()", "Output\nWriting")
    assert sys.flags.dev_mode == faulthandler.is_enabled()


def the_file_descriptor() -> None:
    """It needs the file descriptor of the block, the number of the open file. On Linux,
    `SharedMemory` has it in the private attribute `_fd`, in Python 3.11 to 3.15.
    """
    shown("shared-memory-full/reserved", "os.posix_fallocate(block._fd, 0, size)", "Written: 255")
    if sys.platform == "linux":
        block = SharedMemory(create=True, size=PAGESIZE)
        descriptor = block._fd  # type: ignore[attr-defined]
        file = _file_of(block)
        assert os.fstat(descriptor).st_size == PAGESIZE
        os.posix_fallocate(descriptor, 0, PAGESIZE)
        assert file.stat().st_blocks > 0
        block.close()
        block.unlink()


def look_first() -> None:
    """Without a private attribute, you can look at `shutil.disk_usage("/dev/shm").free` before you
    create the block. But another process may use that space before you write.
    """
    if sys.platform == "linux":
        assert disk_usage("/dev/shm").free <= disk_usage("/dev/shm").total
        block = SharedMemory(create=True, size=PAGESIZE)
        assert _file_of(block).stat().st_blocks == 0  # nothing is reserved for it
        block.close()
        block.unlink()


def a_file_on_disk() -> None:
    """Processes can also share a file on disk that is mapped into memory."""
    shown("shared-memory-full/on_disk", "mmap(file.fileno(), 0)", "args=(path,)", "b'image'")


def as_big_as_the_disk() -> None:
    """It may be as big as the disk allows. Write all its bytes first, as `write_bytes` does here:
    if the disk is full, this call raises an `OSError`.
    """
    shown("shared-memory-full/on_disk", "path.write_bytes(bytes(1000))")
    if sys.platform == "linux":
        with raises(OSError, text="[Errno 28] No space left on device"):
            Path("/dev/full").write_bytes(bytes(1000))


def where_it_was_checked() -> None:
    """The line under each output says where it was checked."""
    no_fact("an introduction")


AN_ARRAY = """
import os
from multiprocessing import Array, RawArray
from pathlib import Path
from shutil import disk_usage


def file():
    lines = Path("/proc/self/maps").read_text().splitlines()
    (found,) = {line.split()[5] for line in lines if "/pym-" in line}
    return found


before = disk_usage("/dev/shm").free
numbers = MAKE
numbers[-1] = 1
print(file().startswith("/dev/shm"), before - disk_usage("/dev/shm").free >= 40 << 20)
"""


FILLED = """
import os
from contextlib import suppress
from multiprocessing import Array, RawArray, util

util.get_temp_dir()  # which is removed at the end of this process
if os.fork() == 0:
    before = [RawArray("b", SIZE) for _ in range(COUNT)]
    with open("/dev/shm/full", "wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(bytes(4096))
    later = [RawArray("b", SIZE) for _ in range(COUNT)]
    try:
        Array("b", 5 << 20)
    except OSError as error:
        os._exit(error.errno)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def an_array_instead() -> None:
    """On Linux, a `RawArray` of more than 4 MB needs no room in `/dev/shm`. When it is made, Python
    compares its size with the free space, and if that is too little, the memory is a file in the
    temporary folder instead, without an error. All its bytes are written at once, so the room is
    taken when it is made, and not later. An `Array` does the same, but if `/dev/shm` has no room
    for its lock, it raises an `OSError`. A smaller `RawArray` or `Array` can still end in a bus
    error: Python may put it into memory that it has requested before, and not yet filled.
    """
    if CONTAINER.RUNS_HERE:
        for kind in "Array", "RawArray":
            for size, there in (100 << 20, False), (40 << 20, True):
                code = AN_ARRAY.replace("MAKE", f"{kind}('b', {size})")
                told = CONTAINER._inside(CONTAINER.container.SMALL, code).split()
                assert told == [str(there)] * 2
        for size, count, ends in ((4 << 20) + 1, 2, errno.ENOSPC), (1000, 2000, -signal.SIGBUS):
            code = FILLED.replace("SIZE", str(size)).replace("COUNT", str(count))
            assert int(CONTAINER._inside(CONTAINER.container.SMALL, code)) == ends


def without_a_name() -> None:
    """Neither has a name, so only children can get them, as an argument."""
    for made in RawArray("b", 9), Array("b", 9):
        assert not hasattr(made, "name")
    shown("pool-argument/with_initializer", "Output")


def pages_of_locks() -> None:
    """A semaphore is a file in `/dev/shm`, too, and takes one page of it, usually 4 KiB, as long
    as a process has it.

    A `Lock` has one, as has a `Value` or an `Array` with its lock; a `Queue` has three, and an
    `Event` has five.

    So 64 MB have room for 16,000 `Lock` objects, or 3,200 `Event` objects.
    """
    assert 64 * 2**20 // 4096 == 16_384
    assert 16_384 // 5 == 3_276
    if sys.platform == "linux":
        made: dict[Callable[[], object], int] = {
            Lock: 1,
            partial(Value, "i"): 1,
            partial(Array, "i", 2): 1,
            Queue: 3,
            Event: 5,
        }
        for make, semaphores in made.items():
            before = _semaphores()
            item = make()
            mapped = [end - start for start, end in _semaphores() - before]
            assert mapped == [PAGESIZE] * semaphores, (make, mapped)
            del item
            gc.collect()
            assert not _semaphores() - before


def _semaphores() -> set[tuple[int, int]]:
    """Where semaphores are in the memory of this process: from where, to where."""
    lines = Path("/proc/self/maps").read_text("utf-8").splitlines()
    ranges = [line.split()[0].split("-") for line in lines if "/dev/shm/sem." in line]
    return {(int(start, 16), int(end, 16)) for start, end in ranges}
