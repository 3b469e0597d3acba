"""What docs/examples/producer-consumer.md says."""

import os
import signal
import sys
from multiprocessing import Event, Process, Queue
from multiprocessing.synchronize import Event as EventType
from queue import Empty, Full
from threading import Thread
from time import sleep

from tests.claims import PAUSE, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._recorders import NeedsTwo

FAILS = """
import tempfile
from multiprocessing import Event, Process, Queue, util

def consume(orders, running):
    running.set()
    while orders.get() is not None:
        pass

if __name__ == "__main__":
    util.Finalize(None, print, ["ending"], {{"flush": True}}, exitpriority=0)
    orders = Queue()
    tempfile.tempdir = "."  # where the fork server leaves its socket when it is killed
    running = Event()
    consumer = Process(target=consume, args=(orders, running))
    consumer.start()
    running.wait()
    try:
        orders.put(int("none"))
    finally:
        {finally_}
"""
NO_CONSUMER = """
from multiprocessing import Queue, util

if __name__ == "__main__":
    util.Finalize(None, print, ["ending"], {{"flush": True}}, exitpriority=0)
    orders = Queue(maxsize=10)
    {first}
    while True:
        orders.put(bytes({size}), timeout=0.1)
"""


def _consume(orders: "Queue[int | None]", totals: "Queue[int]", go_on: EventType) -> None:
    """Add up the orders; at 0, wait."""
    total = 0
    while (order := orders.get()) is not None:
        if order == 0:
            assert go_on.wait(TIME_LIMIT)
        total += order
    totals.put(total)


def _get_and_wait(
    orders: "Queue[str]", got: EventType, results: "Queue[str] | None" = None
) -> None:
    order = orders.get()
    if results:
        results.put(order)
    got.set()
    sleep(TIME_LIMIT)


def _fail(orders: "Queue[str]", results: "Queue[int]") -> None:
    while order := orders.get():
        results.put(int(order))


def _exit(orders: "Queue[str]", results: "Queue[int]") -> None:
    try:
        _fail(orders, results)
    except Exception:
        sys.exit("which no except Exception catches")


def after_the_last_item() -> None:
    """After the last item, put one `None` for each consumer, as a sentinel (also called a
    poison pill); a consumer that gets it ends.
    """
    shown(
        "producer-consumer/clean_end",
        "for _ in consumers:\n        orders.put(None)",
        "is not None:",
        "Output\ntotal 5050",
    )


def producer_and_consumer() -> None:
    """A producer puts items into a queue, and a consumer gets them from it."""
    no_fact("a definition")


def one_that_is_free() -> None:
    """Each item goes to only one consumer, one that is free.

    `None` tells it. A consumer ends at its own `None`, and leaves the others in the queue.
    """
    orders: Queue[int | None] = Queue()
    totals: Queue[int] = Queue()
    go_on = Event()
    consumers = [Process(target=_consume, args=(orders, totals, go_on)) for _ in range(2)]
    for consumer in consumers:
        consumer.start()
    for order in [0, 1, 2, 3, None, None]:
        orders.put(order)
    assert totals.get() == 6
    go_on.set()
    assert totals.get() == 0
    for consumer in consumers:
        consumer.join()


def the_parent_is_the_producer() -> None:
    """Here the parent is the producer."""
    shown("producer-consumer/clean_end", "for order in range(1, 101):\n        orders.put(order)")


