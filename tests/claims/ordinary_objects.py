"""What docs/pitfalls/ordinary-objects.md says."""

import ctypes
import logging
import os
import pickle
import queue
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import (
    Event,
    Lock,
    Manager,
    Pipe,
    Process,
    Queue,
    SimpleQueue,
    get_start_method,
)
from multiprocessing.connection import Connection
from multiprocessing.managers import ListProxy
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Event as EventType
from multiprocessing.synchronize import Lock as LockType

from tests.claims import PAUSE, TIME_LIMIT, no_fact, on, raises, script, shown
from tests.claims._starts import in_a_child

NOT_PICKLED = TypeError, AttributeError, pickle.PicklingError


class _Sensor:
    temperature: float | None = None

    def read(self) -> None:
        self.temperature = 21.5


def _read(sensor: _Sensor) -> None:
    sensor.read()
    assert sensor.temperature == 21.5


class _Log:
    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.Lock()

    def __reduce__(self) -> tuple["type[_Log]", tuple[str]]:
        return _Log, (self.name,)


def _write(log: _Log) -> None:
    with log.lock:
        assert log.name == "sales"


def _append(numbers: list[int]) -> None:
    numbers.append(1)


def _append_inside(nested: list[dict[str, list[int]]]) -> None:
    nested[0]["north"].append(1)


def _fill(prices: dict[str, int]) -> None:
    prices["apple"] = 3


def _ignore(thing: object) -> None:
    """Needs an argument, and does nothing with it."""


def _is_taken(lock: LockType) -> None:
    assert not lock.acquire(block=False)


def _acquire(lock: threading.Lock) -> None:
    assert lock.acquire(timeout=0)


def _passes(thing: object) -> bool:
    """Whether a `Process` starts with it as an argument."""
    try:
        return in_a_child(_ignore, thing) == 0
    except NOT_PICKLED as error:
        assert "pickle" in str(error) or "local object" in str(error)
        return False


def a_copy() -> None:
    """A child process works on a copy of each list, dict or object of your own class that it
    gets; send the result back through a `Queue`, or share a `manager.list()` or
    `manager.dict()`.

    Either way the child changes its own copy, and nothing sends that copy back.
    """
    numbers: list[int] = []
    prices: dict[str, int] = {}
    sensor = _Sensor()
    assert in_a_child(_append, numbers) == 0
    assert in_a_child(_fill, prices) == 0
    assert in_a_child(_read, sensor) == 0
    assert (numbers, prices, sensor.temperature) == ([], {}, None)
    shown("ordinary-objects/sent_back", "results.put(21.5)", "Temperatures: [21.5]")
    with Manager() as manager:
        shared = manager.dict()
        assert in_a_child(_fill, shared) == 0
        assert dict(shared) == {"apple": 3}


def silent() -> None:
    """Silent. The program prints no error. It ends with exit status 0 and the wrong result:
    what the child appended is not there.
    """
    shown("ordinary-objects/list_copied", "append(21.5)", "Output\n", "worker: 0\nTemperatures: []")


def what_cannot_be_copied() -> None:
    """An argument that holds a `threading.Lock`, an open file or a database connection is
    different. Under the start method `fork` it passes. Under `forkserver` and `spawn`, `start()`
    raises one of the errors listed below, for example:
    """
    with open(__file__, encoding="utf-8") as text, closing(sqlite3.connect(":memory:")) as orders:
        things: list[object] = [threading.Lock(), text, orders]
        for thing in things:
            assert _passes([thing]) == (get_start_method() == "fork")


def how_the_copy_is_made() -> None:
    """Under `fork` the child begins as a copy of the parent, with copies of the arguments.
    Under `forkserver` and `spawn` the arguments are pickled, sent to the child, and recreated
    there.

    Under `fork` the arguments of a `Process` are not pickled, so these objects pass.
    """
    pickled = []

    class Item:
        def __reduce__(self) -> tuple[type[int], tuple[int]]:
            pickled.append(self)
            return int, (7,)

    assert in_a_child(_ignore, Item()) == 0
    assert len(pickled) == (get_start_method() != "fork")


