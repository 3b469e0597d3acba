"""What docs/pitfalls/layout-differs.md says."""

import ctypes
import os
import signal
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_start_method, resource_tracker
from multiprocessing.shared_memory import SharedMemory

from tests.claims import ROOT, TIME_LIMIT, no_fact, on, raises, script, shown
from tests.claims._starts import in_a_child

PROGRAMS = ROOT / "examples" / "layout-differs"
if str(PROGRAMS) not in sys.path:
    sys.path.append(str(PROGRAMS))


@contextmanager
def _block(size: int = 40, name: str | None = None) -> Iterator[SharedMemory]:
    block = SharedMemory(name, create=True, size=size)
    try:
        yield block
    finally:
        block.close()
        if sys.version_info < (3, 13) and sys.platform != "win32":
            resource_tracker.register(block._name, "shared_memory")  # type: ignore[attr-defined]
        block.unlink()


UPDATED = """
from multiprocessing import Process
from pathlib import Path
import sys

sys.path.insert(0, str(Path(__file__).parent))
file = Path(__file__).with_name("layout_of_it.py")

def tell():
    from layout_of_it import FORMAT
    print(FORMAT)

if __name__ == "__main__":
    file.write_text("FORMAT = '=qd'")
    import layout_of_it
    file.write_text("FORMAT = '=qqd'  # the new version")
    child = Process(target=tell)
    child.start()
    child.join()
    file.unlink()
"""

CHILD_FIRST = """
import sys
from contextlib import suppress
from multiprocessing import Event, Process
from multiprocessing.shared_memory import SharedMemory

sys.path.append({programs!r})
from waits import attach

def read(name, is_made):
    is_made.wait()
    {attach}(name).close()

if __name__ == "__main__":
    is_made, name = Event(), "layout_child_first"
    reader = Process(target=read, args=(name, is_made))
    reader.start()
    block = SharedMemory(name, create=True, size=40)
    is_made.set()
    reader.join()
    block.close()
    with suppress(FileNotFoundError):  # the reader's tracker may have removed it
        block.unlink()
"""

FINDS = """
import sys

sys.path.append({programs!r})
from waits import find

try:
    find({name!r}, 0.1).close()
    print("found")
except TimeoutError:
    print("not complete")
"""


def a_header() -> None:
    """Put a header at the beginning of the block, with a name for the kind of data, a version, and
    a size. The writer writes it last, and each reader looks at it first. Then a reader with another
    layout, or one that comes too early, gets an error instead of wrong numbers.

    The first `show` is called before `fill`, and finds an empty header. The third stands for a
    reader of the older version.

    Change `VERSION` with each change of the format or of the meaning of a field. If you forget to,
    the size can still tell.
    """
    from header import OLD_RECORD, fill, read  # type: ignore[import-not-found]

    shown("layout-differs/header", "= MAGIC  # last", "show(block, 1, OLD_RECORD)")
    shown(
        "layout-differs/header", "ValueError: incomplete", "version and size [2, 24], not [1, 16]"
    )
    with _block() as block:
        with raises(ValueError, text="incomplete"):
            read(block)
        fill(block, 120, 45, 21.5)
        assert read(block) == (120, 45, 21.5)
        with raises(ValueError, text="[2, 24], not [2, 16]"):
            read(block, 2, OLD_RECORD)


def wrong_numbers() -> None:
    """Silent, in most cases. No error is reported, the program ends with exit status 0, and some
    numbers are wrong, often far too small or far too large.

    A block is bytes. It does not record what they mean: both sides have a format in their source,
    and nothing compares the two.

    The writer has a new field in the middle, and the reader still has the old format. Here both are
    in one file:

    The reader takes the 8 bytes of the integer 45 for a float.
    """
    shown("layout-differs/old_reader", "Output\nwritten: (120, 45, 21.5)\nread: (120, 2.2e-322)")
    assert str(struct.unpack("=d", struct.pack("=q", 45))[0]) == "2.2e-322"
    assert struct.unpack("=q", struct.pack("=d", 21.5))[0] > 10**18


def when_they_differ() -> None:
    """They differ when one program has been updated while the other is running, when a block is
    left over from an older version, or when one side is written in C and has gaps between the
    fields.
    """
    no_fact("an introduction")


def a_child_after_an_update() -> None:
    """Under `spawn`, a child imports the files as they are when it is started; under
    `forkserver`, the child does so or, earlier, the fork server. So a child that is started after
    an update can differ from its parent, too.
    """
    told = script(UPDATED).stdout
    assert told == ("=qd\n" if get_start_method() == "fork" else "=qqd\n")


