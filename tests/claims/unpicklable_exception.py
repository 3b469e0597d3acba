"""What docs/pitfalls/unpicklable-exception.md says."""

import pickle
from collections.abc import Callable
from functools import partial
from multiprocessing import Pool
from multiprocessing.pool import MaybeEncodingError  # type: ignore[attr-defined]
from subprocess import CalledProcessError, CompletedProcess
from threading import Lock
from traceback import format_exception
from xmlrpc.client import Fault, ProtocolError

from tests.claims import raises, script, shown

POOL = """
import threading
from multiprocessing import Pool, TimeoutError, active_children


class OutOfStock(Exception):
    def __init__(self, article, wanted):
        super().__init__(f"{wanted} of {article} wanted")


def order(article):
    raise OutOfStock(article, wanted=3)


def main():
    rebuilt = threading.Event()
    show = threading.excepthook
    threading.excepthook = lambda failed: (show(failed), rebuilt.set())
    try:
        with Pool(1) as pool:
            ordered = pool.apply_async(order, ["apple"])
            rebuilt.wait()
            for result in [ordered, pool.apply_async(abs, [-1])]:
                try:
                    print(result.get(timeout=0.3))
                except TimeoutError:
                    print("timeout")
    except AssertionError as error:
        print(error)
    for worker in active_children():
        worker.terminate()
        worker.join()


if __name__ == "__main__":
    main()
"""


class _OutOfStock(Exception):
    def __init__(self, article: str, wanted: int) -> None:
        super().__init__(f"{wanted} of {article} wanted")


class _Kept(Exception):
    """As in own_reduce; with the third item if it is to keep what was added."""

    def __init__(self, article: str, all_of_it: bool) -> None:
        super().__init__(f"{article} wanted")
        self.article = article
        self.all_of_it = all_of_it

    def __reduce__(self) -> tuple[object, ...]:
        call = (_Kept, (self.article, self.all_of_it))
        return (*call, self.__dict__) if self.all_of_it else call


class _Keyword(Exception):
    def __init__(self, article: str, *, wanted: int) -> None:
        super().__init__(article, wanted)


class _Default(Exception):
    def __init__(self, article: str, *, wanted: int = 1) -> None:
        super().__init__(article)
        self.wanted = wanted


class _Partial(Exception):
    def __init__(self, article: str, *, wanted: int) -> None:
        super().__init__(f"{wanted} of {article} wanted")
        self.article = article
        self.wanted = wanted

    def __reduce__(self) -> tuple[Callable[[], "_Partial"], tuple[()]]:
        return partial(type(self), self.article, wanted=self.wanted), ()


class _PartialOfShop(_Partial):
    """A subclass with the same arguments."""


class _All(Exception):
    def __init__(self, article: str, wanted: int) -> None:
        super().__init__(article, wanted)


class _NoApple(_All):
    def __init__(self, shop: str) -> None:
        super().__init__("apple", 3)
        self.shop = shop


class _NoAppleReduced(_NoApple):
    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.shop,)


class _Reduced(Exception):
    def __init__(self, article: str, wanted: int) -> None:
        super().__init__(f"{wanted} of {article} wanted")
        self.article = article
        self.wanted = wanted

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.article, self.wanted)


class _NoAppleOfReduced(_Reduced):
    def __init__(self, shop: str) -> None:
        super().__init__("apple", 3)
        self.shop = shop


class _Missing(Exception):
    def __init__(self, article: str) -> None:
        super().__init__(f"no {article}")


class _CommandFailed(Exception):
    def __init__(self, done: "CompletedProcess[str]") -> None:
        super().__init__(f"the command failed: {done.stderr}")


def _run_command() -> None:
    raise _CommandFailed(CompletedProcess("print", 1, stderr="no paper"))


def _raise(error: Exception) -> None:
    raise error


def _order(article: str) -> None:
    raise _OutOfStock(article, wanted=3)


def _order_partial(article: str) -> None:
    raise _Partial(article, wanted=3)


def _order_caught(article: str) -> None:
    try:
        _order(article)
    except _OutOfStock as error:
        raise RuntimeError(str(error)) from error


def _order_returned(article: str) -> str:
    try:
        _order(article)
    except _OutOfStock as error:
        return str(error)
    return "ordered"


def pass_all_arguments() -> None:
    """Pass all arguments of the exception's `__init__` on to `super().__init__()`, or define in
    `__reduce__` how the exception is rebuilt.
    """
    shown("unpicklable-exception/all_arguments", "__init__(article, wanted)", "Out of stock: (")
    shown("unpicklable-exception/own_reduce", "__reduce__", "Out of stock: 3 of apple wanted")


def pool_hangs() -> None:
    """With a `Pool`, the program hangs in `map`."""
    shown("unpicklable-exception/pool_hangs", "pool.map(order", "still running after 5 s")


