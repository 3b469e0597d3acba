"""What docs/syntax/joinable-queue.md says."""

import os
import queue
import sys
from multiprocessing import JoinableQueue, Manager, Pipe, Pool, Process, Queue
from multiprocessing.connection import Connection
from multiprocessing.queues import JoinableQueue as JoinableQueueType
from multiprocessing.queues import Queue as QueueType
from queue import Empty, Full
from threading import Thread
from time import sleep

from tests.claims import PAUSE, SURE, raises, shown


def _get_and_die(orders: "JoinableQueue[int]") -> None:
    orders.get()
    os._exit(3)


def _finish(orders: "queue.Queue[int]") -> int:
    """What a worker of a pool does with an item."""
    order = orders.get()
    orders.task_done()
    return order


def _joins(orders: "JoinableQueue[int]") -> bool:
    """Whether `join()` returns while one item is not done; then it is done."""
    waiter = Thread(target=orders.join)
    waiter.start()
    waiter.join(SURE)
    returned = not waiter.is_alive()
    orders.task_done()
    waiter.join()
    return returned


def every_item_processed() -> None:
    """A `JoinableQueue` is a `Queue` that counts unfinished items, so its `join()` can wait until
    every item has been processed. Use it if the workers return nothing and you need to know when
    all items are done.

    `put(...)`, `get(...)`, `close()` and all others | as in a Queue
    """
    from inspect import signature

    shown("joinable-queue/smallest", "orders.join()\n    print(", "All orders packed, crates: 15")
    assert issubclass(JoinableQueueType, QueueType)
    own = {name for name in vars(JoinableQueueType) if name[0] != "_"}
    assert own == {"put", "task_done", "join"}
    assert signature(JoinableQueueType.put) == signature(QueueType.put)


def the_count() -> None:
    """Each `put` counts up, each `task_done` counts down, and `orders.join()` returns when the
    count is 0.

    `task_done()` | counts one item as done; to be called once for each item that `get` returned

    `join()` | waits until the count is 0; has no timeout
    """
    from inspect import signature

    orders: JoinableQueue[int] = JoinableQueue()
    orders.join()
    orders.put(1)
    orders.put(2)
    orders.task_done()
    assert not _joins(orders)
    assert [orders.get(), orders.get()] == [1, 2]
    assert not signature(orders.join).parameters


def _put_later(orders: "JoinableQueue[int]", gate: Connection) -> None:
    gate.recv()
    orders.put(4)


def not_put_yet() -> None:
    """If other processes put the items, `join()` returns at once when none has put one yet. Join
    these processes first.
    """
    orders: JoinableQueue[int] = JoinableQueue()
    gate, theirs = Pipe()
    producer = Process(target=_put_later, args=(orders, theirs))
    producer.start()
    orders.join()
    gate.send("put it")
    producer.join()
    assert not _joins(orders)
    assert orders.get() == 4


def the_workers_still_wait() -> None:
    """After that the workers still wait in `get()`, and one `None` for each ends them.

    Two methods are named `join`: `orders.join()` waits for the items, and `packer.join()` waits
    for the process.
    """
    shown("joinable-queue/smallest", "orders.join()", "packer.join()", "crates: 15")
    shown("joinable-queue/smallest", "for _ in packers:\n        orders.put(None)", "is not None")


def maxsize() -> None:
    """`JoinableQueue(maxsize=0)`: `maxsize` means the same as in a `Queue`."""
    orders: JoinableQueue[int] = JoinableQueue(1)
    plain: JoinableQueue[int] = JoinableQueue()
    other: Queue[int] = Queue()
    assert plain._maxsize == other._maxsize  # type: ignore[attr-defined]
    orders.put(1)
    with raises(Full):
        orders.put(2, timeout=0.1)
    assert orders.get() == 1
    orders.put(2, timeout=0)
    assert orders.get() == 2


def only_the_number_counts() -> None:
    """`task_done` does not say which item is done: only the number of calls counts. One call too
    many raises `ValueError`:
    """
    from inspect import signature

    shown("joinable-queue", "#> ValueError: task_done() called too many times")
    orders: JoinableQueue[int] = JoinableQueue()
    assert not signature(orders.task_done).parameters


def none_is_counted() -> None:
    """`None` is an item, too, and is counted. If `orders.join()` is called after it was put, the
    worker must call `task_done` for it as well.
    """
    orders: JoinableQueue[None] = JoinableQueue()
    orders.put(None)
    assert orders.get() is None
    orders.task_done()
    orders.join()
    with raises(ValueError):
        orders.task_done()


def in_any_case() -> None:
    """The first program calls it in any case."""
    shown("joinable-queue/smallest", "        orders.task_done()\n    orders.task_done()\n")


