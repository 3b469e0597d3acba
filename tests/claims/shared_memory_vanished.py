"""What docs/pitfalls/shared-memory-vanished.md says."""

import mmap
import pickle
import sys
from collections.abc import Callable
from multiprocessing import Process, SimpleQueue, get_start_method, resource_tracker
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

from tests.claims import on, raises, script, shown

OWNER_CRASHES = """
import os
from multiprocessing.shared_memory import SharedMemory

image = SharedMemory(create=True, size=5)
print(image.name, flush=True)
os.kill(os.getpid(), 9)
"""


CHILDREN_OF_A_READER = """
import sys
from multiprocessing import Pool, resource_tracker
from multiprocessing.shared_memory import SharedMemory

NEW = sys.version_info >= (3, 13)
KEPT, VANISHED = {names}

def attach(name, untracked):
    more = dict(track=False) if NEW and untracked else dict()
    image = SharedMemory(name, **more)
    image.close()
    return image

def read(name, untracked):
    attach(name, untracked)

def unregister(image):
    if not NEW:
        resource_tracker.unregister(image._name, "shared_memory")

if __name__ == "__main__":
    kept, vanished = attach(KEPT, True), attach(VANISHED, True)
    unregister(vanished)
    with Pool(2) as pool:
        for _ in range(4):
            pool.apply(read, (KEPT, True))
            pool.apply(read, (VANISHED, False))
    unregister(kept)
"""


ATTACHED_TWICE = """
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory

images = [SharedMemory("{name}") for _ in range(2)]
for _ in range({times}):
    resource_tracker.unregister(images[0]._name, "shared_memory")
"""
SENT_TO_A_CHILD = """
import os
from multiprocessing import Pipe, Process
from multiprocessing.shared_memory import SharedMemory

def read(orders):
    image = orders.recv()
    if isinstance(image, str):
        image = SharedMemory(image, track=False)
    orders.send(bytes(image.buf[:5]))
    image.close()

def is_there(name):
    try:
        SharedMemory(name, track=False).close()
    except FileNotFoundError:
        return False
    return True

if __name__ == "__main__":
    told, tells = os.pipe()
    os.dup2(tells, 2)  # for the reader and its tracker
    orders, other_end = Pipe()
    reader = Process(target=read, args=(other_end,))
    reader.start()
    os.close(tells)
    os.dup2(1, 2)
    image = SharedMemory(create=True, size=5, track=False)
    image.buf[:5] = b"photo"
    orders.send({sent})
    seen = orders.recv()
    reader.join()
    open(told).read()  # until the tracker of the reader has ended
    print(seen, is_there(image.name))
    image.close()
    if is_there(image.name):
        image.unlink()
"""


def _attach(name: str) -> None:
    SharedMemory(name).close()


def attach_without_tracking() -> None:
    """In a program that was started on its own, and in its children, attach with
    `SharedMemory(name, track=False)`; before Python 3.13, unregister the block after attaching.
    Otherwise, the resource tracker of that program destroys (unlinks) the shared memory segment
    when the program ends, even while other processes still use it.
    """
    shown("shared-memory-vanished/any_version", "sys.version_info >= (3, 13)", "track=False")
    shown("shared-memory-vanished/any_version", "resource_tracker.unregister(image._name", "r: 0\n")
    shown("shared-memory-vanished/tracked_reader", "image = SharedMemory(name)\n", "reader: 1\n")


def the_first_reader_works() -> None:
    """The first reader works. When it ends, its resource tracker warns of a leak, although
    another program owns the block:
    """
    shown("shared-memory-vanished/tracked_reader", "b'photo'\nExit status of the reader: 0\n")
    shown("shared-memory-vanished/tracked_reader", "There appear to be 1 leaked shared_memory")


def the_name_follows() -> None:
    """From Python 3.13 on, the name of the block follows:"""
    shown("shared-memory-vanished/tracked_reader", "at shutdown: {'/image'}", "at shutdown\n")
    shown("shared-memory-vanished/tracked_reader", "Output\nReader sees b'photo'")


def the_next_reader() -> None:
    """The next reader does not find the block, and `unlink()` in the owner fails in the same way.
    If you did not choose a name, the name begins with `/psm_`:
    """
    shown("shared-memory-vanished/tracked_reader", "FileNotFoundError: [Errno 2] No such file or")
    shown("shared-memory-vanished/tracked_reader", "Exit status of the reader: 1", "exit status 1")
    if sys.platform != "win32":
        image = SharedMemory(create=True, size=5)
        image.close()
        image.unlink()
        for call in (image.unlink, lambda: _attach(image.name)):
            with raises(FileNotFoundError, text="No such file or directory: '/psm_"):
                call()


def at_the_end() -> None:
    """At the end, the owner's tracker warns of a leak as well, and then that it does not find the
    block.
    """
    shown("shared-memory-vanished/tracked_reader", "warnings.warn('resource_tracker: %r: %s'")


