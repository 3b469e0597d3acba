"""What docs/pitfalls/killed-worker.md says."""

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError, ProcessPoolExecutor, as_completed
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures import wait as wait_for_futures
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import (
    Lock,
    Pipe,
    Pool,
    Process,
    Queue,
    TimeoutError,
    connection,
    get_context,
    get_start_method,
)
from multiprocessing.pool import AsyncResult
from queue import Empty
from threading import Event, Thread
from time import sleep
from typing import Any

from tests.claims import PAUSE, SURE, TIME_LIMIT, changed, no_fact, on, raises, script, shown
from tests.claims._starts import stop

NOT_FOUND = """
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

if __name__ == "__main__":
    with ProcessPoolExecutor(1) as executor:
        executor.submit(abs, -1).result()

        def double(price):
            return price * 2

        try:
            executor.submit(double, 3).result()
        except BrokenProcessPool as error:
            print("BrokenProcessPool")
"""

ALL_DONE = """
import multiprocessing as mp
import os
import signal
from multiprocessing.pool import Pool

signal.signal(signal.SIGTERM, lambda *_: None)  # notes it, as Gunicorn's
fork, parent = mp.get_context("fork"), os.getpid()
begun = fork.Event()


class Number(int):
    def __del__(self):
        if os.getpid() != parent:  # the worker asks for its next task so late
            begun.wait()


def begin(*args, begin=Pool._help_stuff_finish):
    begin(*args)  # has the lock with which workers ask
    begun.set()


Pool._help_stuff_finish = staticmethod(begin)
with fork.Pool(1) as pool:
    print(pool.apply(Number, [7]), flush=True)
    {before}
print("ended")
"""

INHERITED = """
import signal
from multiprocessing import Process


def on_sigterm(signum, frame):
    pass


def tell():
    print(signal.getsignal(signal.SIGTERM) == signal.{handler})


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, {handler})
    child = Process(target=tell)
    child.start()
    child.join()
"""

line: Any


def _keep(kept: Any) -> None:
    global line
    line = kept


def _die_when_told() -> None:
    line.recv()
    os._exit(1)


def _wait_and_tell(number: int) -> int:
    line[number].send("running")
    line[number].recv()
    return os.getpid()


def _say_and_die_when_told() -> None:
    line.send("running")
    _die_when_told()


def _start_process() -> None:
    Process(target=_say_and_die_when_told).start()
    signal.pause()


def _start_executor() -> None:
    with ProcessPoolExecutor(1) as executor:
        executor.submit(_say_and_die_when_told)
        signal.pause()


def _fork_a_child() -> int:
    child = get_context("fork").Process(target=sleep, args=(60,))
    child.start()
    assert child.pid
    return child.pid


class _Stale:
    """A result that the parent cannot rebuild."""

    def __reduce__(self) -> tuple[Any, ...]:
        return {}.__getitem__, ("version",)


def _keep_and_ignore(kept: Any) -> None:
    _keep(kept)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _run_until_told() -> int:
    line.send("running")
    return int(line.recv())


def _say_and_wait(kept: Any) -> None:
    kept.send("running")
    while kept.recv() != "end":
        kept.send("still running")


def _die_of(number: int) -> None:
    if number:
        os.kill(os.getpid(), number)
    os._exit(1)


def _hangs(call: Callable[[], object]) -> Thread:
    """A thread that makes the call, which does not come back."""
    thread = Thread(target=call)
    thread.start()
    thread.join(SURE)
    assert thread.is_alive()
    return thread


def _lock_of(pool: Any) -> Any:
    """That of the task queue."""
    return pool._inqueue._rlock


def _kill_all(processes: list[Any]) -> None:
    for process in processes:
        process.kill()


