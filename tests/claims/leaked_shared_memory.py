"""What docs/pitfalls/leaked-shared-memory.md says."""

import os
import signal
import sys
import tempfile
from functools import cache
from multiprocessing import Event, Lock, Pipe, Queue, get_start_method
from multiprocessing import resource_tracker as tracker
from multiprocessing.connection import Connection
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.claims import no_fact, on, raises, script, shown
from tests.claims._starts import in_a_child

if TYPE_CHECKING:
    from examples._runner import Outcome

WARNING = "resource_tracker: There appear to be 1 leaked shared_memory objects"
WITHOUT_TRACKER = """
from multiprocessing import Lock, Queue, resource_tracker
from multiprocessing.shared_memory import SharedMemory

def tell():
    print(f"tracker: {resource_tracker._resource_tracker._fd is not None}")

lock, queue = Lock(), Queue()
tell()
"""
NOT_TRACKED = """
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory

picture = SharedMemory(create=True, size=5)
resource_tracker.unregister(picture._name, "shared_memory")
picture.buf[:5] = b"image"
picture.close()
print(picture.name)
"""
UNTIL_THE_LAST_CHILD_ENDS = """
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

def attach(name):
    SharedMemory(name).close()

def is_there(name):
    try:
        SharedMemory(name).close()
    except FileNotFoundError:
        return False
    return True

if __name__ == "__main__":
    picture = SharedMemory(create=True, size=5)
    worker = Process(target=attach, args=(picture.name,))
    worker.start()
    worker.join()
    picture.close()
    print(is_there(picture.name), flush=True)
    {end}
"""
ENDED = """
import os
from multiprocessing.shared_memory import SharedMemory

picture = SharedMemory(create=True, size=5)
try:
    print(picture.name, flush=True)
    {end}
finally:
    picture.close()
    picture.unlink()
"""
TRACKER_KILLED = """
import os
import signal
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory

def make():
    block = SharedMemory(create=True, size=5)
    block.close()
    print(block.name, flush=True)

def kill_the_tracker():
    tracker = resource_tracker._resource_tracker._pid
    os.kill(tracker, signal.SIGKILL)
    os.waitpid(tracker, 0)

make()
{then}
"""
SEMAPHORE_AND_END = """
import os
import sys
from multiprocessing import Lock

lock = Lock()
{end}
"""
BOTH_KILLED = "os.killpg(0, signal.SIGHUP)"
CREATED_WITHOUT_TRACKER = "kill_the_tracker(); make(); make()"
UNLINKED_WITHOUT_TRACKER = """
block = SharedMemory(create=True, size=5)
block.close()
kill_the_tracker()
block.unlink()
"""


@cache
def _forgotten() -> "Outcome":
    return script(UNTIL_THE_LAST_CHILD_ENDS.format(end=""))


def _removed(name: str) -> bool:
    """Whether a block is gone; it is after that."""
    try:
        block = SharedMemory(name)
    except FileNotFoundError:
        return True
    block.close()
    block.unlink()
    return False


def call_unlink() -> None:
    """Call `unlink()` once, in `finally`, in the process that made the block; or let a
    SharedMemoryManager do it.
    """
    shown(
        "leaked-shared-memory/unlinked",
        "finally:\n        picture.close()\n        picture.unlink()",
    )
    shown("leaked-shared-memory/managed", "SharedMemoryManager()", "Output\nReceived b'image'")


def _is_killed(sender: "Connection[Any, Any]", folder: str, status: int) -> None:
    tempfile.tempdir = os.environ["TMPDIR"] = folder  # where the manager's socket remains
    with SharedMemoryManager() as manager:
        block = manager.SharedMemory(5)
        server = manager._process.pid  # type: ignore[attr-defined]
        sender.send((block.name, server))
        block.close()
        if status:
            sys.exit(status)
        os.kill(os.getpid(), signal.SIGTERM)


def by_a_manager() -> None:
    """A manager calls `unlink()` for you, unless only your program is killed."""
    if sys.platform != "win32":
        tracker.ensure_running()
        receiver, sender = Pipe(duplex=False)
        for status in 3, 0:
            with TemporaryDirectory() as folder:
                ended = in_a_child(_is_killed, sender, folder, status)
                name, server = receiver.recv()
                assert ended == (status or -signal.SIGTERM)
                was_removed = _removed(name)
                if not status:
                    os.kill(server, signal.SIGKILL)  # which raises an error if it is not there
                assert was_removed == bool(status)


