"""What docs/pitfalls/not-a-child.md says."""

import os
import signal
import time
from multiprocessing import (
    Event,
    Pipe,
    Pool,
    Process,
    current_process,
    get_start_method,
    parent_process,
)
from multiprocessing.connection import Connection
from typing import Any

from tests.claims import PAUSE, SURE, no_fact, on, raises, script, shown

LOADER = """
import os
import sys
import time
from multiprocessing import Pipe, Process


class Loader:
    def __init__(self):
        self.worker = Process(target=time.sleep, args=(600,), daemon=True)
        self.worker.start()

    def __del__(self):
        self.worker.is_alive()


def discard(line):
    global loader
    loader = None
    line.send("discarded")
    line.recv()


loader = None

if __name__ == "__main__":
    loader = Loader()
    worker = loader.worker
    line, far_end = Pipe()
    child = Process(target=discard, args=(far_end,))
    child.start()
    line.recv()
    loader = None
    for end in os._exit, sys.exit:
        print(worker.is_alive(), flush=True)
        forked = os.fork()
        if not forked:
            end(0)
        os.waitpid(forked, 0)
    worker.join()
    line.send("end")
    child.join()
"""

UNCHECKED = """
import sys
from multiprocessing import Pipe, Process


def join(sibling, line):
    sibling.join()
    line.send(sibling.exitcode)


if __name__ == "__main__":
    line, far_end = Pipe()
    line_of_sibling, far_end_of_sibling = Pipe()
    sibling = Process(target=far_end_of_sibling.recv)
    sibling.start()
    joining = Process(target=join, args=(sibling, far_end))
    joining.start()
    print(line.recv(), sibling.is_alive())
    joining.join()
    line_of_sibling.send("end")
    sibling.join()
"""


class _Shop:
    def __init__(self, workers: list[Process]) -> None:
        self.workers = workers

    def open(self) -> None:
        """Is the target."""


def _ask(sibling: Process, line: "Connection[Any, Any]") -> None:
    """Use a process that is not a child of this one; and this process itself."""
    for method in [sibling.start, sibling.join, sibling.is_alive, current_process().join]:
        try:
            method()
        except AssertionError as error:
            line.send(str(error))
    line.send(current_process().is_alive())


def _ask_after_its_end(sibling: Process, later: Process, line: "Connection[Any, Any]") -> None:
    line.recv()
    errors: list[str] = []
    for name in "terminate", "kill":
        try:
            getattr(later, name)()
        except AttributeError as error:
            errors.append(str(error))
    sent: list[tuple[int, int]] = []
    os.kill = lambda pid, number: sent.append((pid, number))  # the ID may be another's by now
    if get_start_method() == "fork":
        sibling.terminate()
        sibling.kill()
    line.send((sibling.exitcode, sent, errors))


def _send_done(line: "Connection[Any, Any]") -> None:
    line.send("done")


def _start_two(line: "Connection[Any, Any]", later: "Connection[Any, Any]") -> None:
    Process(target=_say_when_asked, args=(line,)).start()
    Process(target=later.recv).start()
    line.send("started")
    os.kill(os.getpid(), signal.SIGKILL)


def _say_when_asked(line: "Connection[Any, Any]") -> None:
    parent = parent_process()
    assert parent
    line.recv()
    line.send(parent.is_alive())
    parent.join()
    line.send(parent.is_alive())


def the_first_of_two() -> None:
    """Under `fork`, that stays `True` until every process that the parent started later has
    ended, too.
    """
    if get_start_method() != "fork":
        return
    line, far_end = Pipe()
    later, far_later = Pipe()
    parent = Process(target=_start_two, args=(far_end, far_later))
    parent.start()
    assert line.recv() == "started"
    parent.join()
    line.send("now?")
    assert line.recv() is True
    later.send("end")
    assert line.recv() is False


def once_and_where() -> None:
    """Use a `Process` object only in the process that created it: call `start()` once, then
    `join()`, and `close()` last if at all.
    """
    shown("not-a-child/joined_by_sibling", "join: AssertionError: can only join a child process")
    shown("not-a-child/new_process", "start()\n        backup.join()", "backup.close()", "Night 2")