def what_cannot_be_pickled() -> None:
    """A lock of `threading`, an open file, a generator or a lambda cannot be pickled; the
    documentation lists what can.
    """
    with open(__file__, encoding="utf-8") as text:
        things: list[object] = [threading.Lock(), text, iter(_generate()), lambda: 7]
        for thing in things:
            with raises(*NOT_PICKLED):
                pickle.dumps(thing)


def _generate() -> Iterator[int]:
    yield 7


def pools_and_queues_pickle() -> None:
    """The tasks of a `Pool` and the items of a `Queue` are pickled under every start method."""
    with Pool(1) as pool, raises(TypeError, text="cannot pickle '_thread.lock' object"):
        pool.apply(_ignore, (threading.Lock(),))
    shown("unpicklable-item/item_lost", '"discount": lambda', "Can't pickle", "Standard error")


def nothing_is_sent_back() -> None:
    """If the worker raises an exception before its `put`, or is killed, `get()` waits forever."""
    results: SimpleQueue[float] = SimpleQueue()
    assert in_a_child(_fail_first, results) == 3
    assert results.empty()  # and no process is left that could change that
    results.close()


def _fail_first(results: "SimpleQueue[float]") -> None:
    sys.exit(3)
    results.put(21.5)


def with_a_limit() -> None:
    """Where that can happen, use `get(timeout=60)`, which then raises `queue.Empty`, except after
    a kill in the middle of the item.
    """
    shown("lock-holder-killed/killed_in_put", "get(timeout=1)", "still running after 5 s")
    results: Queue[float] = Queue()
    with raises(queue.Empty):
        results.get(timeout=PAUSE)
    results.close()


def one_list_for_all() -> None:
    """A manager keeps the list in a process of its own. Parent and child each use a proxy, so
    both work on the same list. A plain list or dict inside it is still copied, and a change to it
    is lost.
    """
    shown("nested-list/append_lost", 'orders["apple"].append("Ada")', "Orders: []")
    shown("ordinary-objects/manager_list", "args=(temperatures,)", "Temperatures: [21.5]")
    with Manager() as manager:
        assert type(manager.list()) is ListProxy
        assert manager._process.pid != os.getpid()  # type: ignore[attr-defined]
        assert in_a_child(_append_inside, nested := manager.list([{"north": [20]}])) == 0
        assert list(nested) == [{"north": [20]}]


def which_one() -> None:
    """Use the `Queue` if the parent needs the result once. Use the manager if several processes
    read and change the list while they run.
    """
    no_fact("advice")


def attributes_are_lost() -> None:
    """An attribute that the child sets is lost in the same way, whether the object is an
    argument, the `self` of a method that is the target, or an instance of your own subclass of
    `Process`:
    """
    shown("ordinary-objects/attribute_lost", "self.temperature = 21.5", "Temperature: None")
    sensor = _Sensor()
    assert in_a_child(_read, sensor) == 0
    assert in_a_child(sensor.read) == 0
    assert sensor.temperature is None


def a_lock_inside() -> None:
    """`Log` holds a `threading.Lock`."""
    shown("ordinary-objects/lock_inside", "self.lock = Lock()", "from threading import Lock")


def what_holds_a_lock() -> None:
    """If you see the error without having made a lock, one of your arguments holds it: a
    `queue.Queue` and a `threading.Event` have a lock inside, a `logging.Handler` and a
    `concurrent.futures.Future` an `RLock`.
    """
    from concurrent.futures import Future

    locks: list[object] = [queue.Queue(), threading.Event()]
    for thing in locks:
        with raises(TypeError, text="cannot pickle '_thread.lock' object"):
            pickle.dumps(thing)
    handler = logging.Handler()
    for thing in [handler, Future()]:
        with raises(TypeError, text="cannot pickle '_thread.RLock' object"):
            pickle.dumps(thing)
    handler.close()


