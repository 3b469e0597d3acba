"""What docs/syntax/shared-memory.md says."""

import errno
import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_start_method, resource_tracker, shared_memory
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from tests.claims import no_fact, on, raises, script, shown
from tests.claims._starts import in_a_child

PICKLED: list[str] = []


@contextmanager
def _new(size: int, **more: Any) -> Iterator[Any]:
    """A block, which is removed at the end."""
    block = SharedMemory(create=True, size=size, **more)
    try:
        yield block
    finally:
        block.close()
        block.unlink()


@contextmanager
def _attached(*arguments: Any, **more: Any) -> Iterator[Any]:
    """Another look at a block, closed at the end."""
    block = SharedMemory(*arguments, **more)
    try:
        yield block
    finally:
        block.close()


@contextmanager
def _recorded() -> Iterator[list[str]]:
    """The names that this process tells the tracker to record."""
    names: list[str] = []
    register = resource_tracker.register

    def note(name: Any, rtype: str) -> None:
        names.append(name)
        register(name, rtype)

    resource_tracker.register = note
    try:
        yield names
    finally:
        resource_tracker.register = register


class _Noted(SharedMemory):
    """Notes that it is pickled."""

    def __reduce__(self) -> Any:
        PICKLED.append(self.name)
        return super().__reduce__()


def _write(block: Any) -> None:
    block.buf[:5] = b"ready"
    block.close()


def _is_there(block: Any) -> None:
    assert bytes(block.buf[:5]) == b"ready"


def _no_memory(*_: object) -> None:
    raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))


def _is_taken(name: str) -> None:
    with raises(FileExistsError):
        SharedMemory(name, create=True, size=8)


def the_same_bytes() -> None:
    """With a `SharedMemory`, several processes read and write the same block of bytes, a shared
    memory segment or shared buffer, without a copy.

    Each process maps the block into its own memory, so all of them use the same bytes, and what
    one process writes need not be sent to the others.
    """
    shown("shared-memory/smallest", 'picture.buf[2:5] = b"###"', "b'..###...'")
    with _new(8) as block:
        assert in_a_child(_write, block) == 0
        assert bytes(block.buf[:5]) == b"ready"


def what_for() -> None:
    """Use it for big data such as images and arrays."""
    no_fact("advice")


def close_and_unlink() -> None:
    """Every process that uses the block calls `close()`. The process that created the block also
    calls `unlink()` at the very end, in `finally`, so that the block is removed even after an
    error.
    """
    shown("shared-memory/smallest", '= b"###"\n    picture.close()')
    shown("shared-memory/smallest", "finally:\n        picture.close()\n        picture.unlink()")
    block = SharedMemory(create=True, size=8)
    with raises(ZeroDivisionError):
        try:
            _ = 1 / 0
        finally:
            block.close()
            block.unlink()
    with raises(FileNotFoundError):
        SharedMemory(block.name)


def the_call() -> None:
    """`SharedMemory(name=None, create=False, size=0, *, track=True)`, from
    `multiprocessing.shared_memory`
    """
    from inspect import signature

    track = ", *, track=True" if on("Python 3.13 and later") else ""
    assert str(signature(SharedMemory)) == f"(name=None, create=False, size=0{track})"
    assert shared_memory.SharedMemory is SharedMemory


def the_name() -> None:
    """`name` | the name of the block. If you leave it out with `create=True`, Python chooses one"""
    shown("shared-memory/names", "Created: com.example.weather")
    with _new(8) as block:
        assert block.name
    with raises(ValueError, text="'name' can only be None if create=True"):
        SharedMemory()


def create() -> None:
    """`create` | `True`: create a new block. `False`: attach to the block that has this name"""
    with _new(8) as block:
        block.buf[0] = 7
        with _attached(block.name, create=False) as other:
            assert other.buf[0] == 7
        with raises(FileExistsError):
            SharedMemory(block.name, create=True, size=8)


def size() -> None:
    """`size` | the number of bytes that a new block has at least; required with `create=True`,
    ignored when you attach
    """
    shown("shared-memory/every_message", "no size:\n  ValueError: 'size' must be a positive number")
    with _new(10) as block:
        assert block.size >= 10
        for ignored in (0, 1, 1_000_000):
            with _attached(block.name, size=ignored) as other:
                assert (len(other.buf), other.size) == (len(block.buf), block.size)


