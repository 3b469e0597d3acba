"""What docs/syntax/pool.md says."""

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from functools import partial
from io import StringIO
from multiprocessing import (
    Event,
    Lock,
    Manager,
    Pool,
    Queue,
    TimeoutError,
    Value,
    active_children,
    get_context,
    get_start_method,
)
from multiprocessing.pool import ApplyResult, MapResult, ThreadPool
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue as QueueType
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventType
from pickle import PicklingError
from typing import Any

from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, changed, no_fact, on, raises, script, shown

REPLACED = """
import os
from multiprocessing import Pool

if __name__ == "__main__":
    with Pool(1, maxtasksperchild=1) as pool:
        print(pool.apply(os.getpid) != pool.apply(os.getpid))
        pool.close()
        pool.join()
"""

FEW_AHEAD = """
    from itertools import count

    with Pool(2) as pool:
        results = few_ahead(pool, double, numbers([], None), 8)
"""

SEMAPHORE = """
from itertools import count
from multiprocessing import Pool
from threading import Semaphore
from time import sleep

room, asked, released = Semaphore(8), [], []

def double(number):
    return 2 * number // (number != FAILS)

def numbers():
    for number in count():
        asked.append(number)
        room.acquire()
        yield number

if __name__ == "__main__":
    with Pool(2) as pool:
        try:
            for result in pool.imap(double, numbers()):
                released.append(result)
                room.release()
                if result == LAST:
                    break
        finally:
            while len(asked) <= 8 + len(released):  # until the generator waits
                sleep(0.01)
            print("left", flush=True)
"""

calls: "Synchronized[int]"  # of a worker, as is the event: an initializer sets them
may_go_on: EventType
late = ""  # until a check sets it


def _keep(counter: "Synchronized[int]") -> None:
    global calls
    calls = counter
    with counter.get_lock():
        counter.value += 1


def _keep_event(event: EventType) -> None:
    global may_go_on
    may_go_on = event


def _get_late() -> str:
    return late


def _wait(_: object = None) -> None:
    may_go_on.wait()


def _calls(_: object = None) -> tuple[int, int]:
    return calls.value, os.getpid()


def _area(width: int, height: int = 10) -> int:
    return width * height


def _price(text: str) -> float:
    return float(text)


def free_workers() -> None:
    """A `multiprocessing.Pool` runs one function on many items in parallel: it has a fixed number
    of workers, and each worker that is free gets the next items and sends their results back.

    `processes` | the number of workers (60 or fewer on Windows before Python 3.13); `None`:
    `os.process_cpu_count()`, before Python 3.13 `os.cpu_count()`

    The workers start at once, before there are any tasks.

    If tasks are few and long, set `chunksize=1`: each worker that is free then gets the next
    item.
    """
    before = set(active_children())
    event = Event()
    with Pool(2, _keep_event, (event,)) as pool:
        workers = set(active_children()) - before
        assert len(workers) == 2
        handles = 60 + len(pool._get_sentinels())  # type: ignore[attr-defined]
        assert handles < 63  # from which on Windows has its ValueError
        held = pool.apply_async(_wait)
        answered = pool.map(_pid, range(4), chunksize=1)
        assert len(set(answered)) == 1
        assert set(active_children()) - before == workers
        event.set()
        held.get(timeout=TIME_LIMIT)


def _pid(_: object) -> int:
    return os.getpid()


def copies() -> None:
    """Arguments and results are pickled, so each process has a copy of its own. To share memory
    or a lock with all workers, use an initializer.

    `initializer` | a function that each worker calls once, before its first task

    `initargs` | the arguments of `initializer`, a tuple

    `maxtasksperchild` | after that many tasks a worker ends, and a new one replaces it; `None`:
    the workers stay

    The initializer stores it in a global of the worker, where each task finds it.

    Under `fork` a worker also has a copy of the parent's globals, so a program that relies on
    them may work without an initializer there.
    """
    global late
    counter = Value("i", 0)
    with Pool(1, initializer=_keep, initargs=(counter,), maxtasksperchild=2) as pool:
        seen = [pool.apply(_calls) for _ in range(3)]
        pool.close()
        pool.join()
    assert [pid == seen[0][1] for _, pid in seen] == [True, True, False]
    assert [began for began, _ in seen][:2] == [1, 1]
    assert counter.value == 2
    numbers = [1]
    late = "set late"
    with Pool(1) as pool:
        assert pool.apply(_get_late) == ("set late" if get_start_method() == "fork" else "")
        stays = {pool.apply(os.getpid) for _ in range(3)}
        assert pool.apply(_append, (numbers,)) == [1, 2]
    assert numbers == [1]
    assert len(stays) == 1


def _append(numbers: list[int]) -> list[int]:
    numbers.append(2)
    return numbers


def of_a_context() -> None:
    """The default start method starts the workers. For another one, call the `Pool` of a context:
    `get_context("spawn").Pool(2)`.
    """
    prefixes = {"fork": "Fork", "forkserver": "ForkServer", "spawn": "Spawn"}
    with Pool(1) as default, get_context("spawn").Pool(1) as other:
        assert _worker_names(default) == [prefixes[get_start_method()] + "PoolWorker"]
        assert _worker_names(other) == ["SpawnPoolWorker"]