def for_each_run() -> None:
    """Create a new `Process` for each run."""
    shown("not-a-child/new_process", "Night 1: 10 files\nNight 2: 20 files")
    shown("not-a-child/every_message", "start() after its end:\n  AssertionError: cannot start a")


def these_messages() -> None:
    """You see one of these messages, which are the same in all versions.

    cannot start a process twice | create a new `Process`

    process object is closed | call `close()` last, or never

    can only join a started process | call `start()` before `join()`

    This program causes most of the messages above:
    """
    shown(
        "not-a-child/every_message",
        "Output\n",
        "join() before start():\n  AssertionError: can only join a started process",
        "AssertionError: cannot start a process twice",
        "join() after close():\n  ValueError: process object is closed",
        "ValueError: Cannot close a process while it is still running. You should first call",
    )


def _close(child: Process, line: Connection) -> None:
    line.recv()
    try:
        child.close()
        line.send("closed")
    except ValueError as error:
        line.send(str(error))


def closed_elsewhere() -> None:
    """Cannot close a process ... | call `join()` before `close()`, both in its parent"""
    shown("not-a-child/new_process", "        backup.join()", "        backup.close()", "Night 2")
    if get_start_method() == "fork":
        (line, far_end), (ends, far_end_of_child) = Pipe(), Pipe()
        child = Process(target=far_end_of_child.recv)
        child.start()
        other = Process(target=_close, args=(child, far_end))
        other.start()
        ends.send("end")
        child.join()
        line.send("it has ended")
        assert "Cannot close a process while it is still running" in line.recv()
        other.join()


def of_a_sibling() -> None:
    """can only join a child process | join it in its parent; in other processes, wait for an
    `Event`

    can only test a child process | call `is_alive()` in its parent

    can only start a process object created by current process | create it in the process that
    starts it
    """
    shown(
        "not-a-child/joined_by_sibling",
        "join: AssertionError: can only join a child process",
        "is_alive: AssertionError: can only test a child process",
        "start: AssertionError: can only start a process object created by current process",
    )
    shown("not-a-child/event_for_sibling", "done.wait()", "Output\nThe download is done")


def as_an_argument() -> None:
    """If a `Process` that has been started is an argument of another `Process`, a different error
    is raised under the start methods `forkserver` and `spawn`:

    A `Process` that has been started holds objects that cannot be pickled. So under `forkserver`
    and `spawn`, which pickle the arguments, `start()` of the reporter raises the error:

    The same happens if the target is a method of an object that keeps its processes in an
    attribute, such as `self.workers`: the whole object is pickled with the method.

    If you pass such a method to a `Pool`, then under every start method the message is
    `Pickling an AuthenticationString object is disallowed for security reasons`.
    """
    shown("not-a-child/started_as_argument", "TypeError: cannot pickle 'weakref.ReferenceType' obj")
    started = Process(target=int)
    started.start()
    shop = _Shop([started])
    for child in [Process(target=_Shop.open, args=(shop,)), Process(target=shop.open)]:
        if get_start_method() == "fork":
            child.start()
            child.join()
            assert child.exitcode == 0
        else:
            with raises(TypeError, text="cannot pickle 'weakref.ReferenceType' object"):
                child.start()
    with Pool(1) as pool:
        for workers in [[started], [Process(target=int)]]:
            with raises(TypeError, text="Pickling an AuthenticationString object is disallowed"):
                pool.apply(_Shop(workers).open)
    started.join()


def one_run_of_one_child() -> None:
    """A `Process` object stands for one run of one child. After the child has ended, the object
    cannot be started again. `close()` releases what the object holds, and after that most of its
    methods raise `ValueError`.
    """
    shown("not-a-child/every_message", "start() after its end:\n  AssertionError: cannot start a")
    child = Process(target=int)
    child.start()
    child.join()
    assert child.sentinel >= 0
    child.close()
    assert not hasattr(child, "_sentinel")
    with raises(ValueError, text="process object is closed"):
        child.is_alive()


