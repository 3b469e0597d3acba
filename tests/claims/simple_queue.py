"""What docs/syntax/simple-queue.md says."""

import os
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import JoinableQueue, Process, Queue, SimpleQueue
from pickle import UnpicklingError
from threading import Lock, Thread, current_thread
from threading import enumerate as enumerate_threads
from time import sleep

from tests.claims import PAUSE, SURE, TIME_LIMIT, raises, shown
from tests.claims._recorders import PickledItem

BIG = 1_000_000  # bytes that no pipe holds


def _echo(orders: "SimpleQueue[bytes | None]", packed: "SimpleQueue[bytes]") -> None:
    while (order := orders.get()) is not None:
        packed.put(order)


def _end_early(*queues: "SimpleQueue[int] | SimpleQueue[bytes]") -> None:
    os._exit(3)


def _error_of(call: Callable[[], object]) -> str:
    """What its `OSError` says. It is not kept: Python 3.12.1 may crash when its traceback ends."""
    try:
        call()
    except OSError as error:
        return str(error)
    return ""


def _put(queue: "SimpleQueue[bytes]", size: int) -> None:
    queue.put(bytes(size))


def _put_many(orders: "SimpleQueue[bytes | None] | Queue[bytes | None]") -> None:
    for _ in range(3_000):
        orders.put(bytes(100))
    orders.put(None)


def written_without_a_thread() -> None:
    """A `SimpleQueue` carries items from any process that has it to any other, and its `put`
    pickles and writes the item itself, without a feeder thread.

    `put` pickles the item and writes the bytes itself, in the thread that calls it. A `Queue`
    leaves that to its feeder thread.
    """
    threads: list[str] = []
    before = set(enumerate_threads())
    simple: SimpleQueue[object] = SimpleQueue()
    simple.put(PickledItem(threads))
    assert not set(enumerate_threads()) - before
    assert not simple.empty()
    assert simple.get() == 7
    queue: Queue[object] = Queue()
    queue.put(PickledItem(threads))
    assert queue.get() == 7
    assert threads == [current_thread().name, "QueueFeederThread"]
    simple.close()


def when_to_use_it() -> None:
    """Use it for small items, if you want errors to be raised by `put` and need neither a timeout
    nor a maximum size.

    An item is any object that can be pickled, and what arrives is a copy. For an object that
    cannot be pickled, `put` raises the error, and the queue can still be used:
    """
    shown("simple-queue", "except TypeError as error", "cannot pickle '_thread.lock' object")
    simple: SimpleQueue[object] = SimpleQueue()
    order = {"order": 7}
    simple.put(order)
    arrived = simple.get()
    assert arrived == order
    assert arrived is not order
    with raises(TypeError, text="cannot pickle"):
        simple.put(Lock())
    simple.put(8)
    assert simple.get() == 8
    simple.close()


def as_a_queue() -> None:
    """It is used in the same way as a Queue, and needs no lock around it either. Here `None` is
    the sentinel, at which the worker ends.
    """
    shown("simple-queue/smallest", "is not None", "orders.put(None)", "pear 4\napple 3\npear 4")
    simple: SimpleQueue[bytes] = SimpleQueue()
    workers = [Process(target=_put, args=(simple, BIG)) for _ in range(3)]
    for worker in workers:
        worker.start()
    assert [len(simple.get()) for _ in workers] == [BIG] * 3
    for worker in workers:
        worker.join()
    simple.close()


def no_parameters() -> None:
    """`SimpleQueue()` has no parameters."""
    from inspect import signature

    assert not signature(SimpleQueue).parameters


def put_waits() -> None:
    """`put(obj)` | pickles the item and writes it; waits while there is no room

    When the pipe is full, `put` waits until a process reads from it:
    """
    shown("simple-queue/put_waits", "put() has returned: False\nReceived 1000000 bytes")
    shown("simple-queue/put_waits", "1000000 bytes\nput() has returned: True")


