"""What docs/decisions/pool-or-executor.md says."""

import builtins
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Pool, TimeoutError, Value, active_children
from multiprocessing.pool import AsyncResult
from multiprocessing.pool import Pool as PoolType
from threading import Event
from time import sleep
from typing import Any

from tests.claims import PAUSE, SURE, TIME_LIMIT, no_fact, on, raises, shown
from tests.claims._costs import medians, ratios

POOL = "starts: Pool(2) and one task"
EXECUTOR = "starts: ProcessPoolExecutor(2) and one task"


def which_one() -> None:
    """Use a `ProcessPoolExecutor`: if a worker is killed, it raises an error, apart from some
    cases; a `Pool` waits forever. Use a `Pool` for what only a `Pool` has.

    a worker can run out of memory, crash or be killed | `ProcessPoolExecutor`
    """
    from tests.claims._executors import an_executor_waits

    assert an_executor_waits()
    shown("killed-worker/executor_raises", "BrokenProcessPool")
    shown("killed-worker/pool_hangs", "os._exit", "still running after 5 s")


def cancelled() -> None:
    """you want to cancel waiting tasks, or use asyncio | `ProcessPoolExecutor`"""
    import asyncio

    shown("process-pool-executor/cancelled", "cancelled by shutdown", "Last cancelled: True")
    assert not hasattr(AsyncResult, "cancel")

    async def in_executor() -> int:
        return await asyncio.get_running_loop().run_in_executor(executor, abs, -2)

    with ProcessPoolExecutor(1) as executor:
        assert asyncio.run(in_executor()) == 2


def children_of_a_task() -> None:
    """a task starts processes of its own | `ProcessPoolExecutor`"""
    shown("daemon-children/in_pool_worker", "daemonic processes are not allowed to have children")
    shown("daemon-children/executor_in_executor", "Output")


def chunks() -> None:
    """`Pool.map` makes chunks unless you set `chunksize`, and the executor's `map` sends one task
    at a time unless you set it.
    """
    from inspect import signature

    assert signature(PoolType.map).parameters["chunksize"].default is None
    assert signature(ProcessPoolExecutor.map).parameters["chunksize"].default == 1


def new_workers() -> None:
    """a new worker after that many tasks, on every release | `Pool(maxtasksperchild=...)`

    a new worker after some tasks | `maxtasksperchild` | `max_tasks_per_child`, not with `fork`
    """
    shown("max-tasks-deadlock/with_pool", "maxtasksperchild=")
    shown("max-tasks-deadlock/hangs", "max_tasks_per_child=2", "still running after 5 s")
    shown("process-pool-executor", "#> fork: max_tasks_per_child is incompatible with the 'fork'")


def one_bad_task() -> None:
    """one bad task must not cost the others | `Pool`, with a time limit for each result

    The second task ends its worker, as if it had been killed:

    A `Pool` starts another worker, and goes on with the other tasks. The task of the dead worker,
    with its whole chunk, is never done, and no error is reported: `map` would wait forever.

    An executor raises `BrokenProcessPool` for every task that is not done, and accepts no more.

    cancel a waiting task | no call for it | `cancel()`, unless it is one of the next
    """
    shown("process-pool-executor/cancelled", "Last cancelled: True")
    shown("pool-or-executor/worker_dies", "os._exit(1)", "Pool(1)", "ProcessPoolExecutor(1, cont")
    shown("pool-or-executor/worker_dies", "Pool, huge.jpg: no answer\nPool, wide.jpg: resized")
    shown("pool-or-executor/worker_dies", "Executor, huge.jpg: BrokenProcessPool")
    shown("pool-or-executor/worker_dies", "Executor, wide.jpg: BrokenProcessPool")
    shown("killed-worker/pool_hangs", "os._exit", "still running after 5 s")
    with ProcessPoolExecutor(2) as executor:
        tasks = [executor.submit(_wait) for _ in range(4)]
        while not tasks[3].running():  # although two wait
            tasks.append(executor.submit(_wait))
            sleep(PAUSE)
        assert not tasks[3].cancel()
        worker, _ = executor._processes.values()
        worker.kill()
        for task in tasks:
            assert isinstance(task.exception(TIME_LIMIT), BrokenProcessPool)
    shown("killed-worker/after_broken", "wide.jpg: A child process terminated abruptly, the proc")