def _worker_names(pool: object) -> list[str]:
    return [worker.name.partition("-")[0] for worker in pool._pool]  # type: ignore[attr-defined]


def each_call() -> None:
    """`map(func, iterable, chunksize=None)` | a list of the results, in the order of the items,
    when all are done

    `starmap(func, iterable, chunksize=None)` | the same; each item is a tuple with the arguments
    of one call

    `imap(func, iterable, chunksize=1)` | an iterator, at once; it yields the results in the order
    of the items

    `imap_unordered(func, iterable, chunksize=1)` | an iterator, at once; it yields each result
    when it arrives, in any order

    `apply(func, args=(), kwds={})` | the result of one call, when it is done

    `apply_async(func, args=(), kwds={}, callback=None, error_callback=None)` | an `AsyncResult`
    for one call, at once

    `map_async(func, iterable, chunksize=None, callback=None, error_callback=None)` | an
    `AsyncResult` for what `map` returns, at once

    `starmap_async(func, iterable, chunksize=None, callback=None, error_callback=None)` | an
    `AsyncResult` for what `starmap` returns, at once

    `wait(timeout=None)` | waits until the task is done, or for `timeout` seconds

    `ready()` | whether the task is done

    After the timeout the task goes on.
    """
    event = Event()
    pairs = [(1, 2), (3, 4)]
    with Pool(3, _keep_event, (event,)) as pool:
        held = pool.apply_async(_wait)
        unordered = pool.imap_unordered(_first_waits, range(2))
        assert next(unordered) == 1
        ordered = pool.imap(_first_waits, range(3))
        with raises(TimeoutError):
            held.get(timeout=0)
        held.wait(timeout=0)
        assert not held.ready()
        event.set()
        held.wait()
        assert held.ready()
        assert held.get() is None
        assert list(ordered) == [0, 1, 2]
        assert list(unordered) == [0]
        assert pool.map(_area, [3, 1]) == [30, 10]
        assert pool.starmap(_area, pairs) == [2, 12]
        assert pool.apply(_area, (4,), {"height": 5}) == 20
        for result, expected in [
            (pool.map_async(_area, [3, 1]), [30, 10]),
            (pool.starmap_async(_area, pairs), [2, 12]),
        ]:
            assert isinstance(result, ApplyResult)
            assert result.get() == expected
    shown("pool/every_call", "imap_unordered: [10, 20, 30]", "apply: 20", "apply_async: 60")


def _first_waits(index: int) -> int:
    if index == 0:
        may_go_on.wait()
    return index