def why() -> None:
    """A block remains until it is unlinked. To prevent forgotten blocks, each program that uses
    blocks has a resource tracker, a helper process that notes the blocks and removes those that
    are left when the program has ended.

    The owner keeps the default, so its tracker still removes the block if the owner crashes.
    """
    shown("shared-memory-vanished/untracked_reader", 'SharedMemory("image", create=True, size=5)\n')
    image = SharedMemory(create=True, size=5)
    image.close()
    if sys.platform != "win32":
        _attach(image.name)
        image.unlink()
        with raises(FileNotFoundError):
            _attach(image.name)
        left_by_a_crash = script(OWNER_CRASHES)
        assert "1 leaked shared_memory objects" in left_by_a_crash.stderr
        with raises(FileNotFoundError):
            _attach(left_by_a_crash.stdout.strip())


def it_notes_a_reader() -> None:
    """But it notes a block also when the program only attaches to it. A reader that does
    everything right, with `close()` and without `unlink()`, looks to its own tracker like a
    program that forgot its block. So the tracker removes the block, which other processes may
    still need.
    """
    shown("shared-memory-vanished/tracked_reader", "image.close()\n\n\ndef main", "reader: 1\n")


def a_child() -> None:
    """A child that `multiprocessing` starts uses the tracker of its parent, unless it was forked
    before the first block. So its end does not remove a block.
    """
    shown("tracker-per-worker/removed_in_use", "Still there: False", "Still there: True")
    image = SharedMemory(create=True, size=5)
    reader = Process(target=_attach, args=(image.name,))
    reader.start()
    reader.join()
    assert reader.exitcode == 0
    _attach(image.name)
    image.close()
    image.unlink()


