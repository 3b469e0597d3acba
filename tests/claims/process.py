"""What docs/syntax/process.md says."""

import atexit
import gc
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from multiprocessing import (
    Array,
    Event,
    Lock,
    Manager,
    Pipe,
    Pool,
    Process,
    Queue,
    Value,
    active_children,
    cpu_count,
    current_process,
    get_context,
    get_start_method,
    parent_process,
    popen_fork,
    popen_spawn_posix,
)
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event as EventType
from multiprocessing.util import Finalize
from pathlib import Path
from pickle import PicklingError
from queue import Empty
from struct import pack
from threading import Event as ThreadEvent
from threading import Thread, Timer, main_thread
from time import sleep
from typing import Any

from tests.claims import ROOT, SURE, TIME_LIMIT, no_fact, on, raises, script, shown

AS_THE_GROUP = """
from multiprocessing import Process

def work():
    print("work")

if __name__ == "__main__":
    worker = Process(work)
    worker.start()
    worker.join()
    print(worker.exitcode)
"""
FORKED_BESIDE_A_DAEMON = """
import os, sys
from multiprocessing import Event, Process

def wait(event):
    event.wait()

if __name__ == "__main__":
    event = Event()
    daemon = Process(target=wait, args=(event,), daemon=True)
    daemon.start()
    child = os.fork()
    if not child:
        sys.exit()
    os.waitpid(child, 0)
    daemon.join()
    print(daemon.exitcode)
"""
FORKED = """
import atexit, os

me = os.getpid()

def who():
    return "parent" if os.getpid() == me else "child"

def guarded():
    if os.getpid() == me:
        print("guarded:", who(), flush=True)

atexit.register(guarded)
atexit.register(lambda: print(who(), flush=True))
atexit.register(lambda: print(who(), flush=True))
child = os.fork()
if not child:
    raise SystemExit
os.waitpid(child, 0)
ended_early = os.fork()
if not ended_early:
    os._exit(0)
os.waitpid(ended_early, 0)
"""
AT_THE_END = """
if __name__ == "__main__":
    import atexit
    atexit.register(print, "the end")

import signal
import sys
from multiprocessing import Pipe, Process
from time import sleep


def stay(line):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    line.send("up")
    signal.sigwait([signal.SIGTERM])
    sleep(0.1)
    print("stayed", flush=True)


def work():
    print("done", flush=True)


if __name__ == "__main__":
    line, far_end = Pipe()
    Process(target=stay, args=(far_end,), daemon=True).start()
    line.recv()
    Process(target=work).start()
    {end}
"""


TOO_BIG = """
import sys
from multiprocessing import Process

if __name__ == "__main__":
    child = Process(target=sys.exit, args=(2**31,))
    try:
        child.start()
        child.join()
        print(child.exitcode)
    except OverflowError:
        print("OverflowError")
    print("after start()", flush=True)
"""


class _Sensor(Process):
    """A subclass that says where its methods are executed."""

    def __init__(self, line: "Connection[Any, Any]", extra: object = None) -> None:
        super().__init__()
        self.line, self.extra = line, extra
        self.made_in = os.getpid()

    def run(self) -> None:
        self.line.send((self.made_in, os.getpid()))


class _NotPrepared(Process):
    def __init__(self) -> None:
        self.room = "attic"


class _Shop:
    def __init__(self) -> None:
        self.workers: list[Process] = []

    def work(self) -> None:
        """Do nothing."""


class _NotUnpickled:
    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        return int, ("no number",)


class _NeverPickled:
    def __reduce__(self) -> str:
        ThreadEvent().wait()
        return ""


def _hold(line: "Connection[Any, Any]") -> None:
    line.recv()


def _echo(line: "Connection[Any, Any]") -> None:
    line.send("up")
    for question in iter(line.recv, None):
        line.send(question)


def _started(target: Any, *args: object, **options: Any) -> Process:
    process = Process(target=target, args=args, **options)
    process.start()
    return process


def _ended(*processes: Process) -> list[int | None]:
    """Their exit codes, when they have ended."""
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def _interrupt(process: Process) -> None:
    if sys.version_info >= (3, 14):
        process.interrupt()
    elif process.pid:
        os.kill(process.pid, signal.SIGINT)


def _tell(line: "Connection[Any, Any]") -> None:
    """What a child finds."""
    me, parent = current_process(), parent_process()
    assert parent
    parent.join(0)
    told = {
        "alive": me.is_alive(),
        "authkey": bytes(me.authkey),
        "daemon": Process().daemon,
        "parent": (parent.name, parent.pid, parent.is_alive(), isinstance(parent.sentinel, int)),
    }
    try:
        input()
    except EOFError:
        told["input"] = "EOFError"
    Thread(target=ThreadEvent().wait, daemon=True).start()
    atexit.register(line.send, "atexit")
    line.send(told)


@cache
def _told() -> dict[str, object]:
    """What a daemon finds, and whether it calls what it has registered with atexit."""
    line, far_end = Pipe()
    child = _started(_tell, far_end, daemon=True)
    far_end.close()
    told: dict[str, object] = line.recv()
    try:
        told["atexit"] = line.recv() == "atexit"
    except EOFError:
        told["atexit"] = False
    assert _ended(child) == [0]
    return told


def life_of_a_child() -> None:
    """A `Process` runs one function in a new process, a child of the process that starts it, its
    parent.

    `close()` | releases what the object holds, such as the `sentinel`; raises `ValueError` while
    the child is running

    After `close()`, `name`, `daemon` and `authkey` can still be read, and `close()` can be called
    again. The other attributes, `start()`, `join()`, `is_alive()`, `terminate()`, `kill()` and
    `interrupt()` raise `ValueError: process object is closed`.

    `sentinel` | a number for `connection.wait`, which is ready when the child has ended; before
    `start()` reading it raises `ValueError`

    `wait(object_list, timeout=None)` from `multiprocessing.connection` waits until the `sentinel`
    of at least one process is ready, and returns a list of those that are ready; the list is empty
    if none is ready within `timeout` seconds.

    `start()` starts the child and does not wait for its function, and `join()` waits until the
    child has ended.

    `exitcode` | how the child ended; `None` before `start()` and while the child is running

    `None` | not started, or still running

    `is_alive()` | whether the child has been started and has not ended

    `pid`, `ident` | the process ID; `None` before `start()`
    """
    line, far_end = Pipe()
    child = Process(target=_hold, args=(far_end,))
    assert (child.pid, child.ident, child.exitcode) == (None, None, None)
    assert not child.is_alive()
    with raises(ValueError, text="process not started"):
        print(child.sentinel)
    child.start()
    assert child.exitcode is None
    assert child.is_alive()
    assert child.pid == child.ident is not None
    assert child.pid != os.getpid()
    sentinel = child.sentinel
    assert isinstance(sentinel, int)
    assert wait([sentinel], timeout=0) == []
    with raises(ValueError, text="Cannot close a process while it is still running"):
        child.close()
    line.send(None)
    assert wait([sentinel]) == [sentinel]
    child.join()
    assert child.exitcode == 0
    assert not child.is_alive()
    os.fstat(sentinel)
    child.close()
    with raises(OSError):
        os.fstat(sentinel)
    child.close()
    assert (bool(child.name), child.daemon, len(child.authkey)) == (True, False, 32)
    for attribute in ["exitcode", "pid", "ident", "sentinel"]:
        with raises(ValueError, text="process object is closed"):
            getattr(child, attribute)
    for method in ["start", "join", "is_alive", "terminate", "kill", "interrupt"]:
        if hasattr(Process, method):
            with raises(ValueError, text="process object is closed"):
                getattr(child, method)()


