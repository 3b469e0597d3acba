"""What docs/claims.md says."""

import inspect
import os
import sys
import tempfile
import threading
from multiprocessing import Manager, Pipe, Process, Queue
from multiprocessing.connection import Connection
from multiprocessing.managers import BaseProxy
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import SURE, no_fact, raises, script, shown

CLEANUP = """
import atexit
import signal
import sys
import time
from contextlib import contextmanager
from multiprocessing import Pipe, Process

@contextmanager
def block():
    try:
        yield
    finally:
        print("end of with", flush=True)

def work(sender, handles):
    atexit.register(print, "exit handler", flush=True)
    if handles:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
    try:
        with block():
            sender.send("ready")
            while True:  # not signal.pause(): a signal just before it would not end it
                time.sleep(0.1)
    finally:
        print("finally", flush=True)

if __name__ == "__main__":
    for handles in (False, True):
        receiver, sender = Pipe(duplex=False)
        child = Process(target=work, args=(sender, handles))
        child.start()
        receiver.recv()
        child.terminate()
        child.join()
        print("terminated", flush=True)
"""


def _hold(sender: Connection) -> None:
    sender.send("ready")
    threading.Event().wait()


def _answer(line: Connection) -> None:
    line.send("ready")
    line.recv()
    line.send("yes")


def _leave(order: Connection, line: Connection, folder: str) -> None:
    tempfile.tempdir = folder  # what ends by os._exit() removes no folder
    Process(target=_answer, args=(line,), daemon=True).start()
    order.recv()
    os._exit(0)


def in_short() -> None:
    """Some advice on sharing data between processes is true on one system only, or was true once.

    Where a claim comes from Python's documentation, the page says so. Other claims are only
    widespread. The sources are good, and most of what they say holds. We name them because people
    follow them.
    """
    no_fact("judgments, and what the page is about")


def each_has_a_program() -> None:
    """Each claim on this page has a program that shows that the claim does not hold. The tests of
    this site compare what the program prints with this page. So if a claim becomes true, the tests
    fail, and we correct the page.
    """
    from tests.claims._pages import already_read, read_pages

    if already_read():
        return
    site = read_pages()
    (page,) = (page for page in site.fences if site.relative(page) == "docs/claims.md")
    headings = [line for line in site.read(page).splitlines() if line.startswith('## "')]
    programs = [one for name, one in site.programs.items() if name.startswith("claims/")]
    assert len(headings) == len(programs)
    for program in programs:
        for expectation in program.expectations:
            assert [one.words.comparison for one in expectation.shown] == ["exactly"]


def it_blocks_forever() -> None:
    """In fact, it can block forever. The timeout limits only the wait for the beginning of an item.
    If the worker ends in the middle of writing an item, the rest never arrives.
    """
    shown("claims/cancel_join_thread", "images.get(timeout=1)", "still running after 5 s")
    if sys.platform == "win32":
        return  # there a part of a message is not to be had
    images: Queue[Any] = Queue()
    images._sem.acquire()  # type: ignore[attr-defined]  # as put() does
    os.write(images._writer.fileno(), b"\0\0")  # type: ignore[attr-defined]
    getter = threading.Thread(target=images.get, kwargs={"timeout": SURE / 10}, daemon=True)
    getter.start()
    getter.join(2 * SURE)
    assert getter.is_alive()
    os.write(images._writer.fileno(), b"\0\2N.")  # type: ignore[attr-defined]
    getter.join()
    images.close()


def the_hang_moves() -> None:
    """It lets a worker end before its items are written, and so it moves the hang from `join()` to
    `get()`.
    """
    shown("claims/cancel_join_thread", "images.cancel_join_thread()\n    images.put(")
    shown("claims/cancel_join_thread", "still running after 5 s\njoined, exit status 0\n")
    shown("queue-deadlock/join_first", "camera.join()", "still running after 5 s")


def advice() -> None:
    """Do instead: read all items before join().

    Do instead: let the child detect that the parent has ended.

    Do instead: for numbers that are read often, use a Value, an Array or SharedMemory, which are in
    shared memory.

    Do instead: ask with an Event; see stop everything early.

    Do instead: set environment variables before you start the first process, or pass the values as
    arguments, and call `os.environ.update(values)` in the worker, for example in the initializer of
    a pool.
    """
    no_fact("advice")


def daemons() -> None:
    """When a parent ends, it terminates its daemons, but not if a signal or `os._exit()` ends it.
    A parent that is killed terminates no other process, so its daemons continue to run.
    """
    shown("claims/daemon_outlives", "daemon=True)", "parent.kill()", "the daemon is still running")
    shown("process/at_the_end", "daemon=True", "Output\n")
    order, parent_end = Pipe()
    line, daemon_end = Pipe()
    with TemporaryDirectory() as folder:
        parent = Process(target=_leave, args=(parent_end, daemon_end, folder))
        parent.start()
        daemon_end.close()
        assert line.recv() == "ready"
        order.send("end")
        parent.join()
        line.send("still there?")
        assert line.recv() == "yes"
    for end in order, parent_end, line:
        end.close()


