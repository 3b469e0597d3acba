"""What docs/pitfalls/queue-empty.md says."""

import multiprocessing
import os
from multiprocessing import Process, Queue
from multiprocessing.queues import Queue as QueueType
from queue import Empty, Full

from tests.claims import PAUSE, no_fact, raises, replaced, script, shown
from tests.claims._starts import in_a_child

SOME_ITEMS = """
from multiprocessing import Event, Process, Queue

def put(queue, item, may_begin):
    may_begin.wait()
    queue.put(item)

if __name__ == "__main__":
    queue, now, later = Queue(), Event(), Event()
    fast = Process(target=put, args=(queue, "first", now))
    slow = Process(target=put, args=(queue, "second", later))
    fast.start()
    slow.start()
    now.set()
    fast.join()
    while not queue.empty():
        print(queue.get())
    later.set()
    slow.join()
"""


def _end_early(queue: "Queue[int | None]") -> None:
    os._exit(3)


def _put_two_and_none(queue: "Queue[int | None]") -> None:
    queue.put(1)
    queue.put(2)
    queue.put(None)


def do_not_ask() -> None:
    """Do not ask whether the `Queue` is empty: put `None` as the last item and read until it
    arrives, or call `get()` once for each item that you expect.
    """
    shown("queue-empty/worker_not_ready", "Received []", "Missed [0, 10, 20]")
    shown("queue-empty/none_last", "counts.put(None)", "Received [0, 10, 20]")
    shown("queue-empty/counted", "[readings.get() for _ in range(2 * len(sensors))]")


def silent_and_too_early() -> None:
    """Silent. No error is reported. The loop `while not queue.empty():` ends too early: at once,
    or after some of the items. The program ends with exit status 0 and without the other items,
    or it hangs later in `join()` because they were never read.
    """
    shown("queue-empty/worker_not_ready", "while not counts.empty()", "Received []")
    some = script(SOME_ITEMS)
    assert (some.status, some.stdout, some.stderr) == (0, "first\n", "")
    shown("queue-deadlock/join_first", "still running after 5 s")


def several_readers() -> None:
    """With several readers, the loop can also hang: `empty()` returns `False`, another process
    gets the last item, and `get()` waits forever.
    """
    queue: Queue[int] = Queue()
    queue.put(1)
    assert queue._poll(30)  # type: ignore[attr-defined]
    assert not queue.empty()
    assert in_a_child(queue.get) == 0
    with raises(Empty):
        queue.get(timeout=PAUSE)


def one_for_each_reader() -> None:
    """Put one `None` for each reader instead."""
    shown("producer-consumer/clean_end", "for _ in range(3):\n        orders.put(None)", "5050")


def get_nowait_raises() -> None:
    """`get_nowait()` raises `queue.Empty` although an item was put, and `get(block=False)` does
    the same. The error has no text:
    """
    shown("queue-empty/get_nowait", "parcels.put(", "parcels.get_nowait()", "Raised Empty()")
    queue: Queue[int] = Queue()
    for get in (queue.get_nowait, lambda: queue.get(block=False)):
        try:
            get()
        except Empty as error:
            assert str(error) == ""
        else:
            raise AssertionError("nothing is raised")


def where_empty_is() -> None:
    """Import `Empty` and `Full` from the module `queue`: `from queue import Empty`.
    `multiprocessing` does not have them.
    """
    queue: Queue[int] = Queue(1)
    with raises(Empty):
        queue.get_nowait()
    queue.put(1)
    with raises(Full):
        queue.put_nowait(2)
    assert queue.get() == 1
    assert not hasattr(multiprocessing, "Empty")
    assert not hasattr(multiprocessing, "Full")


def three_reasons() -> None:
    """If the item comes later, there are three possible reasons."""
    no_fact("an introduction")


def it_never_comes() -> None:
    """If the item never comes, see what goes wrong with a queue."""
    no_fact("advice")


def not_put_yet() -> None:
    """The worker has not put the item yet. "Empty" does not say whether more items will come."""
    shown("queue-empty/worker_not_ready", "Received []", "Missed [0, 10, 20]")


def on_its_way() -> None:
    """`put()` does not send the item. It hands the item to a feeder thread, which pickles it and
    writes it to a pipe. `empty()` looks only at the pipe. So there is a moment after `put()` in
    which the queue is still empty, even within one process.
    """
    shown("queue-empty/asked_too_early", "Empty after put: True", "Left behind: apples")


def another_reads() -> None:
    """Another process is in its `get()`. Only one process at a time can read, so `get_nowait()`
    raises `Empty` meanwhile, even if more items are in the pipe.
    """
    queue: Queue[int] = Queue()
    queue.put(1)
    queue.put(2)
    assert queue.get() == 1
    assert queue._poll(30)  # type: ignore[attr-defined]
    with queue._rlock, raises(Empty):  # type: ignore[attr-defined]  # as get() holds it
        queue.get_nowait()
    assert queue.get_nowait() == 2


