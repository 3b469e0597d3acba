"""What docs/pitfalls/local-function.md says."""

import pickle
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial, wraps
from importlib import import_module
from multiprocessing import Pool, Process, TimeoutError, active_children, get_start_method
from multiprocessing.reduction import ForkingPickler
from types import ModuleType
from typing import Any

from tests.claims import SURE, on, raises, script, shown


def _convert(rate: int, price: int) -> int:
    return price * rate


def _checked(function: Callable[[int], int]) -> Callable[[int], int]:
    @wraps(function)
    def run(price: int) -> int:
        return function(max(price, 0))

    return run


def _double(price: int) -> int:
    return price * 2


_double = _checked(_double)  # type: ignore[assignment]
_half = lambda price: price // 2  # noqa: E731


class _Target:
    """A function that notes that it is pickled."""

    pickled = 0

    def __call__(self, price: int = 1) -> int:
        return price

    def __reduce__(self) -> tuple[type["_Target"], tuple[()]]:
        _Target.pickled += 1
        return _Target, ()


def to_module_level() -> None:
    """Move the function or class to module level; pass the values that it used from the function
    around it as arguments, filled in with `functools.partial`.
    """
    shown("local-function/in_pool_works", "\ndef convert(rate, price)", "partial(convert, rate)")
    shown("local-function/in_pool_works", "Output\n[6, 8, 10]")
    shown("local-function/as_target_works", "\ndef pack(order)", "Packed apple\nExit code 0")


def typed() -> None:
    """In a notebook or at the prompt, put it into a file that you import: a `Pool` can wait forever
    for a function that is typed there.
    """
    shown("function-not-found/typed", "pool.map_async(double", "Answered: False", "Answered: True")
    shown("function-not-found/in_a_module", "Output\n")


def three_messages() -> None:
    """For a lambda, a nested function (also called a closure or inner function) or an object of a
    local class, each defined inside a function, you see one of these errors:

    The first is from Python 3.11 and 3.12, the second from 3.13, and the third from 3.14 and
    later. For a class, the third says `<class` instead of `<function`. A lambda at module level
    has the following message; in Python 3.14 and later, it ends with `it's not found as
    __main__.<lambda>`:
    """
    shown(
        "local-function/every_message",
        "attribute lookup <lambda> on __main__ failed\n"
        "AttributeError: Can't pickle local object 'main.<locals>.<lambda>'\n"
        "AttributeError: Can't pickle local object 'main.<locals>.ship'\n"
        "AttributeError: Can't pickle local object 'main.<locals>.Order'\n",
        "attribute lookup <lambda> on __main__ failed\n"
        "AttributeError: Can't get local object 'main.<locals>.<lambda>'\n"
        "AttributeError: Can't get local object 'main.<locals>.ship'\n"
        "AttributeError: Can't get local object 'main.<locals>.Order'\n",
        "it's not found as __main__.<lambda>\n"
        "PicklingError: Can't pickle local object <function main.<locals>.<lambda> at ...\n"
        "PicklingError: Can't pickle local object <function main.<locals>.ship at ...\n"
        "PicklingError: Can't pickle local object <class '__main__.main.<locals>.Order'>\n",
    )


def another_object() -> None:
    """If it has `it's not the same object as`, the name leads to another object, for
    example to the function without its decorator.

    This works only if the decorated function has the same name. Here the name `double` leads to
    the function without its decorator:
    """
    shown("local-function/other_name", "double_checked = checked(double)")
    shown("local-function/other_name", "it's not the same object as __main__.double")


def looked_up_by_name() -> None:
    """The process that unpickles it imports the module and looks up the name. The name of every
    lambda is `<lambda>`, which no module has, and what is defined inside a function is not in
    the module either.
    """
    data = pickle.dumps(_convert)
    assert __name__.encode() in data and b"_convert" in data
    assert pickle.loads(data) is _convert
    assert _half.__qualname__ == "<lambda>"
    with raises(pickle.PicklingError):
        pickle.dumps(_half)
    assert not hasattr(pickle, "<lambda>")