def what_is_shown() -> None:
    """Standard error shows a traceback of the thread `_handle_results`, without a line of your
    task. It ends with:

    The exception that your function raised is not shown at all.

    In a `Pool`, the thread that receives the results rebuilds the exception, and the error ends
    that thread. From then on, the pool receives no result of any task. If you wait with
    `get(timeout=...)`, the wait ends, but then the end of the `with` block
    raises `AssertionError`.
    """
    outcome = script(POOL)
    assert "(_handle_results)" in outcome.stderr
    assert outcome.stderr.endswith("missing 1 required positional argument: 'wanted'\n")
    assert "program.py" not in outcome.stderr
    assert "of apple wanted" not in outcome.stderr
    assert outcome.stdout.startswith("timeout\ntimeout\nCannot have cache with ")


def with_a_timeout() -> None:
    """The program catches the `TimeoutError`, and the end of the block raises the
    `AssertionError`:
    """
    shown(
        "unpicklable-exception/timeout_raises",
        "No result yet",
        "\nAssertionError: Cannot have cache with ... not alive\n",
    )


def executor_raises() -> None:
    """A `ProcessPoolExecutor` raises the following error, although no process was killed. The
    `TypeError` is its cause:
    """
    shown("unpicklable-exception/executor_breaks", "\nBrokenProcessPool: A process in", "__cause__")
    shown("unpicklable-exception/executor_breaks", "\nTypeError: OutOfStock", "raise OutOfStock")


def whatever_it_raises() -> None:
    """Instead of `TypeError`, the cause can be whatever `__init__` raises when it gets other
    arguments than it expects, such as `AttributeError: 'str' object has no attribute 'stderr'` if
    it expects the result of a command and gets the finished message. In the traceback of an
    executor, the line `result_item = result_reader.recv()` above that error tells that the parent
    was rebuilding what a worker has sent.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    with ProcessPoolExecutor(1) as executor:
        try:
            executor.submit(_run_command).result()
        except BrokenProcessPool as error:
            text = "".join(format_exception(error))
    reading = text.index("result_item = result_reader.recv()")
    assert reading < text.index("AttributeError: 'str' object has no attribute 'stderr'")


def rebuilt_by_a_call() -> None:
    """A worker sends its exception pickled, and the parent rebuilds it.

    If that was a finished message, the class is called with one argument where it needs two.
    """
    data = pickle.dumps(_OutOfStock("apple", wanted=3))
    with raises(TypeError, text="missing 1 required positional argument: 'wanted'"):
        pickle.loads(data)
    shown("unpicklable-exception/pool_hangs", "missing 1 required positional argument: 'wanted'")


def a_wrong_message() -> None:
    """Silent: if the class needs only one, the rebuilt exception has the wrong message, because the
    finished message is passed to `__init__` as if it were the name of the article.
    """
    rebuilt = pickle.loads(pickle.dumps(_Missing("apple")))
    assert str(rebuilt) == "no no apple"


def in_the_standard_library() -> None:
    """A `urllib.error.HTTPError` fails earlier: it holds an open file, so a `Pool` raises
    MaybeEncodingError.
    """
    for error in (
        Fault(1, "no"),
        ProtocolError("shop", 500, "no", {}),
        CalledProcessError(returncode=1, cmd="pack"),
    ):
        data = pickle.dumps(error)
        with raises(TypeError, text="required positional arguments"):
            pickle.loads(data)
    assert str(pickle.loads(pickle.dumps(CalledProcessError(1, "pack")))).endswith("status 1.")
    with Pool(1) as pool, raises(MaybeEncodingError, text="cannot pickle"):
        pool.apply(_raise_http_error)


def _raise_http_error() -> None:
    from email.message import Message
    from urllib.error import HTTPError

    with open(__file__, "rb") as file:
        raise HTTPError("shop", 404, "no", Message(), file)


def catch_it_in_the_worker() -> None:
    """Catch them in the worker and raise `RuntimeError(str(error))` instead, or return the
    message.
    """
    with Pool(1) as pool:
        with raises(RuntimeError, text="3 of apple wanted"):
            pool.map(_order_caught, ["apple"])
        assert pool.map(_order_returned, ["apple"]) == ["3 of apple wanted"]
        with raises(_Partial, text="3 of apple wanted"):
            pool.map(_order_partial, ["apple"])


def the_message_is_a_tuple() -> None:
    """The message is now the tuple of the arguments."""
    shown("unpicklable-exception/all_arguments", "Out of stock: ('apple', 3) 3")


def define_str() -> None:
    """To get a sentence, define `__str__`."""
    shown("unpicklable-exception", "def __str__(self):", "#> 3 of apple wanted")


def the_message_stays() -> None:
    """The message stays as it was, and `type(self)` lets a subclass with the same arguments come
    back as itself.
    """
    shown("unpicklable-exception/own_reduce", "return type(self), (self.article, self.wanted)")
    rebuilt = pickle.loads(pickle.dumps(_PartialOfShop("apple", wanted=3)))
    assert type(rebuilt) is _PartialOfShop
    shown("unpicklable-exception/own_reduce", "Out of stock: 3 of apple wanted 3")


def a_subclass_with_other_arguments() -> None:
    """A subclass whose `__init__` has other arguments needs a `__reduce__` of its own that returns
    those. Otherwise it is called with the arguments of the base class, whichever of the two fixes
    the base class has.
    """
    for error in [_NoApple("here"), _NoAppleOfReduced("here")]:
        with raises(TypeError, text="positional argument"):
            pickle.loads(pickle.dumps(error))
    rebuilt = pickle.loads(pickle.dumps(_NoAppleReduced("here")))
    assert type(rebuilt) is _NoAppleReduced
    assert (rebuilt.args, rebuilt.shop) == (("apple", 3), "here")


def what_was_added_later() -> None:
    """An attribute or a note (`add_note`) that was added later is then lost, unless `__reduce__`
    also returns `self.__dict__` as its third item.
    """
    for all_of_it in [False, True]:
        error = _Kept("apple", all_of_it)
        error.add_note("a note")
        error.shop = "here"  # type: ignore[attr-defined]
        rebuilt = pickle.loads(pickle.dumps(error))
        assert hasattr(rebuilt, "__notes__") == all_of_it
        assert hasattr(rebuilt, "shop") == all_of_it


def the_executor_breaks() -> None:
    """A `ProcessPoolExecutor` raises the error, but it breaks: every task that has not finished is
    lost, too. On Linux and macOS, if a worker handles or ignores SIGTERM, the end of the `with`
    block may hang.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    shown("killed-worker/sigterm_reset", "The with block has ended", "SIG_DFL")
    with ProcessPoolExecutor(1) as executor:
        before = executor.submit(abs, -1)
        assert before.result() == 1
        ordered = executor.submit(_order, "apple")
        with raises(BrokenProcessPool):
            executor.submit(abs, -2).result()
        with raises(BrokenProcessPool):
            ordered.result()
        with raises(BrokenProcessPool):
            executor.submit(abs, -3)
        assert before.result() == 1


