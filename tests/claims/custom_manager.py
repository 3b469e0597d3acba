"""What docs/syntax/custom-manager.md says."""

import gc
import os
import queue
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing import Pipe, Process, active_children, get_start_method
from multiprocessing.connection import Connection
from multiprocessing.managers import (  # type: ignore[attr-defined]
    AutoProxy,
    BaseManager,
    BaseProxy,
    IteratorProxy,
    ListProxy,
    NamespaceProxy,
    RemoteError,
    SyncManager,
)
from pickle import PicklingError
from typing import Any
from uuid import uuid4

from tests.claims import PAUSE, SURE, TIME_LIMIT, no_fact, raises, script, shown
from tests.claims._interrupted import interrupt_a_call
from tests.claims._recorders import calls_of

NOT_AT_MODULE_LEVEL = """
from multiprocessing.managers import BaseManager

class ShopManager(BaseManager):
    pass

def main():
    class Shop:
        def price(self):
            return 7
    ShopManager.register("Shop", Shop)
    with ShopManager() as manager:
        print(manager.Shop().price())

if __name__ == "__main__":
    main()
"""


class _Box:
    """What is kept in the server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._both = threading.Barrier(2)
        self._items = ["first"]
        self.size = 7

    def items(self) -> list[str]:
        """What is in the box."""
        return self._items

    def same(self, thing: object) -> object:
        """The argument."""
        return thing

    def pid(self) -> int:
        """The process that keeps it."""
        return os.getpid()

    def meet(self) -> tuple[int, int]:
        """Wait for a call at the same time; give the process and the thread."""
        self._both.wait(TIME_LIMIT)
        return os.getpid(), threading.get_ident()

    def waiting(self) -> int:
        """How many calls of `meet` wait."""
        return self._both.n_waiting

    def fail(self) -> None:
        """Raise an error that can be pickled."""
        raise LookupError("no such item")

    def fail_badly(self) -> None:
        """Raise an error that cannot be pickled."""
        raise LookupError(threading.Lock())

    def fail_with_two(self) -> None:
        """Raise an error that cannot be rebuilt."""
        raise _TwoError("lamp", 2)

    def leave(self) -> None:
        """End the thread."""
        sys.exit(3)

    def __len__(self) -> int:
        return 1


class _Holder:
    """Holds what cannot be pickled."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file = open(__file__, encoding="utf-8")  # noqa: SIM115 - `close` closes it
        self._socket = socket.socket()

    def close(self) -> bool:
        """Close what is open."""
        with self._lock, self._file, self._socket:
            return True


class _BoxProxy(NamespaceProxy):  # type: ignore[misc]
    """Forwards attributes."""

    _exposed_ = ("__getattribute__", "__setattr__", "items")


class _Counter:
    """Can be pickled, and says where it is used."""

    def __init__(self) -> None:
        self.total = 0

    def add(self) -> tuple[int, int]:
        """Add 1; give the total, and the process."""
        self.total += 1
        return self.total, os.getpid()


class _TwoError(Exception):
    """Needs two arguments and passes on one."""

    def __init__(self, item: str, left: int) -> None:
        super().__init__(f"{left} of {item}")


class _Moody:
    """Has a property that raises, and one that does not."""

    @property
    def mood(self) -> str:
        """Raises at each look."""
        raise ValueError("in no mood")


class _Looked:
    """Notes each look at its property."""

    def __init__(self) -> None:
        self._looks = 0

    @property
    def mood(self) -> str:
        """Notes the look."""
        self._looks += 1
        return "good"

    def looks(self) -> int:
        """How often the property was read."""
        return self._looks


class _Called:
    """Has an attribute that can be called."""

    def __init__(self) -> None:
        self.call = len
        self._items = ["first"]

    def items(self) -> list[str]:
        """What is in it."""
        return self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)


_SLOW, _OPEN = threading.Event(), threading.Event()  # of the server