def the_way_to_the_lock() -> None:
    """From Python 3.14 on, the lines after the error lead from the lock outward to the process:
    the lock is the attribute `lock` of a `Log`, which is the first argument.
    """
    shown(
        "ordinary-objects/lock_inside",
        "when serializing dict item 'lock'\nwhen serializing Log state",
        "when serializing tuple item 0\nwhen serializing dict item '_args'",
        "when serializing multiprocessing.context.Process object",
    )


def the_other_error() -> None:
    """Look at the other error."""
    no_fact("advice")


def a_copied_lock_locks_no_process() -> None:
    """Under `fork` the object passes, but the child's lock is a copy: it keeps threads apart,
    not processes.
    """
    if get_start_method() == "fork":
        lock = threading.Lock()
        assert in_a_child(_acquire, lock) == 0
        assert not lock.locked()


def create_it_where_it_is_used() -> None:
    """Pass the data, and create the object in the process that uses it. Or tell pickle how to
    recreate it.
    """
    shown("ordinary-objects/lock_made_in_child", 'args=("sales",)', "log = Log(name)", "to sales")
    assert in_a_child(_write, _Log("sales")) == 0


def a_lock_for_processes() -> None:
    """You can pass it as an argument to a `Process`, under every start method."""
    with (lock := Lock()):
        assert in_a_child(_is_taken, lock) == 0


def keep_it() -> None:
    """Keep it in a variable until you have joined the process."""
    no_fact("advice")


def every_message() -> None:
    """An open file, a database connection, two kinds of lock, a generator, a module, a lambda in
    a function, and a lambda in a module, one line each:
    """
    shown("ordinary-objects/every_message", "full_price = lambda", "explain(pickle)", "RLock()")


def what_passes_instead() -> None:
    """Instead of a lambda, pass a function that is written with `def` at module level. Instead
    of a generator, pass a list.
    """
    assert in_a_child(_ignore, _generate) == 0
    assert in_a_child(_ignore, list(_generate())) == 0


def more_that_cannot_be_pickled() -> None:
    """The next program tries more of them: a coroutine, the keys of a dict, an SSL context,
    thread-local data, a thread, a context of `contextvars`, a queue of the module `queue`, a
    socket, a `memoryview`, an instance of a `namedtuple` whose variable has another name than
    the type, and an instance of a class whose `__new__` needs more arguments than pickle passes
    to it.
    """
    shown(
        "ordinary-objects/more_messages",
        "cannot pickle 'coroutine' object",
        "cannot pickle 'dict_keys' object",
        "cannot pickle 'SSLContext' object",
        "cannot pickle '_thread._local' object",
        "cannot pickle '_thread._ThreadHandle' object",
        "cannot pickle '_contextvars.Context' object",
        "cannot pickle '_queue.SimpleQueue' object",
        "cannot pickle 'socket' object",
        "cannot pickle memoryview objects",
        "it's not found as __main__.Crate",
        "Pair.__new__() missing 1 required positional argument: 'right'",
    )


def too_deep() -> None:
    """Objects that are nested too deeply, such as a long linked list, cannot be pickled either:"""
    shown("ordinary-objects/too_deep", "RecursionError: ", "while pickling an object")


class _Device:
    def __init__(self) -> None:
        self.handle = ctypes.c_void_p(7)


def pointers() -> None:
    """A pointer of `ctypes` cannot be pickled, nor can an object of a C library that has one, such
    as the handle of a device or of a serial port. Open the device in the process that uses it:
    """
    shown("ordinary-objects", "ctypes objects containing pointers cannot be pickled")
    for thing in ctypes.pointer(ctypes.c_int(7)), ctypes.c_char_p(b"tea"), _Device():
        with raises(ValueError, text="ctypes objects containing pointers cannot be pickled"):
            pickle.dumps(thing)


