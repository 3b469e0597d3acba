"""What docs/examples/ctrl-c.md says."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import (
    Barrier,
    Event,
    Pipe,
    Pool,
    Process,
    Semaphore,
    Value,
    get_start_method,
    parent_process,
)
from multiprocessing.connection import Connection, wait
from multiprocessing.managers import SyncManager
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier as BarrierType
from multiprocessing.synchronize import Event as EventType
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Thread
from typing import Any

from tests.claims import (
    PAUSE,
    SURE,
    TIME_LIMIT,
    changed,
    no_fact,
    on,
    raises,
    replaced,
    script,
    shown,
)
from tests.claims._starts import (
    CTRL_C,
    MANAGER_ENDS,
    MANAGER_STARTS,
    SIGTERM,
    STARTS,
    ends,
    signals,
    waits,
)

PRESSED = "os.killpg(os.getpgrp(), signal.SIGINT)"
IGNORED = "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
STOPPED = "stopping\nexit statuses [0, 0, 0]\n"
WAITS = "wait([stop, parent_process().sentinel])"
CODES = "[worker.exitcode for worker in workers]"
PRINTED_ALWAYS = (
    "            worker.join()\n",
    f"            worker.join()\n        print('exit statuses', {CODES})\n",
)
begun: "Synchronized[int]"  # of a worker, as is the event: an initializer sets them
may_go_on: EventType
CLEANUP = '        stopper.send_bytes(b"stop")\n'
AGAIN = (CLEANUP, f"{CLEANUP}        signal.raise_signal(signal.SIGINT)\n")
# The first worker is done at once, the others when the parent has noticed that, or told to stop.
FINITE = (
    (f"        {PRESSED}  # you press Ctrl-C\n", ""),
    ("def measure(stop, started)", "def measure(stop, started, go, n)"),
    ("args=(stop, started)", "args=(stop, started, go, len(workers))"),
    ("    workers = []\n", "    workers = []\n    go, starter = Pipe(duplex=False)\n"),
    ("            left = [", "            starter.send_bytes(b'go')\n            left = ["),
    (WAITS, "print('stopped' if n and stop in wait([go, stop]) else 'did all', flush=True)"),
)


def _wait_for_others(barrier: BarrierType) -> None:
    barrier.wait()


def _answer(line: Connection) -> None:
    line.send("started")
    line.send(line.recv())


def _watch_parent(line: Connection) -> None:
    line.send("started")
    parent = parent_process()
    assert parent
    wait([parent.sentinel])
    line.send("ended")


def _start_and_be_terminated(line: Connection, of_worker: Connection, folder: str) -> None:
    tempfile.tempdir = folder  # nothing is cleaned up by this process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    worker = Process(target=_answer, args=(of_worker,))
    worker.start()
    manager = SyncManager(("127.0.0.1", 0))
    manager.start()
    line.send(manager._process.pid)  # type: ignore[attr-defined]
    line.recv()
    signal.raise_signal(signal.SIGTERM)


def _start_two(watching: Connection, later: Connection, folder: str) -> None:
    tempfile.tempdir = folder  # nothing is cleaned up by this process
    workers = [
        Process(target=_watch_parent, args=(watching,)),
        Process(target=_answer, args=(later,)),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _start_a_manager(watching: Connection, later: Connection, folder: str) -> None:
    tempfile.tempdir = folder  # nothing is cleaned up by this process
    worker = Process(target=_watch_parent, args=(watching,))
    worker.start()
    manager = SyncManager(("127.0.0.1", 0))
    manager.start()
    later.send(manager._process.pid)  # type: ignore[attr-defined]
    worker.join()


def _say_at_end(line: Connection) -> None:
    Finalize(None, line.send, ("ended",), exitpriority=0)


def _end_with_parent(line: Connection) -> None:
    parent = parent_process()
    assert parent
    parent.join()
    line.send("ended")
    os._exit(1)


def _watch_in_a_thread(line: Connection) -> None:
    Thread(target=_end_with_parent, args=(line,), daemon=True).start()


def _start_pools(of: list[Connection], to_main: Connection, folder: str) -> None:
    tempfile.tempdir = folder  # nothing is cleaned up by this process
    idle: Any = ProcessPoolExecutor(1, initializer=_say_at_end, initargs=(of[0],))
    idle.submit(abs, 1).result()
    pool = Pool(1, _say_at_end, (of[1],))
    pool.apply(abs, (1,))
    watches = ProcessPoolExecutor(1, initializer=_watch_in_a_thread, initargs=(of[2],))
    watches.submit(time.sleep, TIME_LIMIT)
    busy = Pool(1, _watch_in_a_thread, (of[4],))
    busy.apply_async(_answer, (of[4],))
    later = Process(target=_answer, args=(of[3],))
    later.start()
    to_main.send(list(idle._processes))
    later.join()


def _keep(counter: "Synchronized[int]", event: EventType) -> None:
    global begun, may_go_on
    begun, may_go_on = counter, event


def _begin(task: int) -> None:
    with begun.get_lock():
        begun.value += 1
    if task:
        may_go_on.wait()


def _pause(line: Connection) -> None:
    with open(os.devnull, "w") as sys.stderr:
        line.send(signal.getsignal(signal.SIGTERM) is signal.default_int_handler)
        while True:  # not signal.pause(): a signal just before it would not end it
            time.sleep(PAUSE)


GOES_ON = """import signal
import sys
from multiprocessing import Pipe, Process