class _Gate:
    """Lets a slow object be made."""

    def wait_for_slow(self) -> bool:
        """Wait until the slow object is being made."""
        return _SLOW.wait(TIME_LIMIT)

    def open(self) -> bool:
        """Let it be made."""
        _OPEN.set()
        return True


def _slow() -> _Counter:
    _SLOW.set()
    _OPEN.wait()
    return _Counter()


@cache
def _the_box() -> _Box:
    return _Box()


class _Manager(BaseManager):
    """The manager of most checks."""


_Manager.register("Items", None, ListProxy, create_method=False)
_Manager.register("Box", _Box)
_Manager.register("the_box", _the_box)
_Manager.register("NamedBox", _Box, exposed=("__len__", "items"))
_Manager.register("Attributes", _Box, _BoxProxy)
_Manager.register("Shelf", _Box, method_to_typeid={"items": "Items"})
_Manager.register("Counter", _Counter, NamespaceProxy)
_Manager.register("Moody", _Moody)
_Manager.register("Holder", _Holder)
_Manager.register("Looked", _Looked)
_Manager.register("Named", _Looked, exposed=("looks",))
_Manager.register("Iterator", None, IteratorProxy, create_method=False)
_Manager.register("Called", _Called)
_Manager.register("Empty", _Called, exposed=())
_Manager.register("Iterated", _Called, method_to_typeid={"__iter__": "Iterator"})
_Manager.register(
    "NamedIterated", _Called, exposed=("items",), method_to_typeid={"__iter__": "Iterator"}
)
_Manager.register("Gate", _Gate)
_Manager.register("Slow", _slow)


class _LambdaManager(BaseManager):
    """Cannot be started under `forkserver` and `spawn`."""


_LambdaManager.register("Box", lambda: _Box())


@cache
def _started() -> _Manager:
    manager = _Manager()
    manager.start()
    return manager


@contextmanager
def _the_manager() -> Iterator[Any]:
    """One manager for all checks; it ends with the program."""
    yield _started()


def _told(sender: Connection, box: Any) -> None:
    sender.send((box.meet(), os.getpid()))


def _items_of(sender: Connection, box: Any) -> None:
    try:
        sender.send(list(box.items()))
    except AttributeError as error:
        sender.send(str(error))


def the_server() -> None:
    """Register your class with a subclass of `BaseManager`. The object then lives in a server
    process, and other processes call its methods through a proxy.

    `with GameManager()` starts one more process, the server. `manager.Scoreboard()` makes the
    object in the server and returns a proxy.

    `callable` | the class, or a function that returns the object; it is called in the server
    """
    shown("custom-manager/smallest", "GameManager(BaseManager)", 'register("Scoreboard"', "'Ada'")
    before = {child.pid for child in active_children()}
    with _Manager() as manager:
        (server,) = {child.pid for child in active_children()} - before
        for box in (manager.Box(), manager.the_box()):  # type: ignore[attr-defined]
            assert isinstance(box, BaseProxy)
            assert box.pid() == server  # type: ignore[attr-defined]
    assert {child.pid for child in active_children()} == before


def what_a_child_gets() -> None:
    """A child can have a method of the proxy as its target, as here, or get the proxy as an
    argument.
    """
    shown("custom-manager/smallest", "Process(target=scoreboard.add", "{'Ada': 42}")
    shown("custom-manager/proxy_passed", "pool.apply(read, (shelf,))", "['Sonnets']")


def when_to_use_it() -> None:
    """Use a custom manager when several processes change an object that has rules of its own.

    Call it on a subclass of your own, at module level, so that every process that imports the
    file registers the same types.

    Derive a `proxytype` of your own from `multiprocessing.managers.BaseProxy`.

    If you use `exposed`, list the other methods, too.

    So let the object do slow work, such as loading a model, in a method.
    """
    no_fact("advice")


