"""What docs/pitfalls/tracker-per-worker.md says."""

import sys
from multiprocessing import get_start_method
from multiprocessing.shared_memory import SharedMemory

from tests.claims import SURE, TIME_LIMIT, no_fact, on, script, shown

WHEN_IT_STARTS = """
import os
from multiprocessing import Lock, Process, Queue
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.resource_tracker import _resource_tracker as tracker
from multiprocessing.shared_memory import SharedMemory

def work():
    pass

def tell():
    print(tracker._fd is not None)

if __name__ == "__main__":
    queue, lock = Queue(), Lock()
    tell()
    worker = Process(target=work)
    worker.start()
    worker.join()
    tell()
    {first_use}
    tell()
"""
NOT_TRACKED = """
from multiprocessing import Pipe, Process
from multiprocessing.shared_memory import SharedMemory

def work(orders):
    SharedMemory(orders.recv(), track=False).close()

if __name__ == "__main__":
    orders, worker_end = Pipe()
    worker = Process(target=work, args=(worker_end,))
    worker.start()
    image = SharedMemory(create=True, size=3)
    orders.send(image.name)
    worker.join()
    image.close()
    image.unlink()
"""
CREATED_IN_THE_WORKER = """
from multiprocessing import Pipe, Process
from multiprocessing.shared_memory import SharedMemory

def work(orders):
    image = SharedMemory(create=True, size=3)
    image.close()
    orders.send(image.name)

if __name__ == "__main__":
    orders, worker_end = Pipe()
    worker = Process(target=work, args=(worker_end,))
    worker.start()
    image = SharedMemory(orders.recv())
    worker.join()
    image.close()
    image.unlink()
"""
OS_FORK = """
import os
from multiprocessing.shared_memory import SharedMemory

image = SharedMemory(create=True, size=3)
if os.fork() == 0:
    {in_the_child}
    os._exit(0)
os.wait()
image.close()
{in_the_parent}
"""
LEAK = "resource_tracker: There appear to be 1 leaked shared_memory objects"


def _warnings_after_os_fork(in_the_child: str, in_the_parent: str) -> tuple[int, int]:
    """How often a tracker warns of a leak, and how often of a KeyError."""
    program = OS_FORK.format(in_the_child=in_the_child, in_the_parent=in_the_parent)
    outcome = script(program)
    assert outcome.status == 0
    return outcome.stderr.count(LEAK), outcome.stderr.count("KeyError: '/psm_")


def create_the_block_first() -> None:
    """Under `fork`, create the first `SharedMemory` (or a `SharedMemoryManager`) before you start
    the first worker or `Pool`. If that block has `track=False`, the workers have to attach with
    `track=False`, too.

    Create the block first, and then start the worker:
    """
    shown(
        "tracker-per-worker/block_first",
        "create=True, size=3)\n    try:\n        with Pool(1)",
        "Sum: 60",
    )
    if get_start_method() == "fork" and on("Python 3.13 and later"):
        tracked, untracked = (
            script(FIRST_NOT_TRACKED.format(options=options, seconds=seconds))
            for options, seconds in [("", TIME_LIMIT), ("track=False", SURE)]
        )
        assert (tracked.stdout, tracked.stderr.count(LEAK)) == ("gone\n", 1)
        assert (untracked.stdout, untracked.stderr) == ("still there\n", "")


FIRST_NOT_TRACKED = """
from multiprocessing import Pool
from multiprocessing.shared_memory import SharedMemory
from time import monotonic, sleep

def attach(name):
    SharedMemory(name, {options}).close()

if __name__ == "__main__":
    block = SharedMemory(create=True, size=5, track=False)
    with Pool(1) as pool:
        pool.apply(attach, (block.name,))
        pool.close()
        pool.join()
    deadline = monotonic() + {seconds}
    try:
        while monotonic() < deadline:
            SharedMemory(block.name, track=False).close()
            sleep(0.01)
        block.unlink()
        print("still there")
    except FileNotFoundError:
        print("gone")
"""


def still_there_are_warnings() -> None:
    """The program closes and unlinks everything correctly, and still there are warnings about
    leaks, and one that a block does not exist. If you did not choose a name, the name begins
    with `/psm_`. Up to Python 3.12:

    From Python 3.13 on:
    """
    shown("tracker-per-worker/worker_first", "image.close()\n            image.unlink()", "Sum: 60")
    shown("tracker-per-worker/worker_first", "at shutdown\n", "at shutdown: {'/image'}")
    shown("tracker-per-worker/worker_first", "warnings.warn('resource_tracker: %r: %s'")
    if sys.platform != "win32":
        image = SharedMemory(create=True, size=3)
        assert image._name.startswith("/psm_")  # type: ignore[attr-defined]
        image.close()
        image.unlink()