def when() -> None:
    """Use it for a few long-running workers, and a Pool for many tasks.

    Use 2 to 254 for your own errors.

    What to do then is on the page about stopping early.

    The page "can only join a child process" explains these errors.

    A child can notice that.

    So ask a worker to stop, and use `terminate()` only for a worker that shares nothing.

    Here a worker starts a helper, and is killed:

    So give each worker a pipe of its own, or pass a timeout to `get()` and look at `exitcode` in
    between.

    To stop a child cleanly on every system, use an Event.

    Many tasks, or results in the order of the tasks: Pool or ProcessPoolExecutor.
    """
    no_fact("advice, and pointers to other pages")


def nothing_comes_back() -> None:
    """The function's return value is discarded, so the child sends data back through a shared
    object: here a Value, in other programs a Pipe or a Queue.
    """
    shown("process/smallest", "copied.value = len(files)", "Backed up 2 files")
    shown("collect-results/return_value", "Process(target=")


def no_exception_comes_back() -> None:
    """If the function raises an exception, the parent does not get it, so look at `exitcode`
    after every `join()`.

    The parent gets no exception. It has to look at `exitcode`, `is_alive()` or the `sentinel`.
    """
    shown("process/exit_codes", "raises an exception: 1\nsys.exit(): 0", "ValueError: invalid")


def keep_them() -> None:
    """Until then, keep the locks, queues and values that the child uses in variables; otherwise,
    under `forkserver` and `spawn`, the child may fail.

    Under `forkserver` and `spawn`, children that are not joined can end with `FileNotFoundError`.
    """
    shown("children-not-joined/lock_gone", "Standard error", "FileNotFoundError")


def signature() -> None:
    """`Process(group=None, target=None, name=None, args=(), kwargs=..., *, daemon=None)`"""
    with raises(TypeError):
        Process(None, int, "name", (), {}, True)  # type: ignore[call-arg]


def child_without_a_function() -> None:
    """`target` | the function to run in the child; without it the child does nothing and ends
    with 0

    Its result becomes the target; if the result is `None`, the child does nothing and ends with 0.

    `daemon` | `True`: the parent terminates the child when it ends. `None`: the same as in the
    process that makes the object

    `daemon` | may be changed before `start()`, not after

    `multiprocessing.Process` uses the default start method. For another one, call the `Process`
    of a context: `get_context("spawn").Process(target=...)`. Such an object is not an instance of
    `multiprocessing.Process`. Both classes are derived from `multiprocessing.process.BaseProcess`.

    `start()` makes the process by one of three methods, and the child calls `run()`.

    `join()` may be called again, also after the child has ended.

    A `Process` object that is garbage-collected also releases what it holds, so you need
    `close()` only if you keep the objects of many processes.

    After `start()` the parent's `Process` object no longer refers to `target`, `args` and
    `kwargs`.

    Under `forkserver` and `spawn`, a started `Process` object cannot be pickled, neither as an
    argument nor as an attribute of the object whose method is the target.
    """
    shown("process/at_the_end", "start(watch, daemon=True)", "The backup is done")
    assert not Process().daemon
    assert _told()["daemon"] is True
    child = Process()
    child.daemon = True
    assert {"_target", "_args", "_kwargs"} <= vars(child).keys()
    child.start()
    assert not {"_target", "_args", "_kwargs"} & vars(child).keys()
    with raises(AssertionError, text="process has already started"):
        child.daemon = False
    assert _ended(child) == _ended(child) == [0]
    _is_of_the_default_method(child)
    _cannot_be_pickled(child)
    sentinel = child.sentinel
    os.fstat(sentinel)
    del child
    gc.collect()
    with raises(OSError):
        os.fstat(sentinel)


def _is_of_the_default_method(child: Process) -> None:
    other = get_context("spawn").Process()
    assert child._popen.method == get_start_method()  # type: ignore[attr-defined]
    assert other._start_method == "spawn"
    assert not isinstance(other, Process)
    assert isinstance(other, BaseProcess)
    assert isinstance(child, BaseProcess)
    assert set(multiprocessing.get_all_start_methods()) == {"fork", "forkserver", "spawn"}


def _cannot_be_pickled(child: Process) -> None:
    shop = _Shop()
    shop.workers.append(child)
    if get_start_method() != "fork":
        for other in [Process(target=print, args=(child,)), Process(target=shop.work)]:
            with raises(TypeError):
                other.start()


def names() -> None:
    """`name` | a text that serves only to tell processes apart; without it, the main program names
    them after their class: `Process-1`, `Process-2` and so on

    The names of such objects begin differently: `SpawnProcess-1`.

    `name` | may be changed, and two processes may have the same name
    """
    first, second = Process(), Process()
    number = int(first.name.removeprefix("Process-"))
    assert second.name == f"Process-{number + 1}"
    assert get_context("spawn").Process().name == f"SpawnProcess-{number + 2}"
    assert _Sensor(Pipe()[0]).name == f"_Sensor-{number + 3}"
    second.name = first.name
    assert second.name == first.name
    shown("process/smallest", "Process(target=back_up")


def arguments() -> None:
    """`args` | the arguments, such as a tuple or list: one argument is `args=(5,)`

    `kwargs` | the keyword arguments, a dict

    `run()` | calls `target` with its arguments; the child calls it. A subclass may override it

    `run()` instead of `start()` calls the function in the parent.
    """
    calls: list[object] = []

    def work(*args: object, **kwargs: object) -> None:
        calls.append((os.getpid(), args, kwargs))

    Process(target=work, args=(5,), kwargs={"room": "attic"}).run()
    Process(target=work, args=[5]).run()
    assert calls == [(os.getpid(), (5,), {"room": "attic"}), (os.getpid(), (5,), {})]