def what_you_see() -> None:
    """The result is right, and the exit status is 0. When the program has ended, a warning
    follows on standard error. Up to Python 3.12:
    """
    shown("leaked-shared-memory/never_unlinked", "Output\nReceived b'image'", "Standard error")
    shown("leaked-shared-memory/error_before", "b'image'\n... UserWarning: resource_tracker")
    shown("leaked-shared-memory/never_unlinked", "objects to clean up at shutdown\n  warn")


def it_names_the_block() -> None:
    """From Python 3.13 on, the warning names the block."""
    shown("leaked-shared-memory/never_unlinked", "to clean up at shutdown: {'/picture'}")
    if sys.platform != "win32":
        told = _forgotten().stderr
        assert (f"{WARNING} to clean up at shutdown: {{'/psm_" in told) == on(
            "Python 3.13 and later"
        )


def a_name_that_python_chose() -> None:
    """If you did not choose a name, the name begins with `/psm_`:"""
    if sys.platform != "win32":
        block = SharedMemory(create=True, size=5)
        assert block._name.startswith("/psm_")  # type: ignore[attr-defined]
        block.close()
        block.unlink()


def it_belongs_to_no_process() -> None:
    """On Linux and macOS a block belongs to no process. It remains until `unlink()` is called,
    even when all processes that used it have ended.
    """
    if sys.platform != "win32":
        block = SharedMemory(script(NOT_TRACKED).stdout.strip())
        assert bytes(block.buf[:5]) == b"image"  # type: ignore[index]
        block.close()
        block.unlink()
        with raises(FileNotFoundError):
            SharedMemory(block.name)


def close() -> None:
    """`close()` does not remove the block; it only ends the use of the block by one
    `SharedMemory` object.
    """
    block = SharedMemory(create=True, size=5)
    other = SharedMemory(block.name)
    block.buf[:5] = b"image"  # type: ignore[index]
    block.close()
    assert block.buf is None
    assert bytes(other.buf[:5]) == b"image"  # type: ignore[index]
    other.close()
    if sys.platform != "win32":
        SharedMemory(block.name).close()
    block.unlink()


def until_the_restart() -> None:
    """A forgotten block would take up memory until the machine restarts. To prevent that, Python
    runs a helper process beside your program, the resource tracker. It notes each block that the
    program creates or attaches to, and forgets the block at `unlink()`. When the program and all
    the children that use the same tracker have ended, the tracker removes the blocks that are
    left, and warns.

    It removes nothing before the end of the program: in a program that runs for days, forgotten
    blocks can fill `/dev/shm`, and then a write can end in a bus error.
    """
    if sys.platform != "win32":
        forgotten = _forgotten()
        unlinked = script(UNTIL_THE_LAST_CHILD_ENDS.format(end="picture.unlink()"))
        assert forgotten.stdout == unlinked.stdout == "True\n"
        assert WARNING in forgotten.stderr
        assert not unlinked.stderr
    shown("shared-memory-full/bus_error", "Killed by SIGBUS")


def mostly_it_is_right() -> None:
    """So the warning mostly means that `unlink()` was not called."""
    shown("leaked-shared-memory/never_unlinked", "leaked shared_memory objects to clean up")
    shown("leaked-shared-memory/unlinked", "picture.unlink()\n", "Output\nReceived b'image'")


def although_you_call_it() -> None:
    """It can also appear although you call it."""
    shown("leaked-shared-memory/error_before", "picture.unlink()", "1 leaked shared_memory objects")
    shown("tracker-per-worker/worker_first", "image.unlink()", "1 leaked shared_memory objects")


def do_not_rely_on_it() -> None:
    """Do not rely on the tracker."""
    no_fact("advice")


def killed_together() -> None:
    """If the tracker is killed together with your program, it removes nothing at all, and the next
    start can find the name taken. SIGHUP, the signal that a closed terminal sends, ends both.
    """
    shown("started-twice/leftover", "second start: FileExistsError")
    if sys.platform != "win32":
        names = script(TRACKER_KILLED.format(then=BOTH_KILLED)).stdout.split()
        assert [_removed(name) for name in names] == [False]


def the_worker_only_closes() -> None:
    """The worker only calls `close()`. `unlink()` is called once, by the process that made the
    block.
    """
    shown(
        "leaked-shared-memory/unlinked", 'b"image"\n    picture.close()\n\n', "picture.unlink()\n\n"
    )


def not_yourself() -> None:
    """Do not call it yourself then: if you do, other blocks of the manager remain."""
    shown("shared-memory-manager/unlinked_twice", ".unlink()", "SharedMemoryManager", "Output\n")


