"""What docs/pitfalls/unpicklable-item.md says."""

import pickle
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from inspect import signature
from multiprocessing import Pool, Queue, SimpleQueue, TimeoutError, active_children
from multiprocessing.pool import AsyncResult, MaybeEncodingError  # type: ignore[attr-defined]
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
    waits for it waits forever. Standard error shows a traceback without a line of your program.

    If the pickling fails, none of your code is there to catch the error: the thread prints it,
    drops the item and goes on with the next.
    """
    outcome = script(LOST)
    assert (outcome.status, outcome.stdout) == (0, "next\nnothing\n")
    assert outcome.stderr.startswith("Traceback (most recent call last)")
    assert "program.py" not in outcome.stderr


def three_messages() -> None:
    """For a lambda or function that is defined inside a function, it ends with one of these:

    The first is from Python 3.11 and 3.12, the second from 3.13, and the third from 3.14 and
    later.
    """
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
    """If you do not know what the items hold, pickle each one yourself and put the bytes. Then
    the error is raised in your own code, where you can catch it. Here the bad order is sent
    without its discount.
    """
    shown("unpicklable-item/pickled_first", "except (", 'order["discount"] = 0')
    shown("unpicklable-item/pickled_first", "orders.put(pickled)", "Received: apple\n")


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
    `ProcessPoolExecutor` raise the error where you ask for the result, and continue with the
    other tasks.

    the task cannot be pickled | raises | raises
    """
    shown("unpicklable-item/task_of_pool", "TypeError: cannot pickle", "\ncherry packed")
    shown("unpicklable-item/task_of_executor", "TypeError: cannot pickle", "\ncherry packed")


def hangs() -> None:
    """A `Pool` hangs if the receiving process cannot unpickle what it receives:

    the worker cannot unpickle the task, for example does not find the function | hangs |
    BrokenProcessPool

    the result cannot be pickled | MaybeEncodingError | raises
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
