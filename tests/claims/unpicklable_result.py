"""What docs/pitfalls/unpicklable-result.md says."""

import itertools
import pickle
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import chain, count, groupby, product
from multiprocessing import Pool, Process, TimeoutError, active_children, get_start_method
from multiprocessing.pool import AsyncResult, MaybeEncodingError  # type: ignore[attr-defined]
from multiprocessing.reduction import ForkingPickler
from threading import Lock
from warnings import catch_warnings

from tests.claims import SURE, TIME_LIMIT, no_fact, on, raises, shown

NOT_PICKLED = AttributeError, TypeError, pickle.PicklingError


class _Unpicklable:
    def __reduce__(self) -> str:
        raise TypeError("it is being pickled")


class _NoRepr(_Unpicklable):
    def __repr__(self) -> str:
        raise ValueError("it is being shown")


class _Sensor:
    def __init__(self) -> None:
        self.celsius = 21.5
        self.lock = Lock()


def _make(number: int) -> object:
    return (lambda: number) if number == 2 else number


def _ignore(thing: object) -> None:
    """Needs an argument, and does nothing with it."""


def _local() -> Callable[[], None]:
    def local() -> None: ...

    return local


def plain_data() -> None:
    """Let your function return plain data, such as a list, a dict or a string."""
    shown("unpicklable-result/returns_data", "return [", "Output\n[3, 4]")


def cannot_be_sent() -> None:
    """Open files, database connections, locks and generators cannot be sent from the worker to
    the parent.

    A `Pool` reports this with a `MaybeEncodingError`.
    """
    with Pool(1) as pool:
        for call, arguments in [
            (open, [__file__]),
            (sqlite3.connect, [":memory:"]),
            (Lock, []),
            (_generate, []),
        ]:
            with raises(MaybeEncodingError, text="cannot pickle"):
                pool.apply(call, arguments)  # type: ignore[arg-type]


def _generate() -> object:
    return (number for number in [3, 4])


def in_all_versions() -> None:
    """From a `Pool`, in all versions:"""
    shown("unpicklable-result/in_pool", "exit status 1", "MaybeEncodingError: Error sending result")


def the_end_of_the_message() -> None:
    """Read the end of the message: the `Reason` names what cannot be sent, in most cases by its
    type. Behind `Error sending result` stands the whole result, and with `map` the results of the
    whole chunk.
    """
    shown("unpicklable-result/in_pool", "Reason: 'TypeError(\"cannot pickle 'generator' object\")'")
    with Pool(1) as pool:
        try:
            pool.map(_make, [1, 2, 3], chunksize=3)
        except MaybeEncodingError as error:
            message = str(error)
    assert message.startswith("Error sending result: '[1, <function _make.<locals>.<lambda> at ")
    assert ", 3]'" in message
    assert "_make.<locals>.<lambda>" in message.partition("Reason: ")[2]


def shown_by_repr() -> None:
    """They stand there as `repr()` shows them. If `repr()` raises an exception, the worker ends
    with a traceback before it can send the error, and the `Pool` waits forever for the result.
    """
    shown("unpicklable-result/in_pool", "Error sending result: '<generator object cheap_ones.")
    with Pool(1) as pool:
        (worker,) = pool._pool  # type: ignore[attr-defined]
        result: AsyncResult[_NoRepr] = pool.apply_async(_NoRepr)
        worker.join()
        assert pool.apply(abs, [-7]) == 7  # by the next worker
        with raises(TimeoutError):
            result.get(timeout=SURE)


def from_an_executor() -> None:
    """A `ProcessPoolExecutor` raises the reason itself:"""
    shown("unpicklable-result/every_message", "Output", "TypeError: cannot pickle 'generator'")


def pickled_and_sent() -> None:
    """What a worker returns is pickled and sent to the parent.

    The error is the same under every start method: `fork` passes an argument of a `Process` to
    the child without pickling it, but a result is always pickled.
    """
    with Pool(1) as pool, raises(MaybeEncodingError, text="it is being pickled"):
        pool.apply(_Unpicklable)
    child = Process(target=_ignore, args=(_Unpicklable(),))
    if get_start_method() == "fork":
        child.start()
        child.join()
        assert child.exitcode == 0
    else:
        with raises(TypeError, text="it is being pickled"):
            child.start()


