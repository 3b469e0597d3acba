"""What docs/pitfalls/unpicklable-item.md says."""

import os
import pickle
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from inspect import signature
from multiprocessing import Event as SharedEvent
from multiprocessing import Lock as SharedLock
from multiprocessing import Pipe, Pool, Process, Queue, SimpleQueue, TimeoutError, active_children
from multiprocessing.connection import Connection
from multiprocessing.pool import AsyncResult, MaybeEncodingError  # type: ignore[attr-defined]
from multiprocessing.synchronize import Event as EventType
from threading import Event, Lock, Thread, current_thread

from tests.claims import SURE, TIME_LIMIT, on, raises, script, shown

LOST = """
import sys
from multiprocessing import Queue, util
from queue import Empty


def main():
    queue = Queue()
    queue.put(lambda: 0)
    queue.put("next")
    print(queue.get())
    try:
        queue.get(timeout=0.1)
    except Empty:
        print("nothing")


if __name__ == "__main__":
    main()
"""
GET_STATE = LOST.replace("lambda: 0", "Order()").replace(
    "def main", "class Order:\n    def __getstate__(self): raise ValueError('no state')\n\ndef main"
)


_go_on: EventType  # of a worker, from its initializer
_done: list[object] = []  # by a worker


class _PickledIn:
    """Notes in which thread it is pickled."""

    def __init__(self, threads: list[str], go_on: Event) -> None:
        self.threads = threads
        self.go_on = go_on

    def __reduce__(self) -> tuple[type[int], tuple[int]]:
        self.go_on.wait()
        self.threads.append(current_thread().name)
        return int, (7,)


def _fail() -> None:
    raise ValueError("cannot be unpickled")


class _Sealed:
    """It can be pickled, but not unpickled."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return _fail, ()


def _return_sealed() -> _Sealed:
    return _Sealed()


def _return_lock() -> object:
    return Lock()


class _GetState:
    """It raises an error in a method of its own."""

    def __getstate__(self) -> object:
        raise ValueError("no state")


class _NoRepr:
    """It can be neither pickled nor shown."""

    def __reduce__(self) -> str:
        raise TypeError("cannot be pickled")

    def __repr__(self) -> str:
        raise ValueError("cannot be shown")


def _lock_for_2(number: int) -> object:
    return Lock() if number == 2 else number


def _got(results: Iterable[object]) -> list[object]:
    """The results of an iterator, with the errors' classes, to its end."""
    iterator, got = iter(results), list[object]()
    while True:
        try:
            got.append(next(iterator))
        except StopIteration:
            return got
        except Exception as error:
            got.append(type(error))


def _send_through(items: "Queue[Connection]") -> None:
    items.get().send("arrived")


def _is_its_number(items: "Queue[bytes]", number: int, answers: Connection) -> None:
    pickled = items.get()
    with open(os.devnull, "rb") as other:
        os.dup2(other.fileno(), number)
    connection: Connection = pickle.loads(pickled)
    answers.send(connection.fileno() == number)
    os.fstat(number)
    del connection
    with raises(OSError, text="Bad file descriptor"):
        os.fstat(number)
    answers.send("closed")


def put_only_data() -> None:
    """A `Queue` pickles the item after `put()` has returned, so put only data into it, or use a
    `SimpleQueue`, whose `put()` raises the error where you can catch it.

    `put()` adds the object to a buffer and returns. A moment later, a feeder thread in the same
    process pickles it and writes the bytes to a pipe.

    A `SimpleQueue` has no feeder thread. Its `put()` pickles the item, writes it, and raises
    the error if that fails.
    """
    threads: list[str] = []
    go_on = Event()
    queue: Queue[object] = Queue()
    queue.put(_PickledIn(threads, go_on))
    assert threads == []
    go_on.set()
    assert queue.get() == 7
    simple: SimpleQueue[object] = SimpleQueue()
    simple.put(_PickledIn(threads, go_on))
    assert simple.get() == 7
    assert threads == ["QueueFeederThread", "MainThread"]
    with raises(TypeError, text="cannot pickle"):
        simple.put(Lock())
    shown("unpicklable-item/data_only", "Received: apple\nReceived: cherry")