def an_error_before() -> None:
    """First, an error may come before `unlink()`. Here `int()` fails, so the program does not
    reach the line with `unlink()`. With `finally`, as above, it does, unless `close()` raises
    `BufferError` because something still uses the block:
    """
    shown("leaked-shared-memory/error_before", "int(bytes(", "ValueError", "1 leaked shared_memory")
    picture = SharedMemory(create=True, size=5)
    with raises(ValueError):
        try:
            int("image")
        finally:
            picture.close()
            picture.unlink()
    with raises(FileNotFoundError):
        SharedMemory(picture.name)
    picture = SharedMemory(create=True, size=5)
    part = picture.buf[:5]  # type: ignore[index]
    with raises(BufferError):
        try:
            int("image")
        finally:
            picture.close()
            picture.unlink()
    part.release()
    picture.close()
    picture.unlink()  # which was not called before


def killed() -> None:
    """Second, the process may be killed, or end with `os._exit()`. Then `finally` does not run
    either, and the tracker has to remove the block.
    """
    if sys.platform != "win32":
        for end in ("os.kill(os.getpid(), 15)", "os._exit(0)"):
            outcome = script(ENDED.format(end=end))
            assert WARNING in outcome.stderr
            assert _removed(outcome.stdout.strip())


def two_trackers() -> None:
    """Third, there may be two trackers. A reader that was started on its own, for example with
    `subprocess`, has a tracker of its own, and so has a worker that was forked before the first
    block. The second tracker is not notified of your `unlink()`. It warns, and it may remove a
    block that others still use: see SharedMemory vanishes when a reader ends and Workers forked
    before the first SharedMemory.
    """
    shown("shared-memory-vanished/tracked_reader", "from subprocess import", "image.unlink()")
    shown("shared-memory-vanished/tracked_reader", "1 leaked shared_memory", "FileNotFoundError")
    shown("tracker-per-worker/worker_first", "1 leaked shared_memory", "image.unlink()")
    shown("tracker-per-worker/removed_in_use", "Still there: False", "1 leaked shared_memory")


def track_is_lost() -> None:
    """Fourth, the parent may have created the block with `track=False`, which is lost when the
    block is pickled for a child.
    """
    shown("shared-memory-vanished/track_lost", "track=False)\n", "image.unlink()", "1 leaked")


def semaphores() -> None:
    """A `Lock` is one semaphore of the operating system; a `Queue` or an `Event` uses several.
    Under `spawn` and `forkserver` on Linux and macOS, a semaphore has a name, which the process
    that made it removes when the object is no longer used or when the process ends. If that
    process is killed, for example by SIGTERM, or calls `os._exit()`, the names remain. When the
    last process of the program has ended, the tracker removes them, and warns:

    Under `fork`, a semaphore has no name after it is made, and nothing remains.
    """
    from unittest.mock import patch

    shown("leaked-shared-memory/semaphores", "1 leaked semaphore objects", "os._exit(0)")
    if sys.platform != "win32":
        named = get_start_method() != "fork"
        with (
            patch.object(tracker, "register", wraps=tracker.register) as noted,
            patch.object(tracker, "unregister", wraps=tracker.unregister) as removed,
        ):
            lock, before_queue = Lock(), noted.call_count
            queue: Queue[int] = Queue()
            before_event = noted.call_count
            event, after_event = Event(), noted.call_count
            assert before_queue == named
            assert (before_event - before_queue > 1) == (after_event - before_event > 1) == named
            assert removed.call_count == 0
            del lock
            assert removed.call_count == named
        del queue, event
        killed = script(SEMAPHORE_AND_END.format(end="os.kill(os.getpid(), 15)"))
        assert ("1 leaked semaphore objects" in killed.stderr) == named


MADE_BY_A_DAEMON = """
from multiprocessing import Event, Lock, Process
from time import sleep

def work(made):
    lock = Lock()
    made.set()
    while lock:
        sleep(1)

if __name__ == "__main__":
    made = Event()
    Process(target=work, args=(made,), daemon=True).start()
    made.wait()
"""


def after_a_clean_end() -> None:
    """The warning itself does no harm, but a process of the program did not end cleanly: find out
    which one was killed, and why.

    After an exception, `sys.exit()` or Ctrl-C there is no such
    warning, except for a lock or queue that a daemon or a worker of a `Pool` has made itself:
    the parent terminates it. Make them in the parent, and pass them. At SIGTERM, end as at
    Ctrl-C. If no process was killed, the lock or queue may have been made at module level,
    where a child makes one of its own.
    """
    shown("lock/module_level", "There appear to be 1 leaked semaphore objects", "lock = Lock()\n")
    shown("ctrl-c/sigterm", "SIGTERM")
    if sys.platform != "win32" and get_start_method() == "spawn":  # forkserver names them alike
        for end in ("sys.exit(3)", "os.kill(os.getpid(), 2)"):  # which raises an exception
            assert "leaked" not in script(SEMAPHORE_AND_END.format(end=end)).stderr
        assert "1 leaked semaphore objects" in script(MADE_BY_A_DAEMON).stderr