def register() -> None:
    """`BaseManager.register(typeid, callable=None, proxytype=None, exposed=None,
    method_to_typeid=None, create_method=True)` is a class method.

    `typeid` | the name, a string; the manager has a method of that name

    `proxytype` | the class of the proxy; by default, a class that has the exposed methods is made

    `create_method` | `False`: the manager has no method of that name
    """
    from inspect import ismethod

    assert ismethod(BaseManager.register)
    with _the_manager() as manager:
        assert "Items" in manager._registry
        assert not hasattr(manager, "Items")
        assert hasattr(manager, "Box")
        box = manager.Box()
        assert type(box).__name__ == "AutoProxy[Box]"
        assert type(box)._exposed_ == box._exposed_
        assert set(box._exposed_) == {
            "items",
            "same",
            "pid",
            "meet",
            "waiting",
            "fail",
            "fail_badly",
            "fail_with_two",
            "leave",
        }
        assert type(manager.Attributes()) is _BoxProxy


def exposed() -> None:
    """`exposed` | the names of the methods that may be called, besides those in `method_to_typeid`;
    if it is left out or empty, those in the `_exposed_` of `proxytype`, or, if it has none, all
    names of methods that do not begin with `_`

    By default, the proxy has the methods whose names do not begin with an underscore; an attribute
    whose value is a function counts as a method.

    Methods with two underscores on each side, such as `__len__` or `__getitem__`, are exposed only
    if you name them: in `exposed`, in the `_exposed_` of the proxy class, or in `method_to_typeid`.
    """
    shown("custom-manager/special_methods", 'exposed=("add", "__len__")', "has no len()")
    with _the_manager() as manager:
        named, attributes, box = manager.NamedBox(), manager.Attributes(), manager.Box()
        assert len(named) == 1
        assert named._callmethod("items") == ["first"]
        with raises(RemoteError, text="method 'pid'"):
            named._callmethod("pid")
        assert attributes._callmethod("__getattribute__", ("size",)) == 7
        with raises(RemoteError, text="method 'pid'"):
            attributes._callmethod("pid")
        assert not hasattr(AutoProxy, "_exposed_")
        assert box._callmethod("pid") != os.getpid()
        with raises(RemoteError, text="method '__len__'"):
            box._callmethod("__len__")
        called = manager.Called()
        assert set(called._exposed_) == {"call", "items"}
        assert called.call([1, 2]) == 2
        assert manager.Empty()._exposed_ == called._exposed_
        for name in "Iterated", "NamedIterated":
            iterated = getattr(manager, name)()
            assert list(iterated) == ["first"]
            assert "__iter__" in iterated._exposed_
            assert ("call" in iterated._exposed_) == (name == "Iterated")


def a_proxy_instead() -> None:
    """`method_to_typeid` | a dict from method name to `typeid`, for methods that are to return a
    proxy instead of a copy

    To get a proxy instead, name the method in `method_to_typeid`, and register the type that it
    returns without a `callable`. Here that is a list.
    """
    shown("custom-manager/method_to_typeid", 'method_to_typeid={"shelf": "Shelf"}', "['Sonnets']")
    shown("custom-manager/method_to_typeid", 'register("Shelf", create_method=False)')
    with _the_manager() as manager:
        shelf = manager.Shelf()
        assert type(shelf.items()) is ListProxy
        shelf.items().append("second")
        assert list(shelf.items()) == ["first", "second"]


def attributes() -> None:
    """It does not have the other attributes and properties of the object. To read one raises
    `AttributeError`, "'AutoProxy[...]' object has no attribute". To set one raises no error, but
    sets it on the proxy only, and the object in the server does not change.
    """
    shown("custom-manager/attribute", "thermostat.target = 21", "Set on the proxy: 18")
    with _the_manager() as manager:
        box, looked = manager.Box(), manager.Looked()
        with raises(AttributeError, text="'AutoProxy[Box]' object has no attribute 'size'"):
            box.size  # noqa: B018
        with raises(AttributeError, text="'AutoProxy[Looked]' object has no attribute 'mood'"):
            looked.mood  # noqa: B018
        box.size = 8
        assert box.size == 8


