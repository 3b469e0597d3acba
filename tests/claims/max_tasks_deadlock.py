"""What docs/pitfalls/max-tasks-deadlock.md says."""

import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, get_start_method
from threading import Thread
from time import sleep
from typing import Any

from tests.claims import PAUSE, SURE, on, raises, script, shown

OLD = "Python 3.11 to 3.13.14 and 3.14.0 to 3.14.6"
NEW = "Python 3.13.15 and later and 3.14.7 and later"


def _pid(_: int) -> int:
    return os.getpid()


def update() -> None:
    """Update to Python 3.15, or to 3.14.7, 3.13.15 or a later release of these versions; on an
    older release, use `Pool(maxtasksperchild=...)`, or a new executor for each batch.
    """
    shown("max-tasks-deadlock/hangs", "Output, still running after 5 s\n", "Pictures done: 10")
    shown("max-tasks-deadlock/with_pool", "maxtasksperchild=2", "Pictures done: 10")
    shown("max-tasks-deadlock/in_batches", "ProcessPoolExecutor(1, ctx)", "Pictures done: 10")


def no_worker_is_left() -> None:
    """Silent. The program prints no error. It hangs in `result()`, in `map()` or at the end of
    the `with` block, after some of the tasks are done. No worker is left.

    If tasks are waiting, this count is too high, so the executor expects another worker to be
    idle, starts none, and waits forever.

    It can hang although no more tasks are submitted at once than the workers may do: with one
    worker and a limit of four, submit three tasks at once and then, after each result, a fourth
    and a fifth. The fifth is never done.
    """
    shown("max-tasks-deadlock/hangs", "list(executor.map(", "Output, still running after 5 s\n")
    if get_start_method() != "spawn":  # which the executor uses under each
        return
    context = get_context("spawn")
    submitted = context.Event()
    with ProcessPoolExecutor(1, context, submitted.wait, max_tasks_per_child=4) as executor:
        three = [executor.submit(abs, -number) for number in [1, 2, 3]]
        submitted.set()
        assert [one.result() for one in three] == [1, 2, 3]
        assert executor.submit(abs, -4).result() == 4
        fifth = executor.submit(abs, -5)
        assert on(OLD) != on(NEW)
        if on(OLD):
            while executor._processes:
                sleep(PAUSE)
            with raises(TimeoutError):
                fifth.result(timeout=SURE)
            end = Thread(target=executor.shutdown)
            end.start()
            end.join(SURE)
            assert end.is_alive()
            executor._spawn_process()  # type: ignore[attr-defined]
            end.join()  # before the end of the block calls it, too
        assert fifth.result() == 5


def four_and_five() -> None:
    """A small test passes: two workers with a limit of two finish four tasks, but of five tasks
    the last one is never done.

    Two workers that may do two tasks each finish four tasks. Of five, the last one waits
    forever:
    """
    shown("max-tasks-deadlock/four_and_five", "Output, still running after 15 s\nPictures done: 4")
    shown("max-tasks-deadlock/four_and_five", "for tasks in [4, 5]", "(2, ctx, max_tasks_per_child")


def a_worker_ends() -> None:
    """A worker that has done its `max_tasks_per_child` tasks ends, and the executor should start
    a new one.

    With `max_tasks_per_child=1` the executor does not hang in a `with` block, but it starts a
    new process for each task.

    Or keep the executor, with a limit of one task:
    """
    shown("max-tasks-deadlock/one_each", "max_tasks_per_child=1", "Pictures done: 10")
    if get_start_method() != "spawn":  # which the executor uses under each
        return
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as executor:
        assert len(set(executor.map(_pid, range(3)))) == 3


ENDS = """
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def shrink():
    pass


def tell(future):
    print(type(future.exception()).__name__, flush=True)


if __name__ == "__main__":
    context = get_context("spawn")
    ended = context.Event()
    executor = ProcessPoolExecutor(1, context, ended.wait, max_tasks_per_child=1)
    for _ in range(2):
        executor.submit(shrink).add_done_callback(tell)
    executor.shutdown(wait=False)
    threading._register_atexit(ended.set)  # before the executor's own
"""


def no_new_worker() -> None:
    """In Python 3.11 to 3.13, and in 3.14.0 to 3.14.6, an executor with any limit, even 1, also
    hangs if `shutdown(wait=False)` is called while tasks are waiting, or if nothing refers to the
    executor anymore: then it starts no new worker. So use it in a `with` block. Later releases do
    the tasks after `shutdown(wait=False)`; but if the program ends before, or without a reference
    to the executor, they raise `BrokenProcessPool`.
    """
    shown("max-tasks-deadlock/one_each", "with ProcessPoolExecutor(1, ctx", "Pictures done: 10")
    if get_start_method() != "spawn":  # which the executor uses under each
        return
    if on("Python 3.14.7 and later"):
        assert script(ENDS).stdout == "NoneType\nBrokenProcessPool\n"
    context = get_context("spawn")
    for shut_down in [True, False]:
        go_on = context.Event()
        executor = ProcessPoolExecutor(1, context, go_on.wait, max_tasks_per_child=1)
        first, second = (executor.submit(abs, -number) for number in [1, 2])
        thread: Any = executor._executor_manager_thread
        workers = executor._processes
        if shut_down:
            executor.shutdown(wait=False)
        else:
            del executor
        go_on.set()
        assert first.result() == 1
        if on("Python 3.11 to 3.14.6"):
            while workers:
                sleep(PAUSE)
            with raises(TimeoutError):
                second.result(timeout=SURE)
            assert not workers
            thread.pending_work_items.clear()
            if thread.is_alive():
                thread.thread_wakeup.wakeup()
        elif shut_down:
            assert second.result() == 2
        else:
            with raises(BrokenProcessPool):
                second.result()
        thread.join()


def not_with_fork() -> None:
    """With a context of the start method `fork`, the parameter raises ValueError. So the programs
    on this page use `spawn`, which is also what the executor uses if you pass the parameter and
    no `mp_context`.
    """
    with raises(ValueError, text="incompatible with the 'fork'"):
        ProcessPoolExecutor(1, get_context("fork"), max_tasks_per_child=2)
    with ProcessPoolExecutor(1, max_tasks_per_child=2) as executor:
        context = executor._mp_context
    assert context and context.get_start_method() == "spawn"
    for program in ["hangs", "four_and_five", "with_pool", "one_each", "in_batches"]:
        shown(f"max-tasks-deadlock/{program}", 'get_context("spawn")')


def ten_tasks() -> None:
    """One worker, which ends after two tasks, is to do ten tasks:"""
    shown("max-tasks-deadlock/hangs", "(1, ctx, max_tasks_per_child=2)", "range(640, 650)")


def pool() -> None:
    """A Pool has the same limit under the name `maxtasksperchild`. It counts a whole chunk as one
    task, so pass `chunksize=1`:
    """
    shown("max-tasks-deadlock/with_pool", "maxtasksperchild=2", "chunksize=1")
    if get_start_method() != "spawn":  # which the program uses under each
        return
    with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        first, second, third = pool.map(_pid, range(3), chunksize=2)
    assert first == second != third


def in_batches() -> None:
    """Or omit the parameter, and create a new executor for each batch of tasks:"""
    shown("max-tasks-deadlock/in_batches", "    with ProcessPoolExecutor(1, ctx)", "done: 10")