def end(line):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if line.recv() == "exit":
        sys.exit()
    signal.raise_signal(signal.SIGINT)

def bare(line):
    while True:
        try:
            end(line)
        except:
            line.send("goes on")

def base(line):
    while True:
        try:
            end(line)
        except BaseException:
            line.send("goes on")

def ordinary(line):
    while True:
        try:
            end(line)
        except Exception:
            line.send("goes on")

if __name__ == "__main__":
    for work in bare, base, ordinary:
        mine, line = Pipe()
        worker = Process(target=work, args=(line,))
        worker.start()
        line.close()
        for how in "interrupt", "exit":
            try:
                mine.send(how)
                print(work.__name__, mine.recv())
            except (EOFError, ConnectionError):
                print(work.__name__, "ends")
        worker.kill()
        worker.join()
"""


def a_bare_except() -> None:
    """In a worker's loop, a bare `except:` catches the `KeyboardInterrupt` of Ctrl-C and the
    `SystemExit` of `sys.exit()`, too, and so does `except BaseException:`. The loop goes on, and
    the parent waits for the worker. Write `except Exception:`, which catches neither.
    """
    one_each = script(GOES_ON).stdout.splitlines()
    assert one_each == [*["bare goes on"] * 2, *["base goes on"] * 2, *["ordinary ends"] * 2]
    exits_first = script(GOES_ON.replace('"interrupt", "exit"', '"exit",')).stdout.splitlines()
    assert exits_first == ["bare goes on", "base goes on", "ordinary ends"]


def ignore_and_catch() -> None:
    """Let the workers ignore Ctrl-C (the signal SIGINT), and let the parent catch its
    `KeyboardInterrupt` and ask them to stop.

    `signal.signal(signal.SIGINT, signal.SIG_IGN)` makes a worker ignore SIGINT. Then Ctrl-C
    interrupts only the parent.
    """
    shown(
        "ctrl-c/clean_end",
        "    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    started.send(True)",
        "except KeyboardInterrupt:",
        CLEANUP,
        "Output, on Linux and macOS\nstopping\nexit statuses [0, 0, 0]",
    )


def with_a_pool() -> None:
    """A program with a pool then ends at Control-C, without a traceback from each worker.

    The `initializer` of a pool runs in each worker when the worker starts. The parent counts
    with a Semaphore until all three workers have run it:
    """
    shown(
        "ctrl-c/pool_ignores",
        "started.release()",
        "Pool(3, ignore_ctrl_c, (started,))",
        "for _ in range(3):\n            started.acquire()",
        "stopping\nthe pool has ended",
    )


def join_is_interrupted() -> None:
    """Leave that line out of your program: there the parent waits in `wait()`, and on Linux and
    macOS Ctrl-C interrupts `wait()`. For Windows, see below.
    """
    later = f"signal.signal(signal.SIGALRM, lambda *_: {PRESSED})"
    code = changed(
        "ctrl-c/clean_end", (PRESSED, f"{later}\n        signal.setitimer(signal.ITIMER_REAL, 0.2)")
    )
    assert script(code).stdout == STOPPED


def each_is_interrupted() -> None:
    """Ctrl-C in a terminal sends the signal SIGINT to the parent and to all workers. In each of
    them Python raises `KeyboardInterrupt`, wherever the process is. So each prints a traceback,
    and a worker may stop in the middle of something.

    A worker that receives SIGINT before its `signal.signal` line ends with a traceback, and the
    program still ends.
    """
    code = changed(
        "ctrl-c/clean_end",
        (f"    {IGNORED}    started", "    started"),
        (WAITS, "from time import sleep\n    while True: sleep(0.01)"),
        ("except KeyboardInterrupt", "except ZeroDivisionError"),
        PRINTED_ALWAYS,
    )
    outcome = script(code)
    assert outcome.stdout == "exit statuses [1, 1, 1]\n"
    assert outcome.stderr.count("KeyboardInterrupt") == 4
    assert outcome.status


def after_an_error() -> None:
    """The parent's `finally` sends one message, which no worker reads, so all of them see it. Then
    it waits for the workers, also after an error.
    """
    code = changed(
        "ctrl-c/clean_end",
        (PRESSED, "raise ValueError"),
        PRINTED_ALWAYS,
    )
    outcome = script(code)
    assert outcome.stdout == "exit statuses [0, 0, 0]\n"
    assert "ValueError" in outcome.stderr


def at_any_time() -> None:
    """The workers are started inside the `try`, because Ctrl-C may come at any time. `started`
    tells the parent that a worker has passed this line; `poll()` does not wait for a worker that
    has died.
    """
    shown(
        "ctrl-c/clean_end",
        "try:\n        for _ in range(3):\n            receiver, started = Pipe(",
        "signal.SIG_IGN)\n    started.send(True)",
        "receiver.poll(None)  # until it has started, or is dead",
    )


def if_a_worker_fails() -> None:
    """What happens if a worker is killed or stopped stands below; a `Pool` can then wait forever.

    If a worker raises an exception, calls `sys.exit(3)` or is killed, the parent's `wait()`
    returns, the other workers are asked to stop, and the program ends with their exit statuses on
    standard error and with status 1. If a worker ends with exit code 0, it has done its work, and
    the parent waits for the others. A single `wait()` for all workers would return then, and the
    others would be stopped in the middle of their work, with status 0. If the parent gets SIGTERM
    or is killed, the workers end, because each waits for the `sentinel` of its parent, too. If a
    worker is stopped by SIGSTOP, the parent waits until the worker goes on: use a time limit.

    If a worker is killed during a task, `result.get()` waits forever; use an executor where that
    can happen.
    """
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")
    shown("killed-worker/executor_raises", "os._exit(1)", "BrokenProcessPool: A process in")
    shown("ctrl-c/clean_end", WAITS)
    for end, status in ("raise ValueError", 1), ("sys.exit(3)", 3), ("os.abort()", -signal.SIGABRT):
        fails = "current_process().name.endswith('-1')"
        code = changed(
            "ctrl-c/clean_end",
            ("import os\n", "import os\nfrom multiprocessing import current_process\n"),
            (f"    {PRESSED}", "    pass"),
            ("    started.send(True)", f"    if {fails}:\n        {end}\n    started.send(True)"),
        )
        failed = script(code)
        assert (failed.stdout, failed.status) == ("", 1)
        assert failed.stderr.endswith(f"exit statuses [{status}, 0, 0]\n")
    loop = changed("ctrl-c/clean_end", *FINITE)
    outcome = script(loop)
    assert outcome.stdout == "did all\n" * 3 + "exit statuses [0, 0, 0]\n", outcome.stderr
    outcome = script(replaced(loop, ("while left and", "if"), ("starter.send_bytes(b'go')", "")))
    assert outcome.stdout == "did all\nstopped\nstopped\nexit statuses [0, 0, 0]\n"
    assert outcome.status == 0
    # One fails when another is done: the third one is asked to stop.
    third = ("print('stopped'", "n == 1 and wait([go]) and sys.exit(3)\n    print('stopped'")
    failed = script(replaced(loop, third, ("wait([go, stop])", "wait([stop])")))
    assert (failed.status, failed.stdout) == (1, "did all\nstopped\n")
    assert failed.stderr == "exit statuses [0, 3, 0]\n"


def a_second_one() -> None:
    """The `except` makes the parent ignore Ctrl-C, too. Otherwise, a second Ctrl-C, from an
    impatient user, would interrupt the cleanup and print a traceback.
    """
    ignored = script(changed("ctrl-c/clean_end", AGAIN))
    assert (ignored.stdout, ignored.stderr, ignored.status) == (STOPPED, "", 0)
    ignores = f"        {IGNORED}        print"
    interrupted = script(changed("ctrl-c/clean_end", AGAIN, (ignores, "        print")))
    assert interrupted.stdout == "stopping\n"
    assert "Traceback" in interrupted.stderr


def _counts_as_ended(seconds: float) -> bool:
    """Whether a thread that runs counts as ended when a signal has interrupted its `join()`."""
    may_end = threading.Event()
    thread = Thread(target=may_end.wait)
    thread.start()
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with raises(KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, seconds)
            thread.join()
        return not thread.is_alive()
    finally:
        signal.signal(signal.SIGALRM, before)
        may_end.set()


def a_second_one_in_an_executor() -> None:
    """The `except` makes the parent ignore a second Ctrl-C. It would interrupt `shutdown`, or the
    end of the `with` block: in Python 3.11 and 3.12, the executor's thread then counts as ended
    while it still runs, and the program can hang at its end.
    """
    cancels = "            executor.shutdown("
    again = cancels, f"            signal.raise_signal(signal.SIGINT)\n{cancels}"
    ignored = script(changed("ctrl-c/executor_cancels", again))
    assert (ignored.stderr, ignored.status) == ("", 0)
    assert ignored.stdout == "stopping\nsome were canceled: True\n"
    ignores = f"            {IGNORED}            print", "            print"
    all_at_once = "sleep(0.1)", "sleep(0)"
    interrupted = script(changed("ctrl-c/executor_cancels", again, ignores, all_at_once))
    assert interrupted.stdout == "stopping\n"
    assert "Traceback" in interrupted.stderr
    if sys.platform != "win32":  # a busy system may give the signal before the join
        ended = any(_counts_as_ended(seconds) for seconds in (0.1, 1, 5))
        assert ended == on("Python 3.11 to 3.12")


THREE_IN_AN_EXECUTOR = """
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Semaphore, util

