"""What docs/examples/shared-cache.md says."""

import os
import pickle
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from enum import IntEnum, StrEnum
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from math import inf, prod
from multiprocessing import Pipe, Pool, Process, RawValue, get_start_method
from multiprocessing.connection import Connection
from tempfile import TemporaryDirectory
from threading import Event, Thread
from timeit import repeat
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.claims import ONCE, ROOT, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._starts import CTRL_C, SIGTERM, STARTS, waits

if TYPE_CHECKING:
    from examples._runner import Outcome

PROGRAMS = ROOT / "examples" / "shared-cache"
LOOP = "        while workers:\n"
STUCK = """def stuck(town):
    open("begun", "w").close()
    while True:
        sleep(60)


def main():
"""
BEGUN = """        while not os.path.exists("begun"):
            sleep(0.01)
"""
LEFT = 'any(name.startswith("tmp") for name in os.listdir("."))'

line: Connection | None = None  # to the parent, in a process that computes for it


sys.path.append(str(PROGRAMS))
Cache: Any = import_module("shared_cache").Cache  # whose name pickle finds in a child, too


def _quick(change: tuple[str, str] = ("", "")) -> Any:
    """The class, in another form, which does not wait for the disk."""
    names: dict[str, Any] = {"__name__": "quick"}
    exec(changed("shared-cache/shared_cache", change), names)
    connect = names["connect"]

    def without_sync(*args: Any, **options: Any) -> Any:
        db = connect(*args, **options)
        db.execute("PRAGMA synchronous = OFF")
        return db

    names["connect"] = without_sync
    return names["Cache"]


def _file(key: object) -> str:
    """The file in which the value for one argument is."""
    return sha256(f"[{key}]".encode()).hexdigest()[:2]


def _neighbors(count: int) -> list[int]:
    """Numbers whose values are in the file of 1."""
    return [number for number in range(1, 3000) if _file(number) == _file(1)][:count]


def _compute(number: int) -> str:
    if line:
        line.send("computes")
        if line.recv() == "fail":
            raise ValueError(number)
        return "child"
    return "parent"


def _ask(cache: Any, number: int, marker: Any, connection: Connection) -> None:
    global line
    line, marker.value = connection, 1
    try:
        connection.send((cache(number), cache.computed))
    except ValueError as error:
        connection.send(repr(error))


asked: list[Any] = []


class _Background:
    """A call in a thread, and what it returns."""

    def __init__(self, function: Callable[..., Any], *args: object) -> None:
        self.found: list[Any] = []
        self.thread = Thread(target=lambda: self.found.append(function(*args)))
        self.thread.start()

    def result(self) -> Any:
        self.thread.join(TIME_LIMIT)
        return self.found[0]