def two_fixes() -> None:
    """One fix is a pair of methods, such as `get_target()` and `set_target(degrees)`. The other fix
    is a proxy class of your own. List in `_exposed_` what may be called, and forward each method
    with `_callmethod`.
    """
    shown("custom-manager/attribute", "def get_target(self)", "By a method: 18")
    shown("custom-manager/namespace_proxy", "ThermostatProxy(NamespaceProxy)", "_exposed_ = (")
    shown("custom-manager/namespace_proxy", '_callmethod("raise_by"', "Raised to: 23\nTarget: 23")


def a_method_on_a_copy() -> None:
    """A method that you do not forward runs in the caller, on a copy of the object: its result
    looks right, but the object in the server does not change. If the object cannot be pickled, for
    example because it has a lock, the call raises `RemoteError`.
    """
    with _the_manager() as manager:
        counter = manager.Counter()
        assert [counter.add(), counter.add()] == [(1, os.getpid())] * 2
        assert counter.total == 0
        with raises(RemoteError, text="cannot pickle '_thread.lock' object"):
            manager.Attributes().pid()


def attributes_are_forwarded() -> None:
    """`NamespaceProxy` forwards attributes whose names do not begin with `_`."""
    with _the_manager() as manager:
        one = manager.Attributes()
        assert (one.size, hasattr(one, "_items")) == (7, False)
        one.size = 8
        assert one._callmethod("__getattribute__", ("size",)) == 8


def two_calls() -> None:
    """`thermostat.target += 1` through such a proxy is two calls, a read and a write, and an update
    of another process may come between them and be lost.
    """
    shown("race/manager_dict_unsafe", 'sold["concert"] = count + 1', "4 sellers: 1")
    with _the_manager() as manager:
        thermostat = manager.Attributes()
        calls = calls_of(thermostat)
        thermostat.size += 1
        assert calls == ["__getattribute__", "__setattr__"]


def one_step_with_a_lock() -> None:
    """`raise_by` is one call, and with a lock in the object it is one step.

    The fix is a lock in the object. All calls run in the one server process, so a
    `threading.Lock` is enough.
    """
    shown("custom-manager/namespace_proxy", '_callmethod("raise_by", (degrees,))')
    shown("custom-manager/locked", "from threading import Lock", "with self._lock:", "sellers: 2")


def every_attribute_is_read() -> None:
    """If neither `exposed` nor `_exposed_` names the methods, the server finds them by reading
    every attribute and property once when it makes the object. If a property raises `ValueError`
    then, the object is not made, and you get a `RemoteError`.
    """
    with _the_manager() as manager:
        assert manager.Looked().looks() == 1
        assert manager.Named().looks() == 0
        with raises(RemoteError, text="ValueError: in no mood"):
            manager.Moody()


def threads() -> None:
    """The server runs the calls of different processes in different threads, at the same time."""
    receiver, sender = Pipe(duplex=False)
    with _the_manager() as manager, receiver, sender:
        box = manager.Box()
        child = Process(target=_told, args=(sender, box))
        child.start()
        mine = box.meet()
        (server, thread), there = receiver.recv()
        child.join()
        assert server == mine[0] == box.pid()
        assert thread != mine[1]
        assert len({server, there, os.getpid()}) == 3


def lost_updates() -> None:
    """If two calls read, change and write the same attribute, an update can be lost. Here a
    `Barrier` between the read and the write makes each call wait until both have read, so the
    update is lost every time. One call comes from a child, the other from its parent:
    """
    shown("custom-manager/unlocked", "before = self._sold\n        self._both_have_read.wait()")
    shown("custom-manager/unlocked", "Process(target=office.sell)", "    office.sell()", "ers: 1")


def one_call() -> None:
    """The lock protects what happens inside one call. Two calls are not one step: see an object on
    a server.
    """
    shown("object-on-a-server/two_calls", "inventory.lamps() > 0", "Bought: [True, True]")