def _replaced(method: Callable[["_Shop"], int]) -> Callable[["_Shop"], int]:
    def run(shop: "_Shop") -> int:
        return method(shop)

    return run


def _wrapped(method: Callable[["_Shop"], int]) -> Callable[["_Shop"], int]:
    return wraps(method)(_replaced(method))


class _Shop:
    def __init__(self) -> None:
        self.asked: list[Any] = []

    def price(self, fruit: str) -> int:
        self.asked.append(fruit)
        return len(self.asked)

    def __private(self) -> None:
        """A method whose name is mangled."""

    @_replaced
    def replaced(self) -> int:
        return 2

    @_wrapped
    def wrapped(self) -> int:
        return 2

    def private(self) -> Callable[[], None]:
        """Return it."""
        return self.__private


def a_bound_method() -> None:
    """A bound method, such as `shop.price`, is pickled with its object: the worker gets a copy, and
    what the method changes there does not reach the parent.

    If the object has an attribute that cannot be pickled, such as a lock, that raises the error.
    """
    shop = _Shop()
    with Pool(1) as pool:
        assert pool.apply(shop.price, ("apple",)) == 1
        assert shop.asked == []
        shop.asked.append(threading.Lock())
        with raises(TypeError, text="cannot pickle '_thread.lock' object"):
            pool.apply(shop.price, ("apple",))


def a_private_method() -> None:
    """A private method, such as `self.__price`, or one that a decorator without `wraps` replaces,
    cannot be unpickled in a worker: a `Pool` hangs, and an executor raises `BrokenProcessPool`.
    Give it another name, or use `wraps`.
    """
    assert pickle.loads(ForkingPickler.dumps(_Shop().wrapped))() == 2
    for method, name in [(_Shop().private(), "__private"), (_Shop().replaced, "run")]:
        with raises(AttributeError, text=f"has no attribute '{name}'"):
            pickle.loads(ForkingPickler.dumps(method))
        with ProcessPoolExecutor(1) as executor, raises(BrokenProcessPool):
            executor.submit(method).result()
        with Pool(1) as pool:
            (worker,) = active_children()
            result = pool.apply_async(method)
            worker.join()  # it has ended with the error, and its task is lost
            with raises(TimeoutError):
                result.get(SURE)


def of_numpy() -> None:
    """NumPy's functions can be sent, and so can their methods, such as `np.multiply.outer`. What
    `np.frompyfunc` returns cannot, nor can a function that `@np.vectorize` decorates.
    """
    np = import_module("numpy")
    with Pool(1) as pool:
        assert pool.apply(np.add, (1, 2)) == 3
        assert pool.apply(np.multiply.outer, ([1, 2], [3])).tolist() == [[3], [6]]
        with raises(pickle.PicklingError):
            pool.apply(np.frompyfunc(_double, 1, 1), (1,))
        with raises(pickle.PicklingError, text="it's not the same object as"):
            pool.apply(_decorated(np), ([1],))


def _decorated(np: ModuleType) -> Callable[[list[int]], object]:
    """A function of this module, as it is when `@np.vectorize` stands over it."""
    global _half_of
    function = np.vectorize(_half_of)
    _half_of = function
    return function  # type: ignore[no-any-return]


def _half_of(price: int) -> int:
    return price // 2


def what_is_pickled() -> None:
    """Whether a function is pickled depends on the start method, but not for the tasks of a
    pool:

    target of a `Process` | not pickled | pickled

    `initializer` of a pool or an executor | not pickled | pickled

    function for `Pool.map` | pickled | pickled

    `fork` copies the parent with the target or initializer in it, while `spawn` and `forkserver`
    have to send it. A pool starts its workers before it receives a task, so it sends the function
    under each of them.
    """
    worker = Process(target=_Target())
    worker.start()
    worker.join()
    assert worker.exitcode == 0
    sent = 0 if get_start_method() == "fork" else 1
    assert _Target.pickled == sent
    with ProcessPoolExecutor(1, initializer=_Target()) as executor:
        assert executor.submit(_double, -4).result() == 0
        assert _Target.pickled == 2 * sent
    with Pool(1, initializer=_Target()) as pool:
        before = _Target.pickled
        assert before == 3 * sent
        assert pool.map(_Target(), [5]) == [5]
        assert _Target.pickled == before + 1
    shown("local-function/as_target", "Packed apple\nExit code 0", "exit status 1\nTraceback")
    shown("local-function/in_pool", "exit status 1\nTraceback")


