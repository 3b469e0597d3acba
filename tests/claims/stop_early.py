"""What docs/examples/stop-early.md says."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import Event, Pipe, Pool, Process, Queue
from multiprocessing.synchronize import Event as EventType
from queue import Empty
from threading import Event as ThreadEvent
from threading import Thread, Timer
from time import sleep
from typing import Any

from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, changed, no_fact, on, raises, script, shown
from tests.claims._starts import IN_A_SUBMIT, waits

PROGRAMS = ROOT / "examples" / "stop-early"

event: EventType  # of a worker: its initializer sets it
running: EventType  # likewise


def _share(an_event: EventType) -> None:
    global event
    event = an_event


def _share_and_ignore_sigterm(an_event: EventType, is_running: EventType) -> None:
    global running
    _share(an_event)
    running = is_running
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _wait(number: int) -> int:
    assert event.wait(TIME_LIMIT)
    return number


def _say_and_wait(number: int) -> int:
    running.set()
    return _wait(number)


def _serve(orders: "Queue[int]", stop: EventType, running: EventType, timeout: float) -> None:
    running.set()
    while not stop.is_set():
        with suppress(Empty):
            orders.get(timeout=timeout)


def _run_until_interrupted(running: EventType, finally_ran: EventType) -> None:
    try:
        running.set()
        sleep(TIME_LIMIT)
    except KeyboardInterrupt:
        pass
    finally:
        finally_ran.set()


def _waits(gate: ThreadEvent, taken: list[int]) -> Iterator[int]:
    assert gate.wait(TIME_LIMIT)
    taken.append(7)
    yield 7


def _until_held(queue: Any) -> None:
    """Wait until a process holds the lock of a queue under which it is read."""
    while queue._rlock.acquire(block=False):
        queue._rlock.release()
        sleep(PAUSE)


def check_the_event() -> None:
    """To stop or cancel all workers, share an `Event`: each worker checks it from time to time,
    and returns when it is set.

    An Event is a flag that the parent and the workers see. `found.set()` sets it, and
    `found.is_set()` tells whether it is set.

    The worker that finds the answer sends it first, and sets the flag after that.
    """
    shown(
        "stop-early/first_result",
        "        if found.is_set() or not parent_process().is_alive():\n            return",
        "            answer.send(number)\n            found.set()",
        "found 1111\nexit statuses [0, 0, 0]",
    )


def finally_runs() -> None:
    """Each worker stops at a point that its own code chooses. So its `with` and `finally` blocks
    run, which close files and release locks.
    """
    shown("claims/terminate_skips_finally", "asked to stop, file closed: True")
    shown("lock-holder-killed/asked_to_stop", "with lock:\n        holding", "parent has the lock")


def a_pipe_of_its_own() -> None:
    """Each worker has a pipe of its own, and sends the answer if it finds one. When a worker has
    ended, `recv()` raises `EOFError`. If no worker finds an answer, the loop ends when all have
    ended.

    A worker also returns when its parent has ended, even if that was killed.
    `parent_process().is_alive()` tells.
    """
    shown("ctrl-c/parent_killed", "wait([parent_process().sentinel])", "the parent is dead")
    in_vain = script(changed("stop-early/first_result", ("1_234_321", "-1"), ("10**9", "2500")))
    assert (in_vain.status, in_vain.stdout) == (0, "exit statuses [0, 0, 0]\n")


def a_lock_inside() -> None:
    """To terminate or kill one worker that checks the flag is not safe. `is_set()` holds a lock for
    a moment: if the worker ends in that moment, every later `is_set()` and `set()` waits forever.
    So terminate either none of the workers or all, and do not use the flag after that.
    """
    from unittest.mock import MagicMock

    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")
    flag: Any = Event()
    flag._cond = MagicMock()
    for call in flag.is_set, flag.set:
        flag._cond.reset_mock()
        call()
        names = [name for name, *_ in flag._cond.mock_calls]
        assert (names[0], names[-1]) == ("__enter__", "__exit__")


def if_a_worker_fails() -> None:
    """If a worker fails or is killed, the program names it and ends.

    Because the parent has closed its copy of the sending end before it starts the next worker,
    `recv()` raises `EOFError` (on Windows, not always) also if a worker has raised an exception,
    called `sys.exit(3)`, or was killed. Then its exit code is not 0: the program names the worker
    and its exit code, and ends with exit status 1. The workers are daemons, so Python terminates
    those that still search.
    """
    shown("stop-early/first_result", "worker.start()\n        answer.close()", "daemon=True")
    place = "            answer.send(number)\n"
    exits = (place, f"            sys.exit(3)\n{place}")
    outcome = script(changed("stop-early/first_result", exits))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith("Process-3: exit code 3\n")
    own = 'print("found", number)', "open(str(number))"  # an error of the parent is not hidden
    outcome = script(changed("stop-early/first_result", own))
    assert outcome.status == 1
    assert "FileNotFoundError" in outcome.stderr


def the_handler() -> None:
    """The handler does the same when the program gets SIGTERM. It is set after the
    workers have been started, so that they do not inherit it under `fork`.
    """
    shown("stop-early/first_result", '"terminated"))\n    while workers:')
    if sys.platform != "win32":
        place = "    while workers:"
        ends = (place, f"    signal.raise_signal(signal.SIGTERM)\n{place}")
        outcome = script(changed("stop-early/first_result", ends))
        assert outcome.status == 1
        assert outcome.stderr.startswith("terminated\n")


def limits() -> None:
    """A worker that is stopped or never ends is waited for, unless you set a time limit. The
    programs with a Pool or an executor have limits of their own.
    """
    shown("stop-early/time_limit", "worker.join(timeout=0.5)", "worker.kill()")
    shown("killed-worker/pool_hangs", "still running after 5 s")


def a_worker_that_waits() -> None:
    """A worker that waits for a queue or a lock does not check the flag. Give such a call a
    `timeout`, and check the flag each time it expires.
    """
    for timeout in TIME_LIMIT, PAUSE:
        orders: Queue[int] = Queue()
        stop, running = Event(), Event()
        worker = Process(target=_serve, args=(orders, stop, running, timeout))
        worker.start()
        assert running.wait(TIME_LIMIT)
        if timeout == TIME_LIMIT:
            _until_held(orders)
            stop.set()
            worker.join(SURE)
            assert worker.is_alive()
            orders.put(1)
        stop.set()
        worker.join()


def the_end_of_the_block() -> None:
    """The end of the `with` block terminates the workers of a `Pool`, whatever they are doing. So
    leave the block when you have what you want, if the other tasks take long:
    """
    shown("stop-early/pool_break", "sleep(60)", "next(timeout=", "the others are not waited for")


def the_right_box() -> None:
    """If the worker with the right box is killed, `next()` raises `multiprocessing.TimeoutError`
    after the limit, and the program ends. Without the limit, it would wait for the result of
    another box. If an idle worker is killed, or a worker is stopped, the end of the block can wait
    forever, too. So in production, use a process for each task, with a pipe of its own:

    A task whose worker was killed, or which called `sys.exit()`, looks the same as a slow one, and
    a worker that is stopped or was idle when it was killed can make the end of the block wait
    forever. So in production, use a `Process` with a limit, as above, which tells them apart.
    """
    shown("killed-worker/idle_killed", "still running after 10 s")
    shown("stop-early/time_limit", "elif worker.exitcode:")
    place = "    return box"
    outcome = script(
        changed(
            "stop-early/pool_break",
            ("LIMIT = 8", "import os\nLIMIT = 0.5"),
            (place, f"    os._exit(1)\n{place}"),
        )
    )
    assert outcome.status == 1
    assert outcome.stderr.endswith("multiprocessing.context.TimeoutError\n")
    with Pool(1) as pool:
        (worker,) = pool._pool  # type: ignore[attr-defined]
        task = pool.apply_async(sys.exit, (3,))
        worker.join()
        with raises(multiprocessing.TimeoutError):
            task.get(timeout=PAUSE)


def a_process_for_each_task() -> None:
    """If the first worker that ends has failed, the program names it and its exit code, and ends
    with exit status 1. `kill()` also ends a worker that is stopped. Each worker
    ends with its parent, even if that is killed.
    """
    shown("stop-early/first_done", "worker.kill()", "box 3\nthe others are not waited for")
    shown("stop-early/first_done", "parent_process().join()", "os._exit(1)")
    shown("ctrl-c", "parent_process().join()", "os._exit(1)")  # there the parent is killed
    place = "    prize.send(box)"
    outcome = script(changed("stop-early/first_done", (place, f"    sys.exit(3)\n{place}")))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr == "Process-3: exit code 3\n"
    own = 'print("the prize is in box", box)', "open(str(box))"
    assert "FileNotFoundError" in script(changed("stop-early/first_done", own)).stderr
    if sys.platform != "win32":
        stopped = Process(target=sleep, args=(TIME_LIMIT,))
        stopped.start()
        assert stopped.pid
        os.kill(stopped.pid, signal.SIGSTOP)
        stopped.kill()
        stopped.join()
        assert stopped.exitcode == -signal.SIGKILL


def a_worker_goes_on() -> None:
    """If a worker that is running a task ignores or handles SIGTERM and goes on, the `with` block
    never ends.

    A worker that handles or ignores SIGTERM, or that is stopped by SIGSTOP, does not end at
    `terminate()`, so the program calls `kill()` five seconds later. If the worker has ended by
    then, `kill()` does nothing. The thread ends the worker with its parent, even if
    that is killed. Processes that the worker has started itself go on.
    """
    shown("process/grandchild", "worker.kill()", "The helper ends")
    shown("stop-early/time_limit", "parent_process().join()", "os._exit(1)")
    shown(
        "stop-early/time_limit", "join(timeout=5)\n        worker.kill()", "too late\nalive: False"
    )
    if sys.platform == "win32":
        return  # it has no SIGTERM that a process could handle
    event, running = Event(), Event()
    pool = Pool(1, initializer=_share_and_ignore_sigterm, initargs=(event, running))
    pool.apply_async(_say_and_wait, (7,))
    assert running.wait(TIME_LIMIT)
    leaving = Thread(target=pool.terminate, daemon=True)
    leaving.start()
    _until_held(pool._inqueue)  # type: ignore[attr-defined]
    event.set()
    leaving.join(SURE)
    assert leaving.is_alive()
    pool._pool[0].kill()  # type: ignore[attr-defined]
    leaving.join()


def _share_and_raise_at_sigterm(an_event: EventType, is_running: EventType) -> None:
    _share_and_ignore_sigterm(an_event, is_running)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))


def the_next_task() -> None:
    """The first sends SIGTERM: a worker that ignores it, or has inherited a handler that raises an
    exception, goes on to the next task. `kill_workers()` ends it.
    """
    from concurrent.futures import ProcessPoolExecutor

    if sys.platform == "win32" or not on("Python 3.14 and later"):
        return
    for initializer in _share_and_ignore_sigterm, _share_and_raise_at_sigterm:
        for end in "terminate_workers", "kill_workers":
            go_on, begun = Event(), Event()
            executor = ProcessPoolExecutor(1, initializer=initializer, initargs=(go_on, begun))
            tasks = [executor.submit(_say_and_wait, number) for number in range(2)]
            assert begun.wait(TIME_LIMIT)
            while not tasks[1].running():  # it is in the queue of the worker
                sleep(PAUSE)
            begun.clear()
            [worker] = executor._processes.values()
            getattr(executor, end)()
            if end == "terminate_workers":
                if initializer is _share_and_ignore_sigterm:
                    go_on.set()
                assert begun.wait(TIME_LIMIT)
                go_on.set()
            worker.join()
            assert begun.is_set() == (end == "terminate_workers")


def no_finally() -> None:
    """Termination is abrupt: no `finally` block runs, and a lock that a worker holds stays
    locked.
    """
    shown("claims/terminate_skips_finally", "terminated, file closed: False")
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")


def nothing_but_compute() -> None:
    """Terminate only workers that do nothing but compute, and not in a callback.

    Do not add `wait=False` inside the `with` block.
    """
    no_fact("advice")


def cancel_futures() -> None:
    """`shutdown(cancel_futures=True)` of an executor cancels the tasks that have not been sent
    to the workers. The call waits for the tasks that are running, and for a few that are already
    in the queue to the workers:

    `future.result(timeout=...)` of an executor raises the built-in `TimeoutError`. It does not
    end the task either, and the end of the executor's `with` block waits until the task is done.
    """
    from concurrent.futures import ProcessPoolExecutor

    shown("stop-early/first_error", "shutdown(cancel_futures=True)", "was canceled: True")
    event = Event()
    with ProcessPoolExecutor(1, initializer=_share, initargs=(event,)) as executor:
        tasks = [executor.submit(_wait, number) for number in range(9)]
        with raises(TimeoutError):
            tasks[0].result(timeout=PAUSE)
        while not tasks[1].running():
            sleep(PAUSE)
        shutdown = Thread(target=executor.shutdown, kwargs={"cancel_futures": True}, daemon=True)
        shutdown.start()
        while not tasks[-1].cancelled():
            sleep(PAUSE)
        assert shutdown.is_alive() and not tasks[0].done()
        event.set()
        shutdown.join()  # before the end of the block calls it, too
    done = [task.result(timeout=0) for task in tasks if not task.cancelled()]
    assert done in ([0, 1], [0, 1, 2])


def each_error() -> None:
    """`result()` of each task that was not canceled raises the error. The program catches the one
    that it expects; another error, such as `BrokenProcessPool` if the worker was killed, ends the
    program. After a `sys.exit(3)` in a task, the program ends with status 3 and no message.
    `watch_parent` lets the worker ignore Ctrl-C, which then interrupts only the parent, and end
    with its parent, even if that is killed. In some cases, Ctrl-C can make the program wait
    forever. The program waits for a task that never ends.
    """
    assert waits(changed("stop-early/first_error"), IN_A_SUBMIT, number=2)
    shown("stop-early/first_error", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("ctrl-c/clean_end", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("stop-early/first_error", "parent_process().join()", "os._exit(1)")
    shown("ctrl-c", "parent_process().join()", "os._exit(1)")  # there the parent is killed
    place = "    if page == 0:\n"
    for line, status, told in [
        ("    os._exit(1)\n", 1, "BrokenProcessPool"),
        ("    import sys; sys.exit(3)\n", 3, ""),
    ]:
        outcome = script(changed("stop-early/first_error", (place, line + place)))
        assert (outcome.status, outcome.stdout) == (status, "")
        assert told in outcome.stderr and bool(told) == bool(outcome.stderr)


def before_the_time_is_over() -> None:
    """If the worker has failed before the time is over, the program names it and its exit code."""
    changes = ("timeout=0.5", "timeout=30"), ("    sleep(60)", "    sys.exit(3)")
    outcome = script(changed("stop-early/time_limit", *changes))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr == "Process-1: exit code 3\n"


def a_pipe_with_a_limit() -> None:
    """To wait for a result with a limit, give the worker a pipe: `receiver.poll(0.5)` returns
    `True` when a result is there or the worker has ended. At the end of the worker, `recv()`
    raises `EOFError`, and on Windows `poll()` can raise `OSError`.
    """
    receiver, sender = Pipe(duplex=False)
    with receiver:
        assert not receiver.poll(PAUSE)
        sender.send(1)
        assert receiver.poll(TIME_LIMIT) and receiver.recv() == 1
        sender.close()  # as the end of the worker does
        if sys.platform != "win32":
            assert receiver.poll(TIME_LIMIT)
        with raises(EOFError):
            receiver.recv()


def join_returns_none() -> None:
    """`join(timeout)` returns `None` when the process has ended, and also when the time is over.
    Call `is_alive()` to find out which:
    """
    shown("stop-early/time_limit", "worker.join(timeout=0.5)\n    if worker.is_alive()", "too late")
    stop = Event()
    worker = Process(target=stop.wait)
    worker.start()
    in_vain = worker.join(timeout=PAUSE)  # type: ignore[func-returns-value]  # this is shown
    stop.set()
    ended = worker.join(timeout=TIME_LIMIT)  # type: ignore[func-returns-value]
    assert (in_vain, ended) == (None, None)
    assert not worker.is_alive()


def interrupt() -> None:
    """On Linux and macOS, from Python 3.14 on, `worker.interrupt()` is gentler: it sends SIGINT,
    which by default raises `KeyboardInterrupt` in the process, so `finally` blocks run.
    """
    assert hasattr(Process, "interrupt") == on("Python 3.14 and later")
    if on("Python 3.14 and later"):
        running, finally_ran = Event(), Event()
        worker = Process(target=_run_until_interrupted, args=(running, finally_ran))
        worker.start()
        assert running.wait(TIME_LIMIT)
        worker.interrupt()  # type: ignore[attr-defined]  # mypy reads 3.11
        worker.join()
        assert finally_ran.is_set()
        assert worker.exitcode == 0


def the_timeout_ends_the_wait() -> None:
    """For a task of a pool, call `get()` with a timeout. The timeout ends the wait, not the task;
    the end of the `with` block terminates the worker:

    If the argument of `imap` or `imap_unordered` is a generator that waits, the end of the `with`
    block waits for its next item.
    """
    shown("stop-early/task_timeout", "task.get(timeout=0.5)", "too late:", "the worker has ended")
    event = Event()
    with Pool(1, initializer=_share, initargs=(event,)) as pool:
        task = pool.apply_async(_wait, (7,))
        with raises(multiprocessing.TimeoutError):
            task.get(timeout=PAUSE)
        event.set()
        assert task.get() == 7
        gate, taken = ThreadEvent(), [0]
        pool.imap(_wait, _waits(gate, taken))
        Timer(0.1, gate.set).start()
    assert taken == [0, 7]


def not_the_built_in_one() -> None:
    """This `TimeoutError` is the one of `multiprocessing`, not the built-in one: without the
    import, `except TimeoutError` does not catch it.
    """
    import concurrent.futures

    shown("stop-early/task_timeout", "<class 'multiprocessing.context.TimeoutError'>")
    assert not issubclass(multiprocessing.TimeoutError, TimeoutError)
    assert concurrent.futures.TimeoutError is TimeoutError


def one_task_alone() -> None:
    """To end one task and leave the others alone, run each task in a `Process` of its own, as
    above. A worker of a pool cannot be ended alone: an executor fails as a whole, and a `Pool`
    loses the task and may hang.
    """
    shown("stop-early/time_limit", "worker.terminate()", "worker.kill()", "alive: False")
    shown("killed-worker/after_broken", "BrokenProcessPool")
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")