def one_for_all() -> None:
    """`manager.Settings()` makes a new object each time. So call it once, and pass the proxy to all
    workers. Where that is awkward, register a function that returns the same object at each
    call:
    """
    shown(
        "custom-manager/one_shared", "@cache\ndef the_settings", "each time: None\nOne for all: red"
    )


def _nothing(_: object) -> None:
    """What a child does that gets a proxy."""


def one_at_a_time() -> None:
    """The server makes one object at a time. Until a slow class or function returns, every process
    that makes another object, or deletes a proxy, waits, and a process that is started with a proxy
    may wait, too; calls through proxies that exist go on, unless they give a proxy.
    """
    gc.collect()  # else proxies of other checks may be deleted here
    with _the_manager() as manager:
        gate, shelf, boxes = manager.Gate(), manager.Shelf(), [manager.Box()]
        slow = threading.Thread(target=manager.Slow)
        slow.start()
        assert gate.wait_for_slow()
        child = Process(target=_nothing, args=(gate,))
        does = manager.Box, shelf.items, child.start, boxes.clear
        others = [threading.Thread(target=do) for do in does]
        for other in others:
            other.start()
        others[0].join(SURE)
        assert others[0].is_alive()
        assert others[1].is_alive()
        assert others[3].is_alive()
        others[2].join(TIME_LIMIT)
        child.join(SURE)
        if get_start_method() != "spawn":
            assert child.exitcode is None
        assert gate.open()
        slow.join()
        others[0].join()
        others[1].join()
        others[3].join()
        child.join()
        assert child.exitcode == 0


def clients_need_it() -> None:
    """Clients that connect by address need such a function, because they get no proxy from another
    process.
    """
    shown(
        "remote-manager/started", "def the_orders()", 'register("orders", the_orders', "Orders: 3"
    )


def a_copy() -> None:
    """What a method returns arrives as a copy.

    A change to the copy that a method returned does not change the object in the server.

    `_callmethod(methodname, args=(), kwds={})` | calls the method of the object in the server;
    returns a copy of the result, or raises the exception

    `_getvalue()` | returns a copy of the object
    """
    with _the_manager() as manager:
        box = manager.Box()
        box.items().append("second")
        assert box.items() == box._callmethod("items") == ["first"]
        assert box._callmethod("same", (), {"thing": 7}) == 7
        with raises(LookupError, text="no such item"):
            box._callmethod("fail")
        items = manager.Shelf().items()
        value = items._getvalue()
        value.append("second")
        assert items._getvalue() == ["first"]


def a_class_of_your_own() -> None:
    """Register a class of your own in the same way."""
    no_fact("advice")


def a_proxy_without_a_manager() -> None:
    """This works only with a proxy that the manager has returned in the same process.

    Here `read` runs in the worker of a pool:

    The fix is to get the inner proxy in the parent, and to pass that:
    """
    shown("custom-manager/proxy_in_child", "pool.apply(read, (library,))", "attribute '_registry'")
    shown("custom-manager/proxy_passed", "manager.Library().shelf()", "['Sonnets']")
    receiver, sender = Pipe(duplex=False)
    with _the_manager() as manager, receiver, sender:
        shelf = manager.Shelf()
        assert list(shelf.items()) == ["first"]
        child = Process(target=_items_of, args=(sender, shelf))
        child.start()
        assert receiver.recv() == "'NoneType' object has no attribute '_registry'"
        child.join()


def exceptions() -> None:
    """An exception that a method raises is raised again in the process that called the method. If
    the object cannot be made, here because its argument is missing, the error is a
    `RemoteError`, whose text has the traceback of the server.
    """
    shown("custom-manager/exceptions", "ValueError: only 50 left\nRemoteError: TypeError: Account")
    shown("custom-manager/every_message", "Traceback (most recent call last):")