def one_computes_and_the_other_waits() -> None:
    """If only the workers find out which keys they need, keep the results in SQLite files: of two
    workers that ask for the same key, one computes, and the other waits.

    A worker that finds its key does not wait for another one that computes.

    `BEGIN IMMEDIATE` acquires the lock for writing of one file. A worker that has waited for it
    looks again, and finds what the other one has stored. Other files are not locked, so different
    keys are computed at the same time.

    If a worker is killed while it computes, the system releases its lock, and the next worker that
    needs the key computes it. So no worker waits for a dead one, also if the parent goes on after a
    death.

    `limit` is how many seconds a worker waits for others, at most 2,000,000. After that,
    `OperationalError` tells `database is locked`.

    Then the next run, or another program on the same machine, finds the results.

    If a worker is stopped, or its function never ends, the others go on until one needs the same
    file. That one gets `OperationalError` after `limit` seconds, and the program ends.

    All workers wait forever for a value that is marked as "being computed": the worker that has set
    the marker in shared data was killed.

    Exceptions are not cached: the workers that have waited compute again, one after the other.
    """
    one, stored, third, fourth, fifth = _neighbors(5)
    elsewhere = next(number for number in range(2, 99) if _file(number) != _file(1))
    marker = RawValue("b")
    with TemporaryDirectory() as folder:
        cache = Cache(_compute, folder, 3600, limit=TIME_LIMIT)
        at_once = Cache(_compute, folder, 3600, limit=0)
        assert cache(stored) == "parent" and cache.computed
        for number, end_of_it in (one, "go on"), (third, "is killed"), (fourth, "fail"):
            end, connection = Pipe()
            child = Process(target=_ask, args=(cache, number, marker, connection))
            child.start()
            connection.close()
            assert end.recv() == "computes"
            for locked in number, fifth:
                with raises(sqlite3.OperationalError, text="database is locked"):
                    at_once(locked)
            assert at_once(stored) == "parent" and not at_once.computed
            assert at_once(elsewhere) == "parent"
            waits = _Background(cache, number)
            if end_of_it == "is killed":
                child.kill()
                assert waits.result() == "parent" and cache.computed
                child.join()
                assert marker.value == 1
            elif end_of_it == "fail":
                end.send("fail")
                assert end.recv() == f"ValueError({number})"
                assert waits.result() == "parent" and cache.computed
                child.join()
            else:
                end.send("go on")
                assert end.recv() == ("child", True)
                assert waits.result() == "child" and not cache.computed
                child.join()
            assert Cache(None, folder, inf)(number) == waits.result()
    at_most = Cache(None, "folder", inf, limit=inf).limit
    assert at_most == 2_000_000
    for limit, milliseconds in (at_most, at_most * 1000), (inf, 0):
        with closing(sqlite3.connect(":memory:", timeout=limit)) as db:
            assert db.execute("PRAGMA busy_timeout").fetchone() == (milliseconds,)


def _look(cache: Any, stored: int, new: int, connection: Connection) -> None:
    connection.recv()
    found = cache(stored)
    try:
        connection.send((found, cache(new)))
    except sqlite3.OperationalError as error:
        connection.send((found, str(error)))


def forked_during_a_call() -> None:
    """A worker that is forked while a thread of its parent computes a value inherits what SQLite
    has noted about the lock. Even after the call has ended, each new key of that file waits for
    `limit` in this worker, and raises `database is locked`.
    """
    one, stored, new = _neighbors(3)
    began, may_end = Event(), Event()
    with TemporaryDirectory() as folder:
        cache = Cache(str, folder, inf, limit=0)
        cache(stored)

        def slow(_: int) -> bool:
            began.set()
            return may_end.wait(TIME_LIMIT)

        call = _Background(Cache(slow, folder, inf), one)
        assert began.wait(TIME_LIMIT)
        end, connection = Pipe()
        child = Process(target=_look, args=(cache, stored, new, connection))
        child.start()
        connection.close()
        may_end.set()
        assert call.result() is True
        end.send("the call has ended")
        is_forked = get_start_method() == "fork"
        assert end.recv() == (str(stored), "database is locked" if is_forked else str(new))
        child.join()
        assert (cache(new), cache.computed) == (str(new), is_forked)


def one_for_each_process() -> None:
    """Each process has a `functools.lru_cache` of its own, so four workers compute a key up to four
    times.
    """
    shown("globals/cache_for_each", "A worker: misses 1, looked up 1\nA worker: misses 1")


def the_keys_are_known() -> None:
    """If the parent knows all keys, compute each key once, as a task of its own.

    Twelve orders go to three towns. The parent first collects the towns, and lets the workers
    compute the way to each of them. Then each order gets its way as an argument. Nothing is shared,
    and no lock is needed.
    """
    shown(
        "shared-cache/known_keys",
        "keys = sorted(set(towns))",
        "pool.map(minutes, keys)",
        "pool.map(bill, orders, [ways[x] for x in towns])",
        "3 ways computed; order 12",
    )


def _seconds(call: Callable[[int], object], argument: int) -> float:
    """How long a call takes that nothing disturbs."""
    return min(repeat(lambda: call(argument), number=5, repeat=20)) / 5


