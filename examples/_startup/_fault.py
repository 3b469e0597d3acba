"""Puts one fault into a run, without a change to its program; `nox -s faults` asks for it.

EXAMPLE_FAULT names it, the worker that it hits, counted by which first calls a function of the
program, and how many lines of the program that worker has then run; `killed-holding` hits the
first that holds a lock. EXAMPLE_FAULT_LOG is a file where this notes what it meets. Some faults
are put in from outside, once a worker waits here.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import process, synchronize
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from threading import get_ident
from types import CodeType, FrameType
from typing import Any

NAME, _which, _lines = os.environ["EXAMPLE_FAULT"].split()
WHICH, LINES = int(_which), int(_lines)
LOG = os.environ["EXAMPLE_FAULT_LOG"]
FOLDER = os.environ["EXAMPLE_FOLDER"]
MESSAGE = "a fault that was put in"
PAUSE = 0.01  # seconds between two looks
NO_WORKER = "no-files", "shared-memory-full", "unpicklable-argument"  # what hits another process
POOLS = "worker", "_process_worker"  # the functions that workers of a Pool or executor run

held = Counter[int]()  # how many locks of the program each thread of this process holds


class Fault(Exception):
    """What a worker raises."""


def note(what: str) -> int:
    """Write down what this process is or meets; give how many have so far."""
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(f"{what} {os.getpid()}\n")
    return pids(what).index(str(os.getpid())) + 1


def pids(what: str) -> list[str]:
    """The processes that have noted something, in that order."""
    with open(LOG, encoding="utf-8") as log:
        words = [line.split() for line in log]
    return [pid for noted, pid in words if noted == what]


def wait_for_it() -> None:
    """Wait here until the fault is put in from outside; what it kills does not go on."""
    note("here")
    while not pids("done"):
        time.sleep(PAUSE)


def cannot_be_pickled() -> None:
    """The next message of this process cannot be pickled."""
    dumps, here = ForkingPickler.dumps, os.getpid()

    def fail(*arguments: Any, **options: Any) -> Any:
        ForkingPickler.dumps = dumps  # type: ignore[method-assign]
        if os.getpid() != here:  # a child that was forked since
            return dumps(*arguments, **options)
        note("hit")
        raise TypeError(f"cannot pickle {MESSAGE!r}")

    ForkingPickler.dumps = fail  # type: ignore[method-assign]


def wait_when_idle() -> None:
    """Wait where this worker waits for its next task, with the lock that it then holds."""
    receive = Connection._recv_bytes  # type: ignore[attr-defined]

    def waiting(connection: Connection, *arguments: Any) -> Any:
        Connection._recv_bytes = receive  # type: ignore[attr-defined]
        wait_for_it()
        return receive(connection, *arguments)

    Connection._recv_bytes = waiting  # type: ignore[attr-defined]


def is_ours(code: CodeType) -> bool:
    """Whether it is a function of the program, rather than of a library."""
    return code.co_filename.startswith(FOLDER) and code.co_name != "<module>"


class Watch:
    """Follows the lines of the program in one worker, until the fault is put in."""

    def __init__(self, worker: process.BaseProcess) -> None:
        target, arguments = worker._target, worker._args  # type: ignore[attr-defined]
        self.in_pool = getattr(target, "__name__", "") in POOLS
        self.initializer = getattr(arguments[2], "__code__", None) if self.in_pool else None
        self.outermost: FrameType | None = None
        self.lines = 0

    def called(self, frame: FrameType, event: str, _: object) -> Any:
        """Called for each function that begins."""
        if not is_ours(frame.f_code) or frame.f_code is self.initializer:
            return None
        if self.outermost is None:
            if note("worker") != WHICH and NAME != "killed-holding":
                sys.settrace(None)
                return None
            self.outermost = frame
        return self.step

    def step(self, frame: FrameType, event: str, _: object) -> Any:
        """Called for each line, and at the end of a function."""
        self.lines += event == "line"
        ends = event == "return" and frame is self.outermost
        if NAME == "killed-holding":
            if event == "line" and held[get_ident()]:
                self.hold()
        elif NAME == "killed-idle":
            if ends and self.in_pool:
                sys.settrace(None)
                wait_when_idle()
        elif (event == "line" and self.lines == LINES) or ends:
            self.put_in()
        return self.step

    def hold(self) -> None:
        """Put it into the first that holds a lock: all others come after it, and wait."""
        if note("holder") == 1:
            self.put_in()
        sys.settrace(None)

    def put_in(self) -> None:
        """Let the fault happen at this line."""
        sys.settrace(None)
        if NAME == "raises":
            note("hit")
            raise Fault(MESSAGE)
        if NAME == "exits":
            note("hit")
            sys.exit(3)
        if NAME == "unpicklable-result":
            cannot_be_pickled()
        else:
            wait_for_it()


def follow_workers() -> None:
    """From now on, each process that this one starts is followed."""
    bootstrap = process.BaseProcess._bootstrap  # type: ignore[attr-defined]

    def watched(worker: process.BaseProcess, *arguments: Any, **options: Any) -> Any:
        target = getattr(worker, "_target", None)
        if getattr(target, "__name__", "") == "_run_server":
            note("manager")
        elif NAME not in NO_WORKER:
            sys.settrace(Watch(worker).called)
        return bootstrap(worker, *arguments, **options)

    process.BaseProcess._bootstrap = watched  # type: ignore[attr-defined]


def follow_locks() -> None:
    """Count the locks that the program holds: locks of its own, not those inside of a Queue."""

    def counted(call: Callable[..., Any], change: int) -> Callable[..., Any]:
        def counting(*arguments: Any, **options: Any) -> Any:
            done = call(*arguments, **options)
            held[get_ident()] += change if done is not False else 0
            return done

        return counting

    kind: Any = synchronize.SemLock  # which has no types of its own
    make = kind._make_methods

    def make_counted(lock: Any) -> None:
        make(lock)
        if type(lock) in (synchronize.Lock, synchronize.RLock):
            lock.acquire, lock.release = counted(lock.acquire, 1), counted(lock.release, -1)

    kind._make_methods = make_counted
    kind.__enter__ = lambda lock: lock.acquire()
    kind.__exit__ = lambda lock, *_: lock.release()


def few_files() -> None:
    """Leave this process, and its children, four files more than are open."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 4, most))
        note("hit")


is_program = sys.orig_argv[-1:] == [os.environ["EXAMPLE_PROGRAM"]]
follow_workers()
if NAME == "killed-holding":
    follow_locks()
if is_program and NAME == "no-files":
    few_files()
if is_program and NAME == "unpicklable-argument":
    cannot_be_pickled()