def what_they_cost() -> None:
    """In our results on two cores, two workers and a first task take 7 to 40 milliseconds with
    either under `fork`, and under `forkserver` once the fork server runs, and the one takes less
    than 1.3 times as long as the other. What makes the difference is the
    `chunksize`: 1,000 small tasks one at a time cost more than 15 times as much as in chunks of
    250.
    """
    assert all(7e-3 < seconds < 40e-3 for seconds in medians(POOL, EXECUTOR))
    assert all(1 / 1.3 < ratio < 1.3 for ratio in ratios(POOL, EXECUTOR))
    tasks = "advice: 1,000 small tasks, Pool.map"
    assert min(ratios(f"{tasks}, chunksize=1", f"{tasks}, chunksize=250")) > 15


def advice() -> None:
    """Speed does not decide.

    Create a new one, and submit what is missing again.

    So give each `get()` of a `Pool` a time limit.
    """
    no_fact("advice")


def more_than_this() -> None:
    """If an idle worker is killed, the whole pool can hang."""
    shown("killed-worker/idle_killed", "still running after 10 s")


def some_cases() -> None:
    """In some cases, an executor waits, too."""
    no_fact("an introduction; the page that is linked proves it")


def the_same_job() -> None:
    """one task | `apply_async(fn, (1, 2))` | `submit(fn, 1, 2)`

    its result | `get(timeout)` | `result(timeout)`

    the time limit has passed | `multiprocessing.TimeoutError` | the built-in `TimeoutError`

    all results, in order | `map(fn, items)`, a list | `map(fn, items)`, an iterator

    several arguments | `starmap(fn, pairs)` | `map(fn, firsts, seconds)`

    results in any order, by one call | `Pool.imap_unordered`

    results as they arrive | `imap_unordered(fn, items)` | `as_completed(futures)`

    when a task is done | `callback`, `error_callback` | `add_done_callback(fn)`
    """
    assert not issubclass(TimeoutError, builtins.TimeoutError)
    with raises(builtins.TimeoutError):
        Future[int]().result(timeout=0)
    told: list[object] = []
    with Pool(1) as pool, ProcessPoolExecutor(1) as executor:
        assert pool.apply_async(pow, (2, 3)).get(TIME_LIMIT) == 8
        assert executor.submit(pow, 2, 3).result(TIME_LIMIT) == 8
        assert pool.map(abs, [-2, -1]) == [2, 1]
        results = executor.map(abs, [-2, -1])
        assert next(results) == 2
        assert list(results) == [1]
        assert pool.starmap(pow, [(2, 3), (3, 2)]) == [8, 9]
        assert list(executor.map(pow, [2, 3], [3, 2])) == [8, 9]
        assert sorted(pool.imap_unordered(abs, [-1, -2])) == [1, 2]
        futures = [executor.submit(abs, -1), executor.submit(abs, -2)]
        assert sorted(future.result() for future in as_completed(futures)) == [1, 2]
        pool.apply_async(abs, (-1,), callback=told.append)
        pool.apply_async(int, ("one",), error_callback=told.append)
        pool.close()
        pool.join()
        future = executor.submit(abs, -3)
        future.add_done_callback(told.append)
    assert told[0] == 1
    assert isinstance(told[1], ValueError)
    assert told[2] is future
    assert not hasattr(ProcessPoolExecutor, "imap_unordered")