def lost() -> None:
    """`put()` raises nothing, the program goes on, and the item never arrives. A `get()` that
    waits for it waits forever. Standard error shows a traceback. No line of your program is in it,
    unless the error was raised in a method of the item, such as `__getstate__`.

    If the pickling fails, none of your code is there to catch the error: the thread prints it,
    drops the item and goes on with the next.
    """
    outcome = script(LOST)
    assert (outcome.status, outcome.stdout) == (0, "next\nnothing\n")
    assert outcome.stderr.startswith("Traceback (most recent call last)")
    assert "program.py" not in outcome.stderr
    outcome = script(GET_STATE)
    assert (outcome.status, outcome.stdout) == (0, "next\nnothing\n")
    assert 'program.py", line' in outcome.stderr
    assert outcome.stderr.endswith("ValueError: no state\n")


COUNTED = """
from multiprocessing import JoinableQueue

if __name__ == "__main__":
    orders = JoinableQueue()
    orders.put(lambda: 7)
    orders.put(8)
    print(orders.get(), flush=True)
    orders.task_done()
    orders.join()
"""


EXITS = """
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, Queue
from queue import Empty, SimpleQueue
from threading import current_thread

threads = SimpleQueue()


class Order:
    def __reduce__(self):
        threads.put(current_thread())
        sys.exit()


if __name__ == "__main__":
    queue = Queue()
    queue.put(Order())
    threads.get().join()
    queue.put(7)
    try:
        queue.get(timeout=0.1)
    except Empty:
        print("nothing")
    pool = Pool(1)
    tasks = [pool.apply_async(id, [Order()]), pool.apply_async(id, [7])]
    threads.get().join()
    print(*(task.ready() for task in tasks))
    executor = ProcessPoolExecutor(1)
    tasks = [executor.submit(id, Order()), executor.submit(id, 7)]
    threads.get().join()
    print(*(task.done() for task in tasks), flush=True)
    os._exit(0)
"""


def the_thread_ends() -> None:
    """A `SystemExit`, as of a `__reduce__` that calls `sys.exit()`, ends the thread without a
    traceback, and all later items are lost, too.

    There are two exceptions: an executor can hang if you call `shutdown(cancel_futures=True)` while
    such a task is pending, and if pickling the task raises `SystemExit`, neither this task nor any
    later one is ever done.
    """
    outcome = script(EXITS)
    assert outcome.stdout == "nothing\nFalse False\nFalse False\n"
    assert "Traceback" not in outcome.stderr


def it_was_counted() -> None:
    """In a `JoinableQueue` the item was counted, so `join()` waits forever."""
    outcome = script(COUNTED, hangs_after="8\n")
    assert (outcome.status, outcome.stdout) == (None, "8\n")


def three_messages() -> None:
    """For a lambda or function that is defined inside a function, it has one of these lines near
    its end:

    The first is from Python 3.11 and 3.12, the second from 3.13, and the third from 3.14 and
    later, where lines with `when serializing` can follow.
    """
    shown("unpicklable-item/item_lost", "when serializing")
    for begin in ["AttributeError: Can't pickle", "AttributeError: Can't get"]:
        shown("unpicklable-item/item_lost", f"{begin} local object 'main.<locals>.<lambda>'")
        shown("local-function/as_target", f"{begin} local object 'main.<locals>.pack'")
    for program in ["unpicklable-item/item_lost", "local-function/as_target"]:
        shown(program, "_pickle.PicklingError: Can't pickle local object <function main.<locals>.")
    try:
        pickle.dumps(lambda: 0)
    except AttributeError as error:
        assert str(error).startswith("Can't pickle") == on("Python 3.11 and 3.12")
        assert str(error).startswith("Can't get") == on("Python 3.13")
    except pickle.PicklingError:
        assert on("Python 3.14 and later")


def both_end_with_0() -> None:
    """For a lock, an open file and other objects, see every message.

    The discount of the apple is a lambda, which cannot be pickled. The apple never arrives, and
    both processes end with exit code 0.
    """
    shown("unpicklable-item/item_lost", "Output\nReceived: cherry\nExit code of the server: 0")
    shown("unpicklable-item/item_lost", '"apple", "discount": lambda')
    shown("ordinary-objects/every_message", "lock", "open(")


def a_number() -> None:
    """The discount is now a number, which can be pickled, so both orders arrive."""
    shown("unpicklable-item/data_only", '"discount": 1', "Received: apple\nReceived: cherry")