semaphores = []

def share(*given):
    semaphores.extend(given)

def wait():
    begun, may_end = semaphores
    begun.release()
    may_end.acquire()

def end():
    print("the task may end", flush=True)
    may_end.release()

def interrupt(*_):
    if interrupt.is_third:
        signal.setitimer(signal.ITIMER_REAL, 0)
    interrupt.is_third = True
    raise KeyboardInterrupt

if __name__ == "__main__":
    begun, may_end = Semaphore(0), Semaphore(0)
    interrupt.is_third = False
    util.Finalize(None, end, exitpriority=0)  # after the third one
    with ProcessPoolExecutor(1, initializer=share, initargs=(begun, may_end)) as executor:
        executor.submit(wait)
        begun.acquire()
        signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 1, 1)
        raise KeyboardInterrupt
"""


def a_third_one_in_an_executor() -> None:
    """In later versions, a third Ctrl-C can do the same: it interrupts the end of the program."""
    if sys.platform != "win32" and on("Python 3.13 and later"):
        hangs = script(THREE_IN_AN_EXECUTOR, hangs_after="the task may end")
        assert (hangs.status, hangs.stdout) == (None, "the task may end\n")
        assert hangs.stderr.count("KeyboardInterrupt") >= 3


def a_barrier_in_the_initializer() -> None:
    """Do not use a Barrier in the initializer. A pool replaces a worker that has died, or that
    has done its `maxtasksperchild`, and the replacement would wait at the barrier until all
    other workers have been replaced as well. Until then it runs no task. `release()` does not
    wait.
    """
    barrier = Barrier(2)
    with Pool(2, _wait_for_others, (barrier,)) as pool:
        pool.apply_async(os._exit, (1,))
        deadline = time.monotonic() + TIME_LIMIT
        while barrier.n_waiting == 0 and time.monotonic() < deadline:
            time.sleep(PAUSE)
        assert barrier.n_waiting == 1
        assert len({pool.apply(os.getpid) for _ in range(20)}) == 1
        pool.apply_async(os._exit, (1,))
        assert pool.apply_async(abs, (-7,)).get(TIME_LIMIT) == 7
    Semaphore(0).release()


def the_block_ends() -> None:
    """After the `except` the `with` block ends, and its end terminates the workers. To let the
    workers finish all tasks instead, call `pool.close()` and `pool.join()` in the `except`.
    """
    shown("ctrl-c/pool_ignores", "sleep(60)", '            print("stopping")\n    print("the pool')
    end = "pool.close()\n            pool.join()\n            print(result.get())"
    code = changed(
        "ctrl-c/pool_ignores",
        ("sleep(60)", "sleep(0.2)\n    return sensor"),
        ('print("stopping")', f'print("stopping")\n            {end}'),
    )
    assert script(code).stdout == "stopping\n[0, 1, 2]\nthe pool has ended\n"


def an_executor_waits() -> None:
    """The end of an executor's `with` block waits for all tasks that were submitted, even for
    those that have not begun. So the program seems to hang at Ctrl-C. Cancel those tasks:

    Here `raise_signal` interrupts only the parent. Without the line with `cancel_futures` it
    would run all hundred tasks. The loop at the end raises the error of a task that failed, such
    as `BrokenProcessPool` if its worker was killed.
    """
    shown("ctrl-c/executor_cancels", "cancel_futures=True", "some were canceled: True")
    code = changed(
        "ctrl-c/executor_cancels",
        ("sleep(0.1)", "sleep(0)"),
        ("            executor.shutdown(cancel_futures=True)\n", ""),
        ("any(t.cancelled() for t in tasks)", "sum(t.result() for t in tasks)"),
    )
    outcome = script(code)
    assert outcome.stdout == "stopping\nsome were canceled: 4950\n"
    killed = script(changed("ctrl-c/executor_cancels", ("    sleep(0.1)", "    os._exit(9)")))
    # Of another wording if the worker ends before the last task is submitted.
    assert "BrokenProcessPool: A " in killed.stderr
    assert killed.status == 1


def a_map_cancels() -> None:
    """With `executor.map`, write the line, too. If Ctrl-C comes while a loop waits for the next
    result, the iterator cancels the tasks that have not begun. But it cancels none if Ctrl-C comes
    while `map` still submits them, or in the body of a loop over an iterator that has a name, as
    in `results = executor.map(...)`.
    """
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        for loop in _waits_for_the_next, _has_no_name:
            assert _begun(loop, False) < 10
        for loop, count in (_has_a_name, 50), (_submits, 40):
            assert _begun(loop, False) == count
            assert _begun(loop, True) < 10
    finally:
        signal.signal(signal.SIGALRM, before)


def _begun(loop: "Callable[[_Recorded], None]", cancels: bool) -> int:
    """How many of the tasks have begun that a loop has submitted which Ctrl-C has ended."""
    begun, may_go_on = Value("i", 0), Event()
    with _Recorded(1, initializer=_keep, initargs=(begun, may_go_on)) as executor:
        with raises(KeyboardInterrupt):
            loop(executor)
        end = Thread(target=executor.shutdown, kwargs={"cancel_futures": cancels})
        end.start()
        while cancels and not executor.tasks[-1].cancelled():
            time.sleep(PAUSE)
        may_go_on.set()
        end.join()
    return int(begun.value)


class _Recorded(ProcessPoolExecutor):
    """An executor that keeps its tasks, and an iterator over their results."""

    results: Iterator[None]

    def __init__(self, *args: Any, **options: Any) -> None:
        self.tasks: list[Any] = []
        super().__init__(*args, **options)

    def submit(self, *args: Any, **options: Any) -> Any:
        """Submit a task, and keep it."""
        self.tasks.append(super().submit(*args, **options))
        return self.tasks[-1]


def _waits_for_the_next(executor: _Recorded) -> None:
    for _ in executor.map(_begin, range(50)):
        signal.setitimer(signal.ITIMER_REAL, 0.1)


def _has_no_name(executor: _Recorded) -> None:
    for _ in executor.map(_begin, range(50)):
        signal.raise_signal(signal.SIGINT)


def _has_a_name(executor: _Recorded) -> None:
    executor.results = executor.map(_begin, range(50))
    for _ in executor.results:
        signal.raise_signal(signal.SIGINT)


def _interrupted() -> Iterator[int]:
    yield from range(40)
    signal.raise_signal(signal.SIGINT)


def _submits(executor: _Recorded) -> None:
    executor.map(_begin, _interrupted())


# The last lines of a program that waits for nothing that a signal has kept from being ended.
KILLS = """
if __name__ == "__main__":
    try:
        main()
    finally:
        for worker in active_children():
            worker.kill()