def little_by_little() -> None:
    """input that is read little by little | no call for it | `map(..., buffersize=...)`, Python
    3.14 and later

    many short tasks, in chunks that are sized for you | `Pool.map`
    """
    shown("process-pool-executor/few_at_a_time", "buffersize=")
    read: list[int] = []
    all_read = Event()

    def numbers() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            yield number
        all_read.set()

    with Pool(1) as pool:
        results = pool.imap(abs, numbers())
        assert all_read.wait(TIME_LIMIT)  # although nothing is fetched
        assert list(results) == read
        many: Any = pool.map_async(abs, range(40))
        assert many._chunksize == 10


def _fail(_: object) -> None:
    raise ValueError


def the_callback_raises() -> None:
    """the callback raises `ValueError` | later results never arrive | logged, the others go on"""
    shown("process-pool-executor/callback_raises", "exception calling callback", "Result: 9")
    before, show = set(active_children()), threading.excepthook
    threading.excepthook = lambda _: None
    try:
        with raises(AssertionError, text="Cannot have cache with result_hand"), Pool(1) as pool:
            pool.apply_async(abs, (-1,), callback=_fail)
            pool._result_handler.join(TIME_LIMIT)  # type: ignore[attr-defined]
            with raises(TimeoutError):
                pool.apply_async(abs, (-2,)).get(timeout=SURE)
    finally:
        threading.excepthook = show
    for worker in set(active_children()) - before:
        worker.terminate()
        worker.join()


def the_initializer_raises() -> None:
    """the initializer raises | `map` waits forever | `BrokenProcessPool`"""
    shown("pool/initializer_raises", "still running after")
    shown("process-pool-executor/initializer_fails", "BrokenProcessPool")


def no_sys_exit() -> None:
    """a task calls `sys.exit()` | `map` waits forever | `result()` raises `SystemExit`"""
    with Pool(1) as pool:
        lost = pool.apply_async(_exit_at, (0,))
        with_its_chunk = pool.imap_unordered(_exit_at, range(4), chunksize=2)
        assert [next(with_its_chunk), next(with_its_chunk)] == [2, 3]
        assert not lost.ready()
    with ProcessPoolExecutor(1) as executor, raises(SystemExit):
        executor.submit(_exit_at, 0).result()


def _exit_at(number: int) -> int:
    return number or sys.exit()


def the_end_of_the_block() -> None:
    """the end of the `with` block | ends the workers at once | waits for all tasks

    end the workers at once | `terminate()` | `terminate_workers()` or `kill_workers()`, Python 3.14
    and later

    It must be far longer than all that `get()` waits for: the longest task if you fetch each result
    in the order of the tasks, otherwise also the tasks before it.
    """
    with Pool(1) as pool:
        unfinished = pool.apply_async(_wait)
        behind_it = pool.apply_async(abs, (-1,))
        with raises(TimeoutError):
            behind_it.get(timeout=0.1)
    assert not unfinished.ready()
    with ProcessPoolExecutor(1) as executor:
        futures = [executor.submit(abs, -1) for _ in range(5)]
    assert all(future.done() for future in futures)
    ends_at_once = on("Python 3.14 and later")
    assert hasattr(ProcessPoolExecutor, "terminate_workers") == ends_at_once


def _wait() -> None:
    Event().wait()


def both() -> None:
    """Neither can stop one task that is running: see stop early. Both pickle arguments and results,
    and both refuse a `Value` or a `Lock` as an argument of a task: pass it to the initializer.
    """
    with Pool(1) as pool, ProcessPoolExecutor(1) as executor:
        for task in pool.apply_async, _submit(executor):
            with raises(RuntimeError, text="should only be shared between processes"):
                _result(task(str, (Value("i"),)))
        assert not {"cancel", "terminate", "kill"} & set(dir(AsyncResult))
    shown("process-pool-executor/cancelled", "First cancelled: False")
    shown("pool/shared_in_workers", "initargs=")
    shown("process-pool-executor/shared_in_workers", "initargs=")


def _submit(executor: ProcessPoolExecutor) -> Any:
    return lambda fn, arguments: executor.submit(fn, *arguments)


def _result(task: Any) -> object:
    return task.get() if isinstance(task, AsyncResult) else task.result()
