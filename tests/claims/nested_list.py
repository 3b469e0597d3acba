"""What docs/pitfalls/nested-list.md says."""

from multiprocessing import AuthenticationError, Manager, Process, current_process
from multiprocessing.managers import ListProxy, SyncManager
from typing import Any

from tests.claims import raises, shown
from tests.claims._recorders import calls_of

APPENDS = 30


class Order:
    """An object in a manager's dict."""

    customer = ""


def _change(shared: Any) -> None:
    shared["list"][0].append("Ada")
    shared["object"].customer = "Ada"
    shared["dict"]["host"] = "Ada"


def _rebind(names: Any, stock: Any, settings: Any) -> None:
    names = ["Ada"]
    stock = {"pear": 5}
    settings.colors = len(names) * len(stock)


def _replace(names: Any, stock: Any, settings: Any) -> None:
    names[:] = ["Ada", "Eve"]
    stock.clear()
    stock.update(pear=5)
    assert settings.colors == 1


def _append(orders: Any) -> None:
    for number in range(APPENDS):
        orders["apple"].append(number)


def two_fixes() -> None:
    """Assign the changed list back to its key, or put a `manager.list()` into the dict."""
    shown("nested-list/assigned_back", 'orders["apple"] = customers', "{'apple': ['Ada']")
    shown("nested-list/nested_proxy", 'orders["apple"] = manager.list()', "Orders: ['Ada']")


def silent() -> None:
    """Silent. No error is reported. The program ends with exit status 0 and a wrong result: the
    list inside the dict is unchanged.
    """
    shown("nested-list/append_lost", "Output\nExit code of the worker: 0\nOrders: []")


def the_copy_changes() -> None:
    """A manager keeps the dict in a process of its own, and other processes have a proxy of it.
    `orders["apple"]` is a call on the proxy, and it returns a copy of the list.
    `.append("Ada")` then changes the copy, without a call to the manager.
    """
    with Manager() as manager:
        orders: Any = manager.dict(apple=["Bob"])
        calls = calls_of(orders)
        customers = orders["apple"]
        assert type(customers) is list
        customers.append("Ada")
        assert calls == ["__getitem__"]
        assert orders["apple"] == ["Bob"]


def others() -> None:
    """The same holds for a list in a `manager.list()`, for an attribute of an object in a manager's
    dict, and for a dict in such a dict: `config["database"]["host"] = ...` is lost.
    """
    with Manager() as manager:
        shared: Any = manager.dict(object=Order(), dict={"host": ""})
        shared["list"] = manager.list([["Bob"]])
        worker = Process(target=_change, args=(shared,))
        worker.start()
        worker.join()
        assert worker.exitcode == 0
        assert shared["list"][0] == ["Bob"]
        assert shared["object"].customer == ""
        assert shared["dict"] == {"host": ""}


def assigned_back() -> None:
    """The assignment is a call on the proxy, so the manager receives the changed list.
    `orders["pear"] += ["Ada"]` is the short form: it reads the list, adds to it, and assigns it.
    """
    shown("nested-list/assigned_back", 'orders["apple"] = customers', "'pear': ['Ada']}")
    with Manager() as manager:
        orders: Any = manager.dict(pear=["Bob"])
        calls = calls_of(orders)
        orders["pear"] += ["Ada"]
        assert calls == ["__getitem__", "__setitem__"]
        assert orders["pear"] == ["Bob", "Ada"]


def hold_a_lock() -> None:
    """If several processes change the same list, hold a `Lock` from the read to the assignment.
    Otherwise, one process may overwrite the change of another.
    """
    shown("race/manager_dict_unsafe", 'sold["concert"] = count + 1', "4 sellers: 1")
    shown("race/manager_dict_fixed", "with lock:", "4 sellers: 4")


def a_proxy_inside() -> None:
    """Here `orders["apple"]` returns a proxy of the inner list, and `append` is a call on that
    proxy. Each `append` is a single call to the manager, so no append is lost, even without a
    lock.
    """
    with Manager() as manager:
        orders: Any = manager.dict(apple=manager.list())
        customers = orders["apple"]
        assert isinstance(customers, ListProxy)
        calls = calls_of(customers)
        customers.append("Ada")
        assert calls == ["append"]
        assert list(orders["apple"]) == ["Ada"]
        workers = [Process(target=_append, args=(orders,)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len(orders["apple"]) == 1 + 2 * APPENDS


def an_ordinary_list() -> None:
    """`list(...)` makes an ordinary list of the inner list, to print it."""
    shown("nested-list/nested_proxy", 'list(orders["apple"])', "Orders: ['Ada']")


def rebinding() -> None:
    """A mutation such as `names.append("Ada")` is a call on the proxy, and reaches the manager. An
    assignment to the name, `names = ["Ada"]`, is not: from then on the name refers to an ordinary
    list of this process, and no error is reported. To replace everything in a manager's list,
    assign to a slice; for a dict, call `clear()` and `update()`. An assignment to an attribute of
    a `manager.Namespace()` does reach the manager:
    """
    with Manager() as manager:
        shared: Any = [manager.list(["Bob"]), manager.dict(apple=3), manager.Namespace()]
        worker = Process(target=_rebind, args=shared)
        worker.start()
        worker.join()
        assert worker.exitcode == 0
        assert [list(shared[0]), dict(shared[1]), shared[2].colors] == [["Bob"], {"apple": 3}, 1]
        worker = Process(target=_replace, args=shared)
        worker.start()
        worker.join()
        assert list(shared[0]) == ["Ada", "Eve"]
        assert dict(shared[1]) == {"pear": 5}


def between_two_calls() -> None:
    """Between `clear()` and `update()`, another process may see an empty dict. If that matters,
    let every process hold a `Lock` for as long as it uses the dict.
    """
    with Manager() as manager:
        stock: Any = manager.dict(apple=3)
        calls = calls_of(stock)
        stock.clear()
        assert dict(stock.items()) == {}
        stock.update(pear=5)
        assert calls == ["clear", "items", "update"]


def a_key_of_its_own() -> None:
    """This holds for `Manager()`. With a `SyncManager` that has an `authkey` of its own,
    `orders["apple"]` raises `AuthenticationError`, because the inner proxy comes without the key.
    Make the key that of the process first: `current_process().authkey = key`.
    """
    shown("nested-list/nested_proxy", "with Manager() as manager:")
    before, key = current_process().authkey, b"a secret of the checks"
    with SyncManager(authkey=key) as manager:
        orders: Any = manager.dict(apple=manager.list())
        with raises(AuthenticationError):
            orders["apple"]
        try:
            current_process().authkey = key
            assert list(orders["apple"]) == []
        finally:
            current_process().authkey = before
    try:
        current_process().authkey = key
        with SyncManager(authkey=key) as manager:
            orders = manager.dict(apple=manager.list())
            worker = Process(target=_append, args=(orders,))
            worker.start()
            worker.join()
            assert len(orders["apple"]) == APPENDS
    finally:
        current_process().authkey = before