def _unmapped(image: SharedMemory, attach: Callable[[], object]) -> None:
    """Attach while there is no memory to map another block of this size."""
    from resource import RLIMIT_AS, getrlimit, setrlimit

    limits = getrlimit(RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * mmap.PAGESIZE
    setrlimit(RLIMIT_AS, (used + image.size // 2, limits[1]))
    try:
        with raises(OSError, text="Cannot allocate memory"):
            attach()
    finally:
        setrlimit(RLIMIT_AS, limits)


def cannot_map() -> None:
    """On Linux and macOS, there is a second way in which a reader removes the block, also with
    `track=False`.
    """
    if sys.platform == "linux":
        untracked: dict[str, Any] = {"track": False} if on("Python 3.13 and later") else {}
        image = SharedMemory(create=True, size=50_000_000, **untracked)
        _unmapped(image, lambda: SharedMemory(image.name, **untracked))
        with raises(FileNotFoundError):
            SharedMemory(image.name, **untracked)
        image.close()


def a_program_of_its_own() -> None:
    """But a program that was started with `subprocess`, in a second terminal, by a web server or
    by a notebook has a tracker of its own.
    """
    shown("shared-memory-vanished/tracked_reader", "from subprocess import", "1 leaked", "er: 1\n")


def it_starts_itself() -> None:
    """The program starts itself twice as a reader. It captures the reader's standard error, and
    so it also waits for the reader's tracker, which writes there until it ends.
    """
    shown(
        "shared-memory-vanished/tracked_reader", "range(2)", "__file__, image.name]", "stderr=PIPE"
    )
    shown("shared-memory-vanished/tracked_reader", "print(reader.stderr", "1 leaked shared_memory")


def only_the_reader_changes() -> None:
    """Only the reader changes: it attaches with `track=False`."""
    shown("shared-memory-vanished/untracked_reader", "SharedMemory(name, track=False)")
    shown("shared-memory-vanished/untracked_reader", "reader: 0\nReader sees b'photo'\nExit status")


def no_track_in_old_versions() -> None:
    """Python 3.11 and 3.12 do not have `track`:"""
    from inspect import signature

    shown("shared-memory-vanished/untracked_reader", "unexpected keyword argument 'track'")
    assert ("track" in signature(SharedMemory).parameters) == on("Python 3.13 and later")


def forget_the_block() -> None:
    """Where there is no `track`, tell the reader's tracker to forget the block. It needs the name
    as the tracker knows it, with a `/` in front, which the private attribute `_name` has:
    """
    shown("shared-memory-vanished/any_version", 'unregister(image._name, "shared_memory")')
    image = SharedMemory(create=True, size=5)
    if sys.platform != "win32":
        assert image._name == "/" + image.name  # type: ignore[attr-defined]
    image.close()
    image.unlink()


def once_is_enough() -> None:
    """If a program attaches to a block twice and unregisters it after that, one call is enough: a
    second call makes the tracker print a `KeyError`.
    """
    if sys.platform != "win32" and get_start_method() == "fork":  # it is the same under all
        for times in (1, 2):
            image = SharedMemory(create=True, size=5)
            outcome = script(ATTACHED_TWICE.format(name=image.name, times=times))
            assert ("KeyError" in outcome.stderr) == (times == 2)
            _attach(image.name)
            image.close()
            image.unlink()


def not_in_a_child() -> None:
    """Use `unregister` only in a program that was started on its own. If a child that uses
    its parent's tracker unregisters the block, the parent's `unlink()` unregisters it a second
    time, and the tracker prints a `KeyError`:
    """
    shown("shared-memory-vanished/unregistered_in_child", "resource_tracker.unregister(image._name")
    shown("shared-memory-vanished/unregistered_in_child", "image.unlink()", "KeyError: '/image'")


def already_removed() -> None:
    """When a program ends, its tracker removes the blocks that the program has not unlinked. If
    another program or its tracker has removed a block before, the tracker does not find that
    block, and warns a second time:
    """
    shown(
        "shared-memory-vanished/removed_by_another", "1 leaked shared_memory", "'/image': [Errno 2]"
    )
    shown("shared-memory-vanished/tracked_reader", "warnings.warn('resource_tracker: %r: %s'")


def by_name() -> None:
    """Use `track=False` where a program attaches by name, and keep the default where the program
    that created the block starts the reader with `multiprocessing`.

    A child that uses the tracker of the program that created the block needs neither `track=False`
    nor `unregister`.
    """
    shown("shared-memory-vanished/untracked_reader", "SharedMemory(name, track=False)", "reader: 0")
    shown("shared-memory/by_name", "SharedMemory(", "Process(", "Output\n")
    shown("tracker-per-worker/block_first", "image = SharedMemory(name)\n", "Output\nSum: 60")


def children_of_the_reader() -> None:
    """The children of a program that only attaches need `track=False`, too. Otherwise their
    tracker removes the block when this program ends or, under `fork`, possibly when the child ends.
    Pass them the name instead of the object, and let each of them attach with `track=False`.

    Before Python 3.13, attach in the parent before you start the first child, and call `unregister`
    once, in the parent, after the last child has ended.
    """
    if sys.platform != "win32":
        kept, vanished = (SharedMemory(create=True, size=5) for _ in range(2))
        reader = script(CHILDREN_OF_A_READER.format(names=(kept.name, vanished.name)))
        assert reader.status == 0
        assert "KeyError" not in reader.stderr
        _attach(kept.name)
        with raises(FileNotFoundError):
            _attach(vanished.name)
        resource_tracker.unregister("/" + vanished.name, "shared_memory")
        for image in (kept, vanished):
            image.close()
        kept.unlink()


def it_is_lost_with_the_child() -> None:
    """Under `fork`, more than a warning may follow. If the parent has no tracker when it starts the
    child, the child has one of its own. If it then receives the block through a queue or a pipe,
    that tracker removes the block when the child ends, even while others use it. Send the name of
    the block instead, and attach in the child with `track=False`.
    """
    if get_start_method() == "fork" and on("Python 3.13 and later"):
        for sent in ("image", "image.name"):
            outcome = script(SENT_TO_A_CHILD.format(sent=sent))
            assert outcome.stdout == f"b'photo' {sent == 'image.name'}\n"


def pickling_loses_it() -> None:
    """Pickling a block loses `track=False`. Under `spawn` and `forkserver` a block is pickled when
    a child gets it as an argument, and under every start method when it goes through a queue.
    The tracker of the child then notes the block, the parent's `unlink()` does not unregister
    it, and a false warning follows:
    """
    shown("shared-memory-vanished/track_lost", "track=False)\n", "args=(image,)", "image.unlink()")
    shown(
        "shared-memory-vanished/track_lost",
        "Output\nReader sees b'photo'",
        "1 leaked shared_memory",
    )
    if on("Python 3.13 and later"):
        image = SharedMemory(create=True, size=5)
        image._track = False  # type: ignore[attr-defined]  # as track=False does
        through_a_queue: SimpleQueue[SharedMemory] = SimpleQueue()
        through_a_queue.put(image)
        for copy in (pickle.loads(pickle.dumps(image)), through_a_queue.get()):
            assert copy._track  # type: ignore[union-attr]
            copy.close()
        image.close()
        image._track = True  # type: ignore[attr-defined]  # so the tracker forgets it
        image.unlink()


def map_the_file() -> None:
    """Processes that have attached before can still use it, but no other process finds it, so the
    owner must create a new block, copy the data and tell the readers its name. On Linux, a reader
    can avoid that: it maps the file of the block itself, by `mmap.mmap(file.fileno(), 0)` with
    `open("/dev/shm/" + name, "r+b")`. If that fails, the block remains.
    """
    if sys.platform != "linux":
        return
    image = SharedMemory(create=True, size=50_000_000)
    (path,) = Path("/dev/shm").glob(f"{image.name}*")  # a run of the tests is named after it
    with path.open("r+b") as file:
        _unmapped(image, lambda: mmap.mmap(file.fileno(), 0))
        assert path.exists()
        with mmap.mmap(file.fileno(), 0) as memory:
            memory[:4] = b"seen"
    reader = SharedMemory(image.name)
    _unmapped(image, lambda: SharedMemory(image.name))
    assert not path.exists()
    for block in reader, image:
        assert block.buf is not None
        assert bytes(block.buf[:4]) == b"seen"
    reader.close()
    image.close()
