"""What docs/decisions/shared-memory-or-manager.md says."""

import os
import pickle
import threading
from multiprocessing import Lock, Manager, RawArray, Value
from typing import Any

from tests.claims import SURE, no_fact, raises, shown
from tests.claims._costs import medians, ratios
from tests.claims._starts import in_a_child


def which_one() -> None:
    """Use shared memory for numbers and arrays, a `Manager` for dicts, lists and objects, a
    database for what must survive, and Redis for several machines.

    For a few changes a second, any of them is fast enough.
    """
    no_fact("advice")


def in_shared_memory() -> None:
    """one number: a counter, a total, a flag | `Value`

    a big array, which workers read or write in place | `SharedMemory`
    """
    shown("value/smallest", "Value(", "Output")
    shown("numpy-array/own_rows", "SharedMemory(", "Output")


def in_a_manager() -> None:
    """a dict or a list; in Python 3.14 and later, a set, too | `Manager`

    an object with methods: a cache, a rate limit | a manager with a class of your own
    """
    shown("manager/smallest", "manager.dict(", "Output")
    shown("manager/tag_set", "Output")
    shown("object-on-a-server/cache", "register(", "Output")
    shown("object-on-a-server/rate_limit", "register(", "Output")


def in_a_database() -> None:
    """it must survive the program, or a worker that is killed in the middle of a change | SQLite,
    or a database server
    """
    shown("shared-memory-or-manager/half_a_change", "SQLite: 10 of 10 crates")
    shown("sqlalchemy/killed", "Output")


def in_redis() -> None:
    """processes on several machines, or written in other languages | Redis, or a database
    server
    """
    shown("celery/count_in_redis", "each process counts all: True")


def nowhere() -> None:
    """no process changes it | none of them: pass it once"""
    no_fact("advice; the page that is linked proves it")


def one_change() -> None:
    """`Value`, under its lock | 0.8 to 1.1 microseconds

    `manager.dict()` and a lock | 110 to 140 microseconds

    SQLite | 1 to 1.3 milliseconds
    """
    assert all(0.8e-6 < seconds < 1.1e-6 for seconds in medians("updates: Value, under its lock"))
    manager = medians("updates: Manager().dict() and a Lock")
    assert all(110e-6 < seconds < 140e-6 for seconds in manager)
    assert all(1e-3 < seconds < 1.3e-3 for seconds in medians("updates: SQLite row"))


def how_many_times() -> None:
    """A manager costs more than 100 times as much as shared memory, because each access is a
    message to its process and an answer.
    """
    dictionary = "updates: Manager().dict() and a Lock"
    assert min(ratios(dictionary, "updates: Value, under its lock")) > 100
    assert min(ratios("updates: SQLite row", dictionary)) > 8
    with Manager() as manager:
        stock = manager.dict(apples=3)
        _process: Any = manager
        assert _process._process.pid != os.getpid()
        assert stock["apples"] == 3


def a_big_array() -> None:
    """For a big array, use shared memory: a worker that keeps 64 MiB mapped reads them in less than
    a thirtieth of the time in which a `Pipe` brings a copy.
    """
    kept = "arrays: SharedMemory, by name, kept mapped, 64 MiB"
    assert max(ratios(kept, "arrays: Pipe, 64 MiB")) < 1 / 30


def half_of_it() -> None:
    """Each worker moves a crate from the shop to the cart, and ends as if it had been killed
    between the two steps:

    In shared memory and in the manager, half of the change remains. SQLite rolls it back, because
    the transaction was not committed.
    """
    shown(
        "shared-memory-or-manager/half_a_change",
        "crates[0] -= 1\n    os._exit(1)",
        'execute("UPDATE crates SET shop = shop - 1")\n    os._exit(1)',
        "Shared memory: 9 of 10 crates\nManager: 9 of 10 crates\nSQLite: 10 of 10 crates",
    )


def _hold(lock: Any) -> None:
    lock.acquire()
    os._exit(0)


def a_lock_does_not_help() -> None:
    """A lock does not help: a worker that is killed while it holds one leaves it locked for all
    others.
    """
    lock = Lock()
    in_a_child(_hold, lock)
    assert not lock.acquire(timeout=SURE)


def one_call() -> None:
    """In a manager, the change is whole if one call does both steps: the manager's process finishes
    it even if the caller is killed.
    """
    shown("object-on-a-server/one_call", "Output")
    with Manager() as manager:
        stock = manager.dict(shop=10, cart=0)
        assert in_a_child(_move_and_end, stock) == 1
        while stock.copy() == {"shop": 10, "cart": 0}:
            pass
        assert stock.copy() == {"shop": 9, "cart": 1}


def _move_and_end(stock: Any) -> None:
    stock._connect()
    stock._tls.connection.send((stock._id, "update", ({"shop": 9, "cart": 1},), {}))
    os._exit(1)  # it has asked, and does not wait for the answer


def what_it_holds() -> None:
    """What it holds: shared memory holds bytes of a fixed size, and a manager any object that can
    be pickled. But a change to a list inside a manager's dict is lost.
    """
    array = RawArray("i", 3)
    with raises(IndexError):
        array[3] = 1
    with Manager() as manager:
        stock = manager.dict()
        stock["apples"] = [1, {"red": 2}]
        assert stock["apples"] == [1, {"red": 2}]
        with raises(TypeError, text="cannot pickle"):
            stock["lock"] = threading.Lock()
        stock["apples"].append(3)
        assert stock["apples"] == [1, {"red": 2}]


def how_it_ends() -> None:
    """How it ends: a block of shared memory has to be removed with `unlink()`. What a manager holds
    is gone when the manager ends.
    """
    shown("leaked-shared-memory/never_unlinked", "leaked shared_memory objects")
    shown("manager-ended/first_use", "FileNotFoundError")


def who_can_use_it() -> None:
    """Who can use it: another program opens a block by its name, and connects to a manager by its
    address. A `Value` reaches only children, when they are started.
    """
    shown("shared-memory/by_name", "SharedMemory(", "Output")
    shown("remote-manager/smallest", "connect()")
    with raises(RuntimeError, text="should only be shared between processes through inheritance"):
        pickle.dumps(Value("i"))


def two_at_once() -> None:
    """Two at once: shared memory has no lock, and two calls of a manager are not one step. Hold a
    lock around each change that reads before it writes, or use a transaction.
    """
    shown("shared-memory/with_lock", "with lock")
    shown("object-on-a-server/two_calls", "Output")