def only_its_creator() -> None:
    """So the object stores the ID of the process that created it, and in any other process
    `start()`, `join()` and `is_alive()` raise `AssertionError`. There is one exception:
    `current_process().is_alive()` is `True`.
    """
    line, far_end = Pipe()
    sibling = Process(target=int)
    asking = Process(target=_ask, args=(sibling, far_end))
    asking.start()
    assert [line.recv() for _ in range(5)] == [
        "can only start a process object created by current process",
        "can only join a child process",
        "can only test a child process",
        "can only join a child process",
        True,
    ]
    asking.join()


def silent_elsewhere() -> None:
    """`exitcode` raises no error there, but stays `None` when the process ends, so a loop that
    waits for it never ends. Under `fork`, `terminate()` and `kill()` of a process that was started
    before the child raise none either: they send their signal to the ID of the process, even if
    that process has ended in the meantime. If it was started later, they raise the `AttributeError`
    of a process that was not started.
    """
    shown("not-a-child/made_wrong", "'NoneType' object has no attribute 'terminate'")
    line, far_end = Pipe()
    line_of_sibling, far_end_of_sibling = Pipe()
    sibling = Process(target=far_end_of_sibling.recv)
    if get_start_method() == "fork":
        sibling.start()
    later = Process(target=int)
    asking = Process(target=_ask_after_its_end, args=(sibling, later, far_end))
    asking.start()
    later.start()
    later.join()
    if get_start_method() != "fork":
        sibling.start()
    line_of_sibling.send("end")
    sibling.join()
    assert sibling.exitcode == 0
    line.send("it has ended")
    exit_code, sent, errors = line.recv()
    assert exit_code is None
    assert errors == [
        f"'NoneType' object has no attribute '{name}'" for name in ("terminate", "kill")
    ]
    if get_start_method() == "fork":
        assert sent == [(sibling.pid, signal.SIGTERM), (sibling.pid, signal.SIGKILL)]
    asking.join()


def without_asserts() -> None:
    """Under `fork`, `join()` of a process that is not a child then returns at once, although that
    process is still running.
    """
    if get_start_method() == "fork":
        assert script(UNCHECKED, "-O").stdout == "None True\n"


def the_reporter_is_killed() -> None:
    """If the reporter can be killed while it waits, `set()` may never return: then let the
    downloader send a short message through a pipe instead.
    """
    done = Event()
    reporter = Process(target=done.wait)
    reporter.start()
    while not done._cond._sleeping_count.get_value():  # type: ignore[attr-defined]
        time.sleep(PAUSE)
    os.kill(reporter.pid or 0, signal.SIGKILL)
    reporter.join()
    downloader = Process(target=done.set)
    downloader.start()
    while not done._cond._lock._semlock._is_zero():  # type: ignore[attr-defined]
        time.sleep(PAUSE)  # it is in set()
    downloader.join(SURE)
    assert downloader.is_alive()
    downloader.kill()
    downloader.join()

    line, far_end = Pipe()
    reporter = Process(target=far_end.recv)
    reporter.start()
    os.kill(reporter.pid or 0, signal.SIGKILL)
    reporter.join()
    downloader = Process(target=_send_done, args=(line,))
    downloader.start()
    downloader.join()
    assert downloader.exitcode == 0


def each_in_turn() -> None:
    """The reporter is to wait for the downloader, which is not its child but its sibling. It tries
    each of the three methods in turn:
    """
    shown("not-a-child/joined_by_sibling", 'for name in "join", "is_alive", "start":')


def with_an_event() -> None:
    """The downloader notifies the reporter with an Event:"""
    shown("not-a-child/event_for_sibling", "done.set()", "done.wait()", "The download is done")


def if_it_is_killed() -> None:
    """If the downloader can fail or be killed, use `wait(timeout=...)`: a process that ends early
    does not set the `Event`.
    """
    assert Event().wait(timeout=0) is False


