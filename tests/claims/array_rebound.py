"""What docs/pitfalls/array-rebound.md says."""

from multiprocessing import Array, Manager, Process, RawArray, Value
from typing import Any

import numpy as np

from tests.claims import raises, shown


def _rebind(count: Any, names: Any) -> tuple[Any, Any]:
    count = 5
    names = ["Ada"]
    return count, names


def _write(count: Any, names: Any) -> None:
    count.value = 5
    names[:] = ["Ada"]


def _after(change: str) -> list[float]:
    """What is in the shared memory after a statement, which has it as the array `a`."""
    memory = RawArray("d", [4, 16, 1])
    names = {"a": np.frombuffer(memory, np.float64), "np": np, "picture": np.array([7, 8, 9])}
    exec(change, names)
    return list(memory)


def write_into_it() -> None:
    """Write into the existing array with `shared[:] = ...`, or with `shared += 1` if it is a NumPy
    array; `shared = ...` only makes the name refer to another object.
    """
    shown("array-rebound/list_in_place", "stock[:] = [", "In the parent: [13, 10, 18]")
    shown("array-rebound/numpy_in_place", "prices *= 2", "In the parent: [10.0, 14.0, 18.0]")
    shown("array-rebound/numpy_new", "prices = prices * 2", "In the parent: [5.0, 7.0, 9.0]")


def silent() -> None:
    """Silent. No error is reported, and the program ends with exit status 0. In the worker all
    numbers are right, but in the parent and in the other workers the array is unchanged.
    """
    shown("array-rebound/numpy_new", "Output\nIn the worker: [10.0, 14.0, 18.0]\n")
    shown("array-rebound/numpy_new", "In the parent: [5.0, 7.0, 9.0]")


def a_label() -> None:
    """A name in Python is a label on an object. `shared = shared + 1` computes a new array in the
    ordinary memory of this one process, and moves the label to it. Nothing is written to the
    shared memory. `shared[:] = ...` does not move the label: it changes the elements of the
    object that has the label.
    """
    shared = first = np.frombuffer(RawArray("d", 3), np.float64)
    shared[:] = [1, 2, 3]
    assert shared is first
    shared = shared + 1
    assert shared is not first
    assert not np.shares_memory(shared, first)
    assert first.tolist() == [1, 2, 3]


def table() -> None:
    """`a = a + 1` | `a += 1` (NumPy)

    `a = np.sqrt(a)` | `np.sqrt(a, out=a)`

    `a = a.clip(0, 9)` | `a.clip(0, 9, out=a)`

    `a = np.sort(a)` | `a.sort()`

    `a = [0, 0, 0]` | `a[:] = [0, 0, 0]`

    `a = picture` | `a[:] = picture`
    """
    for makes_new in (
        "a = a + 1",
        "a = np.sqrt(a)",
        "a = a.clip(0, 9)",
        "a = np.sort(a)",
        "a = [0, 0, 0]",
        "a = picture",
    ):
        assert _after(makes_new) == [4, 16, 1]
    assert _after("a += 1") == [5, 17, 2]
    assert _after("np.sqrt(a, out=a)") == [2, 4, 1]
    assert _after("a.clip(0, 9, out=a)") == [4, 9, 1]
    assert _after("a.sort()") == [1, 4, 16]
    assert _after("a[:] = [0, 0, 0]") == [0, 0, 0]
    assert _after("a[:] = picture") == [7, 8, 9]


def a_global() -> None:
    """If `a` is a global variable, `a += 1` in a function raises `UnboundLocalError` unless the
    function declares `global a`. `a[:] += 1` needs no declaration.
    """
    with raises(UnboundLocalError):
        _after("def work():\n    a += 1\nwork()")
    assert _after("def work():\n    global a\n    a += 1\nwork()") == [5, 17, 2]
    assert _after("def work():\n    a[:] += 1\nwork()") == [5, 17, 2]


def hold_a_lock() -> None:
    """If several workers do that to the same elements, hold a lock around the line: it reads and
    writes, and otherwise updates may be lost.
    """
    shown("race/unsafe_every_time", "Barrier(4)", "Tickets sold by 4 sellers: 1")
    shown("array-rebound/list_in_place", "with stock.get_lock():\n        stock[:] =")


def fails() -> None:
    """The program that fails:"""
    shown("array-rebound/list_new", "stock = [", "In the parent: [3, 0, 8]")


def the_fix() -> None:
    """The fix:"""
    shown("array-rebound/list_in_place", "stock[:] = [", "In the parent: [13, 10, 18]")


def others() -> None:
    """The same holds for a Value, where you write `count.value = 5` and not `count = 5`, and for a
    manager's list, where you write `names[:] = [...]`.
    """
    count = Value("i", 0)
    with Manager() as manager:
        names = manager.list(["Bob"])
        for work, expected in ((_rebind, (0, ["Bob"])), (_write, (5, ["Ada"]))):
            worker = Process(target=work, args=(count, names))
            worker.start()
            worker.join()
            assert worker.exitcode == 0
            assert (count.value, names[:]) == expected


def a_slice_is_a_list() -> None:
    """A slice of a `multiprocessing.Array` or `RawArray` of numbers is a list, and the list is a
    copy. What you write into the list does not reach the array. Write to the `Array` itself:
    """
    shown("array-rebound", "#> [99, 0] [3, 0, 8]", "stock[0:2] = [99, 0]", "#> [99, 0, 8]")
    for stock in (Array("i", [3, 0, 8]), RawArray("d", [3, 0, 8]), Array("d", 3, lock=False)):
        part = stock[0:2]
        assert type(part) is list
        part[0] = 99
        assert stock[0] != 99


def no_arithmetic() -> None:
    """Nor does an `Array` have arithmetic: `stock + [1]` and `stock *= 2` raise `TypeError`:"""
    shown("array-rebound", "    stock *= 2", "#> TypeError: unsupported operand type(s) for *=")
    one: list[int] = [1]
    stock: Any
    for stock in (Array("i", [3, 0, 8]), RawArray("i", [3, 0, 8])):
        with raises(TypeError):
            stock + one
        with raises(TypeError):
            stock *= 2


def with_numpy_on_the_right() -> None:
    """With an array or a number of NumPy on the right, no error is reported: the result is a new
    NumPy array, which then has the name `stock`. Write `stock[:] = stock + delivery`:
    """
    shown("array-rebound", "#> ndarray [13 10 18] [3, 0, 8]", "shared[:] = shared + delivery")
    delivery = np.array([10, 10, 10])
    stock: Any
    for shared in (Array("i", [3, 0, 8]), RawArray("d", [3, 0, 8])):
        stock = shared
        stock += delivery
        assert (type(stock), stock.tolist()) == (np.ndarray, [13, 10, 18])
        stock = shared
        stock *= np.float64(2)
        assert (type(stock), stock.tolist()) == (np.ndarray, [6, 0, 16])
        stock = shared
        assert stock[:] == [3, 0, 8]
        stock[:] = stock + delivery
        assert stock is shared
        assert stock[:] == [13, 10, 18]


def the_dtype() -> None:
    """An array that is changed in place keeps its dtype, the type of its numbers. If the array
    holds integers and the results are floats, `*=` raises `TypeError`, as does `out=` of a function
    such as `np.sqrt` or `np.clip`. But `[:] =` cuts off the fractions silently, and so does `out=`
    of `np.sum`, `np.mean`, `np.max`, `np.cumsum` and others. An integer result that is too big for
    the dtype may wrap around, silently as well.
    """
    shown(
        "array-rebound",
        "#> Cannot cast ufunc 'multiply'",
        "stock[:] = stock * 1.1",
        "#> [5 7 9]",
        "#> [0 1 2]",
    )
    stock = np.array([4, 9], np.int8)
    with raises(TypeError, text="Cannot cast"):
        np.sqrt(stock, out=stock)
    with raises(TypeError, text="Cannot cast"):
        np.clip(stock, 0.5, 4.5, out=stock)
    stock[:] = [4.9, 9.9]
    assert stock.tolist() == [4, 9]
    floats: Any = np.array([1.6, 2.7])
    total: Any = np.array(0)
    reductions: list[tuple[Any, int]] = [(np.sum, 4), (np.mean, 2), (np.max, 2)]
    for function, result in reductions:
        function(floats, out=total)
        assert total == result, function
    np.cumsum(floats, out=stock)
    assert stock.tolist() == [1, 4]
    stock[:] = [4, 9]
    stock *= 50
    assert stock.tolist() == [200 - 256, 450 - 512]
    assert stock.dtype == np.int8


def choose_it() -> None:
    """Choose the dtype for the results when you make the shared array:"""
    shown("array-rebound", "stock = np.array([5, 7, 9], np.float64)", "#> [ 7.5 10.5 13.5]")


def a_view() -> None:
    """A slice of a NumPy array is a view: it uses the same memory. An array that you select with a
    list or a condition is a copy. `np.shares_memory` tells you which it is:
    """
    shown("array-rebound", "print(np.shares_memory(shared[0:2], shared))\n#> True")
    shown("array-rebound", "print(np.shares_memory(shared[[0, 1]], shared))\n#> False")
    shown("array-rebound", "print(np.shares_memory(shared[shared > 5], shared))\n#> False")


def a_copy_of_an_array() -> None:
    """`np.array(a)` makes a copy, and so does `np.asarray(a)` of a `multiprocessing.Array`,
    without an error. `np.frombuffer` makes a view; of an `Array`, pass it `get_obj()`, and hold
    `get_lock()` while you use it:
    """
    shown("array-rebound", "np.asarray(prices)[0] = 99\nprint(prices[:])\n#> [5.0, 7.0, 9.0]")
    shown(
        "array-rebound",
        "np.frombuffer(prices.get_obj(), np.float64)[0] = 99\nprint(prices[:])\n#> [99",
    )
    assert _after("np.array(a)[0] = 99") == [4, 16, 1]
    prices: Any = Array("d", [5, 7, 9])
    np.array(prices)[0] = np.array(prices.get_obj())[0] = 99
    assert prices[:] == [5, 7, 9]
    with raises(TypeError):
        np.frombuffer(prices)
    np.frombuffer(prices.get_obj())[0] = 99
    assert prices[:] == [99, 7, 9]


def the_last_change() -> None:
    """The last change works because `shared[...] += 1` ends with an assignment to elements of
    `shared`.
    """
    done = []

    class Recorded(list[int]):
        def __getitem__(self, key: Any) -> Any:
            done.append("get")
            return 5

        def __setitem__(self, key: Any, value: Any) -> None:
            done.append("set")

    recorded = Recorded()
    recorded[0] += 1
    assert done == ["get", "set"]
    shown("array-rebound", "shared[shared > 5] += 1\nprint(shared)\n#> [ 5  8 10]")