"""
MANAGER = f"""
from multiprocessing import Manager, active_children


def main():
    with Manager():
        print("started", flush=True)

{KILLS}"""
CALLS = KILLS, '\nif __name__ == "__main__":\n    main()\n'


def while_workers_start() -> None:
    """Ctrl-C can also come while an executor is starting. Under `fork`, the first `submit` or `map`
    starts all workers, and after them the thread that ends them. If Ctrl-C comes in between, the
    end of the `with` block leaves the workers running, and Python waits for them at the end of the
    program, forever.

    Add these lines to a program that has an executor or a manager. They also help if a handler of
    SIGTERM raises an exception while a process is starting.
    """
    handled = f'signal.signal(signal.SIGTERM, lambda *_: os.sys.exit("terminated")); {SIGTERM}'
    outcome = script(changed("ctrl-c/executor_cancels", signals(STARTS)))
    assert (outcome.stderr, outcome.status) == ("", 0)
    assert outcome.stdout == "interrupted\nstopping\nsome were canceled: False\n"
    assert ends("ctrl-c/executor_cancels", STARTS, handled)
    for arrives in CTRL_C, handled:
        if get_start_method() == "fork":
            assert waits(changed("ctrl-c/executor_cancels", CALLS), STARTS, arrives)


def while_a_manager_starts() -> None:
    """Under every start method, it can also wait forever for the process of a manager if Ctrl-C
    interrupts the start or the end of its `with` block.
    """
    for place in MANAGER_STARTS, MANAGER_ENDS:
        outcome = script(replaced(MANAGER, signals(place)))
        assert (outcome.stdout.count("interrupted\n"), outcome.status in (0, None)) == (1, False)
        assert waits(replaced(MANAGER, CALLS), place)


def a_process_that_is_not_known() -> None:
    """Under `fork`, a signal can also come when a process has been forked and is not yet known to
    the parent, which then does not end it. A `Pool`, an executor or a manager can leave such a
    process running forever. If its initializer is `watch_parent`, it ends with the parent.
    """
    from tests.claims._forks import is_left, start_executor, start_manager, start_pool, watch_parent

    if get_start_method() == "fork":
        for start in start_pool, start_executor, start_manager:
            assert is_left(start)
            assert not is_left(start, watch_parent)


def kills_what_is_left() -> None:
    """So the last lines of the program above kill what is left. Otherwise nothing is left there,
    because the `with` block has waited for the workers.
    """
    shown("ctrl-c/executor_cancels", KILLS)
    prints = CALLS[0], f"{CALLS[1]}    print(active_children())\n"
    assert script(changed("ctrl-c/executor_cancels", prints)).stdout.endswith("True\n[]\n")


def the_handler_comes_later() -> None:
    """For an executor, you can set this handler later instead, after the first `map`."""
    shown(
        "rate-limit/shared",
        "results = pool.map(look_up, addresses)\n        signal.signal(signal.SIGTERM, ",
    )


def inside_a_submit() -> None:
    """If it comes inside a `submit`, the executor can be left with a task that it gives to no
    worker. Without the line, the end of the `with` block would wait for this task forever, so the
    tasks are submitted inside the `try`.
    """
    second = """        executor.submit(measure, 0).result()
        executor._work_ids.put = lambda _: signal.raise_signal(signal.SIGINT)
        try:
            for"""
    hook = "        try:\n            for", second
    outcome = script(changed("ctrl-c/executor_cancels", hook))
    assert (outcome.stdout, outcome.status) == ("stopping\nsome were canceled: False\n", 0)
    line = "            executor.shutdown(cancel_futures=True)\n", ""
    outcome = script(
        changed("ctrl-c/executor_cancels", hook, line, ('"stopping"', '"stopping", flush=True')),
        hangs_after="stopping",
    )
    assert (outcome.stdout, outcome.status) == ("stopping\n", None)


# The removal of a folder is interrupted.
REMOVAL = """
import os
import signal
import tempfile
from multiprocessing import util