def track() -> None:
    """`track`, Python 3.13 and later | `False`: the resource tracker does not record the block
    (see below)
    """
    if not on("Python 3.13 and later"):
        with raises(TypeError, text="unexpected keyword argument 'track'"):
            SharedMemory(create=True, size=8, track=False)  # type: ignore[call-arg]
        return
    with (
        _recorded() as recorded,
        _new(8, track=False) as block,
        _attached(block.name, track=False),
    ):
        assert recorded == []


def buf() -> None:
    """`.buf` | the bytes, as a memoryview, which you read and write by index and by slice"""
    with _new(8) as block:
        block.buf[0] = 65
        block.buf[1:3] = b"BC"
        assert isinstance(block.buf, memoryview)
        assert (block.buf[1], bytes(block.buf[:3])) == (66, b"ABC")


def name_attribute() -> None:
    """`.name` | the name, with which another process can attach

    The name alone is enough, too. In this program each worker gets the name and writes a row of
    its own, so no lock is needed.
    """
    shown("shared-memory/by_name", "args=(picture.name, row, color)", "SharedMemory(name)")
    shown("shared-memory/by_name", "row * ROW : (row + 1) * ROW] = color", "b'rrrrrr'\nb'gggggg'")


def size_attribute() -> None:
    """`.size` | the size in bytes"""
    with _new(8) as block:
        assert block.size == len(block.buf) == block.buf.nbytes


def close() -> None:
    """`.close()` | ends the use of the block by this object, and `.buf` is `None`; other processes
    still have the block

    `close()` ends the mapping of one object.
    """
    with _new(8) as block:
        assert in_a_child(_write, block) == 0  # which closes it
        other = SharedMemory(block.name)
        other.close()
        assert other.buf is None
        assert bytes(block.buf[:5]) == b"ready"


def unlink() -> None:
    """`.unlink()` | removes the block; call it once, in one process"""
    shown("shared-memory/every_message", "unlinked twice:\n  FileNotFoundError")
    block = SharedMemory(create=True, size=8)
    block.close()
    block.unlink()
    with raises(FileNotFoundError):
        SharedMemory(block.name)


def a_slice_of_known_length() -> None:
    """So use a slice of a known length, such as `buf[:8]`, instead of all of `buf`, and tell the
    other processes the length.
    """
    no_fact("advice")


def released_before_close() -> None:
    """A slice that you keep in a variable must be released before `close()`, which otherwise raises
    `BufferError`; then an `unlink()` in the next line is not called.
    """
    block = SharedMemory(create=True, size=8)
    part = block.buf[:8]  # type: ignore[index]
    with raises(BufferError, text="cannot close exported pointers exist"):
        block.close()
        block.unlink()
    if sys.platform != "win32":
        with _attached(block.name):
            pass
    part.release()
    block.close()
    block.unlink()


def as_an_argument() -> None:
    """A child that gets the object as an argument, as above, needs nothing more. When a
    `SharedMemory` is pickled, only its name and its size are sent, and the child attaches by
    that name.
    """
    shown("shared-memory/smallest", "args=(picture,)", "b'..###...'")
    with _new(1_000_000) as block:
        block.buf[:5] = b"ready"
        pickled = pickle.dumps(block)
        assert len(pickled) < 200
        arguments: Any = block.__reduce__()[1]
        assert arguments == (block.name, False, block.size)
        other = pickle.loads(pickled)
        assert bytes(other.buf[:5]) == b"ready"
        other.close()


def inherited_under_fork() -> None:
    """Under `fork`, the arguments of a `Process` are not pickled, and the child inherits the
    object.
    """
    block: Any = _Noted(create=True, size=8)
    block.buf[:5] = b"ready"
    assert in_a_child(_is_there, block) == 0
    assert len(PICKLED) == (get_start_method() != "fork")
    block.close()
    block.unlink()


def a_name_of_yours() -> None:
    """You can choose the name. Then programs that know it can share the block."""
    shown("two-scripts/memory_writer", 'SharedMemory("readings", create=True', "The block is there")
    shown("two-scripts/memory_reader", 'attach("readings")')