def what_takes_long() -> None:
    """If a call takes less than a millisecond, stay with an `lru_cache` in each worker: to find a
    result in a file takes about as long.

    An `lru_cache` answers more than 100 times as fast as the files.

    Each call returns a copy of the value, and so does a manager; a big value takes longer.
    """
    if get_start_method() != ONCE:
        return  # it starts no process
    with TemporaryDirectory() as folder:
        cache = _quick()(bytes, folder, inf)
        fast = lru_cache(cache)
        fast(1)
        in_a_file, in_memory = _seconds(cache, 1), _seconds(fast, 1)
        assert 0.00005 < in_a_file < 0.005 and in_memory * 100 < in_a_file
        cache(10_000_000)
        assert _seconds(cache, 10_000_000) > in_a_file * 2
        text = _quick()(sorted, folder, inf)
        assert text("cab") == ["a", "b", "c"] and text("cab") is not text("cab")
    shown("nested-list/append_lost", "Output")


def _orders(*changes: tuple[str, str]) -> "Outcome":
    """What the program with workers does if something in it is different."""
    begins = f"import os, signal, sys; sys.path.insert(0, {str(PROGRAMS)!r})\n"
    begins += "from time import sleep\n"
    return script(changed("shared-cache/orders", ("import signal\n", begins), *changes))


def if_a_worker_fails() -> None:
    """If a worker fails, the program with the files names it and ends.

    An exception, a `sys.exit(3)` or a kill: when the worker has ended, `recv()` raises `EOFError`,
    and the program names the worker and its exit code.
    """
    shown(
        "shared-cache/orders",
        "a worker raises               status 1, told",
        "a worker calls sys.exit(3)    status 1, told",
        "a worker is killed            status 1, told",
    )
    dies = """def dies(town):
    return minutes(town) if town == "Ash" else os._exit(9)


def main():
"""
    outcome = _orders(("def main():\n", dies), ("Cache(minutes,", "Cache(dies,"))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr in {f"Process-{number}: exit code 9\n" for number in (1, 2)}


def at_the_end() -> None:
    """`stack` kills the others, also one that waits for a lock.

    At Ctrl-C, and at SIGTERM after the workers have been started, the parent kills the workers and
    removes the temporary folder. The handler of SIGTERM is set only then, so that they do not
    inherit it under `fork`.
    """
    shown("shared-cache/orders", "workers[end] = worker\n        signal.signal(signal.SIGTERM")
    if sys.platform == "win32":
        return
    kill = "            stack.callback(worker.kill)\n"
    told = "lambda worker=worker: print(worker.join(), worker.exitcode)"
    at_exit = f"    atexit.register(lambda: print({LEFT}))\n    workers, bills"
    for name, status in ("SIGTERM", 1), ("SIGINT", -2):
        outcome = _orders(
            ("def main():\n", f"import atexit\n\n\n{STUCK}"),
            ("    workers, bills", at_exit),
            ("Cache(minutes,", "Cache(stuck,"),
            (kill, f"            stack.callback({told})\n{kill}"),
            (LOOP, f"{BEGUN}        signal.raise_signal(signal.{name})\n{LOOP}"),
        )
        assert (outcome.status, outcome.stdout) == (status, "None -9\n" * 2 + "False\n"), outcome
        assert outcome.stderr.endswith("terminated\n" if status == 1 else "KeyboardInterrupt\n")


def the_parent_is_killed() -> None:
    """If the parent is killed, the thread that `watch_parent` starts ends each worker, and the
    temporary folder remains.
    """
    shown("shared-cache/known_keys", "parent_process().join()", "os._exit(1)")
    shown("ctrl-c", "parent_process().join()", "os._exit(1)")  # there the parent is killed
    if sys.platform == "win32":
        return
    waits = f"""    program = Process(target=main)
    program.start()
    program.join()
    print(program.exitcode, {LEFT})
"""
    outcome = _orders(
        ("    main()\n", waits), (LOOP, f"        os.kill(os.getpid(), signal.SIGKILL)\n{LOOP}")
    )
    assert outcome.stdout == "-9 True\n"


def nothing_comes() -> None:
    """It also ends if no bill has come for `limit` and 60 seconds."""
    outcome = _orders(
        ("def main():\n", STUCK),
        ("Cache(minutes,", "Cache(stuck,"),
        ("way.limit + 60", "0.1"),
    )
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr == "no answer for too long\n"


