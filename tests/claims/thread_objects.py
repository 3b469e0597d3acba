"""What docs/pitfalls/thread-objects.md says."""

import multiprocessing.queues
import pickle
import queue
import threading
from multiprocessing import Event, Lock, Pipe, Pool, Process, Queue, get_start_method
from multiprocessing.connection import Connection
from typing import Any

from tests.claims import SURE, no_fact, raises, shown
from tests.claims._starts import in_a_child

LOCK = threading.Lock()
DONE = threading.Event()
ORDERS = queue.Queue[str]()


def _wait_for_it(line: "Connection[str, str]", done: Any, orders: Any) -> None:
    line.send("waiting")
    if done is not None:
        done.wait()
    elif orders is not None:
        orders.get()
    else:
        LOCK.acquire()


def _set(done: Any, orders: Any) -> None:
    done.set()
    orders.put("soup")


def _lock_is_locked(line: "Connection[bool, bool]") -> None:
    line.send(LOCK.locked())


def _what_is_there(line: "Connection[Any, str]") -> None:
    line.send("started")
    line.recv()
    line.send((DONE.is_set(), ORDERS.qsize()))


def _acquire(lock: Any, line: "Connection[bool, bool]") -> None:
    line.send(lock.acquire(block=False))


def of_multiprocessing() -> None:
    """Use the `Queue`, `Lock` and `Event` of `multiprocessing`, and pass them to the process as
    arguments: those of `queue` and `threading` connect only the threads of one process.
    """
    shown("thread-objects/queue_of_processes", "Order: soup\nDone: True", "args=(orders, done)")
    shown("thread-objects/queue_of_threads", "Output\nOrders: 0\nDone: False")
    shown("thread-objects/lock_of_processes", "Second worker: kept out")


def wrong_under_fork() -> None:
    """Silent under `fork`. The program ends with exit status 0: the queue is empty, the event is
    not set, and the lock does not keep the processes apart.
    """
    shown("thread-objects/queue_of_threads", "Output\nOrders: 0\nDone: False")
    shown("thread-objects/lock_of_threads", "Second worker: in the block")


def an_error() -> None:
    """Under `forkserver` and `spawn`, a program with such an object at module level is silently
    wrong, too. An argument raises an error in `start()`:
    """
    shown("thread-objects/queue_of_threads", "exit status 1", "cannot pickle '_thread.lock' object")
    shown("thread-objects/lock_of_threads", "Output\nFirst worker: in the block\nSecond worker: in")


def why() -> None:
    """Such an object is in the memory of one process. `fork` copies that memory, and each process
    then uses its own copy. `forkserver` and `spawn` pickle the arguments, and a lock cannot be
    pickled; `queue.Queue` and `threading.Event` have one inside. What is made at module level is
    made again by an import there, and is not the parent's.
    """
    for item in threading.Lock(), queue.Queue[int](), threading.Event():
        with raises(TypeError, text="cannot pickle '_thread.lock' object"):
            pickle.dumps(item)
    receiver, sender = Pipe(duplex=False)
    with LOCK:
        in_a_child(_lock_is_locked, sender)
    assert receiver.recv() == (get_start_method() == "fork")
    receiver.close()
    sender.close()


def for_processes() -> None:
    """`queue.Queue()` | `multiprocessing.Queue()`

    the same, with `task_done()` and `join()` | `multiprocessing.JoinableQueue()`

    `RLock`, `Condition`, `Semaphore`, `Barrier` of `threading` | those of `multiprocessing`

    `threading.Event()` | `multiprocessing.Event()`
    """
    shown("thread-objects/queue_of_processes", "Queue()", "Event()", "Order: soup\nDone: True")
    shown("joinable-queue/smallest", ".task_done()", ".join()")
    for name in "task_done", "join":
        assert hasattr(queue.Queue, name)
        assert not hasattr(multiprocessing.queues.Queue, name)
    for name in "RLock", "Condition", "Semaphore", "Barrier":
        assert hasattr(threading, name)
        assert hasattr(multiprocessing, name)


def a_lock_for_processes() -> None:
    """`threading.Lock()` | `multiprocessing.Lock()`"""
    shown("thread-objects/lock_of_processes", "till = Lock()", "Second worker: kept out")


def _acquire_at_once(semaphore: threading.Semaphore) -> None:
    raise SystemExit(not semaphore.acquire(blocking=False))


def waits_forever() -> None:
    """A program that waits for such an item or event, with `orders.get()` or `done.wait()`, waits
    forever under `fork`; if the object is at module level, it does so under every start method.
    Under `fork`, so does a child that acquires a `Lock` or a `Semaphore` that the parent
    held in `start()`: the child's copy stays locked. An `RLock` does not stop the child if the
    thread that called `start()` held it.
    """
    first, second = Pipe()
    child = Process(target=_what_is_there, args=(second,))
    child.start()
    assert first.recv() == "started"
    _set(DONE, ORDERS)
    first.send("both are there")
    assert first.recv() == (False, 0)
    child.join()
    first.close()
    second.close()
    DONE.clear()
    ORDERS.get()
    if get_start_method() != "fork":
        return
    with (reentrant := threading.RLock()):
        child = Process(target=reentrant.acquire)
        child.start()
        child.join()
    assert child.exitcode == 0
    with (semaphore := threading.Semaphore()):
        child = Process(target=_acquire_at_once, args=(semaphore,))
        child.start()
        child.join()
    assert child.exitcode == 1
    orders, done = queue.Queue[str](), threading.Event()
    line, end = Pipe()
    workers = [
        Process(target=_wait_for_it, args=(end, done, None)),
        Process(target=_wait_for_it, args=(end, None, orders)),
        Process(target=_wait_for_it, args=(end, None, None)),
    ]
    for worker in workers:
        with LOCK:
            worker.start()
        assert line.recv() == "waiting"
    _set(done, orders)
    workers[0].join(SURE)
    for worker in workers:
        assert worker.is_alive()
        worker.kill()
        worker.join()
    line.close()
    end.close()


def read_them() -> None:
    """Read the items before `join()`."""
    no_fact("advice")


def not_in_a_pool() -> None:
    """A `Queue`, `Lock` or `Event` of `multiprocessing` cannot be an argument of a pool's `map` or
    an executor's `submit`: pass it with the initializer.
    """
    from concurrent.futures import ProcessPoolExecutor

    shown("pool-argument/every_message", "RuntimeError")
    things: list[Any] = [Queue(), Lock(), Event()]
    with Pool(1) as pool, ProcessPoolExecutor(1) as executor:
        for thing in things:
            with raises(RuntimeError, text="only be shared between processes"):
                pool.map(print, [thing])
            with raises(RuntimeError, text="only be shared between processes"):
                executor.submit(print, thing).result()


def at_the_same_time() -> None:
    """Both workers are in the `with` block at the same time, under every start method, and there
    is no error:
    """
    shown("thread-objects/lock_of_threads", "First worker: in the block\nSecond worker: in the")
    shown("thread-objects/lock_of_threads", 'with till:\n        line.send("in the block")')


def not_at_module_level() -> None:
    """A `multiprocessing.Lock()` at module level is not the fix: under `forkserver` and `spawn`, a
    child does not have the parent's. Make it under the main guard, and pass it as an argument:
    """
    shown("lock/module_level", "with lock:", "Output\nThe worker got it as well: True")
    receiver, sender = Pipe(duplex=False)
    lock = Lock()
    with lock:
        in_a_child(_acquire, lock, sender)
    assert receiver.recv() is False
    receiver.close()
    sender.close()