def the_parent_is_gone() -> None:
    """If only the parent has the sending end of a pipe, `recv()` in the child raises `EOFError`
    when the parent is gone; see the end of a pipe.
    """
    receiver, sender = Pipe(duplex=False)
    other = Process(target=_hold, args=(sender,))
    other.start()
    sender.close()
    assert receiver.recv() == "ready"
    other.kill()
    with raises(EOFError):
        receiver.recv()
    other.join()
    receiver.close()


def a_manager() -> None:
    """But a manager starts one more process, and the dict is in the memory of that process. Your
    program has only a proxy.
    """
    shown(
        "claims/manager_is_a_process", "children before: 0\nchildren now: 1\nstock is here: False"
    )
    with Manager() as manager:
        assert isinstance(manager.dict(), BaseProxy)


def terminate() -> None:
    """It does not: no `finally` block, no end of a `with` block and no exit handler runs, unless,
    on Linux and macOS, the program itself handles SIGTERM.
    """
    shown("claims/terminate_skips_finally", "worker.terminate()", "terminated, file closed: False")
    if sys.platform != "win32":
        cleanup = script(CLEANUP).stdout.splitlines()
        assert cleanup[:4] == ["terminated", "end of with", "finally", *cleanup[3:4]]
        assert cleanup[-1] == "terminated"


def inherited() -> None:
    """A child under `spawn` or `forkserver` does not get the values that the parent's variables
    have. But it inherits the environment variables and the working directory. The working
    directory is that of the parent when the child is started. So are the environment variables,
    except under `forkserver`. There, they are those of the moment when the first child was
    started, because that also started the helper process that forks all children.
    """
    shown("globals/changed_in_parent", "The worker sees 7", "The worker sees 19")
    shown("claims/environment_inherited", "set: south - the child sees: south, returns")
    shown("claims/environment_inherited", "set: south - the child sees: north, returns")


def _see(line: Any) -> None:
    while (order := line.recv()) != "end":
        if order == "set":
            os.environ["REGION"] = "south"
        line.send(os.environ.get("REGION"))


def an_environment_each() -> None:
    """No change of `os.environ` reaches a process that has already started: one in a worker is seen
    by neither the parent nor another worker. `Process` has no parameter for the environment.
    """
    assert "REGION" not in os.environ
    (one, its), (other, others) = Pipe(), Pipe()
    workers = [Process(target=_see, args=(its,)), Process(target=_see, args=(others,))]

    def ask(order: str) -> list[Any]:
        one.send(order)
        other.send("look")
        return [one.recv(), other.recv(), os.environ.get("REGION")]

    for worker in workers:
        worker.start()
    assert ask("look") == [None, None, None]
    assert ask("set") == ["south", None, None]
    os.environ["REGION"] = "north"
    assert ask("look") == ["south", None, "north"]
    del os.environ["REGION"]
    for line in one, other:
        line.send("end")
    for worker in workers:
        worker.join()
    assert not any("env" in name for name in inspect.signature(Process).parameters)


def no_error() -> None:
    """A list or dict that cannot be shared raises an error | It is copied, and no error is reported

    Every child gets a copy of the parent's memory | Under `fork` only
    """
    shown("ordinary-objects/list_copied", "append(21.5)", "worker: 0\nTemperatures: []")
    shown("globals/changed_in_parent", "The worker sees 7", "The worker sees 19")


def lost_updates() -> None:
    """`value += 1` on a `Value` is safe, because it has a lock | Updates can be lost

    A Manager's dict needs no lock | `d["n"] += 1` can lose updates
    """
    shown("race/unsafe", "only checked to end at or below 100", "sold.value += 1")
    shown("race/unsafe_every_time", "Output\n")
    shown("race/manager_dict_unsafe", "4 sellers: 1")


def queues() -> None:
    """A `Queue` needs a lock | It needs none, but the right order of `get()` and `join()`

    `Queue.put()` raises if the item cannot be pickled | The item is lost
    """
    shown("queue-deadlock/join_first", "camera.join()", "still running after 5 s")
    shown("queue-deadlock/drained_first", "Output\n")
    shown("unpicklable-item/item_lost", "lambda price: price - 1", "Output\nReceived: cherry\nExit")


def the_main_guard() -> None:
    """The main guard is needed only on Windows | It is needed under `spawn` and `forkserver`, of
    which one is the default on macOS, and on Linux from Python 3.14 on
    """
    shown("main-guard/unguarded", "\nwith Manager() as manager:", "RuntimeError", "Output\n")


def examples_of_the_documentation() -> None:
    """A `Value` works with any `Lock` (documentation) | With a plain `Lock`, a change of the value
    under the lock hangs

    Ten processes print ten lines (documentation) | There can be fewer under `forkserver` and
    `spawn`, if none is joined
    """
    shown("value-lock-hangs/plain_lock", "lock = Lock()", "still running after 5 s")
    shown("value-lock-hangs/plain_lock", "with lock:\n            sold.value += 1")
    shown("children-not-joined/lock_gone", "Standard error, with ...", "FileNotFoundError")


def pools_and_memory() -> None:
    """`with Pool()` waits for its tasks | It terminates them

    `gc.freeze()` keeps memory shared after `fork` | Reading an object copies it
    """
    shown(
        "pool-not-running/lost", "with Pool(2) as pool:", "pages.get()", "still running after 5 s"
    )
    shown("memory-grows/freeze", "gc.freeze()\n", "More than half of it copied: True")