def by_keyword() -> None:
    """Pass all of them by keyword: the first parameter is `group`, so `Process(work)` raises
    `AssertionError: group argument must be None for now`.
    """
    with raises(AssertionError, text="group argument must be None for now"):
        Process(int)  # type: ignore[arg-type]


def start_once() -> None:
    """`start()` | starts the child; may be called once for each object

    A second `start()` of the same object raises it, too.
    """
    shown("not-a-child/every_message", "AssertionError: cannot start a process twice")


def join_returns_none() -> None:
    """`join(timeout=None)` | waits until the child has ended, or for `timeout` seconds; returns
    `None` in both cases

    If `exitcode` is still `None` after `join(timeout=...)`, the child had not ended in time.
    """
    shown("process/join_timeout", "join(): None\nExit code: None\njoin(): None\nExit code: 0")


def _ignore_signals_and_close_files(line: "Connection[Any, Any]") -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.closerange(3, line.fileno())
    os.closerange(line.fileno() + 1, 1024)
    _echo(line)


def signals() -> None:
    """`terminate()` | sends SIGTERM, which ends the child without any cleanup unless the child
    handles or ignores the signal; on Windows calls `TerminateProcess`

    `kill()` | sends SIGKILL, which a process cannot handle or ignore; on Windows the same as
    `terminate()`

    A child that ignores SIGINT goes on.

    Under `fork`, a child with the parent's handler for SIGTERM may not end at `terminate()`.

    Under `fork` and `spawn`, it does the same if the child has closed its file descriptors with
    `os.closerange()`, as a system service does when it starts; the `sentinel` is then ready too
    early.
    """
    shown("claims/terminate_skips_finally", "terminate()")
    with raises(OSError):
        signal.signal(signal.SIGKILL, signal.SIG_IGN)
    line, far_end = Pipe()
    child = _started(_ignore_signals_and_close_files, far_end)
    far_end.close()
    assert line.recv() == "up"
    _interrupt(child)
    child.terminate()
    line.send("still here?")
    assert line.recv() == "still here?"
    if get_start_method() == "forkserver":
        child.kill()
    else:
        assert wait([child.sentinel], 0) == [child.sentinel]
        assert child.exitcode is None
        end = Timer(0.1, child.kill)
        end.start()
        child.join(timeout=0.001)
        assert child.exitcode == -signal.SIGKILL
        end.join()
    assert _ended(child) == [-signal.SIGKILL]
    if get_start_method() == "fork":
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        line, far_end = Pipe()
        child = _started(_echo, far_end)
        signal.signal(signal.SIGTERM, before)
        far_end.close()
        assert line.recv() == "up"
        child.terminate()
        line.send("still here?")
        assert line.recv() == "still here?"
        line.send(None)
        assert _ended(child) == [0]


def interrupt_since() -> None:
    """`interrupt()`, Python 3.14 and later | sends SIGINT, so that the child can clean up"""
    shown("process/interrupt", "camera.interrupt()", "Interrupted\nThe camera is off\nExit code 0")
    assert hasattr(Process, "interrupt") == on("Python 3.14 and later")


def authkey() -> None:
    """`authkey` | the key with which processes prove that they belong together: 32 random bytes,
    which children inherit
    """
    assert len(current_process().authkey) == 32
    assert _told()["authkey"] == bytes(current_process().authkey)


def of_its_maker() -> None:
    """A `Process` object belongs to the process that made it: in others, `start()`, `join()` and
    `is_alive()` raise `AssertionError`.
    """
    shown(
        "not-a-child/joined_by_sibling",
        "join: AssertionError",
        "is_alive: AssertionError",
        "start: AssertionError",
    )


def of_itself() -> None:
    """The exception is `current_process().is_alive()`, which returns `True` in a child, too."""
    assert current_process().is_alive()
    assert _told()["alive"] is True


def _ask_copy(child: Process, line: "Connection[Any, Any]") -> None:
    line.recv()
    line.send(child.exitcode)


def copies() -> None:
    """Under `fork`, a child may have a copy of a `Process` object whose process is running. In such
    a copy `exitcode` raises no error, and stays `None` even after that process has ended.
    """
    if get_start_method() != "fork":
        return
    line, far_end = Pipe()
    first_line, first_end = Pipe()
    first = _started(_hold, first_end)
    second = _started(_ask_copy, first, far_end)
    first_line.send(None)
    assert _ended(first) == [0]
    line.send(None)
    assert line.recv() is None
    assert _ended(second) == [0]


def module_functions() -> None:
    """`current_process()` | an object for this process; in the main program its name is
    `MainProcess`

    `parent_process()` | an object for the parent, with `name`, `pid`, `sentinel`, `is_alive()` and
    `join()`; in the main program `None`
    """
    assert current_process().name == "MainProcess"
    assert current_process().pid == os.getpid()
    assert parent_process() is None
    assert _told()["parent"] == ("MainProcess", os.getpid(), True, True)


def list_of_children() -> None:
    """`active_children()` | a list of the children of this process that are still running; those
    that have ended are joined
    """
    shown("process/who_is_who", "Children: ['clerk']\nChildren: []")


def processors() -> None:
    """`cpu_count()` | the number of processors of the machine, as `os.cpu_count()` does; raises
    `NotImplementedError` if it is not known
    """
    assert cpu_count() == os.cpu_count()
    found = os.cpu_count
    os.cpu_count = lambda: None
    try:
        with raises(NotImplementedError):
            cpu_count()
    finally:
        os.cpu_count = found


def _use_all(lock: Any, queue: Any, value: Any, array: Any, line: Any, proxy: Any) -> None:
    with lock:
        value.value, array[0] = 1, 2
        proxy.append(3)
        line.send(4)
        queue.put(5)


def helpers_are_children() -> None:
    """`active_children()` also lists the workers of a `Pool` and of a `ProcessPoolExecutor`, and
    the process of a `Manager`.

    Under every start method, you can pass a `Lock`, `Queue`, `Value`, `Array`, connection or proxy
    as an argument.
    """
    from concurrent.futures import ProcessPoolExecutor

    assert active_children() == []
    with Manager() as manager:
        assert len(active_children()) == 1
        queue: Queue[int] = Queue()
        proxy, value, array = manager.list(), Value("i"), Array("i", 1)
        line, far_end = Pipe()
        lock = Lock()
        child = _started(_use_all, lock, queue, value, array, far_end, proxy)
        far_end.close()
        assert (line.recv(), queue.get()) == (4, 5)
        assert _ended(child) == [0]
        assert (value.value, array[0], list(proxy)) == (1, 2, [3])
    with Pool(1):
        assert len(active_children()) == 1
    with ProcessPoolExecutor(1) as executor:
        executor.submit(int).result()
        assert len(active_children()) == 1
    assert active_children() == []