@contextmanager
def _handles_sigterm() -> Iterator[None]:
    """This process, and what it forks, handle SIGTERM and go on."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def use_an_executor() -> None:
    """Use a `ProcessPoolExecutor`: when a worker is killed while it runs a task, the executor
    raises `BrokenProcessPool`, where `Pool.map` waits forever.

    With `Pool`: Silent. No error is reported. The program hangs in `map`, or at the end of the
    `with` block.
    """
    shown("killed-worker/executor_raises", "os._exit(1)", "Output\nResizing\nBrokenProcessPool: ")
    shown("killed-worker/pool_hangs", "pool.map(resize", "os._exit(1)", "still running after 5 s")
    shown("killed-worker/idle_killed", "end of the with block", "still running after 10 s")


def some_cases() -> None:
    """In some cases an executor can wait, too."""
    no_fact("an introduction")


def look_at_memory_first() -> None:
    """Then find out what killed the worker; look at memory first."""
    no_fact("advice")


def the_message() -> None:
    """With `ProcessPoolExecutor`, in all versions:"""
    shown("killed-worker/executor_raises", "Output\n", "was terminated abruptly while the future")


def submit_raises() -> None:
    """After that, `submit` itself raises `BrokenProcessPool`, with the message `A child process
    terminated abruptly, the process pool is not usable anymore`.

    Apart from the cases below, every task that is not done fails with this error, including
    those that no worker had begun. A future that was done before keeps its result.
    """
    told, far_end = Pipe()
    with ProcessPoolExecutor(1, initializer=_keep, initargs=(far_end,)) as executor:
        done = executor.submit(pow, 2, 3)
        assert done.result() == 8
        tasks: list[Future[Any]] = [executor.submit(_die_when_told)]
        tasks += [executor.submit(pow, 2, 3) for _ in range(5)]
        told.send(None)
        for task in tasks:
            with raises(BrokenProcessPool, text="while the future was running or pending."):
                task.result()
        with raises(BrokenProcessPool, text="A child process terminated abruptly, the process"):
            executor.submit(pow, 2, 3)
        assert done.result() == 8


def exit_codes() -> None:
    """Look at its `exitcode`: on Linux and macOS it is -9 if the process was killed (SIGKILL),
    -11 after a segmentation fault, and 1 after `os._exit(1)`.
    """
    shown("killed-worker/exit_code", "camera.kill()", "Exit code -9")
    shown("killed-worker/one_at_a_time", "os._exit(1)", "Output", "huge.jpg ended with exit code 1")
    if sys.platform != "win32":
        children = [Process(target=_die_of, args=(number,)) for number in (9, 11, 0)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        assert [child.exitcode for child in children] == [-9, -11, 1]


def the_task_is_lost() -> None:
    """A `Pool` starts another worker in place of the dead one, but the task of the dead worker is
    lost, and `map` is not notified.
    """
    shown("killed-worker/pool_hangs", "pool.map(resize", "still running after 5 s")
    with Pool(1) as pool:
        worker = pool.apply(os.getpid)
        lost = pool.apply_async(os._exit, (1,))
        assert pool.apply(os.getpid) != worker
        assert not lost.ready()


def replace_one() -> None:
    """To replace one worker while the others go on, start each as a `Process`, and start another
    one when its `sentinel` is ready: an executor ends the other workers, too, and a `Pool` replaces
    only the process, not the task.
    """
    shown("process/wait_for_any", "wait(")
    shown("killed-worker/pool_hangs", "pool.map(resize", "still running after 5 s")
    if get_start_method() != "fork":
        return  # under which the executor starts both workers at once
    with ProcessPoolExecutor(2) as executor:
        busy = executor.submit(sleep, TIME_LIMIT)
        for future in (executor.submit(os._exit, 1), busy):
            with raises(BrokenProcessPool):
                future.result()


def the_lock_stays_held() -> None:
    """If that worker is killed, the lock is never released: no worker gets a task again, and the
    pool cannot even be ended.

    `Pool` has no method that helps: `terminate()` waits for the lock, and after `close()`,
    `join()` waits for the workers.

    No task is lost here, because the worker has none when it is killed. A new worker replaces
    it, and waits for the lock that the dead one held. The end of the `with` block waits for the
    same lock:
    """
    shown("killed-worker/idle_killed", "no answer in 4 seconds", "on Linux", "still running after")
    pool: Any = Pool(2)
    workers = list(pool._pool)
    pool.apply(os.getpid)
    while _lock_of(pool).acquire(block=False):
        _lock_of(pool).release()
        sleep(PAUSE)
    with pool._outqueue._wlock:  # so the worker that has sent its result has released this lock
        _kill_all(workers)
    while set(workers) & set(pool._pool) or len(pool._pool) < 2:
        sleep(PAUSE)
    assert not _lock_of(pool).acquire(block=False)
    task = pool.apply_async(pow, (2, 3))
    ends = _hangs(pool.terminate)
    assert not task.ready()
    _lock_of(pool).release()
    ends.join()
    pool.join()


def killed_while_it_sends_to_a_pool() -> None:
    """A worker that is killed while it sends its result can have the same effect."""
    from tests.claims.pool import KILLED_WHILE_IT_SENDS

    if sys.platform != "win32":
        outcome = script(KILLED_WHILE_IT_SENDS, hangs_after="killed")
        assert (outcome.stdout, outcome.status) == ("killed\n", None)


def close_and_join() -> None:
    """Kill the program with all of its processes."""
    no_fact("advice")


def not_every_one() -> None:
    """Not every `BrokenProcessPool` means that a worker was killed. Look above it on standard
    error, with Jupyter in its terminal, for another traceback:

    `Exception in initializer:` your initializer raised an exception.

    No traceback, but the cause of the error ends with another error, such as a `TypeError`: an
    exception of your own cannot be rebuilt, or the result of a task cannot.
    """
    shown("process-pool-executor/initializer_fails", "Exception in initializer:", "BrokenProcess")
    shown("unpicklable-exception/executor_breaks", "BrokenProcessPool: ", "TypeError: OutOfStock")
    with ProcessPoolExecutor(1) as executor:
        task = executor.submit(_Stale)
        with raises(BrokenProcessPool):
            task.result()
        cause = str(getattr(task.exception(), "__cause__"))  # noqa: B009
        assert cause.strip(" '\n").endswith("KeyError: 'version")


def no_main_guard() -> None:
    """`before the current process has finished its bootstrapping phase`: the main guard is
    missing.
    """
    unguarded = (
        "from concurrent.futures import ProcessPoolExecutor as E\nE(1).submit(abs, 1).result()\n"
    )
    outcome = script(unguarded)
    if get_start_method() == "fork":
        assert outcome.status == 0
    else:
        assert "finished its bootstrapping phase" in outcome.stderr
    if get_start_method() == "spawn":  # the fork server may end with an error of its own
        assert "BrokenProcessPool: " in outcome.stderr


def not_found() -> None:
    """`Can't get attribute`, or `has no attribute` from Python 3.14 on: the worker does not find
    the function.
    """
    outcome = script(NOT_FOUND)
    assert outcome.stdout == "BrokenProcessPool\n"
    words = "has no attribute 'double'" if sys.version_info >= (3, 14) else "Can't get attribute"
    assert words in outcome.stderr


def no_sys_exit() -> None:
    """A task must not call `sys.exit()`. In a `Pool` it ends the worker, and `map` waits forever,
    as above. In an executor the worker goes on, but `result()` raises `SystemExit` in your main
    program. `except Exception` does not catch `SystemExit`, so your program ends.
    """
    with Pool(1) as pool:
        before = pool.apply(os.getpid)
        lost = pool.apply_async(sys.exit)
        assert pool.apply(os.getpid) != before
        assert not lost.ready()
    with ProcessPoolExecutor(1) as executor:
        before = executor.submit(os.getpid).result()
        with raises(SystemExit):
            executor.submit(sys.exit).result()
        assert executor.submit(os.getpid).result() == before
    assert not issubclass(SystemExit, Exception)


def raise_instead() -> None:
    """Raise an exception instead."""
    no_fact("advice")


def the_warning() -> None:
    """The `DeprecationWarning` is about the new worker that the pool forks among threads."""
    shown("killed-worker/pool_hangs", "DeprecationWarning: ", "self.pid = os.fork()")


def a_new_one() -> None:
    """The executor accepts no more tasks, so create a new one:"""
    shown("killed-worker/after_broken", "wide.jpg: A child process terminated abruptly, the proc")


def killed_while_it_sends() -> None:
    """The worker is killed while it sends its result, so that only part of the result is in the
    pipe. The executor waits for the rest of it, and never raises an error.

    In the first case, the end of the `with` block waits forever, too, and in the second, until
    the child has ended: kill the program with all of its processes.
    """
    from tests.claims._executors import an_executor_waits

    assert an_executor_waits()


def a_child_of_the_task() -> None:
    """Under `fork`, the task has started a child of its own: a `Process`, or an executor inside
    the task. Under `spawn`, so does a child that the task forks, by a context for `fork` or by
    `os.fork`, and a program that it has started with `os.system` or `os.spawnv`. If the worker is
    then killed, the error comes only when the child or the program has ended, too.
    """
    starters: list[tuple[Callable[..., int], Any]] = [
        (os.spawnlp, (os.P_NOWAIT, "sleep", "sleep", "60")),
        (_fork_a_child, ()),
    ]
    for start_one, arguments in starters if get_start_method() == "spawn" else []:
        executor: Any = ProcessPoolExecutor(1)
        program = executor.submit(start_one, *arguments).result()
        task = executor.submit(os._exit, 1)
        (worker,) = executor._processes.values()
        worker.join()
        try:
            with raises(FutureTimeoutError):
                task.result(timeout=0.1)
        finally:
            os.kill(program, signal.SIGKILL)
        with raises(BrokenProcessPool):
            task.result()
        executor.shutdown()
    if get_start_method() != "fork":
        return
    for start in (_start_process, _start_executor):
        told, far_end = Pipe()
        executor = ProcessPoolExecutor(1, initializer=_keep, initargs=(far_end,))
        task = executor.submit(start)
        assert told.recv() == "running"
        (worker,) = executor._processes.values()
        worker.kill()
        ends = _hangs(executor.shutdown)
        with raises(FutureTimeoutError):
            task.result(timeout=PAUSE)
        told.send(None)
        with raises(BrokenProcessPool):
            task.result()
        ends.join()


def after_a_cancelled_one() -> None:
    """A future has been cancelled, and the worker is killed before the turn of that future comes:
    `as_completed` and `wait` are never notified of it. Leave out the futures that are
    `cancelled()`. In Python 3.11, the futures after it never end, either, and standard error shows
    an `InvalidStateError`.

    In the first four cases, a time limit tells you: `as_completed(futures, timeout=...)`, and
    `result(timeout=...)` of a future that never ends, raise `TimeoutError`.
    """
    shown_errors: list[Any] = []
    told, far_end = Pipe()
    before, threading.excepthook = threading.excepthook, shown_errors.append
    executor: Any = ProcessPoolExecutor(1, initializer=_keep, initargs=(far_end,))
    tasks = [executor.submit(_die_when_told), *(executor.submit(pow, 2, 3) for _ in range(5))]
    thread = executor._executor_manager_thread
    assert tasks[4].cancel()
    told.send(None)
    thread.join()
    threading.excepthook = before
    with raises(BrokenProcessPool):
        tasks[3].result()
    assert tasks[4] in wait_for_futures(tasks, PAUSE).not_done  # all that notifies it has ended
    with raises(FutureTimeoutError):
        list(as_completed(tasks, PAUSE))
    others = [task for task in tasks if not task.cancelled()]
    if on("Python 3.11"):
        assert [error.exc_type for error in shown_errors] == [InvalidStateError]
        with raises(FutureTimeoutError):
            tasks[5].result(timeout=PAUSE)
    else:
        with raises(BrokenProcessPool):
            tasks[5].result()
        assert set(as_completed(others)) == wait_for_futures(others).done == set(others)
    executor.shutdown()


def it_is_idle_while_the_block_ends() -> None:
    """A worker is killed while the `with` block is already ending: the block can wait forever. It
    waits for the other workers, and these wait for a lock that the dead one held.
    """
    (first, its_end), (second, end_of_second) = Pipe(), Pipe()
    ends = its_end, end_of_second
    executor: Any = ProcessPoolExecutor(2, initializer=_keep, initargs=(ends,))
    tasks = [executor.submit(_wait_and_tell, number) for number in range(2)]
    thread, queue = executor._executor_manager_thread, executor._call_queue
    workers, join = executor._processes, thread.join_executor_internals
    assert (first.recv(), second.recv()) == ("running", "running")
    first.send(None)
    idle = workers[tasks[0].result()]
    while not queue._rlock._semlock._is_zero():  # until it waits for a task, with the lock
        sleep(PAUSE)

    def kill_and_join() -> None:
        idle.kill()
        idle.join()
        join()

    thread.join_executor_internals = kill_and_join
    second.send(None)
    other = workers[tasks[1].result()]
    end = Thread(target=executor.shutdown)  # as the end of the block does
    end.start()
    idle.join()
    end.join(SURE)
    assert end.is_alive() and other.is_alive()
    queue._rlock.release()
    end.join()
    assert other.exitcode == 0


def it_may_come_late() -> None:
    """Under `forkserver` and `spawn`, in Python 3.11.6 and later, the error may come late. If the
    new worker dies in its first task, the thread may notice this only when it is woken the next
    time: by the next `submit`, by a result of another worker, or by the end of the `with` block.
    """
    if get_start_method() == "fork" or not on("Python 3.11.6 and later"):
        return
    with raises(BrokenProcessPool):
        _come_late(lambda executor: executor.submit(pow, 2, 3))
    with raises(BrokenProcessPool):
        _come_late(lambda executor: executor.shutdown(wait=False))


def _come_late(wake: Callable[[Any], object]) -> None:
    """The error, after the call."""
    wait, waiting = connection.wait, Event()

    def recorded(readers: list[Any], timeout: float | None = None) -> Any:
        if len(readers) == 1:  # poll()
            return wait(readers, timeout)
        waiting.set()
        ready = wait(readers, timeout)
        waiting.clear()
        return ready

    plain: Any = get_context(get_start_method())

    class Late(type(plain)):  # type: ignore[misc]
        def Process(self, *arguments: Any, **more: Any) -> Any:
            """Is called when the thread waits for the other workers again."""
            while executor._processes:
                if not executor._executor_manager_thread_wakeup._reader.poll():
                    assert waiting.wait(TIME_LIMIT)
                    break
            return plain.Process(*arguments, **more)

    connection.wait = recorded  # type: ignore[assignment]
    told, far_end = Pipe()
    executor: Any = ProcessPoolExecutor(2, Late(), _keep, (far_end,))
    try:
        executor.submit(_run_until_told)
        assert told.recv() == "running"
        dies = executor.submit(os._exit, 1)
        (_, second) = executor._processes.values()
        second.join()
        assert not wait_for_futures([dies], SURE).done
        with raises(FutureTimeoutError):
            dies.result(timeout=PAUSE)
        wake(executor)
        dies.result()
    finally:
        told.send(1)
        executor.shutdown()
        connection.wait = wait


def _tell_and_wait() -> None:
    line.send(os.getpid())
    line.recv()


def one_is_stopped() -> None:
    """On Linux and macOS, a worker handles or ignores SIGTERM, or is stopped: the error is raised,
    but the end of the `with` block waits.
    """
    the_handler_runs_instead()
    if sys.platform != "linux":
        return
    told, far_end = Pipe()
    executor = ProcessPoolExecutor(2, initializer=_keep, initargs=(far_end,))
    executor.submit(_tell_and_wait)
    stopped = told.recv()
    assert executor.submit(pow, 2, 3).result() == 8
    stop(stopped)
    with raises(BrokenProcessPool):
        executor.submit(os._exit, 1).result()
    end = _hangs(executor.shutdown)
    os.kill(stopped, signal.SIGCONT)
    end.join()


def the_handler_runs_instead() -> None:
    """Under `fork`, the workers inherit your program's signal handlers. If your program has set a
    handler for SIGTERM, to shut down cleanly, this handler runs in the workers instead of ending
    them, and the end of the `with` block waits until their tasks are done, or forever. The same
    happens under every start method if the workers themselves set such a handler or ignore the
    signal.

    The end of a `Pool`'s `with` block sends SIGTERM, too. If a worker has a handler that lets it
    go on, or ignores the signal, the block can wait forever, also if all tasks are done.
    """
    with _handles_sigterm():
        keep = _keep if get_start_method() == "fork" else _keep_and_ignore
        told, far_end = Pipe()
        executor: Any = ProcessPoolExecutor(2, initializer=keep, initargs=(far_end,))
        executor.submit(_run_until_told)
        assert told.recv() == "running"
        assert executor.submit(pow, 2, 3).result() == 8
        with raises(BrokenProcessPool):
            executor.submit(os._exit, 1).result()
        told_pool, far_end = Pipe()
        pool: Any = Pool(1, keep, (far_end,))
        pool.apply_async(_run_until_told)
        assert told_pool.recv() == "running"
        workers = [*executor._processes.values(), *pool._pool]
        ends = [Thread(target=call) for call in (executor.shutdown, pool.terminate)]
        for thread in ends:
            thread.start()
        while _lock_of(pool).acquire(block=False):  # until terminate() has it
            _lock_of(pool).release()
            sleep(PAUSE)
        told_pool.send(1)
        sleep(SURE)
        assert [thread.is_alive() for thread in ends] == [True, True]
        _kill_all(workers)
        for thread in ends:
            thread.join()
    if get_start_method() == "fork":
        all_done = script(ALL_DONE.format(before=""), hangs_after="7\n")
        assert (all_done.stdout, all_done.status) == ("7\n", None)


def reset_it() -> None:
    """Use a context for `forkserver` or `spawn`, or reset the signal in each worker with an
    initializer, for a `Pool` as for an executor:
    """
    shown("killed-worker/sigterm_reset", "initializer=reset_sigterm", "The with block has ended")


def _reset_late(kept: Any, first: Any) -> None:
    """The second worker resets SIGTERM when it is told."""
    _keep(kept)
    if not first.acquire(block=False):
        line.send(os.getpid())
        line.recv()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        line.send("reset")


def before_it_is_reset() -> None:
    """Under `fork`, a SIGTERM that arrives before the initializer has reset it still runs the
    handler. So if a worker dies while others are starting, the end of the `with` block can wait
    forever all the same. Under `forkserver` and `spawn`, such a signal ends the worker.
    """
    if get_start_method() != "fork":
        child = Process(target=signal.raise_signal, args=(signal.SIGTERM,))
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGTERM
        return
    told, far_end = Pipe()
    joined = Event()
    with _handles_sigterm():
        executor: Any = ProcessPoolExecutor(2, None, _reset_late, (far_end, Lock()))
        executor.submit(pow, 2, 3)
    starting = executor._processes[told.recv()]
    join = starting.join

    def say_and_join() -> None:
        joined.set()
        join()

    starting.join = say_and_join
    with raises(BrokenProcessPool):
        executor.submit(os._exit, 1).result()
    assert joined.wait(TIME_LIMIT)  # the executor has sent SIGTERM, and waits
    told.send("go on")
    assert told.recv() == "reset"
    end = Thread(target=executor.shutdown)
    end.start()
    end.join(SURE)
    if on("Python 3.13.0 and later"):  # before, it may hang if an idle worker was killed as well
        assert end.is_alive()
    starting.kill()
    end.join()


def terminate_too() -> None:
    """The same is true of `Process.terminate()`: under `fork`, a child that has inherited such a
    handler goes on.
    """
    if get_start_method() == "fork":
        with _handles_sigterm():
            told, far_end = Pipe()
            child = Process(target=_say_and_wait, args=(far_end,))
            child.start()
            assert told.recv() == "running"
            child.terminate()
            told.send("?")
            assert told.recv() == "still running"
            told.send("end")
            child.join()
            assert child.exitcode == 0


def what_is_inherited() -> None:
    """Under `forkserver` and `spawn`, a child does not inherit a handler that is set under the
    main guard. But if the program ignores SIGTERM (`signal.SIG_IGN`) before it starts its first
    child, the children ignore it under every start method.
    """
    handles = script(INHERITED.format(handler="on_sigterm").replace("signal.on_s", "on_s"))
    ignores = script(INHERITED.format(handler="SIG_IGN").replace("TERM, SIG_", "TERM, signal.SIG_"))
    assert handles.stdout == f"{get_start_method() == 'fork'}\n"
    assert ignores.stdout == "True\n"


def which_task() -> None:
    """The error does not say which task it was."""
    shown("killed-worker/after_broken", "huge.jpg: A process in the process pool was terminated ")


def one_process_each() -> None:
    """Run each remaining task in a process of its own, and look at the exit codes:"""
    shown("killed-worker/one_at_a_time", "huge.jpg ended with exit code 1", "small.jpg ended with")


def only_to_search() -> None:
    """Starting a process for each task is slow, so use this only to find the task."""
    no_fact("a judgment")


def with_a_timeout() -> None:
    """Ask for each result with a timeout. The timeout tells you that a task was lost; it does not
    repair the pool, which may never run a task again, nor end.
    """
    shown("killed-worker/pool_timeout", "huge.jpg gave no answer in 4 seconds", "get(timeout=4)")
    shown("killed-worker/idle_killed", "get(timeout=4)", "still running after 10 s")


def far_longer() -> None:
    """Choose a timeout that is far longer than the longest task, because a slow task and a lost
    one look alike.
    """
    with Pool(1) as pool:
        lost = pool.apply_async(os._exit, (1,))
        slow = pool.apply_async(sleep, (TIME_LIMIT,))
        tasks: list[AsyncResult[Any]] = [lost, slow]
        for task in tasks:
            with raises(TimeoutError):
                task.get(timeout=PAUSE)


def where_workers_can_be_killed() -> None:
    """So where workers can be killed, use an executor: if an idle worker is killed, the executor
    raises `BrokenProcessPool`, and its `with` block ends, unless it was ending already.
    """
    it_is_idle_while_the_block_ends()
    with ProcessPoolExecutor(1) as executor:
        worker = executor.submit(os.getpid).result()
        (process,) = executor._processes.values()
        assert process.pid == worker
        process.kill()
        process.join()
        with raises(BrokenProcessPool):
            while True:
                executor.submit(pow, 2, 3).result()


def with_a_queue() -> None:
    """If the worker was to put a result on a `Queue`, do not wait for the result without a limit:
    `get(timeout=...)` raises `queue.Empty` if nothing has come. Only if the worker was killed in
    the middle of an item, no limit helps.
    """
    shown("lock-holder-killed/killed_in_put", "get(timeout=1)", "still running after 5 s")
    queue: Queue[int] = Queue()
    with raises(Empty):
        queue.get(timeout=PAUSE)


def what_to_do() -> None:
    """Then

    give each task less data: a file name, not the file's content,

    keep big arrays once, in shared memory.
    """
    no_fact("advice")


def a_limit() -> None:
    """give each worker a limit, so that the task raises a `MemoryError`,"""
    shown("out-of-memory/executor_tells", "resource.setrlimit(", "except MemoryError")
    shown("out-of-memory/executor_tells", "No memory for tasks [60]")


def memory_of_its_own() -> None:
    """start fewer workers, because each has memory of its own,"""
    shown("memory-grows/list_read", "More than half of it copied: True")


def to_stop_the_others() -> None:
    """To stop the others when one was killed, wait for the pipes of all instead: the first program
    there ends with the name of the dead worker and its exit code.
    """
    shown("stop-early/first_result", "wait(workers)", "{worker.name}: exit code {code}")
    if sys.platform != "win32":
        loop = "    for number in numbers:\n"
        dies = loop, f"    os.kill(os.getpid(), 9)\n{loop}"
        imports = "import signal\n", "import os\nimport signal\n"
        killed = script(changed("stop-early/first_result", imports, dies))
        assert killed.status == 1
        assert re.search(r"Process-\d: exit code -9", killed.stderr)


def in_other_words() -> None:
    """Libraries that start workers say it in words of their own. What killed the worker, and what
    to do, is the same as here:

    If the message asks you to disable multiprocessing (`num_proc=None`, `n_jobs=1`), do so once:
    the crash then ends your program itself, and its last lines, or its exit status, say why.
    """
    no_fact("an introduction, and advice")