def qsize_counts_more() -> None:
    """`qsize()` also counts the items that are not in the pipe yet: it may say 1 while
    `get_nowait()` raises `Empty`.
    """
    queue: Queue[int] = Queue()
    with queue._wlock:  # type: ignore[attr-defined]  # so the feeder thread waits
        queue.put(1)
        assert queue.qsize() == 1
        with raises(Empty):
            queue.get_nowait()
    assert queue.get() == 1
    assert queue.qsize() == 0


def made_late() -> None:
    """Here an `Event` makes the worker late, as a busy machine may do:"""
    shown("queue-empty/worker_not_ready", "doors_open.wait()", "doors_open.set()")


def get_waits() -> None:
    """`get()` waits for the next item. The loop ends when it receives the worker's `None`, not
    when the queue happens to be empty.
    """
    shown("queue-empty/none_last", "counts.get()) is not None", "Received [0, 10, 20]")


def a_sentinel() -> None:
    """Such a last item is called a sentinel."""
    no_fact("a definition")


def one_none_from_each() -> None:
    """With several workers, let each put a `None` of its own last, and read until you have
    received one from each.
    """
    queue: Queue[int | None] = Queue()
    workers = [Process(target=_put_two_and_none, args=(queue,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    received = [item for _ in workers for item in iter(queue.get, None)]
    for worker in workers:
        worker.join()
    assert sorted(received) == [1, 1, 2, 2]


def counted() -> None:
    """If you know how many items there will be, no `None` is needed:"""
    shown("queue-empty/counted", "[('north', 0), ('north', 1), ('south', 0), ('south', 1)]")


def pickled_late() -> None:
    """The feeder thread calls the parcel's `__getstate__` to pickle the parcel. Here that method
    waits for an `Event`, in place of the time that it takes to pickle a big object. Until then
    the queue is empty.
    """
    shown("queue-empty/asked_too_early", "packed.wait()", "packed.set()", "Empty after put: True")


def a_timeout_waits() -> None:
    """In that moment `get_nowait()` raises `Empty`, too. `get()` with a timeout waits for the
    item:
    """
    shown("queue-empty/get_nowait", "Raised Empty()", "get(timeout=10)", "Received apples")


def none_never_comes() -> None:
    """If the worker dies, its `None` may never come, and `get()` waits forever."""
    queue: Queue[int | None] = Queue()
    assert in_a_child(_end_early, queue) == 3
    with raises(Empty):
        queue.get(timeout=PAUSE)


def a_limit() -> None:
    """Set a limit that is longer than the longest work: `get(timeout=60)` raises `Empty` after a
    minute in which no item has come.
    """
    with raises(Empty):
        Queue().get(timeout=0.1)


def look_at_the_exit_code() -> None:
    """Then look at the worker's exit code."""
    no_fact("advice")


def no_limit_helps() -> None:
    """If the worker was killed while it was writing an item, no limit helps."""
    shown("lock-holder-killed/killed_in_put", "get(timeout=", "still running after 5 s")


PUT_IN_A_POOL = """
from multiprocessing import Pool, Queue

def keep(given):
    global queue
    queue = given

def put(item):
    queue.put(item * 10_000_000)

if __name__ == "__main__":
    queue = Queue()
    with Pool(1, keep, [queue]) as pool:
        pool.map(put, ["a"])
        assert queue._poll(30)  # the beginning of the item is there
    print("ended", flush=True)
    queue.get(timeout=0.1)
"""


def a_worker_of_a_pool() -> None:
    """A worker of a `Pool` does not end normally: the end of the `with` block terminates it. So
    read all items inside the block. After it, `get()` may wait forever for the rest of an item,
    even with a timeout.
    """
    assert script(PUT_IN_A_POOL, hangs_after="ended\n").status is None
    inside = replaced(
        PUT_IN_A_POOL,
        ("queue._poll(30)", "len(queue.get()) == 10_000_000"),
        ("    queue.get(timeout=0.1)\n", ""),
    )
    assert script(inside).stdout == "ended\n"


def _put_three(queue: "QueueType[int]") -> None:
    for number in range(3):
        queue.put(number)


def _get_three(queue: "QueueType[int]", answers: "QueueType[int]") -> None:
    answers.put(sum(queue.get() for _ in range(3)))


def after_the_producer() -> None:
    """An item that is in the pipe stays there after its producer has ended: `empty()` then returns
    `False`, and `get()` returns the item, even in a process that is started later. A producer
    that ends normally first writes all its items, so after its `join()` they are all in the
    pipe. But join() may wait forever if nobody reads them.
    """
    queue: QueueType[int] = Queue()
    answers: QueueType[int] = Queue()
    producer = Process(target=_put_three, args=(queue,))
    producer.start()
    producer.join()
    assert not queue.empty()
    consumer = Process(target=_get_three, args=(queue, answers))
    consumer.start()
    assert answers.get() == 3
    consumer.join()
    assert queue.empty()
    shown("queue-deadlock/join_first", "still running after 5 s")