def pickled_first() -> None:
    """If the items are data, but you do not know all that they hold, pickle each one yourself and
    put the bytes. Then the error is raised in your own code, where you can catch it. It can be of
    any class: a lock of `multiprocessing` raises `RuntimeError`, a list that is nested too deeply
    `RecursionError`. Here the bad order is sent without its discount.
    """
    shown("unpicklable-item/pickled_first", "except Exception:", 'order["discount"] = 0')
    shown("unpicklable-item/pickled_first", "orders.put(pickled)", "Received: apple\n")
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    for item, error in [
        (SharedLock(), RuntimeError),
        (nested, RecursionError),
        (_GetState(), ValueError),
    ]:
        with raises(error):
            pickle.dumps(item)


def open_files() -> None:
    """`pickle.dumps` raises `TypeError` for a socket. For a `Connection` it raises nothing, but
    sends only the number of the file descriptor, which in the receiver is that of another file,
    or of none. When the object in the receiver is deleted, it closes that file.
    """
    with socket.socket() as unconnected, raises(TypeError, text="cannot pickle 'socket' object"):
        pickle.dumps(unconnected)
    receiver, sender = Pipe(duplex=False)
    items: Queue[Connection] = Queue()
    child = Process(target=_send_through, args=(items,))
    child.start()  # before the pipe is sent
    items.put(sender)
    assert receiver.recv() == "arrived"
    child.join()
    pickled: Queue[bytes] = Queue()
    child = Process(target=_is_its_number, args=(pickled, 200, sender))
    child.start()
    os.dup2(sender.fileno(), 200)
    moved = Connection(200)
    pickled.put(pickle.dumps(moved))
    assert (receiver.recv(), receiver.recv()) == (True, "closed")
    child.join()
    for end in (receiver, sender, moved):
        end.close()


CLOSED = """
from multiprocessing import Pipe, Queue
from queue import Empty
from threading import Event

close = Event()


class Order:
    def __reduce__(self):
        close.wait()
        return int, (7,)


if __name__ == "__main__":
    queue = Queue()
    receiver, sender = Pipe(duplex=False)
    queue.put(Order())
    queue.put(sender)
    sender.close()
    close.set()
    print(queue.get())
    try:
        queue.get(timeout=0.1)
    except Empty:
        print("nothing")
"""


def closed_too_early() -> None:
    """Do not close the sender's copy before the receiver has its own: if it is closed before the
    feeder thread pickles it, it is lost.
    """
    outcome = script(CLOSED)
    assert (outcome.status, outcome.stdout) == (0, "7\nnothing\n")
    assert outcome.stderr.endswith("OSError: handle is closed\n")


def simple_queue_waits() -> None:
    """It has no `timeout`, and `put()` of a big item waits until a process reads it."""
    queue: SimpleQueue[bytes] = SimpleQueue()
    assert not signature(queue.get).parameters
    assert list(signature(queue.put).parameters) == ["obj"]
    thread = Thread(target=queue.put, args=(bytes(1_000_000),))
    thread.start()
    thread.join(SURE)
    assert thread.is_alive()
    queue.get()
    thread.join()


def tasks() -> None:
    """A task that cannot be pickled does not make a pool hang: a `Pool` and a
    `ProcessPoolExecutor` raise the error where you ask for the result, and continue to work.

    the task cannot be pickled | raises | raises
    """
    shown("unpicklable-item/task_of_pool", "TypeError: cannot pickle", "\ncherry packed")
    shown("unpicklable-item/task_of_executor", "TypeError: cannot pickle", "\ncherry packed")