def interrupt(*_, **options):
    signal.raise_signal(signal.SIGINT)

os.rmdir = interrupt
"""
TEMPORARY = (
    REMOVAL
    + """
with tempfile.TemporaryDirectory():
    pass
"""
)
SOCKETS = (
    REMOVAL
    + """
util.get_temp_dir()
"""
)


def folders_stay() -> None:
    """A signal that interrupts the end of a `TemporaryDirectory` leaves the folder where it is, or
    a part of it. The folder `pymp-...`, in which a program with a manager or a fork server has its
    sockets, stays if a signal interrupts its removal at the end of the program.
    """
    for code, name in (TEMPORARY, "tmp"), (SOCKETS, "pymp-"):
        with tempfile.TemporaryDirectory() as folder:
            command, env = [sys.executable, "-c", code], os.environ | {"TMPDIR": folder}
            ended = subprocess.run(command, env=env, stderr=subprocess.PIPE, text=True, check=False)
            assert "KeyboardInterrupt" in ended.stderr
            assert [left.startswith(name) for left in os.listdir(folder)] == [True]


def in_steps() -> None:
    """Wait in steps: `while worker.is_alive(): worker.join(1)`.

    So start a manager first, and let all workers watch their parent.

    For workers that do other work meanwhile, start with the programs of Workers that end with
    their parent; here is what they build on, and what to do for a pool.

    Use the same `initializer`; see notebooks.

    For workers that end when their work is done, wait in a loop, as the first program does.
    """
    no_fact("advice")


def where_it_was_run() -> None:
    """The programs of this page have been run on the systems that the lines under the outputs
    name, not on others.
    """
    no_fact("what the page does not claim")


def they_live_on() -> None:
    """If SIGTERM is sent only to the parent, its `Process` workers continue to run, and so does
    the process of a manager.
    """
    line, end = Pipe()
    to_worker, of_worker = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        parent = Process(target=_start_and_be_terminated, args=(end, of_worker, folder))
        parent.start()
        manager = line.recv()
        assert to_worker.recv() == "started"
        line.send("go on")
        parent.join()
        os.kill(manager, signal.SIGKILL)
        to_worker.send("alive")
        assert to_worker.recv() == "alive"
        assert parent.exitcode == -signal.SIGTERM


def sockets_stay() -> None:
    """The sockets of a manager and of the fork server stay in the temporary directory, in a
    folder `pymp-...`.
    """
    manager = "manager = Manager(); manager._process.kill(); manager._process.join()"
    process = "process = Process(target=int); process.start(); process.join()"
    for starts, left in (manager, True), (process, get_start_method() == "forkserver"):
        with tempfile.TemporaryDirectory() as folder:
            outcome = script(
                "import os, signal, tempfile\nfrom multiprocessing import Manager, Process\n"
                f"tempfile.tempdir = {folder!r}\nif __name__ == '__main__':\n"
                f"    {starts}\n    os.kill(os.getpid(), signal.SIGTERM)\n"
            )
            assert outcome.status == -signal.SIGTERM
            assert left == bool(list(Path(folder).glob("pymp-*/*")))


def reset_it() -> None:
    """Let SIGTERM raise `KeyboardInterrupt` as Ctrl-C does, and reset SIGTERM in the workers:
    under `fork` they inherit the parent's handler, and would print a traceback at
    `terminate()`.
    """
    shown("ctrl-c/sigterm", "KeyboardInterrupt", "SIG_DFL", "stopping\nexit statuses [0, 0, 0]")
    line, end = Pipe()
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        worker = Process(target=_pause, args=(end,))
        worker.start()
        is_inherited = line.recv()
        worker.terminate()
        worker.join()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert is_inherited == (get_start_method() == "fork")
    assert worker.exitcode == (1 if is_inherited else -signal.SIGTERM)


def all_get_it() -> None:
    """The program ends in both cases. In the second case its workers are killed, so the program
    ends with status 1, and the parent must not use what a killed worker may hold. So
    the workers wait for a message in a Pipe, not for an Event: after a waiter is killed, the
    Event's `set()` may never return. A second SIGTERM does not interrupt the cleanup, because the
    handler makes the parent ignore it.

    These workers run until they are asked to stop. If one ends before, even with exit code 0, the
    program stops the others, and ends with status 1.
    """
    shown("ctrl-c/sigterm", WAITS, "stopping\nexit statuses [0, 0, 0]")
    shown("condition/waiter_killed", "still running after")
    to_one = "signal.raise_signal(signal.SIGTERM)"
    to_all = "os.killpg(os.getpgrp(), signal.SIGTERM)"
    again = (CLEANUP, f"        {to_one}\n{CLEANUP}")
    code = changed("ctrl-c/sigterm", ("import signal\n", "import os\nimport signal\n"), again)
    one = script(code)
    assert (one.stdout, one.stderr, one.status) == (STOPPED, "", 0)
    every = script(code.replace(f"{to_one}  #", f"{to_all}  #"))
    assert (every.stdout, every.status) == ("stopping\n", 1)
    codes = json.loads(every.stderr.partition("exit statuses ")[2])
    assert len(codes) == 3 and all(codes)
    raised = "        signal.raise_signal(signal.SIGTERM)  # docker stop\n"
    ends = (
        f"    {WAITS}\n",
        f"    if worker_ends:\n        return\n    {WAITS}\n    print('stopped')\n",
    )
    one = script(
        changed(
            "ctrl-c/sigterm",
            (raised, ""),
            ends,
            ("def measure(stop, started", "def measure(stop, started, worker_ends"),
            ("args=(stop, started)", "args=(stop, started, not workers)"),
        )
    )
    assert (one.status, one.stdout, one.stderr) == (1, "stopped\n" * 2, "a worker has ended\n")


LOST = """
import os, signal, sys
from multiprocessing import get_context