def any_order() -> None:
    """With it the parent handles each worker when it ends, in any order, even one that ends without
    any cleanup:
    """
    shown("process/wait_for_any", "os._exit(7)", "for sentinel in wait(running)", "broken: 7")


def both() -> None:
    """`wait` accepts sentinels and the connections of a Pipe in the same list, so that one loop
    receives messages and notices when a worker ends:

    Therefore, the loop does not end as soon as all workers have ended: it also reads each pipe
    until `EOFError`, which on Windows may not come.
    """
    shown(
        "process/wait_for_both",
        "wait([*sensors, *receivers])",
        "while sensors or receivers",
        "except (EOFError, OSError)",
        "('cellar', 19)",
        "('cellar', 7)",
    )


def _send_and_break_off(line: "Connection[Any, Any]") -> None:
    line.send("whole")
    os.write(line.fileno(), pack("!i", 100) + b"half")
    os._exit(7)


def last_messages() -> None:
    """A `sentinel` may be ready before the last messages of its worker have been read.

    If the worker was killed in the middle of a message, `recv()` may raise `OSError` instead.
    """
    receiver, sender = Pipe(duplex=False)
    child = _started(_send_and_break_off, sender)
    sender.close()
    assert wait([child.sentinel]) == [child.sentinel]
    assert receiver.recv() == "whole"
    with raises(OSError, text="got end of file during message"):
        receiver.recv()
    assert _ended(child) == [7]


def interrupted() -> None:
    """`interrupt()` raises `KeyboardInterrupt` in the main thread of the child, as Ctrl-C does, so
    that `finally` and `with` blocks can clean up. Before Python 3.14, use `os.kill` to send the
    same signal:
    """
    shown("process/interrupt", "except KeyboardInterrupt", "finally", "os.kill(camera.pid", "Inter")


def _wait_with_stderr_in(path: str, line: "Connection[Any, Any]") -> None:
    sys.stderr = open(path, "w")  # noqa: SIM115
    line.send("up")
    line.recv()


def not_caught() -> None:
    """If the child does not catch the `KeyboardInterrupt`, it prints a traceback and its exit code
    is 1.

    Wait until the child has told the parent that it is running before you call `interrupt()`.
    """
    line, far_end = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "stderr")
        child = _started(_wait_with_stderr_in, str(path), far_end)
        assert line.recv() == "up"
        _interrupt(child)
        assert _ended(child) == [1]
        told = path.read_text()
    assert "Traceback" in told
    assert told.endswith("KeyboardInterrupt\n")


def _tell_parent_and_interrupt_it(line: "Connection[Any, Any]") -> None:
    os.kill(os.getppid(), signal.SIGINT)
    line.send(os.getppid())


def too_early() -> None:
    """Right after `start()`, the interrupt can be lost under `fork` and `forkserver`. Under `spawn`
    it can end the child before Python handles signals, with exit code -2.
    """
    method = get_start_method()
    if method == "fork":  # the child is interrupted in what Python does after a fork
        due = [signal.SIGINT]
        os.register_at_fork(after_in_child=lambda: list(map(signal.raise_signal, due)))
        child = _started(int)
        due.clear()
        assert _ended(child) == [0]
    if method == "forkserver":  # it ignores SIGINT, and so do its children at first
        line, far_end = Pipe()
        children = [_started(_tell_parent_and_interrupt_it, far_end) for _ in range(2)]
        assert line.recv() == line.recv()
        assert _ended(*children) == [0, 0]
    if method == "spawn":
        codes: list[int | None] = []
        while -signal.SIGINT not in codes and len(codes) < 100:
            child = _started(int)
            _interrupt(child)
            codes += _ended(child)
        assert -signal.SIGINT in codes


def subclass() -> None:
    """Instead of passing `target`, you can write a subclass that overrides `run()`. If it has an
    `__init__`, that must call `super().__init__()`, preferably in its first line.

    A subclass whose `__init__` does not call `super().__init__()` fails in `start()`:
    `AttributeError`, with `'_closed'` in the message.
    """
    shown("process/subclass", "super().__init__(name=room)", "def run(self)", "('attic', 19)")
    with raises(AttributeError, text="'_closed'"):
        _NotPrepared().start()


def run_in_the_child() -> None:
    """The parent executes `__init__`, and the child executes `run()`.

    Under `forkserver` and `spawn` the whole object is pickled at `start()`, so each attribute must
    be picklable.
    """
    line, far_end = Pipe()
    sensor = _Sensor(far_end)
    sensor.start()
    assert line.recv() == (os.getpid(), sensor.pid)
    assert _ended(sensor) == [0]
    other = _Sensor(far_end, lambda: None)
    if get_start_method() == "fork":
        other.start()
        assert _ended(other) == [0]
    else:
        with raises(AttributeError, PicklingError, text="lambda"):
            other.start()


def copy_of_the_object() -> None:
    """The child has a copy of the object, so changes that `run()` makes to its attributes do not
    reach the parent: `count` is 2 in the child at the end, and stays 0 in the parent.
    """
    shown("process/subclass", "for degrees in [19, 20]", "self.count += 1", "parent's count: 0")


def exit_codes() -> None:
    """0 | the function returned, or called `sys.exit()`, `sys.exit(0)`, `sys.exit(None)` or
    `os._exit(0)`

    1 | an exception was not caught, and its traceback was written to standard error; or the
    function called `sys.exit("text")`, `sys.exit(1)` or `os._exit(1)`

    255 | the function called `sys.exit(255)`, or on Linux and macOS `sys.exit(-1)`; or, under
    `forkserver`, the fork server was killed, or two threads of the parent were in `join()` at the
    same time

    Linux and macOS keep only the lowest eight bits of N: `sys.exit(-1)` gives 255, and
    `sys.exit(256)` gives 0, which looks like success. Under `fork`, a child that calls
    `sys.exit(2**31)` does not end: `start()` raises `OverflowError` in it, and it goes on as a
    second copy of the parent.
    """
    if get_start_method() == "fork":
        assert script(TOO_BIG).stdout == "OverflowError\nafter start()\n0\nafter start()\n"
    shown("process/exit_codes", "returns: 0\nraises an exception: 1\nsys.exit(): 0\nsys.exit(None)")
    shown("process/exit_codes", "sys.exit('No paper'): 1", "Standard error", "Traceback")
    shown("process/server_killed", "Exit code 255")
    exits = [_started(sys.exit, code) for code in (255, -1, 256, 1)]
    assert _ended(*exits, _started(os._exit, 0)) == [255, 255, 0, 1, 0]
    wrong = 255 if get_start_method() == "forkserver" else 3
    ends = (_ended_for_two_threads() for _ in range(50))
    assert wrong in ends