def it_leaves() -> None:
    """A method that calls `sys.exit()` ends its connection, not the server. The caller gets an
    `EOFError`, and after that, every call of the same thread through any proxy of the manager
    raises a connection error, such as `BrokenPipeError`.

    An exception whose `__init__` needs other arguments than it passes on cannot be rebuilt: the
    caller gets a `TypeError` instead.
    """
    with _the_manager() as manager:
        box = manager.Box()
        caught: list[str] = []
        caller = threading.Thread(target=_leave, args=(box, manager.Looked(), caught))
        caller.start()
        caller.join()
        assert caught == ["EOFError"] + ["ConnectionError"] * 2
        assert box.items() == ["first"]
        with raises(TypeError, text="missing 1 required positional argument: 'left'"):
            box.fail_with_two()
        with raises(RemoteError, text="cannot pickle '_thread.lock' object"):
            box.fail_badly()


def _leave(box: Any, looked: Any, caught: list[str]) -> None:
    for call in (box.leave, box.items, looked.looks):
        try:
            call()
        except EOFError:
            caught.append("EOFError")
        except ConnectionError:
            caught.append("ConnectionError")


def what_can_be_shared() -> None:
    """The object itself stays in the server, so it can hold what cannot be pickled, such as locks,
    sockets and open files. The arguments and return values of its methods are sent, so they must
    be objects that can be pickled.
    """
    with _the_manager() as manager:
        assert manager.Holder().close()
        box = manager.Box()
        assert box.same([7]) == [7]
        assert not _accepts_a_lock(box)
    shown("custom-manager/every_message", "return Lock()", "a result: RemoteError")


def _accepts_a_lock(box: Any) -> bool:
    """The error is not kept: Python 3.12.1 may crash on its traceback."""
    try:
        box.same(threading.Lock())
    except TypeError:
        return False
    return True


def how_it_works() -> None:
    """`manager.Scoreboard()` sends the name to the server, which calls the class and keeps the
    object under an identifier. A call on the proxy sends the identifier, the name of the method
    and the arguments, and waits for the answer. The proxy has the address, the name of the type
    and the identifier in a `Token`, with the attributes `address`, `typeid` and `id`. The server
    counts the proxies, and removes the object when there is none.
    """
    with _the_manager() as manager:
        before = manager._number_of_objects()
        box = manager.Box()
        token = box._token
        assert type(token).__name__ == "Token"
        assert (token.address, token.typeid) == (manager.address, "Box")
        assert f"{token.id}:       refcount=1" in manager._debug_info()
        assert box.items() == ["first"]
        connection = box._tls.connection
        connection.send((token.id, "same", (7,), {}))
        assert connection.recv() == ("#RETURN", 7)
        assert manager._number_of_objects() == before + 1
        del box
        assert manager._number_of_objects() == before


def what_goes_wrong() -> None:
    """A proxy that is used after the manager has ended raises a connection error."""
    shown("manager-ended/first_use", "FileNotFoundError")


def an_interrupted_call() -> None:
    """If an exception interrupts a call, as Ctrl-C does, the next call of that thread returns the
    wrong answer: that to the interrupted call.
    """
    if sys.platform == "win32":
        return
    with _Manager() as manager:
        box: Any = manager.Box()  # type: ignore[attr-defined]
        interrupt_a_call(box.meet, box.waiting)
        server, _ = box.same("first")
        assert [box.same("second"), box.pid()] == ["first", "second"]
        del box._tls.connection
        assert box.pid() == server


def _start_and_end(sender: Connection, by: signal.Signals) -> None:
    """A program that has a manager of its own, and ends by a signal."""
    manager: Any = _Manager(("127.0.0.1", 0))
    manager.start()
    box = manager.Box()
    sender.send((manager.address, box.pid()))
    signal.raise_signal(by)


def the_server_goes_on() -> None:
    """If your program alone is killed, or ended by SIGTERM, the server goes on running."""
    if sys.platform == "win32":
        return
    for by in signal.SIGKILL, signal.SIGTERM:
        receiver, sender = Pipe(duplex=False)
        program = Process(target=_start_and_end, args=(sender, by))
        program.start()
        sender.close()
        with receiver:
            address, server = receiver.recv()
        program.join()
        assert program.exitcode == -by
        client: Any = _Manager(address)
        client.connect()
        assert client.the_box().pid() == server
        os.kill(server, signal.SIGTERM)


