"""What docs/examples/collect-results.md says."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Event, Pool, Process, SimpleQueue
from multiprocessing.synchronize import Event as EventType
from pickle import PicklingError
from threading import Thread

from tests.claims import SURE, TIME_LIMIT, no_fact, shown

event: EventType  # of a worker: its initializer sets it


class _Travels:
    """Is replaced by the numbers of the processes that pickle and unpickle it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return _unpickled, (os.getpid(),)


def _unpickled(pickled_in: int) -> tuple[int, int]:
    return pickled_in, os.getpid()


def _travel(_: int) -> tuple[int, object]:
    return os.getpid(), _Travels()


def _share(an_event: EventType) -> None:
    global event
    event = an_event


def _second_first(number: int) -> int:
    """0 is done only after 1 has been begun."""
    if number:
        event.set()
    else:
        assert event.wait(TIME_LIMIT)
    return number


def _wait_if_0(number: int) -> int:
    if not number:
        assert event.wait(TIME_LIMIT)
    return number


def _add(left: int, right: int) -> int:
    return left + right


def _fail_before_put_is_done(results: "SimpleQueue[object]") -> None:
    try:
        results.put(lambda: 0)
    except (AttributeError, PicklingError):
        sys.exit(1)


def _put(results: "SimpleQueue[bytes]", begun: EventType) -> None:
    begun.set()
    results.put(bytes(1_000_000))


def in_the_order_of_the_tasks() -> None:
    """Use `Pool.map`: it calls a function in worker processes, and returns a list of the
    results in the order of the tasks.

    `map` hands out the tasks, and waits for all results.
    """
    shown("collect-results/pool_map", "counts = pool.map(count_words, chapters)")
    with Pool(2, initializer=_share, initargs=(Event(),)) as pool:
        assert pool.map(_second_first, [0, 1], chunksize=1) == [0, 1]


def pickled_and_unpickled() -> None:
    """What `count_words` returns is pickled in the worker, and unpickled in the parent. So the
    result is a copy, and it must be something that can be pickled.

    For a function with several parameters, use `starmap` with a list of tuples.
    """
    with Pool(1) as pool:
        (worker, travelled), *_ = pool.map(_travel, [1])
        sums = pool.starmap(_add, [(1, 2), (3, 4)])
    assert travelled == (worker, os.getpid())
    assert worker != os.getpid()
    shown("unpicklable-result/in_pool", "MaybeEncodingError: Error sending result")
    assert sums == [3, 7]


def raised_again() -> None:
    """If a task raises an exception, `map` raises it again in the parent."""
    shown("exceptions/imap_goes_on", "except ValueError as error", "map: invalid literal for int()")


def as_soon_as_it_is_there() -> None:
    """`imap_unordered` gives each result as soon as it is there. `imap` also gives one result
    at a time, but in the order of the tasks.
    """
    go_on = Event()
    with Pool(2, initializer=_share, initargs=(go_on,)) as pool:
        results = pool.imap_unordered(_wait_if_0, [0, 1])
        assert next(results) == 1
        go_on.set()
        assert next(results) == 0
        go_on.clear()
        results = pool.imap(_wait_if_0, [1, 0])
        assert next(results) == 1
        go_on.set()
        assert next(results) == 0
        go_on.clear()
        assert list(pool.imap(_second_first, [0, 1])) == [0, 1]


def which_is_which() -> None:
    """Let the function return its input with the result, so that you know which is which:"""
    shown("collect-results/as_they_come", "return title, len(text.split())", "one 3\ntwo 4")


def question() -> None:
    """How do you get the return value of a function that is the target of a `Process`?"""
    no_fact("a question")


def a_process_discards_it() -> None:
    """A `Process` discards what its target returns."""
    process = Process(target=_add, args=(3, 4))
    assert process.run() is None  # type: ignore[func-returns-value]  # this is what is shown
    process.start()
    process.join()
    assert process.exitcode == 0


def with_a_key() -> None:
    """Let the function put its result into a queue, with a key that says which result it is:"""
    shown("collect-results/return_value", "results.put((title, len", "one 3\ntwo 4")


def read_before_join() -> None:
    """Read all results first, and call `join()` after that; the other order can hang."""
    results: SimpleQueue[bytes] = SimpleQueue()
    worker = Process(target=_put, args=(results, begun := Event()))
    worker.start()
    assert begun.wait(TIME_LIMIT)
    worker.join(SURE)
    assert worker.is_alive()
    assert len(results.get()) == 1_000_000
    worker.join()
    shown("queue-deadlock/join_first", "still running after 5 s")


def get_waits_forever() -> None:
    """If a worker fails before its `put()` is done, for example because the result cannot be
    pickled, `get()` waits forever.
    """
    results: SimpleQueue[object] = SimpleQueue()
    worker = Process(target=_fail_before_put_is_done, args=(results,))
    worker.start()
    worker.join()
    assert worker.exitcode == 1
    reader = Thread(target=results.get)
    reader.start()
    reader.join(SURE)
    assert reader.is_alive()
    results.put(0)
    reader.join()


def sends_its_errors() -> None:
    """See exceptions for a worker that sends its errors, too."""
    shown("exceptions/from_process", "answer.send((None, format_exc()))", "ValueError: invalid")


def in_any_order() -> None:
    """`submit` returns a *future*, an object that will hold the result. `future.result()` waits
    for the result of this one task; you can ask the futures in any order:
    """
    go_on = Event()
    with ProcessPoolExecutor(2, initializer=_share, initargs=(go_on,)) as executor:
        futures = [executor.submit(_wait_if_0, number) for number in [0, 1]]
        assert futures[1].result() == 1
        assert not futures[0].done()
        go_on.set()
        assert futures[0].result() == 0


def only_if_they_read() -> None:
    """Use a `Manager` only if the workers must also read each other's results."""
    no_fact("advice")


def a_message_to_the_manager() -> None:
    """Each access to its dict is a message to another process, the manager:"""
    shown("claims/manager_is_a_process", "stock is here: False\nstock is there: True")


def gone_after_the_block() -> None:
    """Copy what you need before the `with` block ends; after that, the dict is gone."""
    shown("manager-ended/in_parent", "ratings.copy()", "Copy: 5\nBrokenPipeError")


def a_list_stays_empty() -> None:
    """A list that the workers append to stays empty in the parent: each worker appends to a
    copy.
    """
    shown("ordinary-objects/list_copied", "temperatures.append(21.5)", "Temperatures: []")


def errors_of_apply_async() -> None:
    """With `apply_async`, you see an error only if you call `get()` or pass an
    `error_callback`.
    """
    shown("unseen-error/not_asked", "pool.apply_async(pack", "Output\nAll packed")
    shown("unseen-error/asked", "result.get()", "Failed: no box for apple")
    shown("unseen-error/error_callback", "error_callback=", "Failed: no box for apple")


def if_a_worker_is_killed() -> None:
    """If a worker is killed, `Pool.map` waits forever; an executor raises `BrokenProcessPool`."""
    shown("killed-worker/pool_hangs", "pool.map(", "os._exit(1)", "still running after 5 s")
    shown("killed-worker/executor_raises", "os._exit(1)", "BrokenProcessPool: A process in")


def may_never_come() -> None:
    """A result that you have not fetched when the `with` block of a `Pool` ends may never
    come.
    """
    shown("pool-not-running/lost", "print(pages.get())", "still running after 5 s")