def results_behind_the_error() -> None:
    """Not every call gives you the results of the other tasks. `Pool.map` only raises the error.
    The iterators of `ProcessPoolExecutor.map`, and of `imap` and `imap_unordered` with a
    `chunksize` greater than 1, end at the error, so you lose the results behind it. This also
    holds for a result that cannot be pickled.
    """
    tasks = [1, Lock(), 3, 4]
    with Pool(1) as pool:
        with raises(TypeError, text="cannot pickle"):
            pool.map(_lock_for_2, tasks, chunksize=1)  # type: ignore[arg-type]
        assert _got(pool.imap(type, tasks)) == [int, TypeError, int, int]
        assert _got(pool.imap(type, tasks, chunksize=2)) == [TypeError]
        assert _got(pool.imap_unordered(type, tasks, chunksize=2)) == [TypeError]
        with raises(MaybeEncodingError):
            pool.map(_lock_for_2, [1, 2, 3, 4], chunksize=1)
        numbers = range(1, 7)
        lost = MaybeEncodingError
        assert _got(pool.imap(_lock_for_2, numbers)) == [1, lost, 3, 4, 5, 6]
        assert _got(pool.imap(_lock_for_2, numbers, chunksize=2)) == [lost]
        assert _got(pool.imap_unordered(_lock_for_2, numbers, chunksize=2))[-1] == lost
    with ProcessPoolExecutor(1) as executor:
        assert _got(executor.map(type, tasks)) == [int, TypeError]
        assert _got(executor.map(_lock_for_2, numbers)) == [1, TypeError]


def _keep(go_on: EventType) -> None:
    global _go_on
    _go_on = go_on


def _note(item: object) -> None:
    _go_on.wait()
    _done.append(item)


def _how_many() -> int:
    return len(_done)


def tasks_that_are_never_done() -> None:
    """Some of the other tasks are never done: those in the same chunk as the bad one are not sent,
    and at the error, `ProcessPoolExecutor.map` cancels those that have not begun.
    """
    go_on = SharedEvent()
    with Pool(1, _keep, (go_on,)) as pool:
        go_on.set()
        with raises(TypeError, text="cannot pickle"):
            pool.map(_note, [1, 2, 3, Lock(), 5, 6], chunksize=2)
        assert pool.apply(_how_many) == 4
    go_on.clear()
    with ProcessPoolExecutor(1, initializer=_keep, initargs=(go_on,)) as executor:
        with raises(TypeError, text="cannot pickle"):
            list(executor.map(_note, [Lock(), *range(100)]))
        go_on.set()
        assert executor.submit(_how_many).result() < 10


def hangs() -> None:
    """A `Pool` hangs if the receiving process cannot unpickle what it receives:

    the worker cannot unpickle the task, for example does not find the function | hangs |
    BrokenProcessPool

    the result cannot be pickled | MaybeEncodingError; hangs if its `repr()` raises | raises
    """
    shown("function-not-found/defined_too_late", "still running after 5 s")
    shown("unpicklable-exception/pool_hangs", "still running after 5 s")
    shown("unpicklable-exception/executor_breaks", "raise OutOfStock", "\nBrokenProcessPool: ")
    with Pool(1) as pool:
        with raises(MaybeEncodingError):
            pool.apply(_return_lock)
        task: AsyncResult[str] = pool.apply_async(repr, [_Sealed()])
        with raises(TimeoutError):
            task.get(timeout=SURE)
    with Pool(1) as pool:
        (worker,) = pool._pool  # type: ignore[attr-defined]
        result: AsyncResult[_NoRepr] = pool.apply_async(_NoRepr)
        worker.join()
        with raises(TimeoutError):
            result.get(timeout=SURE)
    with ProcessPoolExecutor(1) as executor, raises(TypeError, text="cannot be pickled"):
        executor.submit(_NoRepr).result()
    with ProcessPoolExecutor(1) as executor, raises(TypeError, text="cannot pickle"):
        executor.submit(_return_lock).result()
    with ProcessPoolExecutor(1) as executor, raises(BrokenProcessPool):
        executor.submit(_return_sealed).result()
    with ProcessPoolExecutor(1) as executor, raises(BrokenProcessPool):
        executor.submit(repr, _Sealed()).result()


def a_result_cannot_be_unpickled() -> None:
    """the result or the exception cannot be unpickled | hangs | BrokenProcessPool"""
    ended = Event()
    show, threading.excepthook = threading.excepthook, lambda failed: ended.set()
    with raises(AssertionError, text="Cannot have cache"), Pool(1) as pool:
        result: AsyncResult[_Sealed] = pool.apply_async(_return_sealed)
        assert ended.wait(TIME_LIMIT)
        with raises(TimeoutError):
            result.get(timeout=SURE)
    threading.excepthook = show
    for worker in active_children():
        worker.terminate()
        worker.join()


def with_a_timeout() -> None:
    """A `get()` with a timeout ends the wait for an item that was never sent:"""
    shown("unpicklable-item", "orders.get(timeout=0.1)", "#> No order arrived")
