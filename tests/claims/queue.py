"""What docs/syntax/queue.md says."""

import copy
import multiprocessing
import os
import pickle
import signal
import struct
import sys
from contextlib import suppress
from multiprocessing import JoinableQueue, Pipe, Pool, Process, Queue, SimpleQueue, queues
from multiprocessing.synchronize import SEM_VALUE_MAX  # type: ignore[attr-defined]
from queue import Empty, Full
from threading import Thread, current_thread
from threading import enumerate as enumerate_threads
from time import sleep

from tests.claims import PAUSE, SURE, TIME_LIMIT, no_fact, raises, script, shown
from tests.claims._recorders import NeedsTwo, PickledItem

AT_MODULE_LEVEL = """
from multiprocessing import Process, Queue

queue = Queue()

def put():
    queue.put(1)

if __name__ == "__main__":
    worker = Process(target=put)
    worker.start()
    worker.join()
    print(worker.exitcode, queue.empty())
"""


class _Order:
    """Something to send."""

    def __init__(self, item: str) -> None:
        self.item = item


def _put_all(queue: "Queue[tuple[int, int]]", worker: int) -> None:
    for number in range(2_000):
        queue.put((worker, number))


def from_any_to_any() -> None:
    """A `Queue` carries items (messages, tasks, results) from any process that has it to any
    other, and each item goes to one receiver only.

    Use it to hand out tasks and to return results.

    Each item goes to one worker only, and so does each `None`: put one for each worker. In this
    program each worker also puts a `None` when it ends, and the parent reads until it has
    received all three.

    Which worker packs which order depends on timing, and so does the sequence in which they
    arrive; the parent sorts them.
    """
    shown("queue/several_workers", "range(3)", "for _ in packers:\n        orders.put(None)")
    shown("queue/several_workers", "packed.put(None)", "iter(packed.get, None)", "sorted(done)")
    shown("queue/several_workers", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", "orders.get()")


def the_first_program() -> None:
    """The parent puts orders into one queue; a worker gets them and puts prices into another.
    Here `None` is the sentinel, at which the worker ends. The parent gets all results before it
    calls `join()`, because the other order can hang.
    """
    shown("queue/smallest", "orders.put(order)", "prices.put((order", "pear 4\napple 3\npear 4")
    shown("queue/smallest", "is not None", "print(*prices.get())\n    clerk.join()")
    shown("queue-deadlock/join_first", "still running after 5 s")


def put_and_get() -> None:
    """`put` adds an item, and `get` waits for an item, removes it and returns it."""
    queue: Queue[int] = Queue()
    queue.put(1)
    queue.put(2)
    assert [queue.get(), queue.get()] == [1, 2]


def maxsize() -> None:
    """`Queue(maxsize=0)`: with a `maxsize` above 0, `put` waits while that many items are in the
    queue.

    `put(obj, block=True, timeout=None)` | adds an item; while the queue is full, it waits,
    `timeout` seconds at most, and then raises `queue.Full`
    """
    queue: Queue[int] = Queue(2)
    queue.put(1)
    queue.put(2, timeout=0)
    with raises(Full):
        queue.put(3, timeout=0.1)
    assert queue.get() == 1
    queue.put(4, timeout=0)
    assert [queue.get(), queue.get()] == [2, 4]


def no_maxsize() -> None:
    """With 0 the limit is the highest value of a semaphore on the system: 2,147,483,647 on Linux,
    but 32,767 on macOS.
    """
    highest = {"linux": 2_147_483_647, "darwin": 32_767}
    queue: Queue[int] = Queue()
    assert queue._maxsize == SEM_VALUE_MAX  # type: ignore[attr-defined]
    assert highest.get(sys.platform, SEM_VALUE_MAX) == SEM_VALUE_MAX


def get_with_a_timeout() -> None:
    """`get(block=True, timeout=None)` | removes the next item and returns it; while there is
    none, it waits, `timeout` seconds at most, and then raises `queue.Empty`
    """
    queue: Queue[int] = Queue()
    with raises(Empty):
        queue.get(timeout=0.1)
    queue.put(1)
    assert queue.get(timeout=30) == 1
    with raises(Empty):
        queue.get(timeout=0.1)


def nowait() -> None:
    """`put_nowait(obj)`, `get_nowait()` | the same with `block=False`: raise at once instead of
    waiting for room or for an item
    """
    queue: Queue[int] = Queue(1)
    with raises(Empty):
        queue.get_nowait()
    with raises(Empty):
        queue.get(block=False)
    queue.put_nowait(1)
    with raises(Full):
        queue.put_nowait(2)
    with raises(Full):
        queue.put(2, block=False)
    assert queue.get() == 1


def closed() -> None:
    """`close()` | ends the use of the queue in this process: after it, `put` and `get` raise
    `ValueError` ("Queue ... is closed"), and `empty` may raise `OSError`
    """
    queue: Queue[int] = Queue()
    queue.put(1)
    assert queue.get() == 1
    queue.close()
    queue.join_thread()
    with raises(OSError, text="handle is closed"):
        queue.empty()
    with raises(ValueError, text="is closed"):
        queue.put(1)
    with raises(ValueError, text="is closed"):
        queue.get()


def join_thread() -> None:
    """`join_thread()` | after `close()`: waits until every item that this process put has been
    written to the pipe
    """
    queue: Queue[bytes] = Queue()
    with raises(AssertionError):
        queue.join_thread()
    for _ in range(100):
        queue.put(bytes(100))
    feeder = queue._thread  # type: ignore[attr-defined]
    queue.close()
    queue.join_thread()
    assert not feeder.is_alive()
    assert not queue._buffer  # type: ignore[attr-defined]


def cancel_join_thread() -> None:
    """`cancel_join_thread()` | neither `join_thread()` nor the end of the process waits for that:
    items may be lost
    """
    queue: Queue[int] = Queue()
    with queue._wlock:  # type: ignore[attr-defined]  # so the feeder thread waits
        queue.put(1)
        queue.cancel_join_thread()
        queue.close()
        queue.join_thread()
        feeder = queue._thread  # type: ignore[attr-defined]
        assert feeder.is_alive()
    feeder.join()
    shown("claims/cancel_join_thread", "cancel_join_thread()", "still running after 5 s")


def the_timeout_ends_at_the_beginning() -> None:
    """The `timeout` of `get` limits only the wait for the beginning of an item. If the sender was
    killed in the middle of an item, or ended without writing all of it, `get` can wait forever
    in spite of its `timeout`.
    """
    shown("lock-holder-killed/killed_in_put", "get(timeout=1)", "still running after 5 s")
    shown("claims/cancel_join_thread", "get(timeout=1)", "still running after 5 s")


def where_empty_is() -> None:
    """Import `Full` and `Empty` from the module `queue`: `multiprocessing` does not have them."""
    assert not hasattr(multiprocessing, "Full")
    assert not hasattr(multiprocessing, "Empty")


def its_name_in_a_traceback() -> None:
    """A traceback names the second one `_queue.Empty`:"""
    shown("queue", "#> No order <class '_queue.Empty'>", "#> No room <class 'queue.Full'>")


def in_the_same_sequence() -> None:
    """The items of one process come out of the queue in the sequence in which it put them."""
    queue: Queue[tuple[int, int]] = Queue()
    workers = [Process(target=_put_all, args=(queue, worker)) for worker in range(2)]
    for worker in workers:
        worker.start()
    received = [queue.get() for _ in range(4_000)]
    for worker in workers:
        worker.join()
    for sender in range(2):
        assert [number for who, number in received if who == sender] == list(range(2_000))


def what_can_be_pickled() -> None:
    """An item is any object that can be pickled: for example numbers, text, and instances of
    classes that are defined at module level, as well as lists and dicts of such things.
    """
    queue: Queue[object] = Queue()
    order = _Order("pear")
    for item in (3, 2.5, "pear", [1, "pear"], {"pear": [1]}):
        queue.put(item)
        assert queue.get() == item
    queue.put([order])
    arrived = queue.get()
    assert isinstance(arrived, list)
    assert arrived[0].item == "pear"
    assert arrived[0] is not order


def a_copy() -> None:
    """What arrives is a copy."""
    shown("queue/copies", 'order["paid"] = True', "'paid': True", "'paid': False")


def changed_after_put() -> None:
    """The copy may be made after `put()` has returned. If the object is changed before that, the
    changed object arrives, and no error is reported. In this program the change always comes
    first: the big item fills the pipe, so the order behind it is not pickled until the big item
    is read.
    """
    shown("queue", "orders.put(bytes(1_000_000))", 'order["crates"] = 99')
    shown("queue", "#> {'item': 'apple', 'crates': 99}")


def put_a_copy() -> None:
    """So create a new object for each item, or put a copy: `dict(order)`, or
    `copy.deepcopy(order)` if the order has lists or dicts in it.
    """
    queue: Queue[object] = Queue()
    order = {"crates": 2, "items": ["apple"]}
    queue.put(bytes(1_000_000))
    queue.put(dict(order))
    queue.put(copy.deepcopy(order))
    order["crates"] = 99
    order["items"].append("pear")  # type: ignore[attr-defined]
    queue.get()
    assert queue.get() == {"crates": 2, "items": ["apple", "pear"]}
    assert queue.get() == {"crates": 2, "items": ["apple"]}


def the_same_for_tasks() -> None:
    """The same holds for a `JoinableQueue`, for the arguments of a pool's `apply_async`, and for
    those of an executor's `submit`.
    """
    from concurrent.futures import ProcessPoolExecutor

    threads: list[str] = []
    joinable: JoinableQueue[object] = JoinableQueue()
    joinable.put(PickledItem(threads))
    assert joinable.get() == 7
    with Pool(1) as pool:
        assert pool.apply_async(abs, (PickledItem(threads),)).get() == 7
    with ProcessPoolExecutor(1) as executor:
        assert executor.submit(abs, PickledItem(threads)).result() == 7  # type: ignore[arg-type]
    assert len(threads) == 3
    assert current_thread().name not in threads


def pickled_before_they_return() -> None:
    """A SimpleQueue and a Pipe pickle the item before `put` or `send` returns."""
    threads: list[str] = []
    simple: SimpleQueue[object] = SimpleQueue()
    receiver, sender = Pipe(duplex=False)
    simple.put(PickledItem(threads))
    assert threads == [current_thread().name]
    sender.send(PickledItem(threads))
    assert threads == [current_thread().name] * 2
    assert (simple.get(), receiver.recv()) == (7, 7)
    simple.close()
    receiver.close()
    sender.close()


def a_feeder_thread_each() -> None:
    """Every process that puts has such a thread for each queue."""
    before = set(enumerate_threads())
    one: Queue[int] = Queue()
    other: Queue[int] = Queue()
    assert not set(enumerate_threads()) - before
    one.put(1)
    one.put(2)
    other.put(3)
    assert len(set(enumerate_threads()) - before) == 2
    assert (one.get(), one.get(), other.get()) == (1, 2, 3)


def the_feeder_pickles() -> None:
    """`put` hands the item to a feeder thread and returns. The thread pickles the item and writes
    the bytes to a pipe. `get` reads the bytes and turns them back into an object.
    """
    threads: list[str] = []
    queue: Queue[object] = Queue()
    queue.put(PickledItem(threads))
    assert queue._poll(30)  # type: ignore[attr-defined]  # at the pipe
    assert threads == ["QueueFeederThread"]
    assert queue.get() == 7


def not_sent_yet() -> None:
    """When `put` returns, the item may not have been sent yet.

    `while not queue.empty()` can end too early: right after a `put` the queue may still look
    empty.
    """
    shown("queue-empty/asked_too_early", "Empty after put: True")


def join_before_reading() -> None:
    """`join()` on a worker before all its items have been read hangs if the unread items do not
    fit into the pipe: one big item, or many small ones.
    """
    shown("queue-deadlock/join_first", "bytes(1_000_000)", "still running after 5 s")
    shown("queue-deadlock/small_item", "Received 1000 bytes")


def not_picklable() -> None:
    """`put` raises nothing for an object that cannot be pickled, and the item is lost."""
    shown("unpicklable-item/item_lost", "Traceback (most recent call last)", "lambda")


def lost_with_a_process() -> None:
    """If a process dies, the items that it has taken, and those that it has put and not sent, are
    lost.
    """
    shown("lost-items/taken", "os._exit(9)", "packed: ['apple', 'pear']")
    shown("lost-items/unsent", "os._exit() lost\nSIGTERM lost")


def cannot_be_rebuilt() -> None:
    """`get` raises an error if the item cannot be rebuilt, as some exceptions cannot. That item
    is lost; the next one can be read.
    """
    queue: Queue[object] = Queue()
    queue.put(NeedsTwo("apple", 2))
    queue.put(2)
    with raises(TypeError):
        queue.get()
    assert queue.get() == 2


def at_module_level() -> None:
    """Under `forkserver` and `spawn`, a `Queue` made at module level is not the same queue in a
    worker as in its parent, and no item arrives. Pass the queue as an argument.
    """
    outcome = script(AT_MODULE_LEVEL)
    nothing = multiprocessing.get_start_method() != "fork"
    assert (outcome.status, outcome.stdout) == (0, f"0 {nothing}\n")


def an_argument_of_a_pool() -> None:
    """A `Queue` as an argument of `Pool.map` raises `RuntimeError`. As an argument of a `Process`
    it works.
    """
    shown("pool-argument/every_message", "RuntimeError: Queue objects should only be shared")
    shown("queue/smallest", "args=(orders, prices)", "pear 4")


class _Interrupted(Exception):
    """What the handler of a signal raises."""


def _interrupt(*_: object) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    raise _Interrupted


def _get_the_rest(orders: "Queue[object]") -> None:
    with suppress(OSError):  # when it is closed
        orders.get()


def interrupted_in_get() -> None:
    """If Ctrl-C or a signal handler raises an exception in `get()` while an item arrives, a part of
    the item is lost, and the next `get()` can wait forever. An exception while `get()` only waits
    does no harm.
    """
    before = signal.signal(signal.SIGALRM, _interrupt)
    orders: Queue[object] = Queue()
    with raises(_Interrupted):
        signal.setitimer(signal.ITIMER_REAL, PAUSE, PAUSE)
        orders.get()
    orders.put("apple")
    assert orders.get() == "apple"
    item = pickle.dumps(b"\1" * 10_000)
    writer = orders._writer.fileno()  # type: ignore[attr-defined]
    os.write(writer, struct.pack("!i", len(item)) + item[:100])
    with raises(_Interrupted):
        signal.setitimer(signal.ITIMER_REAL, PAUSE, PAUSE)
        orders.get()
    signal.signal(signal.SIGALRM, before)
    os.write(writer, item[100:])
    orders.put("pear")
    getting = Thread(target=_get_the_rest, args=(orders,), daemon=True)
    getting.start()
    getting.join(SURE)
    assert getting.is_alive()
    orders.close()
    orders.join_thread()


def killed_in_get() -> None:
    """A process that is killed or terminated in `get()`, even if it only waits there, can leave
    the queue locked for all other readers. On Linux and macOS, if it is killed while its feeder
    thread writes an item, the queue stays locked for all other writers: their `put` returns, but
    their items never arrive. End workers with a sentinel.
    """
    if sys.platform != "win32":
        pictures: Queue[bytes] = Queue()
        camera = Process(target=pictures.put, args=(bytes(1_000_000),))
        camera.start()
        while pictures.empty() and camera.is_alive():
            sleep(PAUSE)
        camera.kill()
        camera.join()
        assert not pictures._wlock.acquire(block=False)  # type: ignore[attr-defined]
    queue: Queue[int] = Queue()
    worker = Process(target=queue.get)
    worker.start()
    while queue._rlock.acquire(block=False):  # type: ignore[attr-defined]
        queue._rlock.release()  # type: ignore[attr-defined]
        sleep(PAUSE)
    worker.terminate()
    worker.join()
    queue.put(1)
    assert queue._poll(TIME_LIMIT)  # type: ignore[attr-defined]  # it is in the pipe
    with raises(Empty):
        queue.get(timeout=PAUSE)


def under_every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver`
    and `spawn`.
    """
    shown("queue/smallest", "Output\npear 4")
    shown("queue/several_workers", "Output\nPacked")
    shown("queue/copies", "Output\nCame back")


def results_in_order() -> None:
    """To get the results of a function in order: `Pool.map`."""
    shown("pool/smallest", "[640, 800, 1024]", "[320, 400, 512]")


def all_items_processed() -> None:
    """To wait until all items have been processed: JoinableQueue."""
    shown("joinable-queue/smallest", "orders.join()", "All orders packed, crates: 15")


def errors_from_put() -> None:
    """To get errors from `put` itself, without a feeder thread: SimpleQueue."""
    shown("simple-queue", "except TypeError as error", "cannot pickle '_thread.lock' object")


def both_directions() -> None:
    """To connect two processes in both directions: Pipe."""
    shown("pipe/smallest", "connection.send(PRICES[item])", "to_clerk.recv()", "pear 4")


def a_number() -> None:
    """To add to a number in several processes: Value."""
    shown("joinable-queue/smallest", "packed.value += order", "crates: 15")


def a_shared_dict() -> None:
    """To share a dict or list that several processes read and change: Manager."""
    shown("manager/smallest", "ratings[film] = stars", "('Alien', 5), ('Brazil', 4)")


def every_message() -> None:
    """This program causes the errors of `put` and `get` on a closed queue, and that of
    `join_thread()` before `close()`:
    """
    shown("queue/every_message", "is closed", "not closed", "orders.get", "orders.join_thread")


def what_becomes_of_it() -> None:
    """If the worker fails, the parent waits forever in `get()`: no queue reports the end of a
    process.

    Either pass a `timeout` to `get()` and look at the worker's `exitcode`, or use a pipe for
    each worker.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "queue/smallest",
        "If something fails",
        "a worker is killed            hangs",
        "a worker calls sys.exit(3)    hangs",
    )


def the_most_urgent() -> None:
    """To get the most urgent item first: a `PriorityQueue` on a manager."""
    shown("custom-manager/priority", "manager.PriorityQueue()", "1 express letter\n2 letter\n")


def to_all() -> None:
    """To send a message to all processes, give each one a queue of its own."""
    no_fact("advice")


def queue_is_a_method() -> None:
    """`multiprocessing.Queue` is a method that makes a queue, and not a class, so an annotation
    such as `orders: Queue[str]` raises a `TypeError` where it is evaluated.

    The class is in `multiprocessing.queues`.

    `SimpleQueue` and `JoinableQueue` of `multiprocessing` are methods, too.
    """
    from inspect import ismethod

    for make in Queue, SimpleQueue, JoinableQueue:
        assert ismethod(make)
        with raises(TypeError, text="'method' object is not subscriptable"):
            make[str]  # type: ignore[index]
    assert isinstance(queues.Queue, type)
    assert type(Queue()) is queues.Queue


def a_string_for_the_checker() -> None:
    """Import it for the type checker only, and write the annotation as a string:"""
    no_fact("advice")


def all_annotations_are_strings() -> None:
    """`from __future__ import annotations` makes strings of all annotations of a file."""
    future = "from __future__ import annotations\n"
    names: dict[str, dict[str, object]] = {}
    exec(f"{future}orders: Queue[str] = []\ndef pack(orders: Queue[str]): ...", names)
    assert names["__annotations__"] == {"orders": "Queue[str]"}
    assert names["pack"].__annotations__ == {"orders": "Queue[str]"}


def results_of_another_thread() -> None:
    """If several threads of the parent put tasks into one queue and get results from another one,
    a thread may get the result of another thread's task.
    """
    tasks: Queue[str | None] = Queue()
    results: Queue[str] = Queue()
    got = []

    def work() -> None:
        for task in iter(tasks.get, None):
            results.put(f"done: {task}")

    def ask() -> None:
        tasks.put("task of the second thread")
        got.append(results.get(timeout=TIME_LIMIT))

    worker = Thread(target=work)
    first = Thread(target=tasks.put, args=("task of the first thread",))
    for thread in worker, first:
        thread.start()
    first.join()
    second = Thread(target=ask)
    second.start()
    second.join()
    assert got == ["done: task of the first thread"]
    assert results.get(timeout=TIME_LIMIT) == "done: task of the second thread"
    tasks.put(None)
    worker.join()


def whose_result() -> None:
    """Let one thread read all results, or send a number with each task and result."""
    no_fact("advice")