def a_wrong_name() -> None:
    """To create a block with a name that is taken raises `FileExistsError`, and to attach to one
    that does not exist raises `FileNotFoundError`:
    """
    shown("shared-memory/names", "FileExistsError: File exists", "FileNotFoundError: No such file")


def a_slash() -> None:
    """Write the name without a slash at its beginning. On Linux, `/readings` and `readings` are the
    same block, but the resource tracker takes them for two: if a program creates the block by one
    and unlinks it by the other, the tracker warns of a leaked block that is no longer there.
    """
    if sys.platform == "linux":
        name = f"slash-{os.getpid()}"
        outcome = script(
            "from multiprocessing.shared_memory import SharedMemory\n"
            f"first = SharedMemory('/{name}', create=True, size=8)\n"
            f"second = SharedMemory('{name}')\n"
            "first.buf[0] = 7\n"
            "print(second.buf[0])\n"
            "second.unlink()\n"
        )
        assert outcome.stdout == "7\n"
        assert "1 leaked shared_memory object" in outcome.stderr
        assert f"'//{name}': [Errno 2] No such file" in outcome.stderr


def not_yet_a_size() -> None:
    """On Linux and macOS, a new block has no bytes for a moment, and to attach at that moment
    raises `ValueError` ("cannot mmap an empty file"): a program that waits for a block has to try
    again after a `ValueError`, too.
    """
    if sys.platform != "win32":
        import _posixshmem

        name = f"new-{os.getpid()}"
        handle = _posixshmem.shm_open("/" + name, os.O_CREAT | os.O_RDWR, mode=0o600)
        with raises(ValueError, text="cannot mmap an empty file"):
            SharedMemory(name)
        os.ftruncate(handle, 8)
        with _attached(name) as block:
            block.unlink()
        os.close(handle)


def not_private() -> None:
    """A name is not private to your program. If a second run of the program begins while the
    first has the block, the second gets the `FileExistsError`; so does a later run if the block
    was never removed, and so does another program that has chosen the same name.
    """
    with _new(8) as block:
        assert in_a_child(_is_taken, block.name) == 0
        block.close()  # and not yet unlinked
        assert in_a_child(_is_taken, block.name) == 0


def a_free_name() -> None:
    """Begin the name with your domain, or let Python choose it: then Python tries other names
    until one is free.
    """
    module: Any = shared_memory
    make = module._make_filename
    with _new(8) as block:
        names = [make(), *["/" * (sys.platform != "win32") + block.name] * 2]
        module._make_filename = names.pop
        try:
            with _new(8) as other:
                assert other.name != block.name
        finally:
            module._make_filename = make
    assert names == []


def ascii_only() -> None:
    """On Linux and macOS, up to Python 3.14, a letter that is not ASCII raises
    `UnicodeEncodeError` after the block was created, and the block remains.
    """
    if sys.platform != "win32":
        name = f"größe-{os.getpid()}"
        if on("Python 3.15 and later"):
            with _new(8, name=name):
                pass
            return
        with raises(UnicodeEncodeError):
            SharedMemory(name, create=True, size=8)
        with raises(FileExistsError):
            SharedMemory(name, create=True, size=8)
        import _posixshmem

        _posixshmem.shm_unlink("/" + name)


def each_that_attached() -> None:
    """each process that attached | yes, when it no longer needs the block | no"""
    no_fact("advice")


def the_creator() -> None:
    """the process that created it | yes | yes, when no process needs the block"""
    no_fact("advice")


def the_tracker() -> None:
    """On Linux and macOS, the resource tracker records each block that your program creates or
    attaches to, and removes those that are left when the program has ended, unless it is ended
    together with the program, as when the terminal is closed.
    """
    shown("leaked-shared-memory/never_unlinked", "leaked shared_memory objects to clean up")
    shown("shared-memory-vanished/tracked_reader", "FileNotFoundError: [Errno 2] No such file")
    if sys.platform != "win32":
        with _recorded() as recorded, _new(8) as block, _attached(block.name):
            assert recorded == ["/" + block.name] * 2
    import_module("tests.claims.leaked_shared_memory").killed_together()