class Item:
    def __del__(self):
        {signal}

def handler(number, frame):
    came.append(number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit("terminated")

if __name__ == "__main__":
    came = []
    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, handler)
    Item()
    os.register_at_fork(after_in_parent=lambda: {signal})
    worker = get_context("fork").Process(target=int)
    worker.start()
    worker.join()
    print([int(number) for number in came], "goes on")
"""


def an_order_that_is_lost() -> None:
    """Sometimes no handler can raise an exception: if the signal comes while Python calls a
    `__del__`, or a function that runs at a fork, Python prints `Exception ignored` and goes on.
    So under `fork`, a SIGTERM or a Ctrl-C that comes while a worker is starting can have no effect.

    Where that matters, let the handler also set a variable, and look at it when the workers have
    started.
    """
    for number, raised in (signal.SIGTERM, "terminated"), (signal.SIGINT, "KeyboardInterrupt"):
        outcome = script(LOST.format(signal=f"signal.raise_signal({int(number)})"))
        assert (outcome.status, outcome.stdout) == (0, f"{[int(number)] * 2} goes on\n")
        assert outcome.stderr.count("Exception ignored") == 2
        assert raised in outcome.stderr


def a_pool_may_hang() -> None:
    """For a pool, put both `signal.signal` lines into its initializer. Set `KillMode=mixed`
    for systemd, which then sends SIGTERM to the main process alone. If a worker of a pool is
    killed while it waits for a task, the end of the `with` block may never return.
    """
    pool = Pool(1)
    lock = pool._inqueue._rlock  # type: ignore[attr-defined]
    while not lock._semlock._is_zero():  # until the worker waits for a task
        time.sleep(PAUSE)
    pool._pool[0].kill()  # type: ignore[attr-defined]
    end = Thread(target=pool.terminate)  # as the end of the block does
    end.start()
    end.join(SURE)
    assert end.is_alive()
    lock.release()  # in place of the worker
    end.join()


def the_parent_is_killed() -> None:
    """Its `Process` workers continue to run, daemons included. A worker can notice that its
    parent has ended: then the `sentinel` of the parent is ready.
    """
    shown("claims/daemon_outlives", "daemon=True", "daemon: the daemon is still running")
    shown("ctrl-c/parent_killed", "parent_process().sentinel", "the parent is dead: ending")


def _signal_oneself() -> None:
    try:
        signal.raise_signal(signal.SIGTERM)
    except KeyboardInterrupt:
        sys.exit(1)  # as the exception does, but without its traceback


def before_the_initializer() -> None:
    """Under `fork`, a SIGTERM that comes before the initializer still runs the parent's handler
    in the worker; `forkserver` and `spawn` avoid that.
    """
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        worker = Process(target=_signal_oneself)
        worker.start()
    finally:
        signal.signal(signal.SIGTERM, before)
    worker.join()
    assert worker.exitcode == (1 if get_start_method() == "fork" else -signal.SIGTERM)


def _tell(path: str) -> None:
    sys.stderr = open(path, "w", buffering=1, encoding="utf-8")  # noqa: SIM115


def _end_during_a_task(line: Connection, end: Connection, folder: str, path: str) -> None:
    tempfile.tempdir = folder  # nothing is cleaned up by this process
    pool = Pool(1, _tell, (path,))
    pool.apply_async(_answer, (line,))
    end.recv()
    os._exit(0)


def _result_for_nobody() -> str:
    """What a worker of a pool writes to standard error if its parent has ended during a task.

    Nothing under another start method than fork: such a parent leaves semaphores behind there.
    """
    if get_start_method() != "fork":
        return ""
    line, of_worker = Pipe()
    end, of_parent = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "stderr")
        args = (of_worker, of_parent, folder, str(path))
        parent = Process(target=_end_during_a_task, args=args)
        parent.start()
        of_worker.close()
        assert line.recv() == "started"
        end.send("end")
        parent.join()
        line.send("go on")
        assert line.recv() == "go on"
        with raises(EOFError):
            line.recv()  # until the worker has ended, too
        return path.read_text("utf-8")


def a_result_for_nobody() -> None:
    """A worker that has a result by then writes tracebacks with `BrokenPipeError` to standard
    error, below its name, such as `ForkPoolWorker-1`.
    """
    if told := _result_for_nobody():
        assert told.startswith("Process ForkPoolWorker-"), told
        assert "put((job, i, result))" in told
        assert told.endswith("BrokenPipeError: [Errno 32] Broken pipe\n")


def workers_of_pools() -> None:
    """The workers of a `Pool` end without such help: when their parent is killed, each finishes
    its task at most or, in `map`, its chunk of tasks, and then finds its pipe closed. Under `fork`,
    a worker also waits until the processes that were started after it have ended. The workers of
    an executor wait for tasks forever. Start the executor, or a pool whose tasks take long, with
    `initializer=watch_parent`, and each worker ignores Ctrl-C, and ends with the parent, even in
    the middle of a task:
    """
    import_module("tests.claims.when_a_process_dies").the_parent_is_killed()
    shown("ctrl-c", "def watch_parent():\n    signal.signal(signal.SIGINT, signal.SIG_IGN)")
    if get_start_method() != "fork":
        return  # under which a killed parent leaves semaphores behind
    pipes = [Pipe() for _ in range(5)]
    (idle, pool, watches, later, busy) = (near for near, _ in pipes)
    pids, to_main = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        ends = [end for _, end in pipes]
        parent = Process(target=_start_pools, args=(ends, to_main, folder))
        parent.start()
        (executors,) = pids.recv()
        assert later.recv() == busy.recv() == "started"
        parent.kill()
        parent.join()
        assert not pool.poll(SURE)
        assert not watches.poll()
        later.send("end")
        assert later.recv() == "end"
        assert [busy.recv(), watches.recv(), pool.recv()] == ["ended"] * 3
        assert not idle.poll()
        os.kill(executors, signal.SIGKILL)


def _waits_for_a_later_worker() -> bool:
    """Whether a worker notices that its parent was killed only when the later one has ended."""
    watching, of_watching = Pipe()
    later, of_later = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        parent = Process(target=_start_two, args=(of_watching, of_later, folder))
        parent.start()
        assert watching.recv() == later.recv() == "started"
        parent.kill()
        parent.join()
        noticed = watching.poll(SURE if get_start_method() == "fork" else TIME_LIMIT)
        later.send("end")
        assert later.recv() == "end"
        assert watching.recv() == "ended"
    return not noticed


def a_later_worker() -> None:
    """Under `fork` the `sentinel` of an earlier worker is not ready until every process that was
    started later, such as a worker or the process of a manager, has ended as well.
    """
    is_fork = get_start_method() == "fork"
    assert _waits_for_a_later_worker() == is_fork
    watching, of_watching = Pipe()
    later, of_later = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        parent = Process(target=_start_a_manager, args=(of_watching, of_later, folder))
        parent.start()
        manager = later.recv()
        assert watching.recv() == "started"
        parent.kill()
        parent.join()
        noticed = watching.poll(SURE if is_fork else TIME_LIMIT)
        os.kill(manager, signal.SIGKILL)
        assert watching.recv() == "ended"
    assert noticed != is_fork


def a_handler_in_a_thread() -> None:
    """In any other thread, as in a server that handles each request in a thread, `signal.signal`
    raises an error:

    Set the handler in the main thread of the parent, or in the initializer. An initializer runs in
    the main thread of its worker, so it may set a handler even if a thread has created the pool.
    """
    shown("ctrl-c", "#> ValueError: signal only works in main thread of the main interpreter")
    handled: list[bool] = []

    def handle_request() -> None:
        with Pool(1, _ignore) as pool:
            handled.append(pool.apply(_is_ignored))
        with ProcessPoolExecutor(1, initializer=_ignore) as executor:
            handled.append(executor.submit(_is_ignored).result())

    thread = Thread(target=handle_request)
    thread.start()
    thread.join()
    assert handled == [True, True]


def _ignore() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _is_ignored() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN
