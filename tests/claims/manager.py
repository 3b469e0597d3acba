"""What docs/syntax/manager.md says."""

import copy
import json
import operator
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from multiprocessing import (
    AuthenticationError,
    Lock,
    Manager,
    Pipe,
    Pool,
    Process,
    Queue,
    active_children,
    get_start_method,
)
from multiprocessing.connection import Connection, wait
from multiprocessing.managers import (
    BaseManager,
    BaseProxy,
    DictProxy,
    ListProxy,
    RemoteError,
    SyncManager,
)
from multiprocessing.util import register_after_fork
from pathlib import Path
from typing import Any

from tests.claims import PAUSE, SURE, TIME_LIMIT, changed, no_fact, on, raises, script, shown
from tests.claims._interrupted import interrupt_a_call
from tests.claims._recorders import calls_of
from tests.claims._starts import MANAGER_ENDS, MANAGER_STARTS, waits

COUNT = 30  # calls of each of two processes

SEPARATE = """
from multiprocessing.managers import ListProxy, Token

print(len(ListProxy(Token(*{token}), "pickle")))
"""


class _Hook:
    """Holds up a forked child before it uses any proxy."""

    def __init__(self, receiver: Connection) -> None:
        self.receiver = receiver
        register_after_fork(self, lambda hook: hook.receiver.recv())


@cache
def _started() -> SyncManager:
    return Manager()


@contextmanager
def _the_manager() -> Iterator[SyncManager]:
    """One manager for all checks that do not need one of their own; it ends with the program."""
    yield _started()


def _server(manager: SyncManager) -> Any:
    """The process of the manager, as the manager has it."""
    return manager._process  # type: ignore[attr-defined]


def _count(manager: SyncManager) -> int:
    """The number of objects in the server."""
    number: int = manager._number_of_objects()  # type: ignore[attr-defined]
    return number


def _keeps(manager: SyncManager, ident: str) -> bool:
    """Whether the server counts proxies of an object: others may come and go meanwhile."""
    counted: str = manager._debug_info()  # type: ignore[attr-defined]
    return ident in counted


def _answers(shared: Any) -> bool:
    """Whether it can be used. The error is not kept: Python 3.12.1 may crash on its traceback."""
    try:
        shared.copy()
    except (OSError, EOFError):
        return False
    return True


def _in_a_child(target: Callable[..., object], *args: object) -> None:
    child = Process(target=target, args=args)
    child.start()
    child.join()
    assert child.exitcode == 0


def _tell(sender: Connection, call: Callable[..., object], *args: object) -> None:
    """Send the result, or the error as a text."""
    try:
        sender.send(call(*args))
    except (AttributeError, RemoteError, AuthenticationError) as error:
        sender.send(f"{type(error).__name__}: {error}")


def _told(call: Callable[..., object], *args: object) -> Any:
    """What the call gives in a child, or its error as a text."""
    receiver, sender = Pipe(duplex=False)
    with receiver, sender:
        _in_a_child(_tell, sender, call, *args)
        return receiver.recv()


def _grandchild(sender: Connection, shared: Any) -> None:
    _in_a_child(_tell, sender, len, shared)


def _set_attributes(shared: Any) -> None:
    shared.total = 3
    shared._secret = 4
    assert shared._secret == 4


def _one_call_each(orders: Any, firsts: Any, stock: Any, mine: int) -> None:
    for number in range(COUNT):
        orders.append(number)
        firsts.setdefault(number, mine)
        stock.pop()


def _put(queue: Any) -> None:
    queue.put(7)


def _is_free(lock: Any) -> bool:
    if free := bool(lock.acquire(False)):
        lock.release()
    return free


def _price(started: Any, go_on: Any, item: int) -> int:
    started.set()
    go_on.wait(TIME_LIMIT)
    return item


def _sort(orders: Any, key: Callable[[int], int], errors: list[str]) -> None:
    try:
        orders.sort(key=key)
    except ValueError as error:
        errors.append(str(error))


def _look_and_append(orders: Any) -> int:
    size = len(orders)
    orders.append(9)
    return size


def _loop(shared: Any) -> None:
    for _ in shared:
        pass


def _see_all(shared: Any) -> list[object]:
    """What a child gets in four ways; of an error, its text."""
    found: list[object] = [shared.keys(), shared.items()]
    for loop in (_loop, list):
        try:
            loop(shared)
        except AttributeError as error:
            found.append(str(error))
    return found


def _append(shared: Any) -> None:
    shared["list"].append(5)
    shared["plain"].append(5)


def _wait_first(receiver: Connection, sender: Connection, shared: Any) -> None:
    receiver.recv()
    _tell(sender, len, shared)


def _use_twice(receiver: Connection, sender: Connection, shared: Any) -> None:
    _tell(sender, len, shared)
    receiver.recv()
    _tell(sender, len, shared)


def _keep_until_told(receiver: Connection, sender: Connection, shared: Any) -> None:
    sender.send(len(shared))
    receiver.recv()


def _be_killed(sender: Connection, lock: Any, orders: Any) -> None:
    """A worker of one manager, which waits for the answer to a `get`, and has one of its own."""
    with SyncManager(("127.0.0.1", 0)) as manager:
        lock.acquire()
        orders._tls.connection.send((orders._id, "get", (), {}))
        sender.send((manager.address, _server(manager).pid))
        signal.raise_signal(signal.SIGKILL)


def _recv(receiver: Connection) -> object:
    return receiver.recv()


def _token(shared: Any) -> tuple[object, ...]:
    token = shared._token
    return (token.typeid, token.address, token.id)


def _note_process(seen: Any, item: int) -> int:
    seen.append(os.getpid())
    return item


def _notify(condition: Any) -> None:
    with condition:
        condition.notify()


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIME_LIMIT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(PAUSE)


def the_server() -> None:
    """A `multiprocessing.Manager` shares a dict, a list or another object between processes: it
    starts one more process, the server, which keeps the object for all others.

    `Manager()` starts the server. Its methods make objects in the server, and return proxies of
    them:

    `Manager()` starts one server process.

    Leave the `with` block after the last worker has ended, because the end of the block ends
    the server, and the dict is gone.
    """
    assert not active_children()
    with Manager() as manager:
        assert [child.pid for child in active_children()] == [_server(manager).pid]
        shared = [manager.dict(), manager.list(), manager.Event(), manager.Namespace()]
        assert all(isinstance(one, BaseProxy) for one in shared)
        assert _count(manager) == len(shared)
        assert len(active_children()) == 1
        assert _answers(shared[0])
    assert not active_children()
    assert not _answers(shared[0])


def when_to_use_it() -> None:
    """Use it when several processes change something that is more than numbers.

    Use it in a `with` statement, or call `shutdown()` at the end.

    If you read often and do not need later changes, make a copy first.

    Join all workers inside the `with` block.

    If you catch such an exception, make all later calls in another thread.
    """
    no_fact("advice")


def a_namespace() -> None:
    """Its `Namespace` shares data as attributes: `shared.total = 3`.

    `Namespace(...)` | an object whose attributes are shared, except those whose names begin with
    `_`
    """
    with _the_manager() as manager:
        shared: Any = manager.Namespace(**{"unit": "kg"})
        _in_a_child(_set_attributes, shared)
        assert (shared.total, shared.unit) == (3, "kg")
        assert not hasattr(shared, "_secret")


def the_first_program() -> None:
    """`manager.dict()` makes a dict in the server and returns a proxy, which you use like a dict.
    The workers get the proxy as an argument.
    """
    shown("manager/smallest", "ratings[film] = stars", "args=(film, stars, ratings)")
    shown("manager/smallest", "[('Alien', 5), ('Brazil', 4)]")


def dict_and_list() -> None:
    """`dict(...)`, `list(...)` | a dict, a list, with the arguments of Python's own `dict` and
    `list`
    """
    with _the_manager() as manager:
        assert manager.dict().copy() == {}
        assert manager.dict([("a", 1)], b=2).copy() == dict([("a", 1)], b=2)
        assert manager.list()[:] == []
        assert manager.list("ab")[:] == list("ab")


def a_set() -> None:
    """`set(...)`, Python 3.14 and later | a set; what to use before

    Its proxy has all methods of a set; an operator such as `|` needs an ordinary set on one side,
    `seen | tags.copy()`. Between two proxies, `seen |= tags` changes nothing and raises no error,
    and the same is true of `&=`, `-=` and `^=`: call the method, `seen.update(tags)`.
    """
    assert hasattr(SyncManager, "set") == on("Python 3.14 and later")
    if on("Python 3.14 and later"):
        with _the_manager() as manager:
            tags = manager.set("ab")  # type: ignore[attr-defined, unused-ignore]
            assert tags.copy() == {"a", "b"}
            assert {name for name in dir(set) if name[0] != "_"} <= set(dir(tags))
            seen = manager.set("bc")  # type: ignore[attr-defined, unused-ignore]
            assert seen | tags.copy() == tags.copy() | seen == {"a", "b", "c"}
            with raises(TypeError):
                seen | tags
            changes: dict[str, Callable[[Any, Any], Any]] = {
                "update": operator.ior,
                "intersection_update": operator.iand,
                "difference_update": operator.isub,
                "symmetric_difference_update": operator.ixor,
            }
            for method, change in changes.items():
                shared = manager.set("bc")  # type: ignore[attr-defined, unused-ignore]
                assert change(shared, tags) is shared
                assert shared.copy() == {"b", "c"}
                getattr(shared, method)(tags)
                assert shared.copy() == change({"b", "c"}, {"a", "b"}) != {"b", "c"}


def a_value() -> None:
    """`Value(typecode, value, lock=True)` | one value of any type that can be pickled, without a
    lock; `typecode` and `lock` have no effect
    """
    with _the_manager() as manager:
        make: Any = manager.Value
        for lock in (True, False):
            value = make("i", {"any": "type"}, lock)
            assert value.value == {"any": "type"}
            value.value = "text"
            assert value.value == "text"
            for name in ("get_lock", "acquire"):
                assert not hasattr(value, name)


def an_array() -> None:
    """`Array(typecode, sequence, lock=True)` | an `array.array`, without a lock; `lock` has no
    effect
    """
    with _the_manager() as manager:
        make: Any = manager.Array
        for lock in (True, False):
            stock = make("i", [5, 2], lock)
            assert str(stock) == "array('i', [5, 2])"
            for name in ("get_lock", "acquire"):
                assert not hasattr(stock, name)


def a_pool() -> None:
    """`Pool(...)` | a pool whose workers are children of the server"""
    with _the_manager() as manager, manager.Pool(1) as pool:
        assert pool.apply(os.getppid) == _server(manager).pid or get_start_method() == "forkserver"
        assert pool.apply(_parent) == _server(manager).name


def _parent() -> str:
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent
    return parent.name


def all_others() -> None:
    """all others | as with a BaseManager"""
    assert issubclass(SyncManager, BaseManager)
    own = {name for name in dir(SyncManager) if name[0] != "_"} - set(dir(BaseManager))
    assert all(name in SyncManager._registry for name in own)  # type: ignore[attr-defined]


def other_pages() -> None:
    """To share an object of your own class, use a custom manager. Programs that were started
    separately can connect to a manager by its address.
    """
    shown("custom-manager/smallest", 'register("Scoreboard", Scoreboard)', "{'Ada': 42}")
    shown("remote-manager/smallest", "client.connect()", "{'Ada': 30, 'Bob': 12}")


def one_step() -> None:
    """A call such as `append`, `pop`, `setdefault`, or an assignment to one key or index is one
    step: of two such calls, one takes effect after the other.
    """
    with _the_manager() as manager:
        orders, firsts = manager.list(), manager.dict()
        stock = manager.list(range(2 * COUNT))
        child = Process(target=_one_call_each, args=(orders, firsts, stock, 1))
        child.start()
        _one_call_each(orders, firsts, stock, 2)
        child.join()
        assert sorted(orders[:]) == sorted([*range(COUNT)] * 2)
        assert firsts.keys() and set(firsts.values()) <= {1, 2}
        assert stock[:] == []
        calls = calls_of(orders)
        orders[0] = 7
        assert calls == ["__setitem__"]


def several_steps() -> None:
    """These are several steps, and calls of other processes may come between them:

    Hold a lock around them.
    """
    no_fact("an introduction, and advice")


def two_calls() -> None:
    """`ratings["Alien"] += 1` is two calls.

    `shared.total += 1` on a `Namespace`, and `total.value += 1` on a `Value`, are two calls as
    well.
    """
    with _the_manager() as manager:
        ratings: Any = manager.dict(Alien=1)
        calls = calls_of(ratings)
        ratings["Alien"] += 1
        assert calls == ["__getitem__", "__setitem__"]
        total: Any = manager.Value("i", 1)
        calls = calls_of(total)
        total.value += 1
        assert calls == ["get", "set"]
        shared: Any = manager.Namespace()
        shared.total = 1
        calls = calls_of(shared)
        shared.total += 1
        assert calls == ["__getattribute__", "__setattr__"]


def updates_are_lost() -> None:
    """The updates of another process can be lost, and no error is reported.

    `+=` on an entry without a lock can lose updates.
    """
    shown("race/manager_dict_unsafe", "Output\n", "4 sellers: 1")


def loops() -> None:
    """A loop over a list's proxy makes one call for each item, and a loop over a dict's proxy one
    for each key. If another process adds a key in the meantime, the loop over the dict raises
    `RuntimeError: dictionary changed size during iteration`.
    """
    with _the_manager() as manager:
        orders: Any = manager.list("abc")
        calls = calls_of(orders)
        for _ in orders:
            pass
        assert calls == ["__getitem__"] * (len("abc") + 1)  # at the last one it ends
        ratings: Any = manager.dict(a=1, b=2)
        keys = iter(ratings)
        calls = calls_of(keys)
        for _ in keys:
            pass
        assert calls == ["__next__"] * (len("ab") + 1)
        keys = iter(ratings)
        next(keys)
        ratings["c"] = 3
        with raises(RuntimeError, text="dictionary changed size during iteration"):
            next(keys)


def sort() -> None:
    """`orders.sort(key=price)` is one call, but it runs `price` in the server. Meanwhile the list
    looks empty to all other processes. If one of them appends, its item is lost, and `sort`
    raises `ValueError: list modified during sort`.
    """
    with _the_manager() as manager:
        orders: Any = manager.list([3, 1, 2])
        started, go_on = manager.Event(), manager.Event()
        errors: list[str] = []
        price = partial(_price, started, go_on)
        sorter = threading.Thread(target=_sort, args=(orders, price, errors))
        sorter.start()
        assert started.wait(TIME_LIMIT)
        assert _told(_look_and_append, orders) == 0
        go_on.set()
        sorter.join()
        assert errors == ["list modified during sort"]
        assert orders[:] == [1, 2, 3]


def update() -> None:
    """`ratings.update(others)`, where `others` is a proxy as well, reads and assigns one key after
    the other. Use `ratings.update(others.copy())`.
    """
    with _the_manager() as manager:
        others: Any = manager.dict(a=1, b=2)
        ratings: Any = manager.dict()
        ratings.update(others)
        assert ratings.copy() == {"a": 1, "b": 2}
        calls = calls_of(others)
        {}.update(others)  # as the server does
        assert calls == ["keys", "__getitem__", "__getitem__"]
        calls.clear()
        ratings.update(others.copy())
        assert calls == ["copy"]


def a_lock() -> None:
    """A manager's dict has no `get_lock()`, so make a `Lock`, as this pair of programs shows."""
    shown("race/manager_dict_unsafe", "4 sellers: 1")
    shown("race/manager_dict_fixed", "with lock:", "4 sellers: 4")
    assert not hasattr(DictProxy, "get_lock")


def copy_first() -> None:
    """To loop, copy first: `ratings.items()`, `ratings.keys()` and `orders[:]` are one call each,
    and return an ordinary list.
    """
    with _the_manager() as manager:
        ratings: Any = manager.dict(a=1)
        calls = calls_of(ratings)
        found = [ratings.items(), ratings.keys()]
        assert (found, calls) == ([[("a", 1)], ["a"]], ["items", "keys"])
        orders: Any = manager.list("ab")
        calls = calls_of(orders)
        found.append(orders[:])
        assert (found[2], calls) == (["a", "b"], ["__getitem__"])
        assert [type(one) for one in found] == [list] * 3


def blocking() -> None:
    """Its `acquire` has the parameter names of a `threading.Lock`: `blocking` where a
    `multiprocessing.Lock` has `block`.
    """
    from inspect import signature

    with _the_manager() as manager:
        assert list(signature(manager.Lock().acquire).parameters) == ["blocking", "timeout"]
    assert threading.Lock().acquire(blocking=True, timeout=1)
    assert Lock().acquire(block=True)


def a_message() -> None:
    """Each access through a proxy is a message to the server and an answer.

    Each call through a proxy, whether it reads or changes, is a message: the identifier, the
    name of the method and the arguments go to the server, and the result or the exception comes
    back.
    """
    with _the_manager() as manager:
        ratings: Any = manager.dict(Alien=5)
        assert ratings["Alien"] == 5
        connection = ratings._tls.connection
        connection.send((ratings._id, "__getitem__", ("Alien",), {}))
        assert connection.recv() == ("#RETURN", 5)
        connection.send((ratings._id, "__setitem__", ("Alien", 4), {}))
        assert connection.recv() == ("#RETURN", None)
        connection.send((ratings._id, "__getitem__", ("Brazil",), {}))
        kind, error = connection.recv()
        assert (kind, type(error)) == ("#ERROR", KeyError)


def a_copy_helps() -> None:
    """A copy also helps in two other cases: `print` shows a proxy as a dict, but the proxy is not
    equal to a dict with the same contents, and `json.dumps` does not accept it.
    """
    shown("manager/take_a_copy", "DictProxy 5\ndict 3", "Equal, as a copy: True")
    with _the_manager() as manager:
        prices = manager.dict(apple=5)
        assert str(prices) == "{'apple': 5}"
        assert prices != {"apple": 5}
        with raises(TypeError, text="Object of type DictProxy is not JSON serializable"):
            json.dumps(prices)
        assert json.loads(json.dumps(prices.copy())) == {"apple": 5}


def nested() -> None:
    """Put a `manager.list()` or a `manager.dict()` into the outer dict. What you read from the
    outer dict is then a proxy of the inner object, and a change to the inner object is kept.

    A `copy()` of the outer dict has proxies in it. To make ordinary objects of them, call
    `list(...)` on a list's proxy and `.copy()` on a dict's.

    If a plain list is in a manager's dict, you get a copy of the list, so an `append` to it is
    lost.
    """
    with _the_manager() as manager:
        ratings: Any = manager.dict(plain=[3])
        ratings["list"], ratings["dict"] = manager.list([3]), manager.dict(Alien=3)
        copied = ratings.copy()
        assert [type(one) for one in copied.values()] == [list, ListProxy, DictProxy]
        _in_a_child(_append, ratings)
        assert ratings["plain"] == [3]
        assert list(copied["list"]) == [3, 5]
        copied["dict"]["Brazil"] = 4
        inner = ratings["dict"].copy()
        assert (type(inner), inner) == (dict, {"Alien": 3, "Brazil": 4})
        new = [hasattr(copied["list"], name) for name in ("clear", "copy")]
        assert new == [True, True] if on("Python 3.14 and later") else new == [False, False]


def in_earlier_releases() -> None:
    """In earlier releases, use the keys of a `manager.dict()`: `seen[tag] = True` adds a tag, and
    `seen.keys()` is a list with each tag once.
    """
    with _the_manager() as manager:
        seen = manager.dict()
        for tag in ["new", "new", "old"]:
            seen[tag] = True
        assert seen.keys() == ["new", "old"]
        assert type(seen.keys()) is list


def what_can_be_shared() -> None:
    """What can be pickled can be shared, because it is sent to the server and back. If the server
    does not find its class, for example one that is defined after `Manager()`, you get a
    `RemoteError`. What you read is a copy, unless it is a proxy.
    """
    with _the_manager() as manager:
        shared: Any = manager.list()
        mine = {"size": 7}
        shared.append(mine)
        assert shared[0] == mine
        assert shared[0] is not shared[0]
        with raises(TypeError, text="cannot pickle"):
            shared.append(threading.Lock())
        shared.append(manager.dict())
        assert type(shared[-1]) is DictProxy
        globals()["_Late"] = type("_Late", (), {"__module__": __name__})
        try:
            with raises(RemoteError, text="_Late"):
                shared.append(globals()["_Late"]())
        finally:
            del globals()["_Late"]


def pass_it_on() -> None:
    """A proxy can be an argument of a `Process` or of a pool's task, or an item of a queue, on two
    conditions:

    The children of your program, and their children, have the key of `Manager()`.

    `Queue(maxsize=0)`, `JoinableQueue(maxsize=0)` | a queue, which can be an argument of
    `Pool.map`

    `Lock()`, `RLock()`, `Semaphore(value=1)`, `BoundedSemaphore(value=1)` | locks and
    semaphores, which can be arguments of `Pool.map`

    For the workers of a pool use a `manager.Lock()`, which can be an argument of `Pool.map`.
    """
    queue: Queue[Any] = Queue()
    receiver, sender = Pipe(duplex=False)
    with _the_manager() as manager, Pool(1) as pool, receiver, sender:
        shared = manager.list("abc")
        assert pool.apply(len, (shared,)) == 3
        both = manager.Queue(1), manager.JoinableQueue(1)
        pool.map(_put, both)
        assert [one.get() for one in both] == [7, 7]
        locks: list[Any] = [manager.Lock(), manager.RLock()]
        locks += [manager.Semaphore(1), manager.BoundedSemaphore(1)]
        assert pool.map(_is_free, locks) == [True] * 4
        for lock in locks:
            lock.acquire()
        assert pool.map(_is_free, locks) == [False] * 4
        queue.put(shared)
        assert len(queue.get()) == 3
        _in_a_child(_grandchild, sender, shared)
        assert receiver.recv() == 3
    queue.close()


def two_conditions() -> None:
    """Keep it in a variable until the receiver has it, or, for a `Process`, until the child has
    ended.

    The receiver must have the manager's key.
    """
    no_fact("advice: the sentences behind them say what happens otherwise")


def an_object_is_removed() -> None:
    """The server counts the proxies of each object, and removes the object when there is none.

    `start()` drops the arguments of the process, so do not write
    `Process(target=work, args=(manager.list(),))`: under every start method, the child may fail
    with a `RemoteError` that shows a `KeyError`.

    An object whose only proxy is an argument may be removed while the worker needs it.

    `manager.dict()` asks the server to make a dict, which the server keeps under an identifier
    until it removes it.

    An object that was put into another one is never removed, even if you take it out again.
    """
    receiver, sender = Pipe(duplex=False)
    go_on, let_go = Pipe(duplex=False)
    with _the_manager() as manager, receiver, sender, go_on, let_go:
        one: Any = manager.dict(a=1)
        kept = manager.list([one])
        assert _keeps(manager, one._id)
        del one
        assert kept[0].copy() == {"a": 1}
        del kept
        hook = _Hook(go_on)  # under `fork`, a child would otherwise use the proxy at its start
        shared = manager.list()
        token = shared._token  # type: ignore[attr-defined]
        assert _keeps(manager, token.id)
        outer: Any = manager.list([shared])
        outer.pop()
        del shared, outer
        assert not _keeps(manager, token.id)
        assert len(ListProxy(token, "pickle", manager)) == 0
        argument: Any = manager.list()
        ident = argument._id
        child = Process(target=_wait_first, args=(go_on, sender, argument))
        del argument
        child.start()
        _until(lambda: not _keeps(manager, ident))
        let_go.send("the object is gone")
        let_go.send("the object is gone")
        message = receiver.recv()
        child.join()
        assert "RemoteError" in message
        assert "KeyError" in message
        del hook


def it_is_not_counted() -> None:
    """Under `spawn`, it does not count a proxy that a child gets as an argument of `Process`."""
    receiver, sender = Pipe(duplex=False)
    go_on, let_go = Pipe(duplex=False)
    with _the_manager() as manager, receiver, sender, go_on, let_go:
        shared: Any = manager.list("abc")
        ident = shared._id
        child = Process(target=_use_twice, args=(go_on, sender, shared))
        child.start()
        assert receiver.recv() == 3
        del shared
        assert _keeps(manager, ident) == (get_start_method() != "spawn")
        let_go.send("no other process has a proxy")
        found = receiver.recv()
        child.join()
        assert "KeyError" in found if get_start_method() == "spawn" else found == 3


def a_task_is_lost() -> None:
    """In the same way, `pool.apply_async(work, (manager.list(),))` may end the worker, and then
    `get()` waits forever.

    If a process is killed, and so are the workers of a pool at the end of its `with` block, an
    object of which it had a proxy can remain, too. The memory of the server then grows until the
    manager ends.
    """
    receiver, sender = Pipe(duplex=False)
    go_on, let_go = Pipe(duplex=False)
    with _the_manager() as manager, go_on, let_go, receiver, sender:
        with Pool(1) as pool:
            (worker,) = pool._pool  # type: ignore[attr-defined]
            first = pool.apply_async(_recv, (go_on,))
            lost: Any = manager.list()
            ident = lost._id
            result = pool.apply_async(len, (lost,))
            del lost
            _until(lambda: not _keeps(manager, ident))
            let_go.send("the object is gone")
            assert first.get(TIME_LIMIT) == "the object is gone"
            assert wait([worker.sentinel], TIME_LIMIT)
            result.wait(SURE)
            assert not result.ready()
        with Pool(1) as pool:
            shared: Any = manager.list()
            ident = shared._id
            pool.apply_async(_keep_until_told, (go_on, sender, shared))
            assert receiver.recv() == 0
            del shared
        assert _keeps(manager, ident)  # the worker had it, and was at work when it was terminated


def started_separately() -> None:
    """A program that was started separately does not."""
    with _the_manager() as manager:
        shared = manager.list("abc")
        outcome = script(SEPARATE.format(token=_token(shared)))
        assert "AuthenticationError: digest sent was rejected" in outcome.stderr
        assert outcome.status == 1


def a_key_of_its_own() -> None:
    """If you give a `SyncManager` an `authkey` of its own, a proxy loses the key when it is pickled
    for anything but the arguments of a `Process`: `get()` of a queue raises
    `AuthenticationError`, a task of a `Pool` never returns, and an executor raises
    `BrokenProcessPool`.
    """
    from concurrent.futures import ProcessPoolExecutor  # not at the top: the children need neither
    from concurrent.futures.process import BrokenProcessPool

    queue: Queue[Any] = Queue()
    with SyncManager(authkey=b"of its own") as manager:
        shared = manager.list("abc")
        assert _told(len, shared) == 3
        queue.put(shared)
        with raises(AuthenticationError):
            queue.get()
        with Pool(1) as pool:
            (worker,) = pool._pool  # type: ignore[attr-defined]
            result = pool.apply_async(len, (shared,))
            assert wait([worker.sentinel], TIME_LIMIT)
            result.wait(SURE)
            assert not result.ready()
        with ProcessPoolExecutor(1) as executor, raises(BrokenProcessPool):
            executor.submit(len, shared).result()
    queue.close()


def a_loop_in_a_child() -> None:
    """In the parent, a proxy that you read from another dict or list, or from a queue, has none,
    either. Use `ratings.keys()` or `ratings.items()`, which work in every process.
    """
    queue: Queue[Any] = Queue()
    with _the_manager() as manager:
        ratings = manager.dict(Alien=5)
        message = "'NoneType' object has no attribute '_registry'"
        both = [["Alien"], [("Alien", 5)]]
        assert _told(_see_all, ratings) == [*both, message, message]
        assert _see_all(ratings) == both
        queue.put(ratings)
        for read in manager.dict(inner=ratings)["inner"], manager.list([ratings])[0], queue.get():
            assert _see_all(read) == [*both, message, message]
    queue.close()


def the_caller_waits() -> None:
    """Meanwhile the caller waits."""
    with _the_manager() as manager:
        orders = manager.Queue()
        caller = threading.Thread(target=orders.get)
        caller.start()
        caller.join(SURE)
        assert caller.is_alive()
        orders.put("now")
        caller.join()


def wait_for_each_other() -> None:
    """`Event()`, `Condition(lock=None)`, `Barrier(parties, action=None, timeout=None)` | objects
    with which processes wait for each other; `lock` can be a `manager.Lock()`, but no
    `manager.RLock()`
    """
    shown("manager/every_proxy", "condition.notify_all()", "doors.is_set(), start.wait()", "True 0")
    with _the_manager() as manager:
        condition = manager.Condition(manager.Lock())
        with condition:
            child = Process(target=_notify, args=(condition,))
            child.start()
            assert condition.wait(TIME_LIMIT)
        child.join()
        rlock: Any = manager.RLock()
        condition = manager.Condition(rlock)
        with condition:
            with raises(RuntimeError, text="cannot wait on un-acquired lock"):
                condition.wait(TIME_LIMIT)
            with raises(RuntimeError, text="cannot notify on un-acquired lock"):
                condition.notify()


def at_the_same_time() -> None:
    """So calls of different processes can run at the same time, and the calls of one thread run in
    order.
    """
    with _the_manager() as manager:
        both = manager.Barrier(2)
        child = Process(target=both.wait)
        child.start()
        both.wait(TIME_LIMIT)  # it ends only while both calls run
        child.join()
        orders = manager.list()
        for number in range(COUNT):
            orders.append(number)
        assert orders[:] == list(range(COUNT))


def one_process_answers() -> None:
    """One process answers all calls, so do heavy work in the workers, not in the server."""
    with _the_manager() as manager:
        seen = manager.list([2, 1])
        one, other = manager.list(), manager.list()
        seen.sort(key=partial(_note_process, one))
        seen.sort(key=partial(_note_process, other))
        assert set(one[:]) == set(other[:]) == {_server(manager).pid}


def without_the_main_guard() -> None:
    """Without the main guard, `Manager()` fails with a `RuntimeError` in the child, except under
    `fork`.
    """
    shown("main-guard/unguarded", "\nwith Manager() as manager:", "RuntimeError", "fork")


def after_the_manager() -> None:
    """A worker that uses a proxy after the manager has ended gets a connection error, on Linux for
    example `FileNotFoundError`, `BrokenPipeError` or `EOFError`.
    """
    shown("manager-ended/first_use", "FileNotFoundError")
    shown("manager-ended/used_before", "BrokenPipeError")
    shown("manager-ended/during_call", "EOFError")


def after_a_killed_manager() -> None:
    """After a manager that was killed, it can be `ConnectionRefusedError`."""
    with (
        tempfile.TemporaryDirectory() as folder,
        SyncManager(str(Path(folder) / "shop")) as manager,
    ):
        shared = manager.dict()
        server = _server(manager)
        server.kill()
        server.join()
        with raises(ConnectionRefusedError):
            shared.copy()


def an_interrupted_call() -> None:
    """If an exception interrupts a call, as Ctrl-C does, the next call of that thread returns the
    answer to the interrupted call, whichever proxy it uses, and no error is reported.
    """
    if sys.platform == "win32":
        return
    with _the_manager() as manager:
        ratings: Any = manager.dict(Alien=5)
        both = manager.Barrier(2)
        interrupt_a_call(both.wait, lambda: both.n_waiting)
        assert [ratings["Alien"], ratings.copy()] == [0, 5]  # the first is that of `wait`
        found: list[int] = []
        other = threading.Thread(target=lambda: found.append(ratings["Alien"]))
        other.start()
        other.join()
        assert found == [5]
        del ratings._tls.connection  # the other checks use this thread, too


def a_start_or_an_end_is_interrupted() -> None:
    """If Ctrl-C interrupts the start or the end of the `with` block, your program can wait forever
    for the server, at its end: kill the server there. Under `fork`, that misses a server whose fork
    was interrupted.
    """
    from tests.claims._forks import is_left, start_manager

    if get_start_method() == "fork":
        assert is_left(start_manager)
    shown("ctrl-c/executor_cancels", "in active_children():\n            worker.kill()")
    for place in MANAGER_STARTS, MANAGER_ENDS:
        assert waits(changed("manager/smallest"), place)


def a_killed_process() -> None:
    """A worker that is killed while it holds a manager's `Lock` leaves it locked. If it is killed
    while it waits in `get()` of a manager's queue, an item is lost: the server gets it for
    the dead worker.

    If your program alone is killed or ended by SIGTERM, the server goes on running.
    """
    if sys.platform == "win32":
        return
    receiver, sender = Pipe(duplex=False)
    with _the_manager() as manager, receiver, sender:
        lock, orders = manager.Lock(), manager.Queue()
        killed = Process(target=_be_killed, args=(sender, lock, orders))
        killed.start()
        address, server = receiver.recv()
        killed.join()
        assert not lock.acquire(blocking=False)
        orders.put("the next item")
        _until(orders.empty)
        client = SyncManager(address)
        client.connect()
        assert _count(client) == 0  # it answers
        os.kill(server, signal.SIGTERM)


def under_every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver` and
    `spawn`.
    """
    shown("manager/smallest", "Output\n[")
    shown("manager/every_proxy", "Output\n4 pear")
    shown("manager/take_a_copy", "Output\nDictProxy")
    shown("manager/nested", "Output\nListProxy")
    shown("manager/tag_set", "Output\nTags", "Standard error, with ... for what differs, exit")


def measured() -> None:
    """One update is measured."""
    no_fact("a pointer to another page")


def something_else() -> None:
    """To share one number or an array of numbers: Value or Array.

    To send messages from one process to another: Queue.

    To share data that no process changes: pass the data as an argument.
    """
    shown("value/smallest", "Value(")
    shown("array/smallest", "Array(")
    shown("queue/smallest", "Queue()")
    shown("shared-config/never_changed", "initargs=(settings,)", "[107, 214, 321]")


def what_becomes_of_it() -> None:
    """If a worker fails, what it would have written is missing, and the program ends with exit
    status 0.

    After each `join()`, look at the worker's `exitcode`.

    If the server process is killed, each use of a proxy raises an error.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "manager/smallest",
        "If something fails",
        "a worker is killed            wrong result",
        "the manager is killed         status 1, told",
    )


FORKED = """
import os
from multiprocessing import get_context
from multiprocessing.managers import SyncManager
from threading import Thread


def read(numbers, number, count, wrong):
    try:
        for _ in range(count):
            if numbers[number] != number:
                wrong.append(number)
    except Exception as error:
        wrong.append(type(error).__name__)


def as_process(numbers, sender):
    wrong = []
    read(numbers, 1, 500, wrong)
    os.write(sender, repr(wrong).encode())


def forked(manager, numbers, way):
    receiver, sender = os.pipe()
    if not (child := os.fork()):
        wrong = []
        if way == "thread":
            thread = Thread(target=read, args=(numbers, 1, 500, wrong))
            thread.start()
            thread.join()
        else:
            connection = numbers._tls.connection
            wrong.append(os.fstat(connection.fileno()).st_ino)
        os.write(sender, repr(wrong).encode())
        os._exit(0)
    if way == "thread":
        wrong = []
        read(numbers, 2, 500, wrong)
        print(wrong)
    os.waitpid(child, 0)
    told = os.read(receiver, 9_999).decode()
    ours = os.fstat(numbers._tls.connection.fileno()).st_ino
    print(told if way == "thread" else told == repr([ours]))


if __name__ == "__main__":
    with SyncManager(authkey=b"key") as manager:
        numbers = manager.dict({1: 1, 2: 2})
        print(numbers[1])
        forked(manager, numbers, "thread")
        forked(manager, numbers, "plain")
        receiver, sender = os.pipe()
        child = get_context("fork").Process(target=as_process, args=(numbers, sender))
        child.start()
        wrong = []
        read(numbers, 2, 500, wrong)
        child.join()
        print(wrong, os.read(receiver, 9_999).decode())
"""


def a_fork_of_ones_own() -> None:
    """If your program, or a server such as Gunicorn, calls `os.fork()` itself, and a proxy of the
    manager was used before, parent and child share its connection.

    Start the child with `Process`, which has a connection of its own under every start method.
    After `os.fork()`, use proxies only in a new thread: it has a connection of its own, too.
    """
    outcome = script(FORKED)
    assert outcome.stdout == "1\n[]\n[]\nTrue\n[] []\n", outcome


def mixed_answers() -> None:
    """Then a call can return the answer to the other's call, fail with an error such as
    `UnpicklingError`, or wait forever.

    To connect to the manager once more does not help.
    """
    outcome = script(MIXED)
    assert outcome.stdout == "the other's\nTrue\n", outcome


MIXED = """
import os
from multiprocessing.managers import SyncManager

if __name__ == "__main__":
    with SyncManager(authkey=b"key") as manager:
        numbers = manager.dict({1: "ours", 2: "the other's"})
        assert numbers[1] == "ours"
        connection = numbers._tls.connection
        receiver, sender = os.pipe()
        if not (child := os.fork()):  # asks, and leaves the answer to its parent
            connection.send((numbers._id, "__getitem__", (2,), {}))
            connection.poll(None)
            os._exit(0)
        os.waitpid(child, 0)
        print(numbers[1])
        connection.recv()
        if not (child := os.fork()):
            other = SyncManager(manager.address, b"key")
            other.connect()
            again = other.dict()
            same = again._tls is numbers._tls
            os.write(sender, repr(same).encode())
            os._exit(0)
        print(os.read(receiver, 99).decode())
        os.waitpid(child, 0)
"""


def empty_a_list() -> None:
    """A list's proxy has all methods of a list, except that `.copy()` and `.clear()` came with
    Python 3.14. Before, write `orders[:]` to copy a list, and `del orders[:]` to empty it, which
    work in each version:

    A dict's proxy has all methods of a dict from Python 3.14 on; before, `fromkeys`,
    `reversed(...)` and the operators `|` and `|=` are missing.
    """
    methods = {name for name in dir(list) if not name.startswith("_")}
    missing = {"copy", "clear"} if on("Python 3.11 to 3.13") else set()
    assert methods - set(dir(ListProxy)) == missing
    names = _started().list(["tea", "milk"])
    copied = names[:]
    del names[:]
    assert (copied, len(names)) == (["tea", "milk"], 0)
    new = {"fromkeys", "__reversed__", "__or__", "__ior__"}
    methods = {name for name in dir(dict) if not name.startswith("_")} | new
    missing = new if on("Python 3.11 to 3.13") else set()
    assert methods - set(dir(DictProxy)) == missing
    shown("manager/emptied", "'ListProxy' object has no attribute 'clear'", "Orders: []")


def copies_of_a_proxy() -> None:
    """`copy.deepcopy()` of a proxy is such a copy, too, but `copy.copy()` is a second proxy of the
    same object.
    """
    names = _started().list(["tea"])
    deep: Any = copy.deepcopy(names)
    second = copy.copy(names)
    names.append("milk")
    assert deep == ["tea"]
    assert type(second) is ListProxy
    assert second[:] == ["tea", "milk"]


def a_queue_in_a_dict() -> None:
    """A `manager.Queue()` can be put into a dict or a list of the manager, too."""
    with Manager() as manager:
        outer, rows = manager.dict(), manager.list()
        outer["jobs"] = manager.Queue()
        rows.append(outer["jobs"])
        outer["jobs"].put("apple")
        assert rows[0].get() == "apple"