def it_is_full() -> None:
    """If the disk is full, a new value raises `OperationalError` in the worker, and the program
    ends. Values that are stored can still be read. To go on, catch the error, and call
    `way.function`.
    """
    if sys.platform == "win32":
        return
    import resource

    with TemporaryDirectory() as folder:
        cache = _quick()(bytes, folder, inf)
        cache(1)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
        try:
            with raises(sqlite3.OperationalError):
                cache(5_000_000)
            assert cache(1) == bytes(1) and not cache.computed
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert cache.function(2) == bytes(2)


def the_short_form() -> None:
    """This is the short form. A worker that is killed raises `BrokenProcessPool` in the parent,
    apart from some cases, and a `sys.exit(3)` in a worker ends the program with status 3 and no
    message.
    """
    for fault, status, told in (
        ("os.kill(os.getpid(), signal.SIGTERM)", 1, "BrokenProcessPool"),
        ("raise SystemExit(3)", 3, ""),
    ):
        start = "    random, heap ="
        outcome = script(changed("shared-cache/known_keys", (start, f"    {fault}\n{start}")))
        assert (outcome.status, outcome.stdout) == (status, "")
        assert told in outcome.stderr and bool(told) == bool(outcome.stderr)


def while_its_workers_start() -> None:
    """If Ctrl-C or SIGTERM comes while the workers are starting, the program can wait forever."""
    if get_start_method() == "fork":
        for arrives in CTRL_C, SIGTERM:
            assert waits(changed("shared-cache/known_keys"), STARTS, arrives)


def the_parts() -> None:
    """Save the first program, this one, and the cache in the same folder:

    `way("Ash")` returns what `minutes("Ash")` returns. `way` holds a function, a path and numbers,
    and no connection. So it can be an argument of a process, and of a task in a `Pool` or an
    executor.

    The results are in up to 256 SQLite files; the key decides in which one. Each call opens its
    file, and closes it.
    """
    shown("shared-cache/orders", "from known_keys import", "from shared_cache import Cache")
    shown("shared-cache/orders", "args = ORDERS[first::2], way, report", "computed: 3")
    shown("shared-cache/shared_cache", "hexdigest()[:2]", "with closing(db):")
    with TemporaryDirectory() as folder:
        cache = pickle.loads(pickle.dumps(Cache(len, folder, inf)))
        assert (cache("abc"), cache.computed) == (len("abc"), True)
        assert os.listdir(folder) == [_file('"abc"')]


def one_of_ten() -> None:
    """When eight workers compute different keys, two of them need the same file in one of ten
    cases, and one of these two waits.
    """
    assert round(1 - prod(1 - taken / 256 for taken in range(8)), 1) == 0.1


class _Pair(NamedTuple):
    x: int
    y: int


class _Number(IntEnum):
    ONE = 1


class _Letter(StrEnum):
    A = "a"


def keys() -> None:
    """Keys: the positional arguments, written as JSON. So they are strings, numbers, `None`, lists
    and dicts of these. Let the keys of a dict be strings: `{1: 2}` and `{"1": 2}` are written
    alike. For another object, `json.dumps` raises `TypeError`; pass what identifies it, such as its
    path or its number. A tuple, also a named one, and a list are the same key, and so are a member
    of an `IntEnum` or a `StrEnum` and its value.

    Your code changes: the cache does not notice, and returns what the old code has computed.

    Age: a value that is older than `age` seconds is computed again. `age=float("inf")` keeps it.
    Use the same `age` in all programs: each new value removes those in its file that are too old.

    It does not notice that a value has become too old.
    """
    quick = _quick()
    with TemporaryDirectory() as folder:
        cache = quick(len, folder, inf)
        with raises(TypeError, text="not JSON serializable"):
            cache(object())
        for key in "abc", [1, 2.5, "a", {"b": [3]}]:
            assert (cache(key), cache.computed) == (len(key), True)
        assert (cache((1, 2.5, "a", {"b": (3,)})), cache.computed) == (4, False)
        with raises(TypeError, text="unexpected keyword argument"):
            cache(obj="abc")
        text = quick(str, folder, inf)
        for one, other in (
            ({1: 2}, {"1": 2}),
            (_Pair(1, 2), [1, 2]),
            (_Number.ONE, 1),
            (_Letter.A, "a"),
            (None, None),
        ):
            assert (text(one), text.computed) == (str(one), True)
            assert (text(other), text.computed) == (str(one), False)
        new_code = quick(sorted, folder, inf)
        assert (new_code("abc"), new_code.computed) == (3, False)
        too_old = quick(sorted, folder, -1)
        fast = lru_cache(too_old)
        assert (fast("abc"), too_old.computed) == (["a", "b", "c"], True)
        too_old.function = list
        assert (too_old("cba"), too_old.computed) == (["c", "b", "a"], True)
        assert fast("abc") == ["a", "b", "c"]
        first, second = _neighbors(3)[1:]
        assert (text(first), text.computed) == (str(first), True)
        assert (text(first), text.computed) == (str(first), False)
        too_old.function = str
        too_old(second)
        assert (text(first), text.computed) == (str(first), True)