class _Sealed:
    """It can be pickled, but not unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return int, ("three",)


def not_unpickled() -> None:
    """If a result can be pickled, but not unpickled in the parent, there is no such error, and the
    `Pool` hangs.
    """
    show, threading.excepthook = threading.excepthook, lambda failed: None
    with raises(AssertionError, text="Cannot have cache"), Pool(1) as pool:
        result: AsyncResult[_Sealed] = pool.apply_async(_Sealed)
        pool._result_handler.join(TIME_LIMIT)  # type: ignore[attr-defined]
        assert not result.ready()
    threading.excepthook = show
    for worker in active_children():
        worker.terminate()
        worker.join()


def square_brackets() -> None:
    """With square brackets instead of parentheses, the function returns a list, which can be
    sent.
    """
    shown("unpicklable-result/returns_data", "return [price for", "Output\n[3, 4]")


def because_of_the_lock() -> None:
    """The name and the temperature could be sent, but because of the lock the whole dict cannot.
    The attribute `exc` of the exception is the reason, as a string.
    """
    shown("unpicklable-result/one_bad_part", "error.exc", "cannot pickle '_thread.lock' object")
    reading = {"name": "north", "celsius": 21.5}
    assert pickle.loads(pickle.dumps(reading)) == reading
    with raises(TypeError, text="cannot pickle '_thread.lock' object"):
        pickle.dumps({**reading, "lock": Lock()})
    with Pool(1) as pool:
        try:
            pool.apply(Lock)
        except MaybeEncodingError as error:
            reason = error.exc
    assert str(reason) == reason == "TypeError(\"cannot pickle '_thread.lock' object\")"


def without_the_lock() -> None:
    """Return a dict without the lock."""
    no_fact("advice")


def introduction() -> None:
    """What to return instead:"""
    no_fact("an introduction")


def instead() -> None:
    """a generator | `list(...)` of it

    `map(...)` or `filter(...)` with a lambda | `list(...)` of it

    `keys()`, `values()` or `items()` of a dict | `list(...)` of it

    an iterator of `itertools`; up to Python 3.13, only `pairwise`, `batched`, and those with a
    lambda or a generator | `list(...)` of it

    an open file | its name, or its content

    a database cursor | the list that `cursor.fetchall()` returns; with `row_factory =
    sqlite3.Row`, `dict(row)` for each row, or `tuple(row)` if two columns have the same name

    a lambda, a local function | the values that it would use

    `defaultdict(lambda: 0)` | `dict(...)` of it, and of each one inside it, or `defaultdict(int)`

    an object that holds a lock | its data, as a dict or a dataclass
    """
    counts = defaultdict(lambda: 0, pear=3)
    twice = map(lambda number: 2 * number, [3, 4])
    big = filter(lambda number: number > 3, [3, 4])
    with closing(sqlite3.connect(":memory:")) as orders, open(__file__, encoding="utf-8") as file:
        cursor = orders.execute("SELECT 3, 4")
        orders.row_factory = sqlite3.Row
        rows = orders.execute("SELECT 3 AS apples, 4 AS pears").fetchall()
        (twin,) = orders.execute("SELECT 3 AS id, 4 AS id").fetchall()
        assert (dict(twin), tuple(twin)) == ({"id": 3}, (3, 4))
        nested = {"shop": counts}
        views: list[Iterable[object]] = [counts.keys(), counts.values(), counts.items()]
        chained = chain([3], [4])
        things = [_generate(), twice, big, file, cursor, rows, _local(), counts, _Sensor(), *views]
        things += [nested, itertools.islice((number for number in [3]), 1)]
        things.append(itertools.takewhile(lambda number: number > 3, [4]))
        pairs = itertools.pairwise([3, 4])
        things.append(pairs)
        if hasattr(itertools, "batched"):
            things.append(itertools.batched([3, 4], 2))
        others = [chained, count(3), groupby([3, 4]), product([3], [4])]
        if on("Python 3.14 and later"):
            things += others
        else:
            with catch_warnings(action="ignore"):
                assert [ForkingPickler.dumps(other) for other in others]
        for thing in things:
            with raises(*NOT_PICKLED):
                pickle.dumps(thing)
        for instead in [
            list(twice),
            list(big),
            list(chained),
            list(pairs),
            *map(list, views),
            file.name,
            file.read(),
            cursor.fetchall(),
            [dict(row) for row in rows],
            dict(counts),
            {shop: dict(its) for shop, its in nested.items()},
            defaultdict(int, counts),
            {"celsius": _Sensor().celsius},
        ]:
            assert pickle.loads(pickle.dumps(instead)) == instead


def more_messages() -> None:
    """The messages for files, database connections and modules are on the page about ordinary
    objects.
    """
    shown("ordinary-objects/every_message", "'sqlite3.Connection'", "'module'", "TextIOWrapper")


def an_exception() -> None:
    """If the result is an `ExceptionWithTraceback` object, your function has raised an exception
    that cannot be sent. See how to make it visible.
    """
    shown(
        "unpicklable-exception/holds_a_lock",
        "raise PrinterError(",
        "Error sending result: '<multiprocessing.pool.ExceptionWithTraceback object at",
        "RuntimeError: PrinterError('no paper for Ada')",
    )