def test_them() -> None:
    """An exception can be sent if you can pickle and unpickle it. Compare the message, too.
    Here both are right:
    """
    shown("unpicklable-exception", "pickle.loads(pickle.dumps(error))", "#> 3 of apple wanted")
    shown("unpicklable-exception/all_arguments", "Out of stock: ('apple', 3) 3")


def by_keyword_only() -> None:
    """An argument after `*` can be passed by keyword only, and `args` are passed by position. So
    if it has no default, the call fails:
    """
    with raises(TypeError, text="positional argument"):
        pickle.loads(pickle.dumps(_Keyword("apple", wanted=3)))
    assert pickle.loads(pickle.dumps(_Default("apple", wanted=3))).wanted == 3


def partial_keeps_it() -> None:
    """`functools.partial` stores the keyword, so `__reduce__` can return a call that has it:"""
    shown("unpicklable-exception", "return partial(type(self), ", "#> 3 of apple wanted")


class _PrinterError(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.lock = Lock()


def _print_label() -> None:
    raise _PrinterError("no paper")


def _print_safely(*, alone: bool) -> None:
    try:
        _print_label()
    except _PrinterError as error:
        if alone:
            raise RuntimeError(repr(error)) from None
        raise RuntimeError(repr(error))  # noqa: B904


def not_pickled_at_all() -> None:
    """An exception that holds a lock, an open file or an object of a C library cannot be pickled at
    all. Then a `Pool` raises `MaybeEncodingError`, whose message has `ExceptionWithTraceback` in
    place of a result, and does not tell what went wrong in the task. A `ProcessPoolExecutor`
    raises the reason, such as `TypeError`, with the exception in its traceback. Catch the
    exception in the worker, and raise one that holds only its text:

    If you leave out `from None`, the traceback that the parent shows has the lines of the first
    exception, too.
    """
    from concurrent.futures import ProcessPoolExecutor

    with Pool(1) as pool:
        try:
            pool.apply(_print_label)
        except MaybeEncodingError as error:
            assert "ExceptionWithTraceback object" in str(error)
            assert "no paper" not in "".join(format_exception(error))
        for alone in (True, False):
            try:
                pool.apply(_print_safely, kwds={"alone": alone})
            except RuntimeError as error:
                assert str(error) == "_PrinterError('no paper')"
                text = "".join(format_exception(error))
                assert ("in _print_label" in text) != alone
    with ProcessPoolExecutor(1) as executor:
        try:
            executor.submit(_print_label).result()
        except TypeError as error:
            assert "no paper" not in str(error)
            assert "_PrinterError: no paper" in "".join(format_exception(error))
    with raises(TypeError, text="cannot pickle"), open(__file__) as file:
        pickle.dumps(RuntimeError(file))


def in_celery() -> None:
    """In a task of Celery, the same fault has other messages, such as `it's not the same object
    as`, and the same remedy.
    """
    shown("celery/own_exception", "SoldOut: UnpickleableExceptionWrapper\n")
    shown("celery/own_exception", "super().__init__(article, wanted)", "OutOfStock: OutOfStock\n")