def a_class_is_gone() -> None:
    """If the class of a stored value is no longer found under its old name, each call for it raises
    `AttributeError` or `ModuleNotFoundError` until the value is too old.
    """
    module: Any = ModuleType("of_the_old_code")
    exec("class Way: pass", vars(module))
    quick = _quick()
    with TemporaryDirectory() as folder:
        cache = quick(lambda _: module.Way(), folder, inf)
        sys.modules[module.__name__] = module
        try:
            assert isinstance(cache(1), module.Way)
            del module.Way
            for _ in range(2):
                with raises(AttributeError, text="Way"):
                    cache(1)
        finally:
            del sys.modules[module.__name__]
        for _ in range(2):
            with raises(ModuleNotFoundError, text="of_the_old_code"):
                cache(1)
        too_old = quick(str, folder, -1)
        assert (too_old(1), too_old.computed) == ("1", True)


def the_size() -> None:
    """Size: each file keeps the 100 values that were computed last, so all together 25,600. Nothing
    limits their bytes: if each has 5 MB, these are 128 GB. A value that is used often is dropped,
    too, when 100 others of its file have been computed after it.
    """
    shown("shared-cache/shared_cache", "ORDER BY at DESC LIMIT 100")
    assert 16**2 * 100 == 25_600 and 25_600 * 5 == 128_000
    first, *others = _neighbors(4)
    with TemporaryDirectory() as folder:
        cache = _quick(("LIMIT 100", "LIMIT 3"))(str, folder, inf)
        assert (cache(first), cache.computed) == (str(first), True)
        for number in others:
            assert (cache(first), cache.computed) == (str(first), False)
            cache(number)
        for number in others:
            assert (cache(number), cache.computed) == (str(number), False)
        assert (cache(first), cache.computed) == (str(first), True)


def _replaced(number: int) -> int:
    return number


def not_as_a_decorator() -> None:
    """Do not use `Cache` as a decorator: `pickle` finds a function by its name, and raises
    `PicklingError` if the name now belongs to the cache.
    """
    function = globals()["_replaced"]
    try:
        globals()["_replaced"] = Cache(function, "folder", inf)
        with raises(pickle.PicklingError, text="it's not the same object"):
            pickle.dumps(_replaced)
    finally:
        globals()["_replaced"] = function


def exceptions() -> None:
    """So each can get an exception of its own, or `OperationalError` when its `limit` is over."""
    with TemporaryDirectory() as folder:
        at_once = _quick()(str, folder, inf, limit=0)

        def bad(number: int) -> None:
            asked.append(number)
            with raises(sqlite3.OperationalError, text="database is locked"):
                at_once(number)
            raise ValueError(number)

        cache = _quick()(bad, folder, inf)
        for _ in range(2):
            with raises(ValueError, text="7"):
                cache(7)
    assert asked == [7, 7]