def none_or_daemons() -> None:
    """Either put a `None` for each worker, as in the first program: each worker then leaves its
    loop and ends. Daemons need no `None`.
    """
    shown("joinable-queue/smallest", "orders.put(None)", "packer.join()")
    shown(
        "joinable-queue/daemon_workers", "while True:", "daemon=True", "Output\nAll orders packed"
    )


def the_parent_is_killed() -> None:
    """If the parent is killed, though, they keep running."""
    shown("claims/daemon_outlives", "daemon=True", ".kill()")


def when_to_use_daemons() -> None:
    """Use daemons only if `join()` has made sure that the work is done, and if a worker has
    nothing to close or to write at its end.
    """
    shown("joinable-queue/daemon_workers", "orders.join()\n    print(")
    shown("claims/terminate_skips_finally", "terminate()", "finally:")


def no_children() -> None:
    """A daemon may not have children of its own."""
    shown("daemon-children/daemon_starts", "daemonic processes are not allowed to have")


def a_skipped_order() -> None:
    """In this program an order of 0 crates is skipped, and its `task_done` with it:

    If `task_done` is not called for each item, `join()` hangs.
    """
    shown("joinable-queue/forgotten", "if crates == 0:\n            continue\n        orders.task")
    shown("joinable-queue/forgotten", "still running after 5 s", "Waiting until all orders")


def in_finally() -> None:
    """The fix: in a `finally` block, `task_done` is also called after `continue`, and if an
    exception is raised. Catch the exception as well:
    """
    shown("joinable-queue/in_finally", "continue\n", "raise ValueError", "except Exception:")
    shown("joinable-queue/in_finally", "        finally:\n", "All orders done, failed: 1")
    orders: JoinableQueue[int] = JoinableQueue()
    orders.put(0)
    with raises(ZeroDivisionError):
        try:
            1 / orders.get()
        finally:
            orders.task_done()
    orders.join()
    with raises(ValueError):
        orders.task_done()


def _divide(orders: "JoinableQueue[int]") -> None:
    try:
        while True:
            try:
                1 / orders.get()
            finally:
                orders.task_done()
    except ZeroDivisionError:
        sys.exit(1)  # as the exception does, but without its traceback


def not_caught() -> None:
    """An exception that is not caught ends the worker. If no worker is left, nothing processes the
    remaining items, and `join()` hangs in spite of `finally`. If others are left, `join()` returns
    as if the order had been packed: the count does not tell what failed.
    """
    orders: JoinableQueue[int] = JoinableQueue()
    worker = Process(target=_divide, args=(orders,))
    worker.start()
    orders.put(1)
    orders.put(0)
    orders.join()
    worker.join()
    assert worker.exitcode == 1
    orders.put(1)
    assert not _joins(orders)


def what_can_be_sent() -> None:
    """The same as through a Queue: an item is any object that can be pickled. What arrives is a
    copy, which may be made after `put` has returned.
    """
    orders: JoinableQueue[object] = JoinableQueue()
    order = {"item": "apple", "crates": 2}
    orders.put(bytes(1_000_000))
    orders.put(order)
    order["crates"] = 99
    orders.get()
    assert orders.get() == {"item": "apple", "crates": 99}


def not_picklable() -> None:
    """For an object that cannot be pickled, `put` raises nothing, and the item is lost. It was
    counted, though, so `join()` then waits forever.
    """
    orders: JoinableQueue[object] = JoinableQueue()
    orders._on_queue_feeder_error = lambda error, item: None  # type: ignore[attr-defined]
    orders.put(lambda: 7)
    orders.put(8)
    assert orders.get() == 8
    orders.task_done()
    assert not _joins(orders)  # type: ignore[arg-type]


def how_it_works() -> None:
    """A `JoinableQueue` is a `Queue` with a Semaphore that counts the unfinished items, and a
    Condition on which `join()` waits. The `task_done` that brings the count to 0 wakes every
    process that waits in `join()`.
    """
    orders: JoinableQueue[int] = JoinableQueue()
    assert type(orders._unfinished_tasks).__name__ == "Semaphore"  # type: ignore[attr-defined]
    assert type(orders._cond).__name__ == "Condition"  # type: ignore[attr-defined]
    orders.put(1)
    waiters = [Process(target=orders.join) for _ in range(2)]
    for waiter in waiters:
        waiter.start()
    orders.task_done()
    for waiter in waiters:
        waiter.join()
    assert orders.get() == 1


def a_worker_dies() -> None:
    """If a worker dies between `get` and `task_done`, `join()` hangs, because no other process
    counts its item as done.
    """
    orders: JoinableQueue[int] = JoinableQueue()
    worker = Process(target=_get_and_die, args=(orders,))
    worker.start()
    orders.put(1)
    worker.join()
    assert worker.exitcode == 3
    assert not _joins(orders)