def ten_unread_items() -> None:
    """`maxsize=10` makes `put()` wait while the queue holds ten unread items. Without
    `maxsize`, `put()` does not wait, and the items of a producer that is faster than its
    consumers pile up in memory. Do not give the queue of the results a `maxsize` as well: the
    consumers would wait for room there, and the parent for room in `orders`.
    """
    orders: Queue[bytes | int] = Queue(maxsize=10)
    for order in range(10):
        orders.put(order, timeout=TIME_LIMIT)
    with raises(Full):
        orders.put(10, timeout=PAUSE)
    assert orders.get() == 0
    orders.put(10, timeout=TIME_LIMIT)
    assert [orders.get() for _ in range(10)] == [*range(1, 11)]
    orders = Queue()
    for _ in range(100):
        orders.put(bytes(100_000), block=False)
    assert len(orders._buffer) >= 98  # type: ignore[attr-defined]  # the rest are in the pipe
    for _ in range(100):
        orders.get()
    echoed: Queue[str] = Queue(maxsize=1)
    results: Queue[int] = Queue(maxsize=1)
    consumer = Process(target=_fail, args=(echoed, results))
    consumer.start()
    for _ in range(3):
        echoed.put("4", timeout=TIME_LIMIT)
    with raises(Full):
        echoed.put("", timeout=0.1)
    assert [results.get() for _ in range(2)] == [4, 4]
    echoed.put("", timeout=TIME_LIMIT)
    assert results.get() == 4
    consumer.join()


def totals_before_join() -> None:
    """The parent reads the totals before it calls `join()`, because a process that has put
    items can end only after they have been read, if they do not fit into the pipe.
    """
    shown("producer-consumer/clean_end", "totals.get() for _ in consumers)\n    for consumer in")
    shown("queue-deadlock/join_first", "still running after 5 s")
    shown("queue-deadlock/small_item", "Received 1000 bytes")


def empty_too_early() -> None:
    """Do not use `empty()` to find out whether more items will come: it can return `True` too
    early.
    """
    shown("queue-empty/asked_too_early", "Empty after put: True", "Left behind: apples")


def the_parent_joins_all_producers() -> None:
    """A producer does not know whether it is the last one. The parent does: it joins all
    producers, and then puts one `None` for each consumer.

    Here the producers may be joined before the totals are read, because the consumers read
    what the producers have put. If a producer fails, the others go on, and the total is too
    small: only the exit code tells the parent.
    """
    shown(
        "producer-consumer/several_producers",
        "producer.join()\n    for _ in consumers:\n        orders.put(None)\n    total = sum(",
        "Output\ntotal 5050",
    )
    begins = "def produce(first, orders):\n"
    fails = begins + "    if first == 51:\n        sys.exit(1)\n"
    outcome = script(changed("producer-consumer/several_producers", (begins, fails)))
    assert outcome.status == 1
    assert outcome.stderr == "total 1275, but a producer failed\n"


def no_answer() -> None:
    """A consumer that ends with an exception gets no more items, and sends no answer for the
    last one that it got. The parent waits forever for that answer. If no consumer is left,
    `put()` waits forever as soon as the queue is full.

    `get()` waits for the next item, so a consumer cannot notice that no more will come.
    """
    orders: Queue[str] = Queue(maxsize=1)
    results: Queue[int] = Queue()
    consumer = Process(target=_fail, args=(orders, results))
    consumer.start()
    for order in ["4", "none", "5"]:
        orders.put(order)
    consumer.join()
    assert consumer.exitcode == 1
    assert results.get() == 4
    parent = Thread(target=results.get)
    producer = Thread(target=orders.put, args=("6",))
    parent.start()
    producer.start()
    parent.join(SURE)
    assert parent.is_alive() and producer.is_alive()
    assert orders.get() == "5"
    assert orders.get() == "6"
    results.put(0)
    parent.join()
    producer.join()


def send_it_back() -> None:
    """So catch every `Exception`, not only those that you expect, and send it back like a
    result:
    """
    shown("producer-consumer/failing_consumer", "except Exception as error:", "none ValueError")


def killed_or_exited() -> None:
    """A consumer that is killed, or that calls `sys.exit()`, sends nothing for its item. If it is
    killed, results that it has put before can be lost, too. `results.get(timeout=60)` then raises
    `queue.Empty` instead of waiting forever.
    """
    orders: Queue[str] = Queue()
    results: Queue[str] = Queue()
    killed = Process(target=_get_and_wait, args=(orders, got := Event(), results))
    killed.start()
    with results._wlock:  # type: ignore[attr-defined]  # so its feeder thread waits
        orders.put("4")
        assert got.wait(TIME_LIMIT)
        killed.kill()
        killed.join()
    exits = Process(target=_exit, args=(orders, results))
    exits.start()
    orders.put("none")
    exits.join()
    assert exits.exitcode == 1
    with raises(Empty):
        results.get(timeout=PAUSE)


