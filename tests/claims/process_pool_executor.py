"""What docs/syntax/process-pool-executor.md says."""

import gc
import os
import signal
import sys
import time
from collections.abc import Iterator, MutableSequence
from concurrent.futures import (
    FIRST_COMPLETED,
    FIRST_EXCEPTION,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    InvalidStateError,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from functools import cache, partial
from multiprocessing import (
    Event,
    Lock,
    Manager,
    Pipe,
    Process,
    Queue,
    Value,
    active_children,
    current_process,
    get_context,
    get_start_method,
)
from multiprocessing.connection import Connection
from multiprocessing.pool import Pool
from multiprocessing.queues import Queue as QueueType
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventType
from pickle import PicklingError
from threading import Event as Gate
from typing import Any

from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, no_fact, on, raises, script, shown

may_go_on: EventType  # of a worker, as are the others: an initializer sets them
started: EventType
calls: "Synchronized[int]"


def _keep(counter: "Synchronized[int]", begun: EventType, event: EventType) -> None:
    global calls, started, may_go_on
    calls, started, may_go_on = counter, begun, event


def _wait(_: object = None) -> None:
    with calls.get_lock():
        calls.value += 1
    started.set()
    may_go_on.wait()


def _fail_or_wait(number: int) -> None:
    if number == 0:
        raise ValueError(number)
    _wait()


def _append(numbers: list[int]) -> list[int]:
    numbers.append(2)
    return numbers


def _append_twice(numbers: MutableSequence[int]) -> int:
    for _ in range(2):
        numbers.append(2)
    return len(numbers)


def _numbers(read: list[int]) -> Iterator[int]:
    for number in range(100):
        read.append(number)
        yield number


def _set_up() -> "tuple[Synchronized[int], EventType, EventType]":
    return Value("i", 0), Event(), Event()


def in_a_few_workers() -> None:
    """A `ProcessPoolExecutor` of `concurrent.futures` runs functions in a few workers, in parallel,
    and returns a future for each, an object that will have the result later.

    The end of the `with` block waits until all tasks are done.

    `submit(fn, /, *args, **kwargs)` | starts one task, and returns its future at once

    `shutdown(wait=True, *, cancel_futures=False)` | accepts no more tasks, and waits until the
    others are done; the end of the `with` block calls it

    A future is a `concurrent.futures.Future`.

    `result(timeout=None)` | waits for the result and returns it, or raises the exception of the
    task; `TimeoutError` after `timeout` seconds

    `exception(timeout=None)` | waits, and returns the exception of the task, or `None`;
    `TimeoutError` after `timeout` seconds

    `done()`, `running()`, `cancelled()` | whether it is in that state; a cancelled future is done,
    too

    Under `fork`, the first task starts all workers. Under `forkserver` and `spawn`, each task
    starts one more worker, until there are `max_workers`, unless a worker is idle.
    """
    shared = _set_up()
    before = set(active_children())
    with ProcessPoolExecutor(2, initializer=_keep, initargs=shared) as executor:
        assert set(active_children()) == before
        future = executor.submit(_wait)
        assert isinstance(future, Future)
        assert not future.done()
        workers = [2, 2] if get_start_method() == "fork" else [1, 2]
        found = [len(set(active_children()) - before)]
        others = [executor.submit(_wait) for _ in range(2)]
        found.append(len(set(active_children()) - before))
        assert found == workers
        assert shared[1].wait(TIME_LIMIT)
        for ask in [future.result, future.exception]:
            with raises(TimeoutError):
                ask(timeout=0)
        assert future.running()
        bad = executor.submit(int, "ten")
        shared[2].set()
        assert future.result() is None
        assert future.exception() is None
        with raises(ValueError, text="ten"):
            bad.result()
        assert isinstance(bad.exception(), ValueError)
        last = executor.submit(_wait)
    assert all(one.done() for one in [future, *others, last])
    with raises(RuntimeError, text="cannot schedule new futures after shutdown"):
        executor.submit(int)
    cancelled: Future[None] = Future()
    assert cancelled.cancel()
    assert (cancelled.done(), cancelled.cancelled(), cancelled.running()) == (True, True, False)


def advice() -> None:
    """Use it when you want to wait for tasks, cancel them or handle their errors one by one.

    If you set `mp_context`, make the shared objects with the same context: `ctx.Value("i", 0)`.
    If you set `max_tasks_per_child`, set `mp_context`, too.

    For workers that run all the time: Process and Queue.

    In a program that uses asyncio, stay with the ProcessPoolExecutor.
    """
    no_fact("advice")


def copies() -> None:
    """Arguments and results are pickled, so each process has a copy of its own. To share memory
    or a lock with all workers, use the initializer.

    Arguments, results and exceptions can be whatever can be pickled and unpickled; the receiver
    gets a copy. The function must stand at module level, or be a method or a `functools.partial`
    that can be pickled; `result()` raises an error for a lambda or local function under every start
    method.

    A proxy of a Manager can be an argument of a task, if you keep it in a variable and the
    manager has no `authkey` of its own.

    If a task calls `sys.exit()`, the worker goes on, and `result()` raises `SystemExit` in the
    parent, which `except Exception` does not catch.
    """
    numbers = [1]
    with Manager() as manager, ProcessPoolExecutor(1) as executor:
        assert executor.submit(_append, numbers).result() == [1, 2]
        shared = manager.list([1])
        assert executor.submit(_append_twice, shared).result() == 3
        assert list(shared) == [1, 2, 2]
        assert executor.submit(partial(pow, 2), 3).result() == 8
        assert executor.submit((2).__add__, 3).result() == 5
        with raises(AttributeError, PicklingError):
            executor.submit(lambda: 0).result()
        worker = executor.submit(os.getpid).result()
        with raises(SystemExit):
            executor.submit(sys.exit, 3).result()
        assert executor.submit(os.getpid).result() == worker
    assert numbers == [1]
    assert not issubclass(SystemExit, Exception)
    shown("process-pool-executor/shared_in_workers", "initializer=", "Total: 27")
    shown("process-pool-executor/as_they_finish", "except ValueError", "could not convert string")


def the_call() -> None:
    """`ProcessPoolExecutor(max_workers=None, mp_context=None, initializer=None, initargs=(), *,
    max_tasks_per_child=None)`

    `initializer` | a function that each worker calls once, before its first task

    `initargs` | the arguments of `initializer`, a tuple

    `max_tasks_per_child` | after that many tasks a worker ends, and a new one replaces it; hangs
    in some releases

    `mp_context` | a context, such as `get_context("spawn")`, that starts the workers; `None`: the
    default start method does
    """
    from inspect import signature

    parameters = str(signature(ProcessPoolExecutor))
    assert parameters == (
        "(max_workers=None, mp_context=None, initializer=None, initargs=(), *, "
        "max_tasks_per_child=None)"
    )
    shown("process-pool-executor/shared_in_workers", "initargs=(total,)", "Total: 27")
    shown("max-tasks-deadlock/hangs", "still running after 5 s")
    begun = Value("i", 0)
    with ProcessPoolExecutor(1, None, _count, (begun,)) as executor:
        default, same = (executor.submit(_who).result() for _ in range(2))
    assert default == same
    assert begun.value == 1
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as executor:
        first, second = (executor.submit(_who).result() for _ in range(2))
    assert first[1] != second[1]
    names = {"fork": "Fork", "forkserver": "ForkServer", "spawn": "Spawn"}
    assert default[0] == names[get_start_method()]
    assert first[0] == "Spawn"


def _who() -> tuple[str, int]:
    return current_process().name.partition("Process")[0], os.getpid()


def _count(begun: "Synchronized[int]") -> None:
    with begun.get_lock():
        begun.value += 1


def results_of_map() -> None:
    """`map(fn, *iterables, timeout=None, chunksize=1, buffersize=None)`; `buffersize`: Python 3.14
    and later | returns an iterator of the results, in the order of the items; its parameters

    `timeout`, `chunksize` and `buffersize` can be passed only by keyword. With several iterables,
    each call of `fn` gets one item of each.

    `buffersize`, in Python 3.14 and later: at most that many tasks are in progress, or done with
    a result that you have not fetched; while you wait for a result, it is one more. A chunk
    counts as one task: with `buffersize=4, chunksize=10` the call reads 40 items, and the first
    item of each chunk that you fetch reads 10 more. Without `buffersize`, `map` reads all of its
    input at once, so an input that is big or has no end fills the memory.

    With `buffersize`, fetch all results inside the `with` block. After it, the iterator raises
    `RuntimeError`, or, if nothing refers to the executor anymore, ends early without an error.

    `chunksize`: that many items are one task. The default is 1, unlike that of Pool.map.

    With bigger chunks, the earlier results of the same chunk are lost, too.
    """
    from inspect import signature

    assert signature(ProcessPoolExecutor.map).parameters["chunksize"].default == 1
    assert signature(Pool.map).parameters["chunksize"].default is None
    shown("process-pool-executor/smallest", "[320, 400, 512]")
    shown(
        "process-pool-executor/few_at_a_time", "has read 100 items", "'buffersize': 4} has read 4"
    )
    with ProcessPoolExecutor(1) as executor:
        assert list(executor.map(pow, [2, 3], [4, 5])) == [16, 243]
        with raises(TypeError):
            executor.map(pow, [2, 3], 5)  # type: ignore[arg-type]
        read: list[int] = []
        results = executor.map(abs, _numbers(read))
        assert len(read) == 100
        assert list(results) == read
        prices = executor.map(float, ["9.50", "free", "12"], chunksize=2)
        with raises(ValueError, text="free"):
            next(prices)
        assert list(prices) == []
        if on("Python 3.14 and later"):
            read = []
            limits = {"buffersize": 4, "chunksize": 10}
            results = executor.map(abs, _numbers(read), **limits)
            assert len(read) == 40
            assert [next(results) for _ in range(10)] == list(range(10))
            assert len(read) == 50
            assert next(results) == 10
            assert len(read) == 60
            assert list(results) == list(range(11, 100))
            late, ended = (executor.map(abs, range(9), **{"buffersize": 2}) for _ in "12")
        else:
            with raises(TypeError, text="buffersize"):
                executor.map(abs, [1], **{"buffersize": 4})
    if on("Python 3.14 and later"):
        with raises(RuntimeError, text="after shutdown"):
            next(late)
        del executor, late
        gc.collect()
        assert list(ended) == [0, 1]


def too_late() -> None:
    """`cancel()` | cancels a task that still waits, and returns `True`; returns `False` if it is
    too late

    A task that is running cannot be cancelled. The same is true of the tasks that are already in
    the queue from which the workers get them, and `running()` returns `True` for these, too. That
    queue can hold one task more than there are workers. `shutdown(cancel_futures=True)` cancels
    all other tasks, and waits for these. After it, and after `terminate_workers()` and
    `kill_workers()`, leave a loop over `as_completed`: `as_completed` and `wait` are not notified
    of these cancelled futures, and wait forever.
    """
    shown("process-pool-executor/cancelled", "cancel_futures=True", "cancelled by shutdown")
    counter, begun, event = shared = _set_up()
    with ProcessPoolExecutor(1, initializer=_keep, initargs=shared) as executor:
        futures = [executor.submit(_wait) for _ in range(9)]
        assert begun.wait(TIME_LIMIT)
        deadline = time.monotonic() + TIME_LIMIT
        while not futures[1].running() and time.monotonic() < deadline:
            time.sleep(PAUSE)
        assert futures[1].running()
        assert not futures[1].cancel()
        assert futures[8].cancel()
        futures[7].add_done_callback(lambda _: event.set())
        executor.shutdown(cancel_futures=True)
    done = [future for future in futures if not future.cancelled()]
    assert 2 <= len(done) <= 3
    assert counter.value == len(done)
    assert all(future.done() for future in futures)
    yielded = as_completed(futures, timeout=0)
    assert {next(yielded) for _ in done} == set(done)
    with raises(TimeoutError, text="unfinished"):
        next(yielded)
    assert wait(futures, timeout=0).done == set(done)
    assert executor._max_workers == 1  # type: ignore[attr-defined]
    if on("Python 3.14 and later"):
        for end in ["terminate_workers", "kill_workers"]:
            _not_notified(end)


def _not_notified(end: str) -> None:
    """After this call there are cancelled futures of which `wait` is not notified."""
    from unittest.mock import patch

    executor: Any = ProcessPoolExecutor(1, initializer=_keep, initargs=_set_up())
    futures = [executor.submit(_wait) for _ in range(9)]
    shutdown, thread, cancelled = executor.shutdown, executor._executor_manager_thread, Gate()
    futures[8].add_done_callback(lambda _: cancelled.set())

    def shut_down(**options: bool) -> None:
        shutdown(**options)
        assert cancelled.wait(TIME_LIMIT)  # else the thread may first see that the workers died

    with patch.object(executor, "shutdown", shut_down):
        getattr(executor, end)()
    thread.join()
    left = {future for future in futures if future.cancelled()}
    assert futures[8] in left
    assert wait(futures, timeout=0).not_done == left


def cancelled_in_vain() -> None:
    """Avoid `shutdown(wait=False)` in a `with` block. It returns at once, and the end of the block
    does not wait either. But that end takes back a `cancel_futures=True` that came with
    `wait=False`, and all tasks can still run.
    """
    for in_a_block in [True, False]:
        counter, _, event = shared = _set_up()
        executor: Any = ProcessPoolExecutor(1, initializer=_keep, initargs=shared)
        futures = [executor.submit(_wait) for _ in range(9)]
        called, left = Gate(), Gate()
        futures[0].add_done_callback(partial(_hold, called, left))
        thread = executor._executor_manager_thread
        event.set()
        assert called.wait(TIME_LIMIT)  # the thread that cancels is held until the block has ended
        with executor if in_a_block else nullcontext():
            executor.shutdown(wait=False, cancel_futures=True)
        left.set()
        thread.join()
        assert (counter.value == 9) == in_a_block


def _hold(called: Gate, left: Gate, _: object) -> None:
    called.set()
    left.wait()


def called_back() -> None:
    """`add_done_callback(fn)` | calls `fn(future)` in the parent when the future is done

    `add_done_callback` calls its function when the future is done or cancelled. `result()` and
    `exception()` of a cancelled future raise `CancelledError`. A call that the state of the future
    does not allow raises `InvalidStateError`:

    If the function raises an exception such as `ValueError`, that is logged and not raised. If
    `logging` has no handlers, it goes to standard error:
    """
    called: list[Future[int]] = []
    done: Future[int] = Future()
    cancelled: Future[int] = Future()
    for future in [done, cancelled]:
        future.add_done_callback(called.append)
    done.set_result(1)
    cancelled.cancel()
    assert called == [done, cancelled]
    for ask in [cancelled.result, cancelled.exception]:
        with raises(CancelledError):
            ask()
    with raises(InvalidStateError):
        done.set_result(2)
    shown("process-pool-executor", "#> CancelledError()", "#> InvalidStateError: CANCELLED")
    shown(
        "process-pool-executor/callback_raises",
        "raise KeyError(future.result())",
        "Output\nResult: 9",
        "exception calling callback for <Future",
        "KeyError: 9",
    )


CALLED_BACK = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children
from time import sleep


def call_back(_):
    print("called", flush=True)
    executor.{call}


if __name__ == "__main__":
    with ProcessPoolExecutor(1) as executor:
        for _ in range(2):
            executor.submit(sleep, 600).add_done_callback(call_back)
        (worker,) = active_children()
        worker.kill()
"""


def _exit(_: object) -> None:
    sys.exit("which ends the thread")


def called_back_to_exit() -> None:
    """The function of `add_done_callback` must not call `sys.exit()`, or wait for another future
    of the executor: that ends or blocks a thread of the executor without a message, the other
    futures are never done, and the program does not end. In Python 3.12.1 and later, the same
    happens if it calls `submit` or `shutdown` after a worker has died.
    """
    for call in ["submit(abs, -1)", "shutdown(wait=False)"]:
        code = CALLED_BACK.format(call=call)
        if on("Python 3.12.1 and later"):
            run = script(code, hangs_after="called")
            assert (run.stdout, run.status) == ("called\n", None)
        elif on("Python 3.11"):
            assert script(code).status == 0
    _, _, event = shared = _set_up()
    with ProcessPoolExecutor(1, initializer=_keep, initargs=shared) as executor:
        executor.submit(_wait).add_done_callback(_exit)
        waits = executor.submit(abs, -1)
        thread: Any = executor._executor_manager_thread
        workers = dict(executor._processes)
        event.set()
        thread.join()
        with raises(TimeoutError):
            waits.result(timeout=0)
    for worker in workers.values():
        assert worker.is_alive()
        assert not worker.daemon  # so the end of the program waits for it
        worker.kill()
        worker.join()
    counter, _, event = shared = _set_up()
    with ProcessPoolExecutor(1, initializer=_keep, initargs=shared) as executor:
        first, second = (executor.submit(_wait) for _ in range(2))
        in_vain: list[bool] = []
        first.add_done_callback(lambda _: in_vain.append(_waits_in_vain(second, counter)))
        while not second.running():
            time.sleep(PAUSE)
        event.set()
    assert in_vain == [True]
    assert second.done()


def _waits_in_vain(future: "Future[None]", counter: "Synchronized[int]") -> bool:
    """Whether a future is not done, although its task, the second, has begun."""
    while counter.value < 2:
        time.sleep(PAUSE)
    return not wait([future], timeout=SURE).done


def of_all_executors() -> None:
    """The class `concurrent.futures.Executor`, from which all executors are derived, defines
    `submit`, `map` and `shutdown`.

    For threads instead of processes, with the same calls: `ThreadPoolExecutor`.
    """
    assert {"submit", "map", "shutdown"} <= set(vars(Executor))
    for executor in [ProcessPoolExecutor, ThreadPoolExecutor]:
        assert issubclass(executor, Executor)


def not_with_fork() -> None:
    """`max_tasks_per_child` does not work with `fork`."""
    shown("process-pool-executor", "#> fork: max_tasks_per_child is incompatible with the 'fork'")


def as_they_finish() -> None:
    """`concurrent.futures.as_completed(fs, timeout=None)` yields the futures that are done already,
    in no fixed order, and then the others in the order in which they finish. A dict from future
    to input tells you which one it is. `result()` raises the exception of a task in the parent,
    and the other tasks go on.

    To wait only for the first result, or only for the first error, use `wait(futures,
    return_when=FIRST_COMPLETED)` or `FIRST_EXCEPTION`.
    """
    first, second, third, *others = [Future[int]() for _ in range(23)]
    for other in others:
        other.set_result(0)
    futures = [first, second, third]
    yielded = as_completed([*futures, *others])
    at_first = [next(yielded) for _ in others]
    assert set(at_first) == set(others) and at_first != others
    second.set_result(2)
    assert next(yielded) is second
    assert wait(futures, return_when=FIRST_COMPLETED).done == {second}
    first.set_exception(ValueError("free"))
    assert next(yielded) is first
    assert wait(futures, return_when=FIRST_EXCEPTION).not_done == {third}
    shown(
        "process-pool-executor/as_they_finish",
        "text = futures[future]",
        "future.result()",
        "'12', 12.0), ('9.50', 9.5)",
    )


def after_the_timeout() -> None:
    """`timeout`: the number of seconds from the call of `map`. If the next result is not there by
    then, the iterator raises `TimeoutError` and cancels the tasks that still wait, but a task that
    is running goes on:
    """
    counter, begun, event = shared = _set_up()
    with ProcessPoolExecutor(1, initializer=_keep, initargs=shared) as executor:
        results = executor.map(_wait, range(9), timeout=0)
        assert begun.wait(TIME_LIMIT)
        with raises(TimeoutError):
            next(results)
        event.set()
    assert 1 <= counter.value <= 4
    shown("process-pool-executor/times_out", "timeout=0.5", "No page after half a second")


def map_raises() -> None:
    """If a task raises an exception, the iterator raises it in the place of the result, and ends.
    You get the results before it; those after it are lost, and tasks that still wait are
    cancelled.
    """
    shown("process-pool-executor/map_stops", "Price: 9.5\nValueError: ", "The rest: []")
    counter, _, event = shared = _set_up()
    with ProcessPoolExecutor(1, initializer=_keep, initargs=shared) as executor:
        results = executor.map(_fail_or_wait, range(9))
        with raises(ValueError, text="0"):
            next(results)
        event.set()
    assert counter.value <= 4


def as_arguments() -> None:
    """A `Value`, a `Lock` or an `Array` cannot be an argument of a task: that raises
    `RuntimeError`. Pass it in `initargs`, and store it in a global of the worker.

    Otherwise, you may get "A SemLock created in a fork context is being shared".

    With `initializer` you can share a Value, Array, Lock, Event or Queue, and pass big data once to
    each worker instead of once to each task.
    """
    queue: QueueType[int] = Queue()
    lock = Lock()
    with ProcessPoolExecutor(1, None, _use, (lock, queue)) as executor:
        with raises(RuntimeError, text="should only be shared between processes"):
            executor.submit(repr, lock).result()
        assert queue.get() == 7
    queue.close()
    shown("pool-argument/value_in_executor", "RuntimeError: Synchronized objects should only be")
    shown("pool-argument/every_message", "RuntimeError: SynchronizedArray objects should only")
    shown("process-pool-executor/shared_in_workers", "global total_sales", "Total: 27")
    shown("mixed-contexts/executor_mixed", "A SemLock created in a fork context is being shared")
    shown("globals/with_initializer", "Output")


def _use(lock: object, queue: "QueueType[int]") -> None:
    with lock:  # type: ignore[attr-defined]
        queue.put(7)


def no_task_can_run() -> None:
    """If the initializer raises an exception, every future that is not done raises
    `BrokenProcessPool`. In this program the initializer is `int`, called with
    `"ten"`. The reason is on standard error, not in the exception.
    """
    shown(
        "process-pool-executor/initializer_fails",
        'int, ("ten",)',
        "BrokenProcessPool: A process in the process pool was terminated abruptly while",
        "Exception in initializer:",
        "ValueError: invalid literal for int() with base 10: 'ten'",
    )


def changed_later() -> None:
    """After `submit`, do not change an argument: it may be pickled only later, with the change."""
    _, _, event = shared = _set_up()
    with ProcessPoolExecutor(1, initializer=_keep, initargs=shared) as executor:
        executor.submit(_wait)
        executor.submit(len, bytes(1_000_000))
        order = {"crates": 2}
        future = executor.submit(dict[str, int], order)
        order["crates"] = 99
        event.set()
        assert future.result() == {"crates": 99}


class _TwoArgumentsError(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(one + two)


def _raise_two(number: int) -> None:
    raise _TwoArgumentsError(number, number)


def a_worker_dies() -> None:
    """It also watches the workers. If one dies, every future that is not done raises
    BrokenProcessPool, a subclass of `BrokenExecutor`, where a `Pool` would wait forever.

    If a worker is killed, or a task calls `os._exit()` or raises an exception that cannot be
    unpickled, all waiting tasks fail with BrokenProcessPool, and the executor cannot be used
    anymore.
    """
    assert issubclass(BrokenProcessPool, BrokenExecutor)
    with ProcessPoolExecutor(1) as executor:
        futures = [executor.submit(_raise_two, number) for number in range(4)]
        assert all(isinstance(one.exception(TIME_LIMIT), BrokenProcessPool) for one in futures)
        with raises(BrokenProcessPool):
            executor.submit(abs, -3)
    with ProcessPoolExecutor(1) as executor:
        done = executor.submit(abs, -1)
        assert done.result() == 1
        broken: list[Future[int]] = [executor.submit(os._exit, 1)]
        broken += [executor.submit(abs, -2) for _ in range(4)]
        for future in broken:
            assert isinstance(future.exception(TIME_LIMIT), BrokenProcessPool)
        assert done.result() == 1
        with raises(BrokenProcessPool):
            executor.submit(abs, -3)
    shown("killed-worker/pool_hangs", "os._exit", "still running after 5 s")


def some_cases() -> None:
    """In some cases an executor waits, too."""
    no_fact("an introduction")


def what_goes_wrong() -> None:
    """A task that is submitted after the end raises "cannot schedule new futures after shutdown".

    Without a main guard, under `forkserver` and `spawn`, the workers cannot start.
    """
    shown("pool-not-running/executor_after_with", "cannot schedule new futures after shutdown")
    shown("main-guard/unguarded_process", "freeze_support()", "Standard error")


def the_end_waits_for_all() -> None:
    """At Ctrl-C, or an exception in the `with` block, its end waits for all tasks of `submit`, even
    for those that have not begun: cancel them.
    """
    from tests.claims._executors import all_tasks_are_done_at_its_end

    for error in KeyboardInterrupt, ValueError:
        assert all_tasks_are_done_at_its_end(error)


SUBMITS_TO_ITSELF = """
from concurrent.futures import ProcessPoolExecutor


def add(price):
    print("submits", flush=True)
    return executor.submit(abs, price).result()


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        print(executor.submit(add, -1).result())
"""


class _Job:
    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self.executor = executor

    def run(self, price: int) -> int:
        return self.executor.submit(abs, price).result()


def submits_to_itself() -> None:
    """A task cannot submit to the executor that runs it. As an argument, or as the attribute of an
    object whose method is the task, the executor raises
    `TypeError: cannot pickle '_thread.lock' object`. As a global, under `fork`, it lacks its
    threads in the worker, so `result()` waits forever, and so does the end of the `with` block. Let
    the parent submit the next task.
    """
    with ProcessPoolExecutor(1) as executor:
        job = _Job(executor)
        for task in executor.submit(job.run, -1), executor.submit(id, executor):
            with raises(TypeError, text="cannot pickle '_thread.lock' object"):
                task.result()
    if get_start_method() == "fork":
        run = script(SUBMITS_TO_ITSELF, hangs_after="submits")
        assert (run.stdout, run.status) == ("submits\n", None)


def messages() -> None:
    """An executor, `wait` and `as_completed` raise these errors for arguments that they do not
    accept. `buffersize` is new in Python 3.14:
    """
    shown(
        "process-pool-executor/every_message",
        "got an unexpected keyword argument 'buffersize'",
        "ValueError: Invalid return condition: 'ANY'",
        "TimeoutError: 1 (of 1) futures unfinished",
    )


def the_same_under_all() -> None:
    """The programs on this page print the same under `fork`, `forkserver` and `spawn`."""
    folder = ROOT / "examples" / "process-pool-executor"
    outputs = {path.stem.partition(".")[0] for path in folder.glob("*.out")}
    assert outputs == {path.stem for path in folder.glob("*.py")}
    assert not [path for path in folder.iterdir() if "fork" in path.name or "spawn" in path.name]


def instead() -> None:
    """For `imap_unordered`, `starmap`, or a chunk size that is set for you: Pool."""
    for name in ["imap_unordered", "starmap"]:
        assert hasattr(Pool, name)
        assert not hasattr(ProcessPoolExecutor, name)
    shown("pool/smallest", "pool.map(shrink")


def what_becomes_of_it() -> None:
    """An executor reports that a worker was killed, apart from some cases, and returns the
    exception of a task.

    If a task calls `sys.exit(3)`, the `SystemExit` ends your program with status 3 and
    without a message, unless you catch it.

    This is what becomes of the first program of this page if a fault is put in:
    """
    from tests.claims._executors import an_executor_waits

    assert an_executor_waits()
    shown(
        "process-pool-executor/smallest",
        "If something fails",
        "a worker is killed            status 1, told",
        "a worker calls sys.exit(3)    status 3",
        "a worker raises               status 1, told",
    )


def many_cores() -> None:
    """So a program that passes `os.cpu_count()` crashes there on a machine with 64 cores: pass
    `min(60, os.cpu_count() or 1)`.

    Without `max_workers`, an executor may start as many workers as there are cores, and under
    `fork` it starts all of them at the first task. Each start takes time, and each worker needs
    memory for what it imports and loads; together, that can be more than there is.
    """
    from concurrent.futures import process

    assert process._MAX_WINDOWS_WORKERS == 61
    with ProcessPoolExecutor() as executor:
        cores = getattr(os, "process_cpu_count", os.cpu_count)() or 1
        assert executor._max_workers == cores  # type: ignore[attr-defined]
        executor.submit(abs, -1).result()
        if get_start_method() == "fork":
            assert len(executor._processes) == cores


def as_many_as_fit() -> None:
    """Choose a `max_workers` that fits the memory, and not above the number of tasks."""
    no_fact("advice")


def _start_and_die(sender: "Connection[Any, Any]") -> None:
    executor = ProcessPoolExecutor(1)
    sender.send(executor.submit(os.getpid).result())
    signal.raise_signal(signal.SIGKILL)


def without_a_parent() -> None:
    """If the parent is killed, its workers wait for tasks forever."""
    if get_start_method() != "fork":
        return  # under which a killed parent leaves semaphores behind
    receiver, sender = Pipe(duplex=False)
    parent = Process(target=_start_and_die, args=(sender,))
    parent.start()
    sender.close()
    worker = receiver.recv()
    parent.join()
    assert parent.exitcode == -signal.SIGKILL
    assert not receiver.poll(SURE)  # the worker has the other end, too
    os.kill(worker, signal.SIGKILL)
    with raises(EOFError):
        receiver.recv()


BROKEN_BY_ITS_INITIALIZER = """
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

if __name__ == "__main__":
    with ProcessPoolExecutor(1, initializer=int, initargs=("ten",)) as executor:
        for _ in range(2):
            try:
                executor.submit(abs, -1).result()
            except BrokenProcessPool:
                print("broken")
"""


TRIES: list["Synchronized[int]"] = []  # in a worker, where the initializer has put it


def _remember(tries: "Synchronized[int]") -> None:
    TRIES.append(tries)


@cache
def _connect() -> str:
    TRIES[0].value += 1
    if TRIES[0].value == 1:
        raise ConnectionRefusedError
    return "connected"


def _use_it(_: object) -> str:
    return _connect()


def on_first_use() -> None:
    """The executor cannot be used after that; make a new one. So an initializer should not do what
    can fail for a moment, such as connect to a server.
    """
    assert script(BROKEN_BY_ITS_INITIALIZER).stdout == "broken\nbroken\n"
    tries = Value("i", 0)
    with ProcessPoolExecutor(1, initializer=_remember, initargs=(tries,)) as executor:
        with raises(ConnectionRefusedError):
            executor.submit(_use_it, 1).result()
        assert list(executor.map(_use_it, range(3))) == ["connected"] * 3
    assert tries.value == 2


def not_the_result() -> None:
    """`'Future' object is not subscriptable`, `is not iterable` or `unsupported operand type(s)`:
    `submit` returns a future, not the result. Call `result()`.
    """
    future: Any = Future()
    future.set_result([7])
    with raises(TypeError, text="'Future' object is not subscriptable"):
        future[0]
    with raises(TypeError, text="'Future' object is not iterable"):
        list(future)
    with raises(TypeError, text="unsupported operand type(s) for +: 'Future' and 'int'"):
        future + 1
    assert future.result() == [7]


def used_by_several_threads() -> None:
    """Several threads of your own can submit to one executor at the same time."""
    with ProcessPoolExecutor(2) as executor, ThreadPoolExecutor(8) as threads:
        assert executor.submit(abs, -1).result() == 1  # the workers start before the threads
        numbers = range(1000)
        sent = list(threads.map(lambda number: executor.submit(abs, -number), numbers))
        assert [future.result() for future in sent] == list(numbers)