def _ended_for_two_threads() -> int | None:
    near, far_end = Pipe()
    child = _started(_exit_with_3, far_end)
    threads = [Thread(target=child.join) for _ in range(2)]
    for thread in threads:
        thread.start()
    near.send("end")
    for thread in threads:
        thread.join()
    return child.exitcode


def _exit_with_3(line: Connection) -> None:
    line.recv()
    sys.exit(3)


def at_the_end_of_a_child() -> None:
    """A `finally` block in the child runs under every start method, and so does a `Finalize` of
    `multiprocessing.util`, which Python does not document. Neither runs if the child is killed or
    terminated:
    """
    shown("process/at_exit", "Finalize, finally, measured", "Finalize, atexit, finally, measured")
    line, far_end = Pipe()
    child = _started(_register_and_wait, far_end)
    far_end.close()
    assert line.recv() == "registered"
    child.terminate()
    with raises(EOFError):
        line.recv()
    child.join()


def _register_and_wait(line: Connection) -> None:
    Finalize(None, line.send, ["Finalize"], exitpriority=0)
    try:
        line.send("registered")
        line.recv()
    finally:
        line.send("finally")


def of_a_pool() -> None:
    """The end of a pool's `with` block terminates its workers. Call `close()` and `join()` in the
    block, so that the workers run what they have registered.

    Remove them in the task itself, as `with TemporaryDirectory()` does at its end, or let the
    parent make the folder and remove it when the workers have ended.
    """
    with tempfile.TemporaryDirectory() as parent, Pool(1) as pool:
        assert not os.path.exists(pool.apply(_use_and_remove, (parent,)))
    line, far_end = Pipe()
    with Pool(1, _register, (far_end,)) as pool:
        pool.apply(abs, (1,))
        pool.close()
        pool.join()
        assert line.recv() == "Finalize"


def _register(line: Connection) -> None:
    Finalize(None, line.send, ["Finalize"], exitpriority=0)


def passed_as_the_group() -> None:
    """`Process(work)` passes `work` as the first parameter, `group`, and raises `AssertionError:
    group argument must be None for now`.

    Under `python -O` there is no error, and the child does nothing.
    """
    with raises(AssertionError, text="group argument must be None for now"):
        Process(print)  # type: ignore[arg-type]
    outcome = script(AS_THE_GROUP, "-O")
    assert outcome.stdout == "0\n", outcome.stderr


def your_own_code() -> None:
    """N | the function called `sys.exit(N)`, or `os._exit(N)`, which skips every cleanup"""
    shown("process/exit_codes", "sys.exit(3): 3", "os._exit(4): 4")
    shown("process/wait_for_any", "os._exit(7)", "broken: 7")


def not_unpickled() -> None:
    """If the arguments cannot be unpickled in the child, or the child does not find the function,
    the exit code is also 1. With arguments bigger than a pipe holds, 64 KiB on Linux, `start()`
    itself may fail then: it raises `BrokenPipeError`.
    """
    if get_start_method() != "fork":
        assert _ended(_started(print, _NotUnpickled())) == [1]
        if get_start_method() == "forkserver" or on("Python 3.13.8 and later"):
            with raises(BrokenPipeError):
                _started(print, _NotUnpickled(), bytes(1_000_000))
        module = sys.modules[__name__]
        module.missing = _hold  # type: ignore[attr-defined]
        name, _hold.__qualname__, _hold.__name__ = _hold.__name__, "missing", "missing"
        try:
            child = _started(_hold, None)
        finally:
            _hold.__qualname__ = _hold.__name__ = name
            del module.missing
        assert _ended(child) == [1]


def negative() -> None:
    """If a signal ends a process, the exit code is the negated number of the signal."""
    shown("process/stopped", "terminate(): -15, SIGTERM\nkill(): -9, SIGKILL")


def segmentation_fault() -> None:
    """A segmentation fault gives -11: see a worker is killed."""
    assert _ended(_started(signal.raise_signal, signal.SIGSEGV)) == [-11]


def copied() -> None:
    """You can also pass any object that can be pickled; of such an object the child gets a copy."""
    shown(
        "ordinary-objects/list_copied",
        "temperatures.append(21.5)",
        "Exit code of the worker: 0",
        "Temperatures: []",
    )


def not_pickled() -> None:
    """Under `fork` the child inherits the arguments without pickling, so a lambda or an open file
    can be an argument, too. Under `forkserver` and `spawn`, `start()` raises an error if an
    argument cannot be pickled, and the `Process` object then counts as not started.
    """
    with open(__file__) as file:
        for child in [Process(target=id, args=(lambda: 0,)), Process(target=id, args=(file,))]:
            if get_start_method() == "fork":
                child.start()
                assert _ended(child) == [0]
                continue
            for _ in range(2):
                with raises(AttributeError, PicklingError, TypeError):
                    child.start()
            assert (child.pid, child.exitcode, active_children()) == (None, None, [])


def locks_of_fork() -> None:
    """A `Lock` that was made for `fork`, or an object that contains one, such as a `Queue`, `Value`
    or `Event`, cannot be passed to a child of another start method.
    """
    fork = get_context("fork")
    if on("Python 3.11.0 to 3.11.4"):
        old = get_context("spawn").Process(target=print, args=(fork.Lock(),))
        old.start()
        old.join()
        assert old.exitcode == -signal.SIGSEGV
        return
    for argument in [fork.Lock(), fork.Queue(), fork.Value("i"), fork.Event()]:
        for child in [
            get_context("forkserver").Process(target=print, args=(argument,)),
            get_context("spawn").Process(target=print, args=(argument,)),
        ]:
            with raises(RuntimeError, text="A SemLock created in a fork context"):
                child.start()


def as_they_are() -> None:
    """The child gets the contents that an argument has when `start()` is called:"""
    shown("process/arguments", 'order.append("pear")\n    clerk.start()', "['apple', 'pear']\n")
    shown("process/arguments", 'order.append("too late")')


def _leave_thread(line: "Connection[Any, Any]", returned: EventType) -> None:
    Thread(target=line.recv).start()
    returned.set()
    raise ValueError("while a thread runs")


def _leave_item(queue: "Queue[bytes]", returned: EventType) -> None:
    queue.put(bytes(1_000_000))
    Thread(target=_put_late, args=(queue,)).start()
    returned.set()


def _put_late(queue: "Queue[bytes]") -> None:
    main_thread().join()  # it waits for this thread
    queue.put(b"late")


def _need_daemon(daemon: "Connection[Any, Any]", line: "Connection[Any, Any]") -> None:
    try:
        daemon.recv()
    except EOFError:
        line.send("the daemon is gone")
    line.recv()