def killed_while_it_sent() -> None:
    """If the consumer was killed in the middle of sending, however, even this `get()` waits
    forever.
    """
    shown("lock-holder-killed/killed_in_put", "get(timeout=1)", "still running after 5 s")


def without_the_none() -> None:
    """If a producer fails before it has put `None` for each consumer, the running
    consumers wait forever, and the program hangs after the traceback. So put each `None` in
    a `finally` block.
    """
    hangs = script(FAILS.format(finally_="pass"), hangs_after="ending\n")
    ends = script(FAILS.format(finally_="orders.put(None)"))
    assert (hangs.status, ends.status) == (None, 1)
    assert "ValueError" in hangs.stderr


def the_exception_goes_on() -> None:
    """The total of a failed run is not printed, because the exception goes on after the
    `finally` block:
    """
    shown("producer-consumer/failing_producer", "finally:", "exit status 1", "ValueError: invalid")


def the_timeouts() -> None:
    """The timeouts are for another case: no consumer is left."""
    no_fact("an introduction")


def no_consumer_is_left() -> None:
    """Then `put()` at a full queue would wait forever, also in the `finally` block. With a
    timeout it raises `queue.Full`, and the program ends with a traceback. If the unread items
    do not fit into the pipe, the program still hangs after that traceback, unless you have
    called `orders.cancel_join_thread()`.
    """
    small = script(NO_CONSUMER.format(size=10, first="pass"))
    big = script(NO_CONSUMER.format(size=100_000, first="pass"), hangs_after="ending\n")
    canceled = script(NO_CONSUMER.format(size=100_000, first="orders.cancel_join_thread()"))
    assert (small.status, big.status, canceled.status) == (1, None, 1)
    for outcome in small, big, canceled:
        assert outcome.stderr.endswith("queue.Full\n")


def ended_by_ctrl_c() -> None:
    """Ctrl-C ends the consumers, too, so the program then ends only after one of the timeouts."""
    orders: Queue[int | None] = Queue()
    totals: Queue[int] = Queue()
    consumer = Process(target=_consume, args=(orders, totals, go_on := Event()))
    consumer.start()
    while consumer.is_alive() and orders._rlock.acquire(block=False):  # type: ignore[attr-defined]
        orders._rlock.release()  # type: ignore[attr-defined]
        sleep(PAUSE)
    assert consumer.pid
    os.kill(consumer.pid, signal.SIGINT)
    consumer.join()
    assert consumer.exitcode == 1
    assert not go_on.is_set()
    orders.put(None)
    with raises(Empty):
        totals.get(timeout=PAUSE)


def cannot_be_rebuilt() -> None:
    """A consumer ends with an error in `get()`, outside its `try`: the item cannot be rebuilt."""
    before_try = "while (order := orders.get()) is not None:\n        try:"
    shown("producer-consumer/failing_consumer", before_try)
    orders: Queue[object] = Queue()
    orders.put(NeedsTwo("apple", 2))
    with raises(TypeError):
        orders.get()


def cannot_be_pickled() -> None:
    """An item never arrives, and a thread prints a traceback: the item cannot be pickled."""
    shown("unpicklable-item/item_lost", "Can't pickle local object", "Received: cherry")


def held_a_lock_of_the_queue() -> None:
    """A consumer is killed, and all other processes wait: it held a lock of the queue."""
    orders: Queue[str] = Queue()
    consumer = Process(target=_get_and_wait, args=(orders, got := Event()))
    consumer.start()
    while consumer.is_alive() and orders._rlock.acquire(block=False):  # type: ignore[attr-defined]
        orders._rlock.release()  # type: ignore[attr-defined]
        sleep(PAUSE)
    consumer.kill()
    consumer.join()
    orders.put("4")
    while orders.empty():
        sleep(PAUSE)
    with raises(Empty):
        orders.get(timeout=PAUSE)
    assert not got.is_set()