def another_tracker() -> None:
    """Python starts another tracker when it needs one, and prints a warning. The new tracker does
    not know the blocks that exist already: it does not remove them at the end, and it prints a
    `KeyError` when you unlink one. The `unlink()` itself works:

    In Python 3.13.7 and later, the new tracker is not notified of the call that makes Python start
    it: it does not note a block that this call creates, and prints no `KeyError` for a block that
    this call unlinks.
    """
    shown("leaked-shared-memory/tracker_killed", "Unlinked", "KeyError: '/picture'")
    shown("leaked-shared-memory/tracker_killed", "process died unexpectedly, relaunching.")
    if sys.platform != "win32":
        outcome = script(TRACKER_KILLED.format(then=CREATED_WITHOUT_TRACKER))
        removed = [_removed(name) for name in outcome.stdout.split()]
        assert removed == [False, not on("Python 3.13.7 and later"), True]
        assert "process died unexpectedly, relaunching." in outcome.stderr
        outcome = script(TRACKER_KILLED.format(then=UNLINKED_WITHOUT_TRACKER))
        assert _removed(outcome.stdout.strip()) is False  # which the new tracker does not know
        assert ("KeyError" in outcome.stderr) == (not on("Python 3.13.7 and later"))


def in_a_frozen_program() -> None:
    """If no process was killed, and the program is frozen by PyInstaller or Nuitka, the tracker was
    a run of the program itself: `freeze_support()` is missing.
    """
    shown("frozen/without", "The program has started itself")
    shown("frozen/with_support", "A child runs")


OLD_LOCKS = """
import os
import signal
import sys
from multiprocessing import Lock, resource_tracker

locks = [Lock(), Lock()]
tracker = resource_tracker._resource_tracker._pid
os.kill(tracker, signal.SIGKILL)
os.waitid(os.P_PID, tracker, os.WEXITED | os.WNOWAIT)
names = [lock._semlock.name for lock in locks]
print(*names, flush=True)
locks.clear()
for name in names:
    print(os.path.exists("/dev/shm/sem." + name[1:]))
"""


def a_semaphore() -> None:
    """A name that begins with `/mp-` is that of a semaphore, under `spawn` or `forkserver`. The new
    tracker prints such a `KeyError`, too, when a lock or queue is no longer used that is older than
    it. The message does no harm: Python removes the semaphore itself before it tells the tracker.
    """
    if sys.platform == "linux" and get_start_method() != "fork":
        ended = script(OLD_LOCKS)
        *names, first, second = ended.stdout.split()
        assert all(name.startswith("/mp-") for name in names)
        assert any(f"KeyError: '{name}'" in ended.stderr for name in names)
        assert first == second == "False"


TWO_TRACKERS = """
from multiprocessing.resource_tracker import ResourceTracker

one, other = ResourceTracker(), ResourceTracker()
one.ensure_running()
other.ensure_running()
one.register("/mp-noted", "semaphore")
other.unregister("/mp-noted", "semaphore")
one.unregister("/mp-noted", "semaphore")
"""


def told_to_forget() -> None:
    """A tracker prints a `KeyError` for each name that it is to forget and has not noted, so this
    is what you see if a lock is noted by the tracker of one package, and the tracker of the other
    one is told to forget it.
    """
    if sys.platform != "win32" and get_start_method() == "spawn":
        assert script(TWO_TRACKERS).stderr.count("KeyError: '/mp-noted'") == 1


def only_one_package() -> None:
    """Use only one of the two packages in a program, for its processes as well as for their locks
    and queues.
    """
    no_fact("advice")


def no_need_to_stop_it() -> None:
    """There is no public function for it, and no need: the tracker ends by itself when all
    processes that use it have ended.
    """
    assert {*tracker.__all__} == {"ensure_running", "register", "unregister"}
    shown("leaked-shared-memory/never_unlinked", "to clean up at shutdown")


def without_a_tracker() -> None:
    """A program can do without it: under `fork`, a `Lock` or a `Queue` does not start it, and in
    Python 3.13 and later, a block with `track=False` does not, either.
    """
    if get_start_method() == "fork":
        assert script(WITHOUT_TRACKER).stdout == "tracker: False\n"
        if on("Python 3.13 and later"):
            block = "block = SharedMemory(create=True, size=1, track=False)"
            outcome = script(f"{WITHOUT_TRACKER}{block}; tell(); block.close(); block.unlink()")
            assert outcome.stdout == "tracker: False\ntracker: False\n"