def one_tracker() -> None:
    """A child that `multiprocessing` started shares the tracker of its parent, unless it was
    forked before the first block.

    If a worker was forked before the first block, the block can vanish when the worker ends.
    """
    shown("shared-memory/smallest", "Output\nb'..###...'")
    shown("tracker-per-worker/removed_in_use", "Still there: False", "Still there: True")


def its_own_tracker() -> None:
    """A program that was started in another way has a tracker of its own, which may remove your
    block. In such a program, and in its children, attach by name with `track=False`.

    If a reader was started as a program of its own, the block can vanish when the reader ends.
    """
    shown("shared-memory-vanished/tracked_reader", "Exit status of the reader: 1", "leaked")
    shown("shared-memory-vanished/untracked_reader", "track=False", "Output\nReader sees b'photo'")


def track_is_lost() -> None:
    """When the object is pickled, for example to be passed to a child under `spawn` or
    `forkserver`, `track=False` is lost.
    """
    shown("shared-memory-vanished/track_lost", "track=False", "leaked shared_memory objects")
    if on("Python 3.13 and later") and sys.platform != "win32":
        with _new(8, track=False) as block:
            with _recorded() as recorded:
                other = pickle.loads(pickle.dumps(block))
            assert recorded == ["/" + block.name]
            resource_tracker.unregister("/" + block.name, "shared_memory")
            other.close()


def a_manager() -> None:
    """A SharedMemoryManager calls `unlink()` for you, unless only your program is killed."""
    import_module("tests.claims.leaked_shared_memory").by_a_manager()
    with SharedMemoryManager() as manager:
        name = manager.SharedMemory(1).name
    with raises(FileNotFoundError):
        SharedMemory(name)


def cannot_be_mapped() -> None:
    """On Linux and macOS, if a reader cannot map the block into its memory, the block vanishes."""
    if sys.platform != "win32":
        module: Any = shared_memory
        block: Any = SharedMemory(create=True, size=8)
        module.mmap, kept = SimpleNamespace(mmap=_no_memory), module.mmap
        try:
            with raises(OSError, text="Cannot allocate memory"):
                SharedMemory(block.name)
        finally:
            module.mmap = kept
        with raises(FileNotFoundError):
            SharedMemory(block.name)
        block.buf[0] = 7
        block.close()


def size_is_no_integer() -> None:
    """On Linux and macOS, a `size` that is not an integer, such as `8.0`, raises `TypeError` after
    the block was created, and the block remains: the corrected program gets a `FileExistsError`
    if the name is one of yours.
    """
    if sys.platform != "win32":
        name = f"float-{os.getpid()}"
        size: Any = 8.0
        with raises(TypeError, text="'float' object cannot be interpreted as an integer"):
            SharedMemory(name, create=True, size=size)
        with raises(FileExistsError):
            SharedMemory(name, create=True, size=8)
        import _posixshmem

        _posixshmem.shm_unlink("/" + name)


def bytes_only() -> None:
    """A block holds bytes. To store numbers in it, use struct, as below, or lay a NumPy array over
    the block. A dict or a list has to be pickled before its bytes can be stored.
    """
    shown("shared-memory/with_lock", 'pack_into("q", visitors.buf', "Visitors: 400")
    shown("numpy-array/own_rows", "buffer=block.buf", "Bright pixels: 240000")
    with _new(100) as block:
        item: Any
        for item in ({"apple": 3}, [3]):
            with raises(TypeError):
                block.buf[0] = item
            data = pickle.dumps(item)
            block.buf[: len(data)] = data
            assert pickle.loads(block.buf) == item


def agree_on_a_layout() -> None:
    """To store strings and structures, agree on a layout."""
    no_fact("advice")


def no_other_size() -> None:
    """A `SharedMemory` has no method that changes its size."""
    public = [name for name in dir(SharedMemory) if name[0] != "_"]
    assert public == ["buf", "close", "name", "size", "unlink"]
    with _new(8) as block, raises(AttributeError):
        block.size = 16