LINKED = """
import pickle
import sys


class Node:
    def __init__(self, next):
        self.next = next


def attempt(depth):
    if depth:
        return attempt(depth - 1)
    try:
        pickle.dumps(node)
    except RecursionError as error:
        return str(error)


node = None
for _ in range(3000):
    node = Node(node)
print(*{attempt(depth) for depth in range(6)}, sep="\\n")
"""
DEEPER = """
import pickle
import sys

nested = []
for _ in range({depth}):
    nested = [nested]
for limit in 1000, 100_000:
    sys.setrecursionlimit(limit)
    try:
        pickle.dumps(nested)
        print("pickled")
    except RecursionError:
        print("too deep")
"""


def nodes() -> None:
    """In Python 3.11 and 3.12, the message can end with `while calling a Python object`, if the
    objects are instances of a class.
    """
    if on("Python 3.11 to 3.12"):
        told = script(LINKED).stdout.splitlines()
        assert "maximum recursion depth exceeded while calling a Python object" in told, told


def flat() -> None:
    """Build such an object in the child, or send it flat: a list of its parts, with their numbers
    in the place of the links. `sys.setrecursionlimit()` lets pickle go deeper in Python 3.11 only.
    """
    helps = on("Python 3.11")
    told = script(DEEPER.replace("{depth}", "3000" if helps else "100_000")).stdout
    assert told.split("\n")[:2] == ["too deep", "pickled" if helps else "too deep"]


NOT_REBUILT = """
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Pool


def rebuild():
    raise RuntimeError("not rebuilt")


class Crate:
    def __reduce__(self):
        return rebuild, ()


def main():
    try:
        with ProcessPoolExecutor(1) as executor:
            executor.submit(id, Crate()).result()
    except BrokenProcessPool:
        print("broken", flush=True)
    with Pool(1) as pool:
        pool.map(id, [Crate()])
    print("over", flush=True)


if __name__ == "__main__":
    main()
"""


def not_rebuilt() -> None:
    """An object can be pickled in one process and fail in the other, in `_ForkingPickler.loads`, if
    its class or the package that it comes from has a fault.

    A task that cannot be unpickled ends its worker: an executor raises `BrokenProcessPool`, and
    `Pool.map` waits forever.
    """
    outcome = script(NOT_REBUILT, hangs_after="broken\n")
    assert (outcome.status, outcome.stdout) == (None, "broken\n")
    assert "_ForkingPickler.loads(" in outcome.stderr
    assert "RuntimeError: not rebuilt" in outcome.stderr


def whose_fault_it_is() -> None:
    """To find out, pickle it into a file, and call `pickle.load` in a new Python: if that raises
    the same error, multiprocessing is not the cause. Then send plain data, such as a list, `bytes`
    or an array of an ordinary type, and build the object in the worker.
    """
    no_fact("advice")


def _tell_later(sensor: _Sensor, may_look: EventType, told: Connection) -> None:
    assert may_look.wait(TIME_LIMIT)
    told.send(sensor.temperature)


def the_other_way_around() -> None:
    """The other way around it is the same: an attribute that the parent sets after `start()`, such
    as a flag that is to stop the child, stays as it was in the child.
    """
    sensor, may_look = _Sensor(), Event()
    receiver, sender = Pipe(duplex=False)
    child = Process(target=_tell_later, args=(sensor, may_look, sender))
    child.start()
    sensor.temperature = 21.5
    may_look.set()
    assert receiver.recv() is None
    child.join()


def send_it() -> None:
    """Use an `Event` for a flag, and a `Queue` or a `Pipe` to send data to a running process."""
    no_fact("advice")


def clients_of_boto3() -> None:
    """Pass names, such as those of a bucket and a key, and make the client in each process."""
    no_fact("advice")