class _Stopped(Exception):
    pass


class _Stops:
    """A block whose writer is killed after so many of its steps."""

    def __init__(self, block: SharedMemory, steps: int) -> None:
        self.block, self.steps = block, steps

    @property
    def buf(self) -> memoryview | None:
        if self.steps == 0:
            raise _Stopped
        self.steps -= 1
        return self.block.buf


def it_is_filled_again() -> None:
    """`fill` removes `MAGIC` first: the block may be left over from an older version, and its
    readers must not read a record that is half written.
    """
    from header import HEADER, MAGIC, OLD_RECORD, fill, read

    shown("layout-differs/header", "def fill(block, *values):\n    block.buf[:8] = bytes(8)")
    for steps in range(5):
        with _block() as block:
            assert block.buf
            OLD_RECORD.pack_into(block.buf, HEADER.size, 120, 21.5)
            HEADER.pack_into(block.buf, 0, MAGIC, 1, OLD_RECORD.size)
            if steps < 4:
                with raises(_Stopped):
                    fill(_Stops(block, steps), 130, 45, 21.5)
            else:
                fill(_Stops(block, steps), 130, 45, 21.5)
            if steps == 0:
                assert read(block, 1, OLD_RECORD) == (120, 21.5)
            else:
                with raises(ValueError, text="incomplete" if steps < 4 else "[2, 24]"):
                    read(block, 1, OLD_RECORD)


def no_header_known() -> None:
    """A program that does not look for a header reads it as data. So when you add the header,
    change the name of the block, too.
    """
    from header import OLD_RECORD, fill

    with _block() as block:
        assert block.buf
        fill(block, 120, 45, 21.5)
        assert OLD_RECORD.unpack_from(block.buf)[0] == int.from_bytes(b"visitors", sys.byteorder)


def too_early() -> None:
    """A reader can also come too early. The block exists from the moment in which it is created,
    before anything is written to it.
    """
    with _block() as block:
        other = SharedMemory(block.name)
        assert other.buf and not any(other.buf[:40])
        other.close()


def another_kind() -> None:
    """`MAGIC` says which kind of data this is, so the block of another program is refused, too.

    The header itself must keep its layout in all versions.
    """
    from header import read

    with _block() as block:
        assert block.buf
        block.buf[:40] = bytes(range(40))
        with raises(ValueError, text="another block"):
            read(block)
    with _block(5) as block:
        if block.size == 5:
            with raises(ValueError, text="5 bytes are no header"):
                read(block)


def not_the_size_of_the_block() -> None:
    """Do not compare the size with `block.size`, which may be larger than what was asked for.

    Without a header, a reader whose format is longer than the block gets an error:

    If the system has made the block larger than the writer has asked for, there is no error, and
    the fields at the end are 0.
    """
    with _block(4096) as block:  # as if for 16 bytes
        assert block.buf
        struct.pack_into("=qd", block.buf, 0, 120, 21.5)
        assert struct.unpack_from("=qqd", block.buf)[-1] == 0
    shown("layout-differs", "unpack_from requires a buffer of at least 24 bytes")


def side_by_side() -> None:
    """If old and new programs are to run side by side, put the version into the name of the block
    instead: then a reader of another version does not find the block.
    """
    with _block(name=f"visitors-2-{os.getpid()}"), raises(FileNotFoundError):
        SharedMemory(f"visitors-1-{os.getpid()}")


def it_waits() -> None:
    """`MAGIC` is written after all else. So a reader can wait until it is there. Save this program
    in the folder of `header.py`. The writer and the reader are two programs, and here one file has
    both:

    `find` goes on while there is no block yet, while it has no size yet, and while `MAGIC` is
    missing.
    """
    shown("layout-differs/header", "VERSION, RECORD.size)\n    block.buf[:8] = MAGIC")
    shown("layout-differs/waits", "from header import", "Output\n(120, 45, 21.5)")
    from header import fill
    from waits import find  # type: ignore[import-not-found]

    name = f"waits-{os.getpid()}"
    with raises(TimeoutError):
        find(name, 0.1)
    if sys.platform != "win32":
        import _posixshmem

        handle = _posixshmem.shm_open("/" + name, os.O_CREAT | os.O_RDWR, mode=0o600)
        with raises(TimeoutError):
            find(name, 0.1)
        os.close(handle)
        _posixshmem.shm_unlink("/" + name)
    with _block(name=name) as block:
        with raises(TimeoutError):
            find(name, 0.1)
        fill(block, 120, 45, 21.5)
        find(name, TIME_LIMIT).close()