def no_lock() -> None:
    """Reading and writing `buf` acquires no lock. If several processes change the same bytes, give
    them a `Lock`, and hold it around the read *and* the write:
    """
    shown("shared-memory/with_lock", "with lock:\n            (number,)", "Visitors: 400")
    with _new(8) as block, _attached(block.name) as other:
        read = block.buf[0]
        other.buf[0] += 1  # another process, between the read and the write
        block.buf[0] = read + 1
        assert other.buf[0] == 1


def posix_shared_memory() -> None:
    """`unlink()` removes the name, and the system frees the memory when no process maps it any
    longer.
    """
    if sys.platform != "win32":
        block: Any = SharedMemory(create=True, size=8)
        block.unlink()
        with raises(FileNotFoundError):
            SharedMemory(block.name)
        block.buf[0] = 7
        assert block.buf[0] == 7
        block.close()


def leaked() -> None:
    """If a block is never unlinked, the resource tracker warns about leaked shared_memory objects
    at the end.
    """
    shown("leaked-shared-memory/never_unlinked", "1 leaked shared_memory objects to clean up")


def used_after_close() -> None:
    """An array that is used after `close()` can cause a segmentation fault, or read other data.
    Some arrays, and slices of `buf`, make `close()` raise `BufferError` ("cannot close exported
    pointers exist").
    """
    shown("closed-shared-memory/read_after_close", "prices.close()", "of the worker: -11")
    shown("closed-shared-memory/other_block", "prices.close()", "Prices: [7, 8, 9]")
    with _new(8) as block:
        numbers = block.buf.cast("i")
        with raises(BufferError, text="cannot close exported pointers exist"):
            block.close()
        numbers.release()


def bus_error() -> None:
    """If `/dev/shm` is full, a read or a write can end the process with a bus error."""
    shown("shared-memory-full/bus_error", "Writing\nKilled by SIGBUS")


def not_imported() -> None:
    """`import multiprocessing` does not import the module `multiprocessing.shared_memory`, so
    import that one, too. Otherwise:
    """
    shown("shared-memory/not_imported", "import multiprocessing", "has no attribute 'shared_memory")
    shown("shared-memory/smallest", "from multiprocessing.shared_memory import SharedMemory")


def every_message() -> None:
    """This program causes the errors of wrong arguments and names, and those after `close()`:"""
    shown("shared-memory/every_message", "no name:", "negative:", "twice:", ".buf after close():")


def every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver` and
    `spawn`.
    """
    shown("shared-memory/smallest", "Output\nb'..###")
    shown("shared-memory/by_name", "Output\nb'rrrrrr'")
    shown("shared-memory/names", "Output\nCreated")
    shown("shared-memory/with_lock", "Output\nVisitors")
    shown("shared-memory/not_imported", "Output\nAttributeError")
    shown("shared-memory/every_message", "Output, with ... for what differs\nno name")


def numbers() -> None:
    """To share one number: Value. To share an array of numbers: Array. Neither needs an
    `unlink()`.
    """
    shown("value/smallest", "Tickets sold: 3")
    shown("array/smallest", "Degrees: [19.5, 22.0, 20.5]")


def a_short_list() -> None:
    """To share a short list of numbers and texts: ShareableList."""
    shown("shareable-list/smallest", "ShareableList([", "Output")


def kept_after_the_program() -> None:
    """To keep the data after the program ends: mmap."""
    shown("mmap/own_lock", "mmap.mmap(file.fileno(), 0)", "file.read()))", "Tickets sold: 100")


def not_big() -> None:
    """To pass on data that is not big: Queue."""
    shown("queue/smallest", "pear 4\napple 3")


def what_becomes_of_it() -> None:
    """If the worker fails before it has written, the block keeps the old bytes, and the program
    ends with exit status 0.

    After each `join()`, look at the worker's `exitcode`.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "shared-memory/smallest",
        "If something fails",
        "a worker is killed            wrong result",
    )


def in_a_frozen_program() -> None:
    """In a program that is frozen by PyInstaller, for example, making a block can start the whole
    program again, without end: call `freeze_support()`.
    """
    shown("frozen/without", "The program has started itself")
    shown("frozen/with_support", "A child runs")


def a_part_of_a_uuid() -> None:
    """A `uuid4().hex` alone has 32: use a part of it, or let Python choose the name."""
    assert len(uuid4().hex) == 32