def nested() -> None:
    """Nested calls: a function that calls itself through its cache can wait for its own lock, until
    `limit` is over. It may call other functions that have a cache in another folder, as long
    as these do not call it back.
    """
    one, two = _neighbors(2)
    with TemporaryDirectory() as folder, TemporaryDirectory() as other_folder:
        other = _quick()(str, other_folder, inf)
        cache = _quick()(None, folder, inf, limit=0)
        cache.function = lambda number: cache(two) if number == one else other(one)
        with raises(sqlite3.OperationalError, text="database is locked"):
            cache(one)
        assert cache(two) == str(one)
        other.function = lambda _: cache(one)  # for another key: back in the first file
        cache.function = other
        with raises(sqlite3.OperationalError, text="database is locked"):
            cache(_neighbors(3)[2])


class _Runs:
    """What calls a function when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return eval, ("__import__('sys').modules['tests.claims.shared_cache'].asked.append('run')",)


def trust() -> None:
    """Trust: reading a value unpickles it: whoever can write to the folder can run code in your
    workers.
    """
    with TemporaryDirectory() as folder:
        _quick()(lambda _: _Runs(), folder, inf)(1)
    assert asked[-1:] == ["run"]


def _look_up() -> tuple[int, int]:
    _length("apple")
    return _length.cache_info()[:2]


@lru_cache
def _length(text: str) -> int:
    return len(text)


def what_is_inherited() -> None:
    """Under `fork`, a worker begins with what the parent's `lru_cache` holds, and under `spawn`
    with an empty one. A worker of a pool keeps its cache from task to task. `maxtasksperchild` ends
    it with the worker.
    """
    _length.cache_clear()
    _look_up()
    with Pool(1) as pool, Pool(1, maxtasksperchild=1) as short:
        found = [[one.apply(_look_up) for _ in range(2)] for one in (pool, short)]
        for one in pool, short:
            one.close()
            one.join()
    if get_start_method() == "fork":
        assert found == [[(1, 1), (2, 1)], [(1, 1), (1, 1)]]
    else:
        assert found == [[(0, 1), (1, 1)], [(0, 1), (0, 1)]]


def what_goes_wrong() -> None:
    """Two workers compute the same key: `if key not in shared: shared[key] = compute(key)` with a
    manager's dict is two calls, and both workers look before one of them has stored.

    All workers wait for one that computes another key: one lock is held for all keys. A
    `multiprocessing.Lock` for each key avoids that, but stays locked when its holder is killed.

    `cache_clear()` in the parent has no effect in the workers.

    The cache never finds anything: the key contains the `hash()` of a string, or the `repr()` of an
    object with its address.
    """
    shown("object-on-a-server/two_calls", "Bought: [True, True]")
    shown("object-on-a-server/cache", "with self._lock:\n            if currency not in")
    shown("lock-holder-killed/time_limit", "Output")
    shown("globals/cache_for_each", "@lru_cache", "The parent: misses 0")
    shown("hash-differs/checksum", "Output")
    assert repr(object()).startswith("<object object at 0x")


def advice() -> None:
    """Where this matters, start the workers as in the next program.

    In your program, use a folder of your own instead of a temporary one, and create it first.

    Multiply what the slowest call takes by the number of workers, and set `limit` to several times
    that: all may need the same file, and as SQLite sleeps and tries again, they get its lock in no
    certain order.

    Under `fork`, call the cache only in processes that start no others.

    So call the cache in workers, which the parent can kill.

    Do not use `hash()` or `id()` of an object as a key: they differ between processes.

    What else the result depends on must be in the key, too, such as the time at which a file was
    last changed: `way(town, os.path.getmtime(roads))`. So the function needs a parameter for it.
    The same holds for a method: give it what it needs of `self` as arguments.

    Put a version into the name of the folder. Use one folder for each function.

    To clear it, remove the folder while no program uses it.

    To keep a failure, catch the exception in the function, and return a value that says so.

    For keys that a worker needs often, put one before them in the worker: `fast = lru_cache(way)`.

    For a big array, let the function save a file and return its path, and let the workers map it.

    keys that the parent knows | one task for each key, as above

    calls that are fast, or few keys | `functools.lru_cache` in each worker

    one table that all workers read | load it once in each worker, or before the fork

    slow calls, or results for the next run | SQLite files, as above

    results that must not be written to disk | an object on a server

    several machines | a server such as Redis or Memcached
    """
    no_fact("advice")