def get_waits() -> None:
    """`get()` | removes the next item and returns it; waits while there is none

    `get()` waits forever if the process that should put an item has died, and `put()`, when the
    pipe is full, if the process that should read has died. You cannot give them a `timeout`.
    """
    from inspect import signature

    simple: SimpleQueue[int] = SimpleQueue()
    full: SimpleQueue[bytes] = SimpleQueue()
    worker = Process(target=_end_early, args=(simple, full))
    worker.start()
    worker.join()
    assert worker.exitcode == 3
    received: list[int] = []
    reader = Thread(target=lambda: received.extend([simple.get(), simple.get()]))
    writer = Thread(target=_put, args=(full, BIG))
    reader.start()
    writer.start()
    reader.join(SURE)
    assert reader.is_alive()
    assert writer.is_alive()
    assert len(full.get()) == BIG
    writer.join()
    simple.put(1)
    simple.put(2)
    reader.join()
    assert received == [1, 2]
    assert not signature(simple.get).parameters
    assert "timeout" not in signature(simple.put).parameters
    simple.close()
    full.close()


def is_it_empty() -> None:
    """`empty()` | `True` if nothing is there to be read; another process may change that before
    you act on it

    When `put` returns, the item is in the pipe, so `empty()` returns `False` until a process
    reads it.
    """
    simple: SimpleQueue[bytes] = SimpleQueue()
    assert simple.empty()
    worker = Process(target=_put, args=(simple, 1))
    worker.start()
    worker.join()
    assert not simple.empty()
    simple.get()
    assert simple.empty()
    simple.close()


def with_a_queue_it_may_look_empty() -> None:
    """With a `Queue`, it may still return `True`."""
    shown("queue-empty/asked_too_early", "Empty after put: True")


def closed() -> None:
    """`close()` | closes both ends in this process: after it, `put`, `get` and `empty` raise
    `OSError`
    """
    simple: SimpleQueue[int] = SimpleQueue()
    simple.close()
    assert _error_of(lambda: simple.put(1)) == "handle is closed"
    assert _error_of(simple.get) == "handle is closed"
    assert _error_of(simple.empty) == "handle is closed"


def what_it_lacks() -> None:
    """What a `SimpleQueue` lacks:

    It also has no `maxsize`, and no `timeout` for `put()` and `get()`.
    """
    shown("simple-queue", '"full", "qsize", "put_nowait", "get_nowait", "join_thread"')
    shown("simple-queue", "#> [False, False, False, False, False]")
    simple: SimpleQueue[int] = SimpleQueue()
    with raises(TypeError):
        SimpleQueue(3)  # type: ignore[call-arg]
    with raises(TypeError):
        simple.put(1, timeout=1)  # type: ignore[call-arg]
    with raises(TypeError):
        simple.get(timeout=1)  # type: ignore[call-arg]
    simple.close()


def a_limited_wait() -> None:
    """To wait for a limited time, use a `Queue`, or a Pipe with `poll(timeout)`."""
    shown("queue", "orders.get(timeout=0.1)", "except Empty")
    shown("pipe", "receiver.poll(0.1)", "#> False")


def task_done_and_join() -> None:
    """Neither a `Queue` nor a `SimpleQueue` has `task_done` and `join`: a JoinableQueue has them.

    To wait until all items have been processed: JoinableQueue.
    """
    simple: SimpleQueue[int] = SimpleQueue()
    queue: Queue[int] = Queue()
    joinable: JoinableQueue[int] = JoinableQueue()
    for name in ("task_done", "join"):
        found = [hasattr(one, name) for one in (simple, queue, joinable)]
        assert found == [False, False, True]
    simple.close()
    shown("joinable-queue/smallest", "orders.join()", "All orders packed, crates: 15")


def a_queue_raises_nothing() -> None:
    """The `put` of a `Queue` raises nothing: the item is lost, and the feeder thread prints a
    traceback.
    """
    shown("unpicklable-item/item_lost", "Traceback (most recent call last)")