def partial_is_pickled() -> None:
    """`partial(convert, rate)` is `convert` with its first argument filled in. It is pickled as
    the name `convert` and the number 2:
    """
    data = pickle.dumps(partial(_convert, 2))
    assert b"_convert" in data
    assert pickle.loads(data).func is _convert
    assert pickle.loads(data).args == (2,)
    assert pickle.loads(data)(5) == 10
    shown("local-function/in_pool_works", "rate = 2\n", "partial(convert, rate)")


def executor() -> None:
    """`submit()` returns, and `result()` raises the error:"""
    shown("local-function/in_executor", "\nsubmit() has returned\nAttributeError: Can't pickle")
    shown("local-function/in_executor", "\nsubmit() has returned\nPicklingError: Can't pickle")


def inside_another_object() -> None:
    """A lambda inside another object has the same effect: a `defaultdict(lambda: 0)` cannot be
    pickled, a `defaultdict(int)` can. `Order()` is an object of a local class. A decorator can
    return a local function: the last line of each output is the message for `pack`, which is
    defined at module level, but is replaced by the `run` inside `timed`.
    """
    with raises(AttributeError, pickle.PicklingError, text="local object"):
        pickle.dumps(defaultdict(lambda: 0))
    assert pickle.loads(pickle.dumps(defaultdict(int))) == {}
    shown("local-function/every_message", "ship, Order(), pack)", "    class Order:", "@timed\ndef")
    shown("local-function/every_message", "Can't pickle local object 'timed.<locals>.run'\n")
    shown("local-function/every_message", "Can't get local object 'timed.<locals>.run'\n")
    shown("local-function/every_message", "Can't pickle local object <function timed.<locals>.run")


def the_same_name() -> None:
    """It is found under that name:

    Decorate with `@checked`, or write `double = checked(double)`.
    """
    shown("local-function/decorated", "@checked\ndef double", "Output\n[6, 0, 10]")
    assert pickle.loads(pickle.dumps(_double)) is _double


RUN = """
from multiprocessing import Pool
from pickle import PicklingError


def double(price):
    return price * 2


if __name__ == "__main__":
    with Pool(1) as pool:
        given = double
        {change}
        try:
            print(pool.map(given, [3]))
        except PicklingError as error:
            print("lookup" in str(error) or "not found as" in str(error))
"""


def _run(*options: str, change: str = "pass") -> str:
    """The first line that the program prints; the others are of a profiler."""
    return script(RUN.format(change=change), *options).stdout.splitlines()[0]


def not_in_main() -> None:
    """If the message names a function that you have defined with `def` at module level, `__main__`
    is not your program. Another program runs it with `exec()` and a dict of its own, as `python
    -m trace` and `python -m profile` do, and `python -m cProfile` in Python 3.11 to 3.13; an IDE, a
    debugger or a tool that embeds Python may do the same. Or the name has been deleted since.

    If the message names a function that you have defined at module level, see below.
    """
    shown("local-function/executed", "exec(PROGRAM, names)", "on __main__ failed", "not found as")
    assert _run() == "[6]"
    assert _run("-m", "trace", "--listfuncs") == "True"
    assert _run("-m", "profile") == "True"
    assert _run("-m", "cProfile") == ("True" if on("Python 3.11 to 3.13") else "[6]")
    assert _run(change="del double") == "True"


def in_its_own_module() -> None:
    """Put the function into a module of its own and import it. Its name is then looked up in that
    module, whatever `__main__` is.
    """
    sent = pickle.dumps(wraps)
    assert b"functools" in sent
    assert b"__main__" not in sent
    names: dict[str, Any] = {"__name__": "__main__"}
    exec("from functools import wraps", names)
    assert pickle.dumps(names["wraps"]) == sent
