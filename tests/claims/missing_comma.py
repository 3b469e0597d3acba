"""What docs/pitfalls/missing-comma.md says."""

import os
from multiprocessing import Array, Lock, Pool, Process, Queue, Value
from typing import Any

from tests.claims import no_fact, on, raises, shown

kept: tuple[object, ...] = ()


def _keep(*arguments: object) -> None:
    global kept
    kept = arguments


def _keep_pid() -> None:
    _keep(os.getpid())


class _Shop:
    def pack(self, order: str) -> None: ...


def _kept() -> tuple[object, ...]:
    return kept


def _called_with(**arguments: Any) -> tuple[object, ...]:
    """What a `Process` calls its target with."""
    called: list[object] = []
    Process(target=lambda *args, **kwargs: called.extend([args, kwargs]), **arguments).run()
    return tuple(called)


def with_a_comma() -> None:
    """Write `args=("tea",)`, with a comma, or `args=["tea"]`.

    `args` is a tuple, or a list, with one item for each argument.
    """
    shown("missing-comma/with_comma", 'args=("tea",)', "Output\nExit code: 0\n7 is packed")
    assert _called_with(args=("tea",)) == _called_with(args=["tea"]) == (("tea",), {})
    assert _called_with(args=["tea", 7]) == (("tea", 7), {})


def without_parentheses() -> None:
    """Write the function without parentheses: `target=pack`."""
    shown("missing-comma/with_comma", "target=pack,", "Exit code: 0")


def a_string() -> None:
    """If the argument is a string, the traceback of the child ends with this message, in which the
    second number is that of the characters (for a method, both numbers are higher by one):

    `("tea")` is a string in parentheses, and as a sequence of arguments it has three: `"t"`,
    `"e"` and `"a"`.
    """
    shown(
        "missing-comma/no_comma",
        'args=("tea"))',
        "Process Process-1:\nTraceback",
        "TypeError: pack() takes 1 positional argument but 3 were given",
    )
    shown("missing-comma", 'print(*("tea"))\n#> t e a')
    with raises(TypeError, text="pack() takes 2 positional arguments but 4 were given"):
        _Shop().pack(*("tea"))


def a_number() -> None:
    """If the argument is a number, the first of these errors is raised where the `Process` is
    created, and one of the others by `get()` of a pool:

    The last message is that of Python 3.15, and replaces the one above it. For a `Queue`, a
    `Value` or a `Lock`, the first error names its type: `'Queue' object is not iterable`.

    `(7)` is a number, and not a sequence at all.
    """
    shown("missing-comma/no_comma", "Process(target=pack, args=(7))", "apply_async(pack, (7))")
    seven: Any = (7)  # fmt: skip
    assert seven == 7
    with raises(TypeError, text="'int' object is not iterable"):
        Process(target=_keep, args=seven)
    others: list[tuple[str, Any]] = [
        ("Queue", Queue()), ("Synchronized", Value("i")), ("Lock", Lock())
    ]  # fmt: skip
    for name, other in others:
        with raises(TypeError, text=f"'{name}' object is not iterable"):
            Process(target=_keep, args=other)
    newer = on("Python 3.15")
    message = "Value after *" if newer else "missing_comma._keep() argument after *"
    with Pool(1) as pool:
        result = pool.apply_async(_keep, seven)
        with raises(TypeError, text=f"{message} must be an iterable, not int"):
            result.get()


def no_error() -> None:
    """If the function has parentheses after it, there may be no error: the program ends with exit
    status 0, and nothing ran in parallel.

    The work is done and the exit code is 0, but the parent has done the work. With a pool, `get()`
    raises an error, because a worker cannot call `None`:
    """
    shown(
        "missing-comma/called_at_once",
        'Process(target=pack("tea"))',
        "Output\ntea is packed by MainProcess\nExit code: 0",
        "milk is packed by MainProcess\nTypeError: 'NoneType' object is not callable",
    )


def the_comma_makes_it() -> None:
    """It is the comma that makes a tuple."""
    shown("missing-comma", 'print(("tea"), ("tea",))\n#> tea (\'tea\',)')


def by_accident() -> None:
    """A string of one character works by accident. If the function accepts as many arguments as
    the string has characters, no error is reported: the function is called with the characters.
    A list, an `Array` or a dict is split in the same way: the function is called with the items,
    or with the keys of the dict. If there is only one, no error is reported, but the function gets
    the wrong argument.
    """
    assert _called_with(args=("t")) == _called_with(args=("t",)) == (("t",), {})
    assert _called_with(args=("tea")) == (("t", "e", "a"), {})
    orders = ["tea", "milk"]
    assert _called_with(args=(orders)) == (("tea", "milk"), {})
    assert _called_with(args=(Array("i", [3, 8]))) == ((3, 8), {})
    assert _called_with(args=({"tea": 7})) == (("tea",), {})
    assert _called_with(args=(["tea"])) == (("tea",), {})


def called_at_once() -> None:
    """`target=pack("tea")` calls the function at once, in the parent, and its result becomes the
    target. A function without `return` returns `None`, and a `Process` whose target is `None`
    does nothing.
    """
    called_in: list[int] = []

    def pack(order: str) -> None:
        called_in.append(os.getpid())

    process: Any = Process(target=pack("tea"))  # type: ignore[func-returns-value]
    assert called_in == [os.getpid()]
    assert process._target is None
    process.start()
    process.join()
    assert process.exitcode == 0
    assert len(called_in) == 1


def the_same_for() -> None:
    """The same holds for `initargs`, and for each item of `starmap`: write
    `pool.starmap(pack, [("tea",), ("milk",)])`, or `pool.map(pack, ["tea", "milk"])`.

    If the initializer fails because of a missing comma, a `Pool`
    replaces its workers again and again and never ends, and an executor raises
    `BrokenProcessPool`. `kwargs` is a dict: `kwargs={"order": "tea"}`. For
    `submit` of an executor, write the arguments one after the other, without a tuple:
    `executor.submit(pack, "tea")`.

    In the same way, `initializer=set_up()` runs the function in the parent and not in the
    workers. If it returns `None`, no error is reported.
    """
    from concurrent.futures import ProcessPoolExecutor

    cases: list[tuple[Any, tuple[str, ...]]] = [("tea", ("t", "e", "a")), (("tea",), ("tea",))]
    for initargs, expected in cases:
        with Pool(1, _keep, initargs) as pool:
            assert pool.apply(_kept) == expected
    with Pool(1) as pool:
        with raises(TypeError, text="upper() takes no arguments (2 given)"):
            pool.starmap(str.upper, [("tea"), ("milk")])
        upper = ["TEA", "MILK"]
        assert pool.starmap(str.upper, [("tea",), ("milk",)]) == upper
        assert pool.map(str.upper, ["tea", "milk"]) == upper
    shown("pool/initializer_raises", "still running after 5 s")
    shown("process-pool-executor/initializer_fails", "BrokenProcessPool")
    assert _called_with(kwargs={"order": "tea"}) == ((), {"order": "tea"})
    with ProcessPoolExecutor(1, initializer=_keep_pid()) as executor:  # type: ignore[func-returns-value]
        assert executor.submit(str.upper, "tea").result() == "TEA"
        assert _kept() == (os.getpid(),)
        assert executor.submit(_kept).result() != (executor.submit(os.getpid).result(),)


def as_above() -> None:
    """Write `target=pack, args=("tea",)`, as above."""
    no_fact("advice")