def the_block_vanishes() -> None:
    """If a worker ends while others still need the block, the block vanishes, and attaching or
    `unlink()` raises:
    """
    shown("tracker-per-worker/removed_in_use", "Still there: False", "FileNotFoundError: [Errno 2]")
    shown(
        "tracker-per-worker/removed_in_use", "SharedMemory(name).close()\n    except FileNotFound"
    )


def what_it_does() -> None:
    """The resource tracker is a helper process that notes each block, and removes those that are
    left when all processes that use the tracker have ended.

    Under `fork` a worker begins as a copy of its parent. If the parent has a tracker at that
    moment, the worker uses the same tracker. That tracker is notified when the worker attaches,
    but not of the parent's `unlink()`. When the worker ends, its tracker considers the block a
    leak, warns, and removes the block if it is still there.
    """
    shown("tracker-per-worker/removed_in_use", "worker.join()", "Still there: False", "1 leaked")
    shown("tracker-per-worker/worker_first", "image.unlink()\n\n\nif __name__", "1 leaked")
    shown("tracker-per-worker/block_first", "image.unlink()\n\n\nif __name__", "Output\nSum: 60")


def they_should_use_the_same() -> None:
    """Parent and workers should use the same one."""
    no_fact("advice")


def when_it_starts() -> None:
    """Python starts it when it is first needed, as for the first block. A block with `track=False`
    does not need it; nor, under `fork`, does a `Queue` or a `Lock`.

    Under `spawn` and `forkserver` the parent starts the tracker together with the first child at
    the latest, and each child uses it.

    A SharedMemoryManager that you create before the workers does it for you.
    """
    shown("tracker-per-worker/removed_in_use", "Still there: True")
    if sys.platform != "win32":
        forks = get_start_method() == "fork"
        before = "False\nFalse\n" if forks else "True\nTrue\n"
        use = "image = SharedMemory(create=True, size=3); image.close(); image.unlink()"
        if on("Python 3.13 and later"):
            use = use.replace("3)", "3, track=False)") + "; tell(); " + use
            before += f"{not forks}\n"
        assert script(WHEN_IT_STARTS.format(first_use=use)).stdout == before + "True\n"
        if forks:
            use = "SharedMemoryManager()"
            assert script(WHEN_IT_STARTS.format(first_use=use)).stdout == "False\nFalse\nTrue\n"


def a_tracker_of_its_own() -> None:
    """If not, the worker starts a tracker of its own when it attaches to a block or creates one."""
    shown(
        "tracker-per-worker/worker_first", "image = SharedMemory(name)\n", "1 leaked shared_memory"
    )
    if sys.platform != "win32":
        outcome = script(CREATED_IN_THE_WORKER)
        assert (LEAK in outcome.stderr) == (get_start_method() == "fork")


def with_os_fork() -> None:
    """A process that calls `os.fork()` itself, as a pre-fork web server does, is another case: in
    Python 3.13.14 and later and 3.14.5 and later, the child does not use the parent's tracker,
    even if it is already running. The child starts a tracker of its own when it attaches to a
    block or creates one.
    """
    if sys.platform != "win32":
        own = on("Python 3.13.14 and later and 3.14.5 and later")
        attached = _warnings_after_os_fork("SharedMemory(image.name).close()", "")
        assert attached == (2 if own else 1, 0)  # one is the parent's


def what_to_do_with_os_fork() -> None:
    """Let the child use the parent's `SharedMemory` object, or attach with `track=False`, and call
    `unlink()` in the parent. In these releases, if the child calls `unlink()` on the parent's
    object, the child's tracker prints a `KeyError`, and the parent's tracker warns of a leak.
    """
    if sys.platform != "win32":
        uses = ["image.buf[0] = 1"]
        if on("Python 3.13 and later"):
            uses.append("SharedMemory(image.name, track=False).close()")
        assert _warnings_after_os_fork("; ".join(uses), "image.unlink()") == (0, 0)
        own = on("Python 3.13.14 and later and 3.14.5 and later")
        assert _warnings_after_os_fork("image.unlink()", "") == ((1, 1) if own else (0, 0))


def instead() -> None:
    """In Python 3.13 and later, a worker can attach with `track=False` instead. With `spawn` or
    `forkserver` the problem does not occur.
    """
    shown(
        "tracker-per-worker/removed_in_use",
        "Output, on Linux and macOS\nSum: 60\nStill there: True",
    )
    shown("tracker-per-worker/worker_first", "Output\nSum: 60")
    if on("Python 3.13 and later"):
        outcome = script(NOT_TRACKED)
        assert (outcome.status, outcome.stderr) == (0, "")


def removed_in_use() -> None:
    """Here the worker ends while the parent still needs the block. The worker's tracker needs a
    moment to remove the block, so under `fork` this program waits until the block is gone.
    """
    shown("tracker-per-worker/removed_in_use", "while is_there(image.name):", "Still there: False")


def later() -> None:
    """In your program, the error may come later."""
    shown("tracker-per-worker/worker_first", "1 leaked shared_memory", "Output\nSum: 60")