def the_writer_dies() -> None:
    """If the writer is killed before that, `find` raises `TimeoutError`.

    `MAGIC` in the block does not say that its writer is still running. A lock does.
    """
    from waits import find

    shown("started-twice/starts", "reader: no start is running")
    with _block() as block:
        for is_complete in False, True:
            assert in_a_child(_write_and_die, block.name, is_complete) in (-9, 9)
            if is_complete:
                find(block.name, TIME_LIMIT).close()
            else:
                with raises(TimeoutError, text="not complete"):
                    find(block.name, 0.1)


def _write_and_die(name: str, is_complete: bool) -> None:
    from header import HEADER, RECORD, fill

    block = SharedMemory(name)
    if is_complete:
        fill(block, 120, 45, 21.5)
    else:
        RECORD.pack_into(block.buf, HEADER.size, 120, 45, 21.5)
    if sys.platform == "win32":
        os._exit(9)
    os.kill(os.getpid(), signal.SIGKILL)


def without_the_tracker() -> None:
    """`find` attaches without the tracker. Otherwise the end of the reader removes the block of the
    writer, even if the reader has only waited for it. A child that uses the writer's tracker
    attaches with `SharedMemory(name)`; one that was forked before the first block does not use it.
    """
    from header import fill

    shown("layout-differs/waits", "SharedMemory(name, track=False)", "block = attach(name)")
    shown("shared-memory-vanished/unregistered_in_child", "KeyError")
    for is_complete in False, True:
        for tracked in False, True:
            block = SharedMemory(create=True, size=40)
            if is_complete:
                fill(block, 120, 45, 21.5)
            code = FINDS.format(programs=str(PROGRAMS), name=block.name)
            if tracked:
                code = code.replace("\ntry", "import waits\nwaits.attach = waits.SharedMemory\ntry")
            assert script(code).stdout == ("found\n" if is_complete else "not complete\n")
            block.close()
            if tracked and sys.platform != "win32":
                with raises(FileNotFoundError):
                    SharedMemory(block.name)
                resource_tracker.unregister(block._name, "shared_memory")  # type: ignore[attr-defined]
            else:
                block.unlink()
    for way in "SharedMemory", "attach":
        ended = script(CHILD_FIRST.format(programs=str(PROGRAMS), attach=way))
        has_its_own = get_start_method() == "fork"
        unregisters = way == "attach" and not on("Python 3.13 and later")
        if sys.platform != "win32":
            assert ("leaked" in ended.stderr) == (has_its_own and way == "SharedMemory")
            assert ("KeyError" in ended.stderr) == (unregisters and not has_its_own)


def in_vain() -> None:
    """If another kind of data has the name of the block, `find` waits for `MAGIC` in vain, too. A
    block of another version is found, and `read` refuses it at once.
    """
    from header import OLD_RECORD, fill, read
    from waits import find

    with _block() as block:
        assert block.buf
        block.buf[:40] = bytes(range(40))
        with raises(TimeoutError):
            find(block.name, 0.1)
        fill(block, 120, 45, 21.5)
        found = find(block.name, TIME_LIMIT)
        with raises(ValueError, text="[2, 24], not [1, 16]"):
            read(found, 1, OLD_RECORD)
        found.close()


def in_order() -> None:
    """To be safe there, let a lock, a pipe or a file lead the reader to the block, as the file with
    its name does.
    """
    shown("started-twice/owner", "] = data\n            path.write_text(f")


def later_changes() -> None:
    """The header says that the first data is complete. If the writer changes the data later, the
    readers and the writer need a lock.
    """
    no_fact("what the header is for, and advice")


def gaps() -> None:
    """So it can fit a C program, except for the gap at the end of a structure: a format has that
    only if it ends with `0` and the letter of a field that is aligned the most, such as `0q`. It
    can differ between two machines, or between a 32-bit and a 64-bit program:
    """

    class Record(ctypes.Structure):
        _fields_ = (("kind", ctypes.c_byte), ("visitors", ctypes.c_longlong))

    class EndsWithAGap(ctypes.Structure):
        _fields_ = (("visitors", ctypes.c_longlong), ("kind", ctypes.c_byte))

    assert struct.calcsize("bq") == ctypes.sizeof(Record)
    assert struct.calcsize("qb") < ctypes.sizeof(EndsWithAGap) == struct.calcsize("qb0q")
    assert struct.calcsize("l") == ctypes.sizeof(ctypes.c_long)  # which is 4 on Windows
    assert struct.calcsize("P") == ctypes.sizeof(ctypes.c_void_p)