def killed_in_get() -> None:
    """If a worker is killed while it waits in `get`, the others may never get an item again, and
    `join()` hangs, too.
    """
    orders: JoinableQueue[int] = JoinableQueue()
    lock = orders._rlock  # type: ignore[attr-defined]
    worker = Process(target=orders.get)
    worker.start()
    while worker.is_alive() and lock.acquire(block=False):
        lock.release()
        sleep(PAUSE)
    worker.kill()
    worker.join()
    orders.put(1)
    while orders.empty():
        sleep(PAUSE)
    with raises(Empty):
        orders.get(timeout=PAUSE)
    assert not _joins(orders)


class _Deadly:
    """Ends the process that pickles it: here, its feeder thread does."""

    def __reduce__(self) -> str:
        os._exit(3)


def _put_and_die(orders: "JoinableQueue[object]") -> None:
    orders.put(_Deadly())
    orders.close()
    orders.join_thread()


def a_producer_dies() -> None:
    """If a process dies before its feeder thread has written an item, `join()` hangs, too: the
    item was counted, and is lost.
    """
    orders: JoinableQueue[object] = JoinableQueue()
    producer = Process(target=_put_and_die, args=(orders,))
    producer.start()
    producer.join()
    assert producer.exitcode == 3
    assert orders.empty()
    assert not orders._unfinished_tasks._semlock._is_zero()  # type: ignore[attr-defined]


def killed_in_join() -> None:
    """If a process is killed while it waits in `join()`, a later `task_done()` may never return.
    It keeps a lock, so each `put()` and `join()` then waits forever, too.
    """
    from inspect import getsource

    orders: JoinableQueue[int] = JoinableQueue()
    condition = orders._cond  # type: ignore[attr-defined]
    orders.put(1)
    assert orders.get() == 1
    waiter = Process(target=orders.join)
    waiter.start()
    while condition._sleeping_count._semlock._is_zero():
        sleep(PAUSE)
    with condition:  # which the waiter has released, so it waits
        waiter.kill()
    waiter.join()
    thread = Thread(target=orders.task_done)
    thread.start()
    thread.join(SURE)
    assert thread.is_alive()
    for method in orders.put, orders.join:
        assert "self._cond" in getsource(method)
    assert not condition.acquire(block=False)
    condition._woken_count.release()  # as the waiter would have done
    thread.join()


def count_results_with_a_timeout() -> None:
    """Where a worker may die, count results in a Queue with `get(timeout=...)`, which gives up,
    except after a kill in the middle of a result.
    """
    shown("queue", "orders.get(timeout=0.1)", "except Empty")
    shown("lock-holder-killed/killed_in_put", "get(timeout=1)", "still running after 5 s")


def results_first() -> None:
    """If the workers also put results into a second queue, read the results before you join the
    processes, or both sides can wait forever.
    """
    shown("queue-deadlock/join_first", "still running after 5 s")
    shown("queue-deadlock/drained_first", "Output\n")


def an_argument_of_a_pool() -> None:
    """A `JoinableQueue` as an argument of `Pool.map` raises `RuntimeError`. As an argument of a
    `Process` it works.
    """
    shown("pool-argument/every_message", "RuntimeError: JoinableQueue objects should only be")
    shown("joinable-queue/smallest", "args=(orders, packed)", "crates: 15")


def under_every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver`
    and `spawn`.
    """
    shown("joinable-queue/smallest", "Output\nAll orders packed")
    shown("joinable-queue/daemon_workers", "Output\nAll orders packed")
    shown("joinable-queue/forgotten", "Output, still running after 5 s\nWaiting")
    shown("joinable-queue/in_finally", "Output\nWaiting")


def with_results() -> None:
    """If the workers return results, count them in a Queue, or use a Pool, whose `map` returns
    when all tasks are done.
    """
    shown("queue/smallest", "for _ in range(3):\n        print(*prices.get())")
    shown("pool/smallest", "pool.map(shrink, [640, 800, 1024])", "[320, 400, 512]")


def as_an_argument_of_map() -> None:
    """If it must be an argument of `Pool.map`, use the `Queue()` of a Manager, a proxy for a
    `queue.Queue`, which has `task_done` and `join`.
    """
    with Manager() as manager, Pool(1) as pool:
        orders = manager.Queue()
        orders.put(1)
        assert pool.map(_finish, [orders]) == [1]
        orders.join()


def what_becomes_of_it() -> None:
    """A worker that fails before its first `get()` loses no item: the others process them all.

    A worker that fails between `get()` and `task_done()` lets `join()` wait forever.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "joinable-queue/smallest",
        "If something fails",
        "a worker is killed            right result",
    )