def a_class_in_a_function() -> None:
    """A `lambda`, or a class that is defined in a function, cannot be sent to the server under
    `forkserver` and `spawn`: see local functions.
    """
    outcome = script(NOT_AT_MODULE_LEVEL)
    if get_start_method() == "fork":
        assert outcome.stdout == "7\n"
    else:
        assert "main.<locals>.Shop" in outcome.stderr
        with raises(AttributeError, PicklingError, text="<lambda>"):
            _LambdaManager().start()


def every_message() -> None:
    """The text of a `RemoteError` has the traceback of the server. This program prints those of its
    lines that do not begin with a space. Its four errors are a result that cannot be pickled, a
    method that is not exposed, a type that was registered without a `callable`, and a
    `method_to_typeid` whose value is not a string.
    """
    shown(
        "custom-manager/every_message",
        'not line.startswith(" ")',
        "a result: RemoteError",
        "a method: RemoteError\n  Traceback (most recent call last):",
        "no callable: RemoteError",
        "a type: AssertionError\n  <class 'int'> is not a string",
    )


def under_every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver` and
    `spawn`.
    """
    shown("custom-manager/smallest", "Output\n{'Ada'")
    shown("custom-manager/attribute", "Output\nBy a method")
    shown("custom-manager/namespace_proxy", "Output\nRaised")
    shown("custom-manager/special_methods", "Output\nSongs")
    shown("custom-manager/unlocked", "Output\nTickets")
    shown("custom-manager/locked", "Output\nTickets")
    shown("custom-manager/one_shared", "Output\nA new")
    shown("custom-manager/method_to_typeid", "Output\n['Sonnets']")
    shown("custom-manager/proxy_in_child", "Output\nAttributeError")
    shown("custom-manager/proxy_passed", "Output\n['Sonnets']")
    shown("custom-manager/exceptions", "Output\nValueError")
    shown("custom-manager/every_message", "Output, with ... for what differs\na result")


def something_else() -> None:
    """To share a dict, a list or a lock: Manager, which has these types already.

    To connect programs that were started separately: remote manager.
    """
    assert {"dict", "list", "Lock"} <= SyncManager._registry.keys()  # type: ignore[attr-defined]
    shown("remote-manager/smallest", "client.connect()", "{'Ada': 30, 'Bob': 12}")


def what_it_could_not_pickle() -> None:
    """`Unserializable message` means that the result, or the exception that was raised, could not
    be pickled; the last line below it says why.
    """
    shown("custom-manager/every_message", "Unserializable message", "cannot pickle '_thread.lock'")


def with_priorities() -> None:
    """`queue.PriorityQueue` connects the threads of one process. On a manager, it connects
    processes: `get()` returns the smallest item.
    """
    shown("custom-manager/priority", "1 express letter\n2 letter\n3 parcel\n")


class _OrderManager(BaseManager):
    """Has queues with priorities."""


_OrderManager.register("PriorityQueue", queue.PriorityQueue)


def the_same_priority() -> None:
    """If two items have the same priority, what stands behind it is compared, and two different
    dicts raise `TypeError`: put a number that counts up and `uuid.uuid4()` between the two. `get()`
    waits forever if the process that should put an item has died; pass a `timeout`.
    """
    with _OrderManager() as manager:
        orders = manager.PriorityQueue()  # type: ignore[attr-defined]
        with raises(queue.Empty):
            orders.get(timeout=PAUSE)
        for number in 1, 2:
            for tea in 3, 4:  # two processes that count for themselves
                orders.put((1, number, uuid4(), {"tea": tea}))
        assert [orders.get()[1] for _ in range(4)] == [1, 1, 2, 2]
        orders.put((1, {"tea": 3}))
        with raises(TypeError, text="'<' not supported between instances of 'dict' and 'dict'"):
            orders.put((1, {"tea": 4}))
