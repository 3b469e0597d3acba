"""What docs/examples/ctrl-c.md says."""

import os
import signal
import sys
import tempfile
import time
from multiprocessing import (
    Barrier,
    Pipe,
    Pool,
    Process,
    Semaphore,
    get_start_method,
    parent_process,
)
from multiprocessing.connection import Connection, wait
from multiprocessing.managers import SyncManager
from multiprocessing.synchronize import Barrier as BarrierType
from pathlib import Path

from tests.claims import PAUSE, SURE, TIME_LIMIT, no_fact, script, shown

PROGRAMS = Path(__file__).parents[2] / "examples" / "ctrl-c"
PRESSED = "os.killpg(os.getpgrp(), signal.SIGINT)"
IGNORED = "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
STOPPED = "stopping\nexit statuses [0, 0, 0]\n"
PRINTED_ALWAYS = (
    "            worker.join()\n    print",
    "            worker.join()\n        print",
)
AGAIN = ("        stop.set()\n", "        stop.set()\n        signal.raise_signal(signal.SIGINT)\n")


def _changed(program: str, *changes: tuple[str, str]) -> str:
    """A program of the page with other lines."""
    code = (PROGRAMS / f"{program}.py").read_text("utf-8")
    for old, new in changes:
        assert old in code
        code = code.replace(old, new)
    return code


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


def _pause(line: Connection) -> None:
    with open(os.devnull, "w") as sys.stderr:
        line.send(signal.getsignal(signal.SIGTERM) is signal.default_int_handler)
        while True:  # not signal.pause(): a signal just before it would not end it
            time.sleep(PAUSE)


def ignore_and_catch() -> None:
    """Let the workers ignore Ctrl-C (the signal SIGINT), and let the parent catch its
    `KeyboardInterrupt` and ask them to stop.

    `signal.signal(signal.SIGINT, signal.SIG_IGN)` makes a worker ignore SIGINT. Then Ctrl-C
    interrupts only the parent.
    """
    shown(
        "ctrl-c/clean_end",
        "    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    started.put(True)",
        "except KeyboardInterrupt:",
        "stop.set()",
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
    """Leave that line out of your program: there the parent waits in `join()`, and on Linux and
    macOS Ctrl-C interrupts `join()`.
    """
    later = f"signal.signal(signal.SIGALRM, lambda *_: {PRESSED})"
    code = _changed(
        "clean_end", (PRESSED, f"{later}\n        signal.setitimer(signal.ITIMER_REAL, 0.2)")
    )
    assert script(code).stdout == STOPPED


def each_is_interrupted() -> None:
    """Ctrl-C in a terminal sends the signal SIGINT to the parent and to all workers. In each of
    them Python raises `KeyboardInterrupt`, wherever the process is. So each prints a traceback,
    and a worker may stop in the middle of something.

    A worker that receives SIGINT before its `signal.signal` line ends with a traceback, and the
    program still ends.
    """
    code = _changed(
        "clean_end",
        (f"    {IGNORED}    started", "    started"),
        ("stop.wait()", "from time import sleep\n    while True: sleep(0.01)"),
        ("except KeyboardInterrupt", "except ZeroDivisionError"),
        PRINTED_ALWAYS,
    )
    outcome = script(code)
    assert outcome.stdout == "exit statuses [1, 1, 1]\n"
    assert outcome.stderr.count("KeyboardInterrupt") == 4
    assert outcome.status


def after_an_error() -> None:
    """The parent's `finally` sets the Event and waits for the workers, also after an error."""
    code = _changed(
        "clean_end",
        (PRESSED, "raise ValueError"),
        PRINTED_ALWAYS,
    )
    outcome = script(code)
    assert outcome.stdout == "exit statuses [0, 0, 0]\n"
    assert "ValueError" in outcome.stderr


def at_any_time() -> None:
    """The workers are started inside the `try`, because Ctrl-C may come at any time. `started`
    tells the parent that each worker has passed this line.
    """
    shown(
        "ctrl-c/clean_end",
        "try:\n        for _ in range(3):\n            worker = Process(",
        "signal.SIG_IGN)\n    started.put(True)",
        "for _ in workers:\n            started.get()",
    )


def a_second_one() -> None:
    """The `except` makes the parent ignore Ctrl-C, too. Otherwise, a second Ctrl-C, from an
    impatient user, would interrupt the cleanup and print a traceback.
    """
    ignored = script(_changed("clean_end", AGAIN))
    assert (ignored.stdout, ignored.stderr, ignored.status) == (STOPPED, "", 0)
    ignores = f"        {IGNORED}        print"
    interrupted = script(_changed("clean_end", AGAIN, (ignores, "        print")))
    assert interrupted.stdout == "stopping\n"
    assert "Traceback" in interrupted.stderr


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
    code = _changed(
        "pool_ignores",
        ("sleep(60)", "sleep(0.2)\n    return sensor"),
        ('print("stopping")', f'print("stopping")\n            {end}'),
    )
    assert script(code).stdout == "stopping\n[0, 1, 2]\nthe pool has ended\n"


def an_executor_waits() -> None:
    """The end of an executor's `with` block waits for all tasks, even for those that have not
    begun. So the program seems to hang at Ctrl-C. Cancel those tasks:

    Here `raise_signal` interrupts only the parent. Without the line with `cancel_futures` it
    would run all hundred tasks.
    """
    shown("ctrl-c/executor_cancels", "cancel_futures=True", "the last one was canceled: True")
    code = _changed(
        "executor_cancels",
        ("sleep(0.1)", "sleep(0)"),
        ("            executor.shutdown(cancel_futures=True)\n", ""),
        ("tasks[-1].cancelled())", "sum(task.result() for task in tasks))"),
    )
    outcome = script(code)
    assert outcome.stdout == "stopping\nthe last one was canceled: 4950\n"


def in_steps() -> None:
    """Wait in steps: `while worker.is_alive(): worker.join(1)`.

    For a pool, put both `signal.signal` lines into its initializer.

    So let all workers watch their parent.

    Use the same `initializer`; see notebooks.
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


def reset_it() -> None:
    """Let SIGTERM raise `KeyboardInterrupt` as Ctrl-C does, and reset SIGTERM in the workers:
    under `fork` they inherit the parent's handler, and would print a traceback at
    `terminate()`.
    """
    shown("ctrl-c/sigterm", "default_int_handler", "SIG_DFL", "stopping\nexit statuses [0, 0, 0]")
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


def the_parent_is_killed() -> None:
    """Its `Process` workers continue to run, daemons included. A worker can notice that its
    parent has ended: then the `sentinel` of the parent is ready.
    """
    shown("claims/daemon_outlives", "daemon=True", "daemon: the daemon is still running")
    shown("ctrl-c/parent_killed", "parent_process().sentinel", "the parent is dead: ending")


def a_later_worker() -> None:
    """Under `fork` the sentinel of an earlier worker is not ready until every worker that was
    started later has ended as well.
    """
    watching, of_watching = Pipe()
    later, of_later = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        parent = Process(target=_start_two, args=(of_watching, of_later, folder))
        parent.start()
        assert watching.recv() == later.recv() == "started"
        parent.kill()
        parent.join()
        is_fork = get_start_method() == "fork"
        noticed = watching.poll(SURE if is_fork else TIME_LIMIT)
        later.send("end")
        assert later.recv() == "end"
        assert watching.recv() == "ended"
    assert noticed != is_fork