def _leave_children(line: "Connection[Any, Any]", returned: EventType) -> None:
    receiver, sender = Pipe(duplex=False)
    _started(_never_send, sender, daemon=True)
    sender.close()
    _started(_need_daemon, receiver, line)
    returned.set()


def _leave_used_daemon(line: "Connection[Any, Any]", seconds: float) -> None:
    daemon = _started(signal.pause, daemon=True)

    def look() -> None:
        main_thread().join()  # it waits for this thread
        line.send("the daemon is gone" if wait([daemon.sentinel], seconds) else "it is there")

    Thread(target=look).start()


def _never_send(line: "Connection[Any, Any]") -> None:
    assert line
    signal.pause()


def before_a_child_ends() -> None:
    """After `run()` has returned or raised an exception, the child waits for its threads, except
    for daemon threads. It terminates its daemons and waits for its other children, as the main
    program does. It also waits until the items that it has put on a Queue are written to the pipe.
    But before Python 3.13, it waits for its threads last: a thread that goes on after `run()` has
    ended loses the daemons, and an item that it puts may be lost. Join such a thread in `run()`.

    The daemons are terminated first, so a child that still needs a daemon has to go on without it.
    """
    assert _told()["alive"]  # it had a daemon thread, and has ended
    last = not on("Python 3.13 and later")
    thread_line, thread_end = Pipe()
    daemon_line, daemon_end = Pipe()
    child_line, child_end = Pipe()
    queue: Queue[bytes] = Queue()
    events = [Event() for _ in range(3)]
    children = [
        _started(_leave_thread, thread_end, events[0]),
        _started(_leave_children, child_end, events[1]),
        _started(_leave_item, queue, events[2]),
    ]
    for event in events:
        assert event.wait(TIME_LIMIT)
    _started(_leave_used_daemon, daemon_end, TIME_LIMIT if last else SURE).join()
    assert daemon_line.recv() == ("the daemon is gone" if last else "it is there")
    assert child_line.recv() == "the daemon is gone"
    sleep(SURE)
    assert [child.is_alive() for child in children] == [True] * 3
    thread_line.send(None)
    child_line.send(None)
    queue.get()
    assert _ended(*children) == [1, 0, 0]
    if not last:
        assert queue.get() == b"late"
    assert queue.empty()


def atexit_functions() -> None:
    """In Python 3.13 and later, functions that the child has registered with `atexit` run under
    every start method; before Python 3.13, they run only under `spawn`. Under `fork` and
    `forkserver`, what is still in the buffer of a file that the child has not closed is lost.
    """
    expected = get_start_method() == "spawn" or on("Python 3.13 and later")
    assert _told()["atexit"] == expected


def zombies() -> None:
    """`join()`, `is_alive()`, `exitcode`, `active_children()` and the next `start()` ask.

    Under `forkserver` the fork server asks as soon as the child has ended. If the parent ignores
    SIGCHLD, or calls `os.wait()` itself, the answer is lost under `fork` and `spawn`: then
    `exitcode` stays `None`, and `is_alive()` returns `True`, although the child has ended.
    """
    if get_start_method() == "spawn":  # it asks as under fork
        assert popen_spawn_posix.Popen.poll is popen_fork.Popen.poll
        return
    if get_start_method() == "forkserver":
        child = _started(int)
        assert wait([child.sentinel], TIME_LIMIT)
        with raises(ProcessLookupError):
            os.kill(child.pid or 0, 0)
        child.join()
        return
    finish, next_one = Event(), Process(target=int)
    children = [_started(finish.wait) for _ in range(4)]
    finish.set()
    asks: list[Callable[[], object]] = [
        children[0].join,
        children[1].is_alive,
        lambda: children[2].exitcode,
        next_one.start,
        active_children,
    ]
    for child, ask in zip([*children, next_one], asks, strict=True):
        pid = child.pid or 0
        assert os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        ask()
        with raises(ChildProcessError):
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert _ended(*children, next_one) == [0] * 5
    waited_for = _started(int)
    assert os.wait()[0] == waited_for.pid
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    ignored = _started(int)
    ignored.join()
    signal.signal(signal.SIGCHLD, before)
    for child in waited_for, ignored:
        assert child.exitcode is None
        assert child.is_alive()
        child._popen.returncode = 0  # type: ignore[attr-defined]  # so that it is forgotten
        child.join()


def empty_input() -> None:
    """In a child, `sys.stdin` is empty: `input()` raises `EOFError`."""
    assert _told()["input"] == "EOFError"


def at_the_end() -> None:
    """When the program ends, the parent first terminates its daemons, and then waits until all
    other children have ended. It does so after `sys.exit()` and after an exception that is not
    caught, too:

    A child that never ends keeps the program from ending; so does a daemon that goes on after
    SIGTERM, because it ignores or handles the signal.
    """
    shown("process/at_the_end", "The program ends\nThe backup is done")
    for end, status in [("sys.exit(3)", 3), ("raise ValueError", 1)]:
        outcome = script(AT_THE_END.format(end=end))
        *ended, last = outcome.stdout.splitlines()
        assert (outcome.status, sorted(ended), last) == (status, ["done", "stayed"], "the end")


def no_finally() -> None:
    """ "The camera is off" is not printed, because a process that is terminated does not run its
    `finally` block.
    """
    shown("process/at_the_end", 'print("The camera is off")', "The program ends\nThe backup")
    shown("claims/terminate_skips_finally", "finally")


def not_a_service() -> None:
    """A daemon in this sense is not a system service."""
    no_fact("a definition")


def _try_to_start(line: "Connection[Any, Any]") -> None:
    from concurrent.futures import ProcessPoolExecutor

    executor = ProcessPoolExecutor(1)
    attempts: list[Callable[[], object]] = [
        Process(target=int).start,
        Pool,
        Manager,
        lambda: executor.submit(int),
    ]
    for attempt in attempts:
        try:
            attempt()
        except AssertionError as error:
            line.send(str(error))


def daemons_start_nothing() -> None:
    """It cannot start processes of its own with `multiprocessing`, so it cannot make a `Pool` or a
    `Manager`, and cannot submit a task to a `ProcessPoolExecutor` of its own.
    """
    line, far_end = Pipe()
    daemon = _started(_try_to_start, far_end, daemon=True)
    far_end.close()
    for _ in range(4):
        assert line.recv() == "daemonic processes are not allowed to have children"
    _ended(daemon)


def _leave_daemon(line: "Connection[Any, Any]", folder: str, ends: bool) -> None:
    tempfile.tempdir = folder  # what is not cleaned up here is cleaned up with it
    _started(_echo, line, daemon=True)
    if ends:
        os._exit(3)
    signal.pause()


def parent_is_killed() -> None:
    """If the parent is killed, or ended by SIGTERM or `os._exit()`, it does neither: its children
    go on, even its daemons.
    """
    shown("claims/daemon_outlives", "parent.kill()", "the daemon is still running")
    shown("process/grandchild", "worker.kill()", "The helper ends")
    cases = [(True, 3), (False, -signal.SIGTERM)]
    for ends, code in cases if get_start_method() == "fork" else cases[:1]:
        line, far_end = Pipe()
        with tempfile.TemporaryDirectory() as folder:
            parent = _started(_leave_daemon, far_end, folder, ends)
            far_end.close()
            assert line.recv() == "up"
            if not ends:
                parent.terminate()
            assert _ended(parent) == [code]
            line.send("still here?")
            assert line.recv() == "still here?"
            line.send(None)


def _die(value: Any, array: Any, items: "Queue[object]") -> None:
    value.get_lock().acquire()
    array.get_lock().acquire()
    array[0] = 1
    items.put(_NeverPickled())
    os._exit(3)


def no_cleanup() -> None:
    """A process that is killed, is terminated, or calls `os._exit()` cleans up nothing:

    A lock that it held stays locked, also the lock of a Value or an Array.

    A queue or pipe may contain half an item, and items that had been put on a `Queue` but not
    written yet are lost.

    Shared memory stays as it is, even if only half of a change is done.

    A `get()` that waits without a timeout for an item from the dead process waits forever; `recv()`
    on a pipe raises `EOFError`, or sometimes an `OSError`, if no other process holds the sending
    end.
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")
    shown("lock-holder-killed/killed_in_put", "get(timeout=1)", "still running after 5 s")
    shown("process/wait_for_both", "except (EOFError, OSError)", "os._exit(7)")
    shown("pipe", "except (EOFError, ConnectionResetError)", "#> ConnectionResetError")
    items: Queue[object] = Queue()
    value, array = Value("i"), Array("i", 2)
    child = _started(_die, value, array, items)
    assert _ended(child) == [3]
    assert not value.get_lock().acquire(block=False)
    assert not array.get_lock().acquire(block=False)
    assert list(array.get_obj()) == [1, 0]
    with raises(Empty):
        items.get(timeout=SURE)


def waiters() -> None:
    """A Condition or Event for which it was waiting: the next `notify()` or `set()` may never
    return.
    """
    shown("condition/waiter_killed", "still running after 5 s")


def its_children_go_on() -> None:
    """Its own children go on."""
    shown("process/grandchild", "worker.kill()", "Exit code -9", "The helper ends")


def _leave_helper(line: "Connection[Any, Any]") -> None:
    _started(_echo, line)
    signal.pause()


def with_a_helper() -> None:
    """Under `fork`, the helper has inherited the pipe behind the worker's `sentinel`, which
    therefore becomes ready only when the helper has ended, too. `join(timeout=...)` has the same
    problem: it uses up the whole timeout although the worker is dead. `join()` without a timeout,
    `is_alive()` and `exitcode` notice that the worker has ended. If your workers start processes,
    pass a timeout to `wait` and call `is_alive()` in between, or use `forkserver`.
    """
    shown("process/grandchild", "Sentinel ready: False", "Sentinel ready: True")
    if get_start_method() != "fork":
        return
    line, far_end = Pipe()
    worker = _started(_leave_helper, far_end)
    assert line.recv() == "up"
    worker.kill()
    assert os.waitid(os.P_PID, worker.pid or 0, os.WEXITED | os.WNOWAIT)
    joins = Thread(target=worker.join, args=(TIME_LIMIT,))
    joins.start()
    joins.join(SURE)
    assert joins.is_alive()
    assert not worker.is_alive()
    assert worker.exitcode == -signal.SIGKILL
    worker.join()
    assert wait([worker.sentinel], 0) == []
    line.send(None)
    joins.join()
    assert wait([worker.sentinel]) == [worker.sentinel]


def _leave_program(line: "Connection[Any, Any]") -> None:
    line.send(os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "60"))
    os._exit(7)


def with_a_program() -> None:
    """`spawn` is enough for helpers that the worker starts with `multiprocessing` or
    `subprocess.run`, but a program that it starts with `os.system` or `os.spawnv` inherits the
    pipe.

    Under `forkserver` and `spawn`, such a program also inherits the connections that were passed to
    the worker, so `recv()` at the other end raises no `EOFError` while the program runs.
    """
    shown("process/grandchild", "Sentinel ready: True")
    line, far_end = Pipe()
    worker = _started(_leave_program, far_end)
    far_end.close()
    program = line.recv()
    assert _ended(worker) == [7]
    method = get_start_method()
    try:
        ends = method != "spawn"
        assert wait([worker.sentinel], TIME_LIMIT if ends else 0.05) == [worker.sentinel] * ends
        assert line.poll(TIME_LIMIT if method == "fork" else 0.05) == (method == "fork")
    finally:
        os.kill(program, signal.SIGKILL)
    assert wait([worker.sentinel], TIME_LIMIT)
    assert line.poll(TIME_LIMIT)


def the_fork_server() -> None:
    """Under `forkserver`, the fork server makes the child, and reports to your program how the
    child ended. If the fork server is killed, that report is missing: `exitcode` becomes 255 and
    `is_alive()` becomes `False`, although the child may still be running.
    """
    shown("process/server_killed", "os.getppid()", "Exit code 255 alive: False\nThe backup is done")


def _say_parent(line: "Connection[Any, Any]") -> None:
    line.send(os.getppid())
    _echo(line)


def after_it_was_killed() -> None:
    """After that, `terminate()` and `kill()` do nothing, because the `Process` object treats the
    child as ended. When the fork server has ended, the next `start()` starts a new one.
    """
    if get_start_method() != "forkserver":
        return
    servers = []
    for kills in [True, False]:
        line, far_end = Pipe()
        child = _started(_say_parent, far_end)
        far_end.close()
        servers.append(line.recv())
        assert line.recv() == "up"
        if kills:
            os.kill(servers[0], signal.SIGKILL)
            assert os.waitid(os.P_PID, servers[0], os.WEXITED | os.WNOWAIT)
            assert _ended(child) == [255]
            child.terminate()
            child.kill()
        line.send("still here?")
        assert line.recv() == "still here?"
        line.send(None)
        assert _ended(child) == [255 if kills else 0]
    assert servers[0] != servers[1]


def not_a_tuple() -> None:
    """`args=(5)` is not a tuple, and raises `TypeError: 'int' object is not iterable`.

    `args=("abc")` is not a tuple either, but raises no error: the function is called with `"a"`,
    `"b"` and `"c"`, and the child ends with a `TypeError` unless the function accepts three
    arguments.
    """
    with raises(TypeError, text="'int' object is not iterable"):
        Process(target=int, args=(5))  # type: ignore[arg-type]
    called: list[object] = []
    Process(target=lambda *args: called.append(args), args=("abc")).run()
    assert called == [("a", "b", "c")]
    with raises(TypeError):
        Process(target=_hold, args=("abc")).run()


def called_at_once() -> None:
    """`target=work()` calls the function in the parent."""
    called_in = []

    def work() -> None:
        called_in.append(os.getpid())

    process = Process(target=work())  # type: ignore[func-returns-value]
    assert called_in == [os.getpid()]
    assert process.pid is None


def sent_to_it() -> None:
    """An exception in the child is not raised in the parent, but can be sent to it."""
    shown("unseen-error/process_failed", "Output\nAll packed", "Standard error")
    shown("unseen-error/exit_code_checked", "packer.exitcode != 0")


def of_os_fork() -> None:
    """These are children that `multiprocessing` starts. A child that you make with `os.fork()`
    yourself ends as the main program does: it also runs every function that the parent registered
    with `atexit` before the fork, and so may write the parent's report or remove its temporary
    files. It also terminates the daemons of its parent, such as the workers of a pool. So end it
    with `os._exit()`.
    """
    assert script(FORKED_BESIDE_A_DAEMON).stdout == "-15\n"
    told = script(FORKED).stdout.splitlines()
    assert told == ["child", "child", "parent", "parent", "guarded: parent"]


def not_read() -> None:
    """`join()` before the queue has been read may never return."""
    shown("queue-deadlock/join_first", "camera.join()\n    print", "still running after 5 s")


def no_main_guard() -> None:
    """Without a main guard, under `forkserver` and `spawn`, a child executes the main program again
    and fails.
    """
    shown("main-guard/unguarded_process", "freeze_support()", "Standard error")


def the_same_under_all() -> None:
    """The programs on this page print the same under every start method, except where tabs show the
    difference.
    """
    folder = ROOT / "examples" / "process"
    outputs = {path.stem for path in folder.glob("*.out")}
    differing = {"at_exit", "grandchild"}
    alike = {name for name in outputs if name.partition(".")[0] not in differing}
    assert alike == {path.stem for path in folder.glob("*.py")} - differing


def what_becomes_of_it() -> None:
    """With a fault put in, this is what becomes of the first program of this page, which looks
    at `exitcode`:
    """
    shown(
        "process/smallest",
        "If something fails",
        "a worker is killed            status 1, told",
        "a worker calls sys.exit(3)    status 1, told",
        "a worker raises               status 1, told",
    )


def _use_and_remove(parent: str) -> str:
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        return folder


def _remove_at_exit(folder: str) -> None:
    atexit.register(os.rmdir, folder)


def removed_at_exit() -> None:
    """If a library removes its temporary files by `atexit`, those of a worker remain where `atexit`
    does not run.
    """
    folder = tempfile.mkdtemp()
    child = Process(target=_remove_at_exit, args=(folder,))
    child.start()
    child.join()
    runs = get_start_method() == "spawn" or on("Python 3.13 and later")
    assert os.path.exists(folder) != runs
    if not runs:
        os.rmdir(folder)
    shown("process/at_exit", "Output\nFinalize, finally, measured\n")


def only_some_processors() -> None:
    """If the workers use only some of the processors, print that number in a worker."""
    no_fact("advice; how children inherit the affinity is linked")


LEADS_A_GROUP = """
import os
import signal
import tempfile
from multiprocessing import Pipe, Process


def compress(line):
    line.send(os.getpgrp())
    line.recv()


def back_up(line, folder):
    tempfile.tempdir = folder  # who is killed cannot tidy up
    os.setpgid(0, 0)
    helper = Process(target=compress, args=(line,))
    helper.start()
    helper.join()


if __name__ == "__main__":
    line, far_end = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        worker = Process(target=back_up, args=(far_end, folder))
        worker.start()
        far_end.close()
        print(line.recv() == worker.pid)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.join()
        try:
            line.recv()
        except (EOFError, ConnectionResetError):
            print("ended")
"""


def the_group_is_ended() -> None:
    """To end such a program with all that it has started, make it the leader of a process group,
    and end the group.

    A worker that begins with `os.setpgid(0, 0)` leads a group in the same way, to which its
    children belong.
    """
    outcome = script(LEADS_A_GROUP)
    assert (outcome.status, outcome.stdout) == (0, "True\nended\n"), outcome.stderr


def started_again() -> None:
    """A `Process` object can be started only once. To restart a worker that has crashed, make a new
    one:

    What the crashed process had in its own memory is lost.

    With several workers, wait for them all at once.
    """
    shown("process/restarted", "start 2, exit code: 1\nstart 3, exit code: 0")
    child = Process()
    child.start()
    child.join()
    with raises(AssertionError, text="cannot start a process twice"):
        child.start()


def unusable() -> None:
    """What several processes share, such as a queue or a lock, can be unusable after a crash."""
    shown("lock-holder-killed/terminated", "still running")


ONE_AFTER_ANOTHER = """
from multiprocessing import Barrier, Process

def meet(barrier):
    barrier.wait(LIMIT)

if __name__ == "__main__":
    barrier = Barrier(2)
    children = [Process(target=meet, args=(barrier,)) for _ in range(2)]
    for child in children:
        child.start()
        JOIN
    for child in children:
        child.join()
    print([child.exitcode for child in children])
"""


def one_after_another() -> None:
    """A `join()` directly after each `start()`, in the same loop, lets the processes run one after
    another. Start all of them, and then join all of them.
    """
    together = ONE_AFTER_ANOTHER.replace("JOIN", "").replace("LIMIT", "30")
    assert script(together).stdout == "[0, 0]\n"
    apart = ONE_AFTER_ANOTHER.replace("JOIN", "child.join()").replace("LIMIT", "0.5")
    assert script(apart).stdout == "[1, 1]\n"


def in_a_terminal() -> None:
    """Run the program in a terminal."""
    no_fact("advice")


def not_the_name() -> None:
    """`ps` and `top` do not show the `name` of a process, but what setproctitle sets."""
    if sys.platform == "linux":
        started, may_end = Event(), Event()
        child = Process(target=_wait_for, args=(started, may_end), name="my-packer")
        child.start()
        assert started.wait(TIME_LIMIT)
        shows = [Path(f"/proc/{child.pid}/{file}").read_bytes() for file in ("comm", "cmdline")]
        may_end.set()
        child.join()
        assert not any(b"my-packer" in text for text in shows)


def _wait_for(started: EventType, may_end: EventType) -> None:
    started.set()
    assert may_end.wait(TIME_LIMIT)