def lists() -> None:
    """`map` and `starmap` first make a list of an iterable that has no length, such as a
    generator.

    `map` divides the items into chunks, and each chunk is one task. Without `chunksize`, there
    are at most four chunks for each worker.

    The parent has three threads for that: one writes the tasks, one reads the results, and one
    replaces each worker that has ended.
    """
    threads = set(threading.enumerate())
    read = threading.Event()
    with Pool(1) as pool:
        assert len(set(threading.enumerate()) - threads) == 3
        pool.map_async(abs, _numbers(read))
        assert read.is_set()
        for items in range(1, 20):
            result = pool.map_async(abs, range(items))
            assert isinstance(result, MapResult)
            size = result._chunksize  # type: ignore[attr-defined]
            assert -(-items // size) <= 4
        assert -(-16 // 4) == 4 == pool.map_async(abs, range(16))._chunksize  # type: ignore[attr-defined]


class _Ten:
    """It says that it has ten items, and gives five, or raises an error after three."""

    def __init__(self, error: bool) -> None:
        self.error = error

    def __len__(self) -> int:
        return 10

    def __iter__(self) -> Iterator[Any]:
        yield from range(3)
        if self.error:
            raise OSError
        yield from range(2)


def a_wrong_length() -> None:
    """If an iterable has a length, but raises an error while it is read or gives fewer items,
    they may wait forever.
    """
    with Pool(1) as pool:
        results: list[ApplyResult[list[int]]] = [
            pool.map_async(abs, _Ten(error=True), 1),
            pool.map_async(abs, _Ten(error=False), 1),
            pool.starmap_async(_area, _Ten(error=True), 1),
        ]
        pool.apply(int)  # after all that they give
        for result in results:
            with raises(TimeoutError):
                result.get(timeout=SURE / 2)


class _Three:
    """It says that it has two items, and gives three."""

    def __len__(self) -> int:
        return 2

    def __iter__(self) -> Iterator[int]:
        return iter([0, -1, -2])


def _wait_if_0(number: int) -> int:
    assert number or may_go_on.wait(TIME_LIMIT)
    return number


def a_length_that_is_too_small() -> None:
    """If it gives more items, results are missing or in the wrong place, and no error is
    reported.
    """
    with Pool(1) as pool:
        assert pool.map(abs, _Three(), 1) == [0, 1]
    with Pool(2, _keep_event, (go_on := Event(),)) as pool:
        assert pool.map(_wait_if_0, _Three(), 1) == [None, -1, -2]
        go_on.set()
        pool.close()
        pool.join()  # a worker that is terminated while it sends a result keeps the lock for that


def no_chunks() -> None:
    """With a `chunksize` of 0 or less they do not call the function and return a list of `None`,
    while `imap` and `imap_unordered` raise `ValueError`.
    """
    counter = Value("i", 0)
    with Pool(1, _keep, (counter,)) as pool:
        for size in [0, -1]:
            assert pool.map(_count, [1, 2], size) == [None, None]
            assert pool.starmap(_count, [(1,), (2,)], size) == [None, None]
            for read in [pool.imap, pool.imap_unordered]:
                with raises(ValueError, text="Chunksize must be 1+"):
                    list(read(_count, [1, 2], size))
        pool.apply(int)  # after all that was given to the worker
        assert counter.value == 1  # the initializer counts once


def _count(_: object) -> int:
    calls.value += 1
    return 1


def asked_for() -> None:
    """`get(timeout=None)` | waits for the result and returns it, or raises the exception of the
    task

    `successful()` | whether the task is done without an exception

    If the result has not arrived within `timeout` seconds, `get(timeout)` raises
    `multiprocessing.TimeoutError`, which is not Python's built-in `TimeoutError`:

    While the task is not done, `successful()` raises `ValueError`.
    """
    shown("pool", "issubclass(multiprocessing.TimeoutError, TimeoutError)", "#> False")
    shown("pool/every_message", 'attempt("too early", result.successful)', "not ready")
    with Pool(1) as pool:
        good, bad = (pool.apply_async(_price, (text,)) for text in ["12", "free"])
        assert good.get() == 12
        assert good.successful()
        with raises(ValueError, text="free"):
            bad.get()
        assert not bad.successful()


def how_it_ends() -> None:
    """`close()` | accepts no more tasks; the workers end when all tasks are done

    `join()` | waits until the workers have ended; before `close()` or `terminate()` it raises
    `ValueError`

    `terminate()` | ends the workers without waiting for their tasks; results that have not
    arrived are lost
    """
    event = Event()
    with Pool(1, _keep_event, (event,)) as pool:
        with raises(ValueError, text="Pool is still running"):
            pool.join()
        results = pool.map_async(_wait, range(2), 1)
        pool.close()
        with raises(ValueError, text="Pool not running"):
            pool.apply(int)
        event.set()
        pool.join()
        assert results.get() == [None, None]
    event.clear()
    with Pool(1, _keep_event, (event,)) as pool:
        (worker,) = pool._pool  # type: ignore[attr-defined]
        lost = pool.apply_async(_wait)
        pool.terminate()
    assert not worker.is_alive()
    assert not lost.ready()


def inside_the_block() -> None:
    """So fetch every result inside the block, or call `close()` and `join()` there. Otherwise,
    results are lost.
    """
    shown("pool-not-running/inside_with", "Output\n")
    shown("pool-not-running/lost", "Output")


def never_closed() -> None:
    """When a pool that was never closed is deleted, Python warns with `unclosed running
    multiprocessing pool`. The warning is hidden by default; `python -X dev` shows it, and so does
    this program:
    """
    shown(
        "pool/not_closed",
        'simplefilter("default", ResourceWarning)',
        "ResourceWarning: unclosed running multiprocessing pool",
    )
    code = (
        "from multiprocessing import Pool\ndef main():\n    pool = Pool(1)\n"
        "if __name__ == '__main__':\n    main()\n"
    )
    assert "ResourceWarning" not in script(code).stderr
    assert "unclosed running multiprocessing pool" in script(code, "-X", "dev").stderr


KILLED_WHILE_IT_SENDS = """
from multiprocessing import Pool
from threading import Event
from time import sleep

if __name__ == "__main__":
    with Pool(1) as pool:
        (worker,) = pool._pool
        called, go_on = Event(), Event()
        pool.apply_async(int, callback=lambda _: called.set() or go_on.wait())
        called.wait()  # nobody reads results
        pool.apply_async(bytes, (1_000_000,))
        while not pool._outqueue._reader.poll():
            sleep(0.01)
        worker.kill()
        worker.join()
        go_on.set()
        print("killed", flush=True)
"""
CLOSED_AFTER_A_TIMEOUT = """
import os
from multiprocessing import Pool, TimeoutError

if __name__ == "__main__":
    pool = Pool(1)
    lost = pool.map_async(os._exit, [1])
    try:
        lost.get(timeout=1)
    except TimeoutError:
        pool.close()
        print("no answer", flush=True)
        pool.join()
"""
WAITS_IN_CALLBACK = """
from multiprocessing import Pool
from threading import Event


def main():
    begun = Event()

    def wait(number):
        begun.set()
        pool.apply(abs, (number,))

    with Pool(2) as pool:
        pool.apply_async(abs, (-1,), callback=wait)
        begun.wait()
        print("leaves", flush=True)


if __name__ == "__main__":
    main()
"""


def a_callback_that_waits() -> None:
    """A callback that waits for another task of the same pool waits forever, and then so does the
    end of the `with` block.
    """
    assert script(WAITS_IN_CALLBACK, hangs_after="leaves").status is None


def called_by_the_parent() -> None:
    """`apply_async`, `map_async` and `starmap_async` accept two functions, which the parent calls:
    `callback` with the result, or `error_callback` with the exception. They run in the
    thread of the parent that receives results, so they should be short. If an argument cannot be
    pickled, `error_callback` runs in the thread that writes the tasks instead. For an empty
    iterable, neither of them is called.
    """
    told: list[tuple[object, threading.Thread]] = []

    def tell(what: object) -> None:
        told.append((what, threading.current_thread()))

    with Pool(1) as pool:
        for text in ["12", "free"]:
            pool.apply_async(_price, (text,), callback=tell, error_callback=tell)
            pool.map_async(_price, [text], callback=tell, error_callback=tell)
            pool.starmap_async(_price, [(text,)], callback=tell, error_callback=tell)
        assert pool.map_async(_price, [], callback=tell, error_callback=tell).get() == []
        assert pool.starmap_async(_price, [], callback=tell, error_callback=tell).get() == []
        pool.close()
        pool.join()
        thread = pool._result_handler  # type: ignore[attr-defined]
    assert len(told) == 6
    assert [what for what, _ in told[:3]] == [12.0, [12.0], [12.0]]
    assert [type(what) for what, _ in told[3:]] == [ValueError] * 3
    assert {by for _, by in told} == {thread}
    with Pool(1) as pool:
        with raises(TypeError):
            pool.apply_async(abs, (threading.Lock(),), error_callback=tell).get(TIME_LIMIT)
        assert told[-1][1] is pool._task_handler  # type: ignore[attr-defined]
    shown("pool/callbacks", "callback=prices.append", "error_callback=errors.append")


def a_callback_that_raises() -> None:
    """In Python 3.11 to 3.15, an exception in a callback ends its thread, and its traceback goes
    to standard error. `sys.exit()` in a callback ends only this thread, too, and nothing is
    shown. After either, `get()` and `join()` wait forever, for this task and all later ones, and
    `terminate()` or the end of the `with` block raises `AssertionError`.
    """
    assert "ZeroDivisionError: division by zero" in _ends_its_thread(_fail)
    assert _ends_its_thread(sys.exit) == ""


def _ends_its_thread(callback: Callable[[Any], object]) -> str:
    """Give what is shown of the error."""
    said = StringIO()
    show = threading.excepthook

    def listen(error: threading.ExceptHookArgs) -> None:
        with redirect_stderr(said):
            show(error)

    threading.excepthook = listen
    try:
        before = set(active_children())
        with raises(AssertionError, text="Cannot have cache with result_hand"), Pool(1) as pool:
            first = pool.apply_async(abs, (-1,), callback=callback)
            pool._result_handler.join(TIME_LIMIT)  # type: ignore[attr-defined]
            assert not pool._result_handler.is_alive()  # type: ignore[attr-defined]
            second = pool.apply_async(abs, (-2,))
            pool.close()
            joins = threading.Thread(target=pool.join, daemon=True)
            joins.start()
            for result in [first, second]:
                with raises(TimeoutError):
                    result.get(timeout=SURE / 2)
            assert joins.is_alive()
    finally:
        threading.excepthook = show
    for worker in set(active_children()) - before:
        worker.terminate()
        worker.join()
    joins.join()
    return said.getvalue()


def the_other_thread_ends() -> None:
    """If the thread that writes the tasks has ended, they may wait forever instead."""
    show = threading.excepthook
    threading.excepthook = lambda _: None
    pool = Pool(1)
    try:
        pool.apply(int)
        first = pool.apply_async(abs, (threading.Lock(),), error_callback=_fail)
        pool._task_handler.join(TIME_LIMIT)  # type: ignore[attr-defined]
    finally:
        threading.excepthook = show
    lock = pool._inqueue._rlock  # type: ignore[attr-defined]
    while not lock._semlock._is_zero():  # until the worker waits for a task
        time.sleep(PAUSE)
    end = threading.Thread(target=pool.terminate)
    end.start()
    end.join(SURE)
    assert end.is_alive()
    assert not first.ready()
    pool._inqueue._writer.send(None)  # type: ignore[attr-defined]  # in place of the thread
    end.join()


def a_key_error() -> None:
    """A `KeyError` does not end the thread and is not shown: then `join()` and the `get()` of this
    task wait forever, but later tasks are done.
    """
    failed: list[threading.ExceptHookArgs] = []
    show = threading.excepthook
    threading.excepthook = failed.append
    try:
        with Pool(1) as pool:
            first = pool.apply_async(abs, (-1,), callback={}.pop)
            assert pool.apply_async(abs, (-2,)).get(TIME_LIMIT) == 2
            pool.close()
            joins = threading.Thread(target=pool.join)
            joins.start()
            with raises(TimeoutError):
                first.get(timeout=SURE)
            assert joins.is_alive()
        joins.join()
    finally:
        threading.excepthook = show
    assert not failed


def _fail(_: object) -> None:
    raise ZeroDivisionError("division by zero")


def catch_it() -> None:
    """So catch every exception in the callback itself, and let the main thread end the program.

    If the work is one long-running loop in each worker: a Process for each, and a Queue.

    To get an answer for every item, catch the exception in the function and return it.

    The next section explains how big a chunk is.

    A pool raises these errors for arguments and calls that it does not accept:
    """
    no_fact("advice, and introductions")


def the_first_error() -> None:
    """`map` waits until all chunks are done, and then raises the error that came back first. It
    returns no results, not even the good ones. `imap` raises at the item that failed. If its
    `chunksize` is 1, the default, you can then ask for the next result.
    """
    shown(
        "pool/first_error",
        "map: could not convert string to float: 'free'",
        "imap: 9.5\nimap: could not convert string to float: 'free'\nimap: 12.0",
    )
    event = Event()
    with Pool(2, _keep_event, (event,)) as pool:
        result = pool.map_async(_wait_or_fail, ["wait", "one", "two"], 1)
        assert pool.apply(int) == 0
        assert not result.ready()
        event.set()
        with raises(ValueError, text="one"):
            result.get()


def _wait_or_fail(what: str) -> None:
    if what == "wait":
        may_go_on.wait()
    else:
        raise ValueError(what)


def the_iterator_ends() -> None:
    """With bigger chunks the iterator ends there, without another error, and the results of all
    later chunks are lost.

    `imap` and `imap_unordered` read their input as fast as the workers accept it, whether or not
    you fetch the results. Results that you have not fetched are kept in the parent. So an input
    that is big or has no end can fill the memory.

    An error ends its chunk: the later items of the same chunk are not processed, and the
    results of the earlier ones are lost.
    """
    shown("pool/error_in_chunk", '["free", "12"', "chunksize=1: 6 of 6", "chunksize=3: 4 of 6")
    texts = ["9.50", "free", "12", "5", "7", "8"]
    ended = threading.Event()
    with Pool(1) as pool:
        for prices in [pool.imap(_price, texts, 2), pool.imap_unordered(_price, texts, 2)]:
            with raises(ValueError, text="free"):
                next(prices)
            assert list(prices) == []
        results = pool.imap(abs, _numbers(ended))
        assert ended.wait(TIME_LIMIT)
        assert list(results) == list(range(500))
        unordered = pool.imap_unordered(abs, _numbers(ended := threading.Event()))
        assert ended.wait(TIME_LIMIT)
        assert sorted(unordered) == list(range(500))


def _numbers(ended: threading.Event) -> Iterator[int]:
    yield from range(500)
    ended.set()


def one_task_each() -> None:
    """`imap` and `imap_unordered` send each item as a task of its own unless you set `chunksize`.

    A whole chunk counts as one task. The pools in this program have one worker at a time, and
    the program counts the different process IDs:
    """
    shown(
        "pool/new_workers",
        "len(seen)",
        "ctx.Pool(1, maxtasksperchild=1)",
        "chunksize=1: 6",
        "chunksize=3: 2",
    )
    with Pool(1, maxtasksperchild=1) as pool:
        for read in [pool.imap, pool.imap_unordered]:
            assert len(set(read(_pid, range(2)))) == 2
            assert len(set(read(_pid, range(2), chunksize=2))) == 1


def held_back() -> None:
    """In Python 3.14 and later, the `map` of a ProcessPoolExecutor can be held back."""
    shown("process-pool-executor/few_at_a_time", "buffersize=")


def the_call() -> None:
    """`Pool(processes=None, initializer=None, initargs=(), maxtasksperchild=None)`"""
    from inspect import signature

    named = "(processes=None, initializer=None, initargs=(), maxtasksperchild=None)"
    assert str(signature(Pool)) == named


def as_an_argument() -> None:
    """A `Value`, `Lock`, `Array` or `Queue` cannot be an argument of a task: that raises
    `RuntimeError`. Pass it in `initargs` instead.

    A `Value`, `Lock` or `Queue` as an argument raises `RuntimeError`: "should only be shared
    between processes through inheritance".
    """
    shown(
        "pool-argument/every_message",
        "RuntimeError: Synchronized objects should only be shared between processes through",
        "RuntimeError: Lock objects should only be shared",
        "RuntimeError: SynchronizedArray objects should only be shared",
        "RuntimeError: Queue objects should only be shared",
    )
    shown("pool/shared_in_workers", "initargs=shared", "Total: 27\nPer shop: [15, 7, 5]")


def what_can_be_pickled() -> None:
    """Arguments, results and exceptions can be whatever can be pickled and unpickled; the receiver
    gets a copy. The function itself must stand at module level, or be a method or a
    `functools.partial` that can be pickled; a lambda or local function raises an error under
    every start method.

    A proxy of a Manager can be an argument of a task, if you keep it in a variable and the
    manager has no `authkey` of its own.
    """
    with Manager() as manager, Pool(1) as pool:
        numbers = manager.list([1])
        assert pool.apply(_append_twice, (numbers,)) == 3
        assert list(numbers) == [1, 2, 2]
        assert pool.apply("a,b".split, (",",)) == ["a", "b"]
        assert pool.apply(partial(_area, 2), (3,)) == 6
        with raises(AttributeError, PicklingError):
            pool.apply(lambda: 0)
    shown("exceptions/each_task", "except", "Output")


def _append_twice(numbers: list[int]) -> int:
    for _ in range(2):
        numbers.append(2)
    return len(numbers)


def changed_later() -> None:
    """After `apply_async` or `map_async`, do not change an argument: it may be pickled only later,
    with the change.
    """
    event = Event()
    with Pool(1, _keep_event, (event,)) as pool:
        pool.apply_async(_wait)
        pool.apply_async(len, (bytes(1_000_000),))
        order = {"crates": 2}
        orders = [order]
        one = pool.apply_async(dict[str, int], (order,))
        many = pool.map_async(dict[str, int], orders)
        order["crates"] = 99
        event.set()
        assert one.get() == {"crates": 99}
        assert many.get() == [{"crates": 99}]


def shared_with_all() -> None:
    """With `initializer` you can share a Value, Array, Lock, Event or Queue, and pass big data once
    to each worker instead of once to each task.
    """
    shown("pool/shared_in_workers", "set_shared(total, per_shop)", "Total: 27")
    shown("globals/with_initializer", "Output")
    queue: QueueType[int] = Queue()
    shared = (Lock(), queue)
    with Pool(1, _use, shared) as pool:
        assert queue.get() == 7
        pool.close()
        pool.join()
    queue.close()


def _use(lock: object, queue: "QueueType[int]") -> None:
    with lock:  # type: ignore[attr-defined]
        queue.put(7)


def what_goes_wrong() -> None:
    """A task that is given to the pool too late raises "Pool not running".

    An error of `apply_async` is not shown if nobody calls `get()`.

    If a worker is killed while it runs a task, `map` waits forever.

    If the initializer raises, `map` waits forever.

    A result that cannot be pickled raises MaybeEncodingError.

    An exception that cannot be unpickled makes the pool hang.

    Without a main guard, under `forkserver` and `spawn`, the workers cannot start.
    """
    shown("pool-not-running/after_with", "ValueError: Pool not running")
    shown("unseen-error/not_asked", "pool.apply_async(pack", "raise ValueError", "All packed")
    shown("killed-worker/pool_hangs", "os._exit", "pool.map", "still running after 5 s")
    shown("pool/initializer_raises", "pool.map", "still running after 5 s")
    shown("unpicklable-result/in_pool", "MaybeEncodingError")
    shown("unpicklable-exception/pool_hangs", "still running after")
    shown("main-guard/unguarded_process", "freeze_support()", "Standard error")


def daemons() -> None:
    """A task cannot start processes with `multiprocessing`, because workers are daemons:
    "daemonic processes are not allowed to have children".
    """
    shown("daemon-children/in_pool_worker", "daemonic processes are not allowed to have children")


def a_comma() -> None:
    """If the arguments of `apply_async` are not a tuple, you may have forgotten a comma."""
    shown("pool/every_message", "pool.apply_async(abs, (1))", "after * must be an iterable")


def again_and_again() -> None:
    """The worker ends, the pool replaces it, and the new worker ends, too, again and again, while
    `map` waits forever. Each worker writes its traceback to standard error; this program turns
    that off.
    """
    shown("pool/initializer_raises", "sys.stderr = None", "still running after 5 s")
    begun = Value("i", 0)
    said = os.dup(2)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 2)
    try:
        with Pool(1, _wait_and_fail, (begun, enough := Event(), submitted := Event())) as pool:
            result = pool.map_async(abs, [1])
            submitted.set()
            assert enough.wait(TIME_LIMIT)
            assert begun.value >= 3
            assert not result.ready()
    finally:
        os.dup2(said, 2)
        os.close(said)
        os.close(silent)


def between_two_workers() -> None:
    """If no worker is there when `map` is called, because the only one is being replaced, it
    raises `ZeroDivisionError` at once.
    """
    from unittest.mock import patch

    context = get_context()
    new_process, replacing, failed = context.Process, threading.Event(), threading.Event()

    def replace(**arguments: Any) -> BaseProcess:
        if threading.current_thread() is not threading.main_thread():
            replacing.set()
            failed.wait()
        return new_process(**arguments)

    with patch.object(context, "Process", replace), context.Pool(1, os._exit, (1,)) as pool:
        assert replacing.wait(TIME_LIMIT)
        try:
            with raises(ZeroDivisionError):
                pool.map(abs, [1])
        finally:
            failed.set()


def _wait_and_fail(begun: "Synchronized[int]", enough: EventType, submitted: EventType) -> None:
    submitted.wait()  # between two workers, map() divides by the number of workers: by 0
    with begun.get_lock():
        begun.value += 1
        if begun.value >= 3:
            enough.set()
    raise ValueError


def instead() -> None:
    """A ProcessPoolExecutor raises BrokenProcessPool instead.

    If a worker may be killed, or you need `as_completed` or `cancel`: ProcessPoolExecutor, which
    raises an error where `Pool` hangs.
    """
    shown("process-pool-executor/initializer_fails", "BrokenProcessPool", "Exception in init")
    shown("killed-worker/executor_raises", "os._exit", "BrokenProcessPool")
    shown("process-pool-executor/as_they_finish", "as_completed(")
    shown("process-pool-executor/cancelled", ".cancel()")


def replaced_by_a_thread() -> None:
    """A worker that replaces another one is started by a thread of the pool, for example with
    `maxtasksperchild`. Under `fork` that is a fork of a process with threads, of which Python
    3.12 and later warn with `-X dev`. So `new_workers.py` above uses `get_context("spawn")`.
    """
    run = script(REPLACED, "-X", "dev")
    assert run.stdout == "True\n"
    warns = get_start_method() == "fork" and on("Python 3.12 and later")
    assert ("is multi-threaded, use of fork()" in run.stderr) == warns
    assert "use of fork()" not in script(REPLACED).stderr
    shown("pool/new_workers", 'ctx = get_context("spawn")')


def the_same_under_all() -> None:
    """The programs on this page print the same under `fork`, `forkserver` and `spawn`.

    With an initializer it works under every start method.
    """
    shown("pool/shared_in_workers", "initializer=set_shared", "Output\nTotal: 27")
    folder = ROOT / "examples" / "pool"
    outputs = {path.stem for path in folder.glob("*.out")}
    assert outputs == {path.stem for path in folder.glob("*.py")}


def held_back_by_the_loop() -> None:
    """For a pool, call `apply_async` for a few items at a time, as `few_ahead` does here. It yields
    the results in the order of the items. It ends with the first error of a task or of `items`,
    and the results that it has not yielded by then are lost. If you leave it early, or an error may
    end it, call `close()` and `join()` in the block, in a `finally`: the workers still have tasks.
    """
    in_a_finally = "        finally:\n            pool.close()\n            pool.join()\n"
    shown(
        "pool/reads_ahead",
        "imap: read before the first result: 1000\nsum: 999000",
        "few_ahead: read before the first result: 8\nsum: 999000",
    )
    sent = "len(results.gi_frame.f_locals['sent'])"
    leaves = f"        try:\n            print(next(results), {sent})\n{in_a_finally}"
    run = script(_few_ahead(leaves, ("limit", "limit")))
    assert (run.stdout, run.status) == ("0 7\n", 0)
    reads_on = (
        "        try:\n            for result in results:\n                print(result)\n"
        f"{in_a_finally}            print(list(results))\n"
    )
    for line, yielded in ("return 2 * number", 10), ("yield number", 3):
        run = script(_few_ahead(reads_on, (line, f"{line} // (number != 10)")))
        *results, after = run.stdout.splitlines()
        assert results == [str(2 * number) for number in range(yielded)]
        assert after == "[]"
        assert "ZeroDivisionError" in run.stderr
        assert run.status == 1


def _few_ahead(loop: str, change: tuple[str, str]) -> str:
    """The program with numbers that do not end, and this loop in place of its main."""
    code = changed(
        "pool/reads_ahead", ("range(1000)", "count()"), ("    ended.set()\n", ""), change
    )
    return code.replace("\n    main()\n", FEW_AHEAD + loop)


def held_back_by_a_semaphore() -> None:
    """A semaphore that a generator acquires for each item, and the loop releases after each
    result, holds `imap` back, too. But if a task raises an error, or you leave the loop, the end
    of the `with` block can wait for the generator forever.
    """
    for last, fails in [(20, -1), (-1, 10)]:
        code = SEMAPHORE.replace("LAST", str(last)).replace("FAILS", str(fails))
        run = script(code, hangs_after="left")
        assert (run.stdout, run.status) == ("left\n", None)


def with_threads() -> None:
    """To let threads do the tasks, with the same methods: `multiprocessing.pool.ThreadPool`."""
    assert issubclass(ThreadPool, multiprocessing.pool.Pool)
    with ThreadPool(1) as pool:
        assert pool.map(lambda _: os.getpid(), [1]) == [os.getpid()]


def what_becomes_of_it() -> None:
    """A pool returns the exception of a task.

    If a task calls `sys.exit()`, or if a worker is killed, `map()` waits forever.

    Where that may happen, use a ProcessPoolExecutor, or call `map_async(...).get(timeout)`. If that
    raises `TimeoutError`, leave the `with` block, or call `terminate()`: after `close()`, `join()`
    would wait forever for the lost task. If the killed worker had no task, or was sending a result,
    the end of the `with` block can wait forever all the same.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "pool/smallest",
        "If something fails",
        "a worker raises               status 1, told",
        "a worker calls sys.exit(3)    hangs",
        "a worker is killed            hangs",
    )
    shown("killed-worker/idle_killed", "still running after")
    shown("killed-worker/pool_timeout", "get(timeout=", "Output")
    outcome = script(CLOSED_AFTER_A_TIMEOUT, hangs_after="no answer")
    assert outcome.status is None
    if sys.platform != "win32":
        outcome = script(KILLED_WHILE_IT_SENDS, hangs_after="killed")
        assert (outcome.stdout, outcome.status) == ("killed\n", None)


def of_a_pool() -> None:
    """If the parent is killed, a worker that has a result fails with `BrokenPipeError`, in the line
    `put((job, i, result))`.
    """
    from tests.claims import ctrl_c

    if told := ctrl_c._result_for_nobody():
        assert "put((job, i, result))" in told
        assert told.endswith("BrokenPipeError: [Errno 32] Broken pipe\n")


def a_worker_that_handles_sigterm() -> None:
    """If `terminate()` does not return, a worker may handle SIGTERM, as the workers of a
    server do.
    """
    shown("inherited/not_terminated", "signal.signal(signal.SIGTERM, stop_later)")


def closed_too_late() -> None:
    """Close it before, by a `with` block, or by `close()` and `join()`."""
    no_fact("advice; what is printed otherwise is linked")


def one_processor_each() -> None:
    """The operating system moves workers between processors as it sees fit. On Linux, an
    initializer can pin each one to a processor:
    """
    shown("pool/pinned", "os.sched_setaffinity(0, {core})", "Output, on Linux\n[1, 1, 1, 1]")
    if sys.platform == "linux":  # a program that has not asked for it is on all that it may use
        assert len(os.sched_getaffinity(0)) == len(Pool(1).apply(os.sched_getaffinity, (0,)))


def measure_it() -> None:
    """Measure whether it helps: a pinned worker waits while another program runs on its
    processor.
    """
    no_fact("advice; what pinning means")


def the_next_in_turn() -> None:
    """A worker that replaces another one takes the next processor in turn, even if another worker
    is pinned to it.
    """
    program = changed(
        "pool/pinned",
        ("os.sched_setaffinity(0, {core})", "globals().update(mine=core)"),
        ("return len(os.sched_getaffinity(0))", "return mine"),
        ("sorted(os.sched_getaffinity(0))[:4]", "[0, 1]"),
        ("Pool(len(cores), stay_on_one, (turns,))", "Pool(1, stay_on_one, (turns,), 1)"),
        ("range(4))", "range(4), chunksize=1)"),
    )
    assert script(program).stdout == "[0, 1, 0, 1]\n"  # while nobody has taken 0


def several_arguments() -> None:
    """`starmap` calls the function with the values of a tuple, so it can replace a loop over
    `dict.items()` and, with `itertools.product`, nested loops.

    For arguments that are the same in all tasks, or are passed by name, use `functools.partial`:
    """
    shown("pool/several_arguments", "starmap(price, order.items())", "a dict: [10, 3]")
    shown("pool/several_arguments", "product(PRICES, [1, 10])", "nested loops: [2, 20, 3, 30]")
    shown("pool/several_arguments", "partial(price, weight=5", "by name: [9, 14]")


class _Counted:
    """Counts how often it is pickled."""

    times = 0

    def __reduce__(self) -> tuple[type, tuple[()]]:
        _Counted.times += 1
        return _Counted, ()


def with_each_chunk() -> None:
    """What a `partial` holds is pickled with each chunk."""
    with Pool(1) as pool:
        _Counted.times = 0
        pool.map(partial(isinstance, _Counted()), [int] * 6, chunksize=2)
    assert _Counted.times == 3


def big_data() -> None:
    """Pass big data with an initializer instead."""
    no_fact("advice")


def a_lower_priority() -> None:
    """On Linux and macOS, `Pool(2, os.nice, (10,))` starts workers with a lower priority than the
    other programs have.
    """
    if sys.platform != "win32":
        expected = min(os.nice(0) + 10, 19)
        with Pool(2, os.nice, (10,)) as pool:
            assert pool.apply(os.nice, (0,)) == expected


def join_waits_for_all() -> None:
    """`join()` after `close()` waits until all tasks are done. It never returns if a task does not
    end, if a worker is killed in a task, or if its exception cannot be rebuilt.

    Find out where it waits.
    """
    pool = Pool(2)
    results = [pool.apply_async(time.sleep, (PAUSE * number,)) for number in range(8)]
    pool.close()
    pool.join()
    assert all(result.ready() for result in results)
    lost = changed(
        "unpicklable-exception/pool_hangs",
        ('pool.map(order, ["apple"])', 'pool.map_async(order, ["apple"])'),
        ("        except", "            pool.close()\n            pool.join()\n        except"),
        ('"Ordering"', '"Ordering", flush=True'),
    )
    assert script(lost, hangs_after="Ordering").status is None


def used_by_several_threads() -> None:
    """Several threads of your own can use one pool at the same time: each call gets its own
    results.
    """
    with Pool(2) as pool, ThreadPool(8) as threads:
        calls = [range(100 * n, 100 * n + 50) for n in range(40)]
        found = threads.starmap(pool.map, [(_negative, numbers, 1) for numbers in calls], 1)
    assert found == [[-number for number in numbers] for numbers in calls]


def _negative(number: int) -> int:
    return -number
