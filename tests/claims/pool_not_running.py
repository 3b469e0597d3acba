"""What docs/pitfalls/pool-not-running.md says."""

import sys
import time
from multiprocessing import Pool, TimeoutError
from threading import Thread

from tests.claims import SURE, TIME_LIMIT, on, raises, script, shown

LATE_THREAD = """
import atexit
import threading

main_ended = threading.Event()
threading._register_atexit(main_ended.set)

from concurrent.futures import ProcessPoolExecutor

def submit_late(executor):
    main_ended.wait()
    try:
        executor.submit(abs, -3)
    except RuntimeError as error:
        print("RuntimeError:", error)

if __name__ == "__main__":
    executor = ProcessPoolExecutor(max_workers=1)
    if {used}:
        executor.submit(abs, -3).result()
    threading.Thread(target=submit_late, args=(executor,)).start()
    atexit.register(submit_late, executor)
"""
ERRORS = """
from multiprocessing import Pool

def work(number):
    raise ZeroDivisionError("division by zero")

if __name__ == "__main__":
    reported = []
    with Pool(1) as pool:
        pool.apply_async(work, (1,))
        pool.apply_async(work, (2,), error_callback=reported.append)
        pool.close()
        pool.join()
    print(reported)
"""


def inside_the_block() -> None:
    """Give the pool all its tasks, and fetch all results, inside its `with` block; if you need no
    results, end the block with `close()` and `join()`.
    """
    shown("pool-not-running/inside_with", "[1, 2, 3]\n[4, 5, 6]")
    shown("pool-not-running/fetched", "        print(pages.get())", "[0, 1]")
    shown("pool-not-running/no_tasks_done", "With close and join: True Done: 4")


def messages_of_a_pool() -> None:
    """With a `Pool`, after `close()` or after its `with` block:"""
    shown("pool-not-running/after_with", "\n    print(pool.map(", "ValueError: Pool not running")
    shown("pool-not-running/after_close", "pool.close()", "ValueError: Pool not running")


def messages_of_an_executor() -> None:
    """With a `ProcessPoolExecutor`, after `shutdown()` or after its `with` block, and at the end of
    the program:
    """
    from concurrent.futures import ProcessPoolExecutor

    shown("pool-not-running/executor_after_with", "\n    print(list(executor.map(")
    shown("pool-not-running/executor_after_with", "cannot schedule new futures after shutdown")
    shown("pool-not-running/at_exit", "cannot schedule new futures after interpreter shutdown")
    executor = ProcessPoolExecutor(1)
    executor.shutdown()
    with raises(RuntimeError, text="cannot schedule new futures after shutdown"):
        executor.submit(abs, -3)


def or_silent() -> None:
    """Or silent: no error is reported, but tasks are not done, or `get()` waits forever."""
    shown("pool-not-running/no_tasks_done", "Output\n", "With close and join: False Done: 0")
    shown("pool-not-running/lost", "print(pages.get())", "still running after 5 s")


def what_they_mean() -> None:
    """ "Pool not running" means that the pool accepts no more tasks: after `close()`, after
    `terminate()`, or after its `with` block. The opposite, `ValueError: Pool is still running`,
    comes from a `join()` without a `close()` or `terminate()` before it.
    """
    shown("pool-not-running/after_with", "ValueError: Pool not running")
    shown("pool-not-running/after_close", "ValueError: Pool not running")
    pool = Pool(1)
    with raises(ValueError, text="Pool is still running"):
        pool.join()
    pool.terminate()
    pool.join()
    for give in (pool.apply, pool.apply_async):
        with raises(ValueError, text="Pool not running"):
            give(abs, [-3])
    for give_all in (pool.map, pool.map_async, pool.imap, pool.imap_unordered):
        with raises(ValueError, text="Pool not running"):
            give_all(abs, [-3])


def what_has_not_arrived() -> None:
    """A result that has not arrived by then never arrives.

    `imap` does not wait for its results either: read its whole iterator inside the block.

    If a task calls `sys.exit()`, or its worker is killed, `join()` waits forever.
    """
    with Pool(1) as loses:
        lost = loses.apply_async(sys.exit)
        assert loses.apply(abs, [-1]) == 1
        loses.close()
        joins = Thread(target=loses.join)
        joins.start()
        _not_arrived()
        assert joins.is_alive() and not lost.ready()
    joins.join()
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")