def one_sentinel_for_each() -> None:
    """Each item goes to one worker only, and so does each `None`: put one for each worker.

    Which worker packs which order depends on timing, and so does the sequence in which they
    arrive; the parent sorts them.

    Here ten small orders fit into the pipe of `orders`, and ten small answers into that of
    `packed`.
    """
    shown("simple-queue/several_workers", "range(3)", "for _ in packers:\n        orders.put(None)")
    shown("simple-queue/several_workers", "for order in range(10)", "sorted(packed.get()")
    shown("simple-queue/several_workers", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")


def many_items_on_both_sides() -> None:
    """With many items, a program of this shape can hang: the parent waits for room in `orders`,
    the workers wait for room in `packed`, and no process reads `packed`.
    """
    orders: SimpleQueue[bytes | None] = SimpleQueue()
    packed: SimpleQueue[bytes] = SimpleQueue()
    worker = Process(target=_echo, args=(orders, packed))
    worker.start()
    parent = Thread(target=_put_many, args=(orders,))
    parent.start()
    while packed.empty():
        parent.join(0.01)
    parent.join(SURE)
    assert parent.is_alive()
    for _ in range(3_000):
        packed.get()
    parent.join()
    worker.join()
    orders.close()
    packed.close()


def both_send_first() -> None:
    """It is the deadlock of two ends of a pipe that both send first."""
    shown("pipe/both_send", "still running after 5 s")


def feed_a_queue() -> None:
    """To avoid it, make `orders` a Queue without a `maxsize`: its `put` does not wait for the
    workers.
    """
    orders: Queue[bytes | None] = Queue()
    packed: SimpleQueue[bytes] = SimpleQueue()
    worker = Process(target=_echo, args=(orders, packed))
    worker.start()
    _put_many(orders)
    assert sum(len(packed.get()) for _ in range(3_000)) == 300_000
    worker.join()
    packed.close()


def put_in_a_thread() -> None:
    """On macOS, it does wait while 32,767 items are in the queue: for more, put the orders in a
    thread, and read `packed` in the main thread meanwhile.
    """
    shown("queue", "Queue(maxsize=1)", "except Full")
    orders: Queue[bytes | None] = Queue(maxsize=10)  # as a limit that is reached
    packed: SimpleQueue[bytes] = SimpleQueue()
    worker = Process(target=_echo, args=(orders, packed))
    worker.start()
    putting = Thread(target=_put_many, args=(orders,))
    putting.start()
    assert sum(len(packed.get()) for _ in range(3_000)) == 300_000
    putting.join()
    worker.join()
    packed.close()


def it_cannot_put_and_read_itself() -> None:
    """If a process puts an item that does not fit into the pipe and wants to read it itself
    afterward, it waits forever in `put`.
    """
    simple: SimpleQueue[bytes] = SimpleQueue()
    writer = Thread(target=_put, args=(simple, BIG))
    writer.start()
    writer.join(SURE)
    assert writer.is_alive()
    assert len(simple.get()) == BIG
    writer.join()
    simple.close()


def nothing_left_to_send() -> None:
    """When `put` has returned, the process has nothing left to send, so it can end before the
    items are read.
    """
    simple: SimpleQueue[bytes] = SimpleQueue()
    worker = Process(target=_put, args=(simple, 30_000))
    worker.start()
    worker.join(TIME_LIMIT)
    assert worker.exitcode == 0
    assert len(simple.get()) == 30_000
    simple.close()


def no_thread_holds_a_lock() -> None:
    """There is also no feeder thread that could hold a lock while another process is forked."""
    before = set(enumerate_threads())
    simple: SimpleQueue[int] = SimpleQueue()
    simple.put(1)
    assert not set(enumerate_threads()) - before
    assert simple.get() == 1
    simple.close()


def join_before_reading() -> None:
    """`join()` on a worker before its items have been read hangs if they do not fit into the
    pipe, as with a `Queue`: here the worker waits in `put`.
    """
    shown("queue-deadlock/join_first", "still running after 5 s")
    shown("simple-queue/put_waits", "put() has returned: False\nReceived 1000000 bytes")


@contextmanager
def _interrupts_once(is_time: Callable[[], bool]) -> Iterator[None]:
    """What is in the block is interrupted in the middle, as by Ctrl-C, when it is time."""
    main_thread = current_thread().ident
    assert main_thread is not None

    def interrupt() -> None:
        while not is_time():
            sleep(PAUSE)
        signal.pthread_kill(main_thread, signal.SIGINT)

    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupter = Thread(target=interrupt)
    interrupter.start()
    with raises(KeyboardInterrupt):
        yield
    interrupter.join()
    signal.signal(signal.SIGINT, handler)


def interrupted() -> None:
    """If Ctrl-C or another exception interrupts `put()` in the middle of an item, the rest of the
    item is not sent. The next `get()` waits for the rest, and reads the next item as if it were
    the rest.
    """
    if sys.platform == "win32":
        return
    simple: SimpleQueue[bytes] = SimpleQueue()
    with _interrupts_once(lambda: _to_read(simple) > 4):  # the length, and some of the item
        simple.put(bytes(BIG))

    errors: list[UnpicklingError] = []
    reader = Thread(target=_read_wrongly, args=(simple, errors))
    reader.start()
    while _to_read(simple):
        sleep(PAUSE)
    assert reader.is_alive()
    writer = Thread(target=_put, args=(simple, BIG))
    writer.start()
    reader.join()
    assert len(errors) == 1
    while writer.is_alive():  # what is left of its item may be more than the pipe holds
        os.read(simple._reader.fileno(), _to_read(simple))  # type: ignore[attr-defined]
        writer.join(PAUSE)
    simple.close()


def interrupted_in_get() -> None:
    """If one interrupts `get()` in the middle of an item, the item is lost, and the next `get()`
    reads its rest as if it were an item.
    """
    if sys.platform == "win32":
        return
    simple: SimpleQueue[bytes] = SimpleQueue()
    writer = simple._writer.fileno()  # type: ignore[attr-defined]
    os.write(writer, struct.pack("!i", 100) + bytes(60))
    with _interrupts_once(lambda: not _to_read(simple)):
        simple.get()
    os.write(writer, bytes(40))
    with raises(EOFError):  # the rest begins with zeros: an item without bytes
        simple.get()
    simple.close()


def _read_wrongly(queue: "SimpleQueue[bytes]", errors: list[UnpicklingError]) -> None:
    try:
        queue.get()
    except UnpicklingError as error:
        errors.append(error)


def _to_read(queue: "SimpleQueue[bytes]") -> int:
    """How many bytes are in the pipe."""
    from fcntl import ioctl
    from termios import FIONREAD

    reader = queue._reader.fileno()  # type: ignore[attr-defined]
    (count,) = struct.unpack("i", ioctl(reader, FIONREAD, bytes(4)))
    assert isinstance(count, int)
    return count


def killed_inside() -> None:
    """A process that is killed or terminated in `get()` or `put()`, even if it only waits there,
    can leave the queue locked for all others.
    """
    read: SimpleQueue[bytes] = SimpleQueue()
    written: SimpleQueue[bytes] = SimpleQueue()
    reader = Process(target=read.get)
    writer = Process(target=_put, args=(written, BIG))
    for worker, lock in (reader, read._rlock), (writer, written._wlock):  # type: ignore[attr-defined]
        worker.start()
        while worker.is_alive() and lock.acquire(block=False):
            lock.release()
            sleep(PAUSE)
        worker.terminate()
        worker.join()
        assert worker.exitcode == -signal.SIGTERM
        assert not lock.acquire(timeout=PAUSE)
    read.close()
    written.close()


def an_argument_of_a_pool() -> None:
    """A `SimpleQueue` as an argument of `Pool.map` raises `RuntimeError`. As an argument of a
    `Process` it works.
    """
    shown("pool-argument/every_message", "RuntimeError: SimpleQueue objects should only be shared")
    shown("simple-queue/smallest", "args=(orders, prices)", "pear 4")


def under_every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver`
    and `spawn`.
    """
    shown("simple-queue/smallest", "Output\npear 4")
    shown("simple-queue/several_workers", "Output\nPacked")
    shown("simple-queue/put_waits", "Output\nput()")


def when_to_use_a_queue() -> None:
    """For a timeout, a maximum size, or a `put` of a big item that does not wait: Queue."""
    shown("queue", "Queue(maxsize=1)", "orders.get(timeout=0.1)", "orders.put(bytes(1_000_000))")


def both_directions() -> None:
    """To connect two processes in both directions: Pipe."""
    shown("pipe/smallest", "connection.send(PRICES[item])", "to_clerk.recv()", "pear 4")


def what_becomes_of_it() -> None:
    """If the worker fails, the parent waits forever in `get()`, which has no `timeout` here.

    Use a pipe for each worker where a worker may fail.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "simple-queue/smallest",
        "If something fails",
        "a worker is killed            hangs",
        "a worker calls sys.exit(3)    hangs",
    )