def join_it_first() -> None:
    """If the reporter has nothing to do before the downloader is done, join the downloader in the
    parent first, and start the reporter after that.

    Use another start method for that child, or create and discard the loader in one process.

    Keep the processes outside of that object.
    """
    no_fact("advice")


def discarded_in_a_child() -> None:
    """Under `fork`, a child gets a copy of all objects of its parent, including those that manage
    processes. When the child discards such a copy, its `__del__` may call `is_alive()` of a
    process that is not the child's. Python then prints "can only test a child process" and
    ignores the error; in Python 3.14 and later, the first line is "Exception ignored while
    calling deallocator" instead of "Exception ignored in".

    If a process that has children calls `os.fork()`, the message can come from an atexit callback.
    When the new process ends, `multiprocessing` treats its parent's children as its own: it
    terminates those that are daemonic, and calls `join()`, which raises "can only join a child
    process". End the new process with `os._exit()`.
    """
    outcome = script(LOADER)
    assert (outcome.status, outcome.stdout) == (0, "True\nTrue\n")
    before, _, after = outcome.stderr.partition("Exception ignored in atexit callback")
    # What follows it in 3.13.5 is the resource tracker's, whose process is not the child's either.
    assert "AssertionError: can only join a child process\n" in after
    if get_start_method() == "fork":
        newer = on("Python 3.14 and later")
        first = "Exception ignored while calling deallocator <" if newer else "Exception ignored in"
        assert before.startswith(first)
        assert "can only test a child process" in before
    else:
        assert before == ""


def before_it_is_started() -> None:
    """The program that fails passes the downloader to the reporter before the downloader is
    started.
    """
    shown("not-a-child/joined_by_sibling", "reporter.start()\n    downloader.start()")


def many_tasks() -> None:
    """Create another `Process` object for each run, or pass many tasks to the workers of a Pool,
    which are started once.
    """
    shown("not-a-child/new_process", "for night in 1, 2:\n        backup = Process(", "Night 2: 20")
    with Pool(1) as pool:
        workers = {worker.pid for worker in pool._pool}  # type: ignore[attr-defined]
        assert pool.map(abs, range(9), 1) == list(range(9))
        assert workers == {worker.pid for worker in pool._pool}  # type: ignore[attr-defined]


def set_up_wrongly() -> None:
    """This program causes those of a `Process` that is created or set up wrongly: without the word
    `target=`, by a subclass that does not call `super().__init__()`, with a name that is not a
    string, used before `start()`, or changed after it.
    """
    shown(
        "not-a-child/made_wrong",
        "without target=:\n  AssertionError: group argument must be None for now",
        "AttributeError: 'Backup' object has no attribute '_closed'",
        "AssertionError: name must be a string",
        "sentinel before start():\n  ValueError: process not started",
        "AssertionError: process has already started",
    )


def a_thread() -> None:
    """There, only the thread that created such a `Process` can start it:"""
    shown("not-a-child/thread_as_process", 'name="Other"', "Output\nRuntimeError: Parent is <_Main")


FORKED_WITH_A_TRACKER = """
import os
import sys
from multiprocessing.shared_memory import SharedMemory

block = SharedMemory(create=True, size=8)
child = os.fork()
if not child:
    {end}
_, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status))
block.close()
block.unlink()
"""


def the_tracker_of_the_parent() -> None:
    """`ChildProcessError: [Errno 10] No child processes` below `ResourceTracker.__del__` comes from
    a child that was made by `os.fork()`, too.

    The line does no harm. Update Python, or end the child with `os._exit()`.
    """
    by_exit = script(FORKED_WITH_A_TRACKER.replace("{end}", "sys.exit()"))
    assert (by_exit.status, by_exit.stdout) == (0, "0\n")
    said = "ChildProcessError: [Errno 10] No child processes" in by_exit.stderr
    assert said == on("Python 3.13.5"), by_exit.stderr
    at_once = script(FORKED_WITH_A_TRACKER.replace("{end}", "os._exit(0)"))
    assert (at_once.status, at_once.stdout, at_once.stderr) == (0, "0\n", "")