def _not_arrived() -> None:
    with Pool(1) as pool:
        arrived = pool.apply_async(abs, [-3])
        arrived.wait()
        late = pool.apply_async(time.sleep, [TIME_LIMIT])  # is stopped by the end of the block
        late_too = pool.imap(time.sleep, [TIME_LIMIT])
    assert arrived.get() == 3
    with raises(TimeoutError):
        late.get(timeout=SURE)
    with raises(TimeoutError):
        late_too.next(timeout=0)


def of_an_executor() -> None:
    """You can fetch its results after the block, apart from those of a `map` with `buffersize`."""
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(1) as executor:
        future = executor.submit(abs, -3)
        results = executor.map(abs, [-4, -5])
        if on("Python 3.14 and later"):
            late = executor.map(abs, [-6, -7], **{"buffersize": 1})
    assert future.result() == 3
    assert list(results) == [4, 5]
    if on("Python 3.14 and later"):
        with raises(RuntimeError, text="cannot schedule new futures after shutdown"):
            next(late)


def in_the_same_place() -> None:
    """An executor fails in the same place:"""
    shown("pool-not-running/after_with", "-3]))\n    print(pool.map(")
    shown("pool-not-running/executor_after_with", "-3])))\n    print(list(executor.map(")
    shown("pool-not-running/executor_after_with", "[1, 2, 3]", "exit status 1", "after shutdown")


def they_do_not_wait() -> None:
    """`map_async` and `apply_async` do not wait for the result. If the block ends before the tasks
    do, the workers are stopped and the result never arrives. Here each download needs a second,
    and the block ends before that:
    """
    shown("pool-not-running/lost", "time.sleep(1)", "Waiting for the pages\n", "still running")
    with Pool(1) as pool:
        one = pool.apply_async(time.sleep, [TIME_LIMIT])  # is stopped by the end of the block
        some = pool.map_async(time.sleep, [TIME_LIMIT])
        assert (one.ready(), some.ready()) == (False, False)


def get_inside() -> None:
    """The fix calls `get()` inside the block:"""
    shown("pool-not-running/fetched", "range(2))\n        print(", "        print(pages.get())")
    shown("pool-not-running/fetched", "[0, 1]")


def until_the_main_thread_ends() -> None:
    """An executor without a `with` block accepts tasks until the main thread of the program has
    ended. A thread that is still running after that, or a function that `atexit` calls, gets a
    `RuntimeError`:

    An executor that has had tasks before raises "cannot schedule new futures after shutdown"
    there.
    """
    shown("pool-not-running/at_exit", "atexit.register(measure", "RuntimeError: cannot schedule")
    unused = script(LATE_THREAD.format(used=False))
    used = script(LATE_THREAD.format(used=True))
    message = "RuntimeError: cannot schedule new futures after"
    assert unused.stdout == f"{message} interpreter shutdown\n" * 2
    assert used.stdout == f"{message} shutdown\n" * 2


def before_main_ends() -> None:
    """Submit the tasks before `main()` ends, and wait for their results there:"""
    shown("pool-not-running/before_exit", "executor.submit(abs, -3).result()", "Distance: 3\nmain")


def close_and_join() -> None:
    """If you need no results, end the block with `close()` and with `join()`, which waits until the
    tasks are done and the workers have ended.

    After `close()` you can still fetch results, but the pool accepts no more tasks. The fix
    gives all tasks first:
    """
    shown("pool-not-running/after_close", "ValueError: Pool not running")
    shown("pool-not-running/close_last", "-3]))\n        pool.close()", "map: [1, 2, 3]")
    shown("pool-not-running/no_tasks_done", "pool.join()", "With close and join: True Done: 4")
    shown("pool-not-running/close_last", "join: all workers have ended")
    with Pool(1) as pool:
        workers = list(pool._pool)  # type: ignore[attr-defined]
        result = pool.apply_async(abs, [-3])
        pool.close()
        assert result.get() == 3
        pool.join()
        assert [worker.is_alive() for worker in workers] == [False]


def not_reported() -> None:
    """An exception of a task is not reported, unless you pass an `error_callback`."""
    outcome = script(ERRORS)
    assert (outcome.status, outcome.stderr) == (0, "")
    assert outcome.stdout == "[ZeroDivisionError('division by zero')]\n"


def once_without_and_once_with() -> None:
    """This program runs its tasks once without the two calls and once with them. The `Event`
    ensures that without the calls no task is done before the block ends.
    """
    shown(
        "pool-not-running/no_tasks_done",
        "for waits in [False, True]",
        "may_go_on.wait()\n    with done",
        "if waits:\n                shared[0].set()",
        "With close and join: False Done: 0\nWith close and join: True Done: 4",
    )
