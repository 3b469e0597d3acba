"""What docs/pitfalls/mixed-contexts.md says."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Lock, Process, get_context, get_start_method, set_start_method
from typing import Any

from tests.claims import no_fact, on, raises, shown

MESSAGE = "A SemLock created in a fork context is being shared with a process in a spawn context"
SAYS_SO = "Python 3.11.5 and later"


def _name_of(lock: Any) -> object:
    """What the system calls it; None if it has no name any more."""
    return lock._semlock.name


def _context(method: str) -> Any:
    return get_context(method)


def _get_two(_number: object, _numbers: object) -> None:
    """Needs two arguments, and does nothing with them."""


def _is_held(lock: Any) -> None:
    assert not lock.acquire(block=False)


@contextmanager
def _as_before() -> Iterator[None]:
    """After the block the default start method is as before."""
    method = get_start_method()
    try:
        yield
    finally:
        set_start_method(method, force=True)


def the_same_context() -> None:
    """Create the lock, queue or value with the same context as the process: `ctx =
    get_context("spawn")`, then `ctx.Lock()` and `ctx.Process(...)`.
    """
    shown("mixed-contexts/one_context", "lock = ctx.Lock()", "Output\nThe worker is ready")
    shown("mixed-contexts/executor_same", 'value = ctx.Value("i", 0)', "Output\nTotal: 13")


def in_the_parent() -> None:
    """`start()`, `Pool()` or the `submit()` of an executor raises the error in the parent, also for
    a process of `forkserver`, although the message says `spawn`.

    Python 3.11.0 to 3.11.4 does not raise it: there the child crashes when it uses the lock: a
    segmentation fault, with exit code -11 and no traceback.

    A `SemLock` is what a `Lock`, `RLock`, `Semaphore`, `Condition`, `Event` or `Barrier` is made
    of. A `Queue`, a `SimpleQueue`, a `Value` and an `Array` contain a lock, so they raise the
    same error; a `Value` or an `Array` with `lock=False` contains none.
    """
    from concurrent.futures import ProcessPoolExecutor

    fork = get_context("fork")
    others = [_context("spawn"), _context("forkserver")]
    if not on(SAYS_SO):
        for target, exit_code in [(id, 0), (print, -signal.SIGSEGV)]:
            child = others[0].Process(target=target, args=(fork.Lock(),))
            child.start()
            child.join()
            assert child.exitcode == exit_code
        return
    things = [
        fork.Lock(),
        fork.RLock(),
        fork.Semaphore(),
        fork.Condition(),
        fork.Event(),
        fork.Barrier(2),
        fork.Queue(),
        fork.SimpleQueue(),
        fork.Value("i"),
        fork.Array("i", 3),
    ]
    for ctx in others:
        for thing in things:
            with raises(RuntimeError, text=MESSAGE):
                ctx.Process(target=print, args=(thing,)).start()
    with raises(RuntimeError, text=MESSAGE):
        others[0].Pool(1, print, (things[0],))
    executor = ProcessPoolExecutor(1, others[0], print, (things[0],))
    with executor, raises(RuntimeError, text=MESSAGE):
        executor.submit(int)
    without_lock = [fork.Value("i", lock=False), fork.Array("i", 3, lock=False)]
    child = others[0].Process(target=_get_two, args=without_lock)
    child.start()
    child.join()
    assert child.exitcode == 0


def when_serializing() -> None:
    """In Python 3.14 and later, it is followed by lines that begin with `when serializing` and
    say which argument it was.
    """
    shown(
        "mixed-contexts/lock_of_fork",
        "args=(lock, answers)",
        "and Process.\nwhen serializing tuple item 0\nwhen serializing dict item '_args'\n",
    )


def its_name() -> None:
    """On Linux and macOS, a lock of a `fork` context no longer has a name in the system, because a
    child that is a copy of its parent needs none. A child of another start method could find the
    lock only by its name. The locks of `spawn` and `forkserver` keep their names, so they can be
    passed to a process of any start method.
    """
    shown("mixed-contexts/any_process", 'get_context("spawn").Lock()', "forkserver [7, 7]")
    assert _name_of(get_context("fork").Lock()) is None
    lock = get_context("forkserver").Lock()
    assert _name_of(get_context("spawn").Lock())
    assert _name_of(lock)
    with lock:
        for method in ["fork", "spawn"]:
            child = _context(method).Process(target=_is_held, args=(lock,))
            child.start()
            child.join()
            assert child.exitcode == 0


def where_you_meet_it() -> None:
    """You can meet it

    with `mp_context=get_context("spawn")` for an executor, but a plain `multiprocessing.Value`
    for its workers,

    The `Value` is one of the default start method. So this program fails where the default is
    `fork`, and works elsewhere.
    """
    shown(
        "mixed-contexts/executor_mixed",
        'ctx = get_context("spawn")\n    value = Value("i", 0)',
        MESSAGE,
        "Output\nTotal: 13",
    )


def after_force() -> None:
    """after `set_start_method(..., force=True)`.

    A plain `Lock()`, imported from `multiprocessing` without a context, is one of the default
    start method.
    """
    with _as_before():
        set_start_method("fork", force=True)
        lock = Lock()
        assert _name_of(lock) is None
        set_start_method("spawn", force=True)
        assert _name_of(Lock())
        if on(SAYS_SO):
            with raises(RuntimeError, text=MESSAGE):
                Process(target=print, args=(lock,)).start()


def another_machine() -> None:
    """Such a program can break when it moves to another machine:"""
    no_fact("it follows from the sentence before")


def the_initializer() -> None:
    """`set_total` is the `initializer`: it runs once in each worker and keeps the `Value` there.
    The fix creates the `Value` with the executor's context:
    """
    shown(
        "mixed-contexts/executor_same",
        "ProcessPoolExecutor(2, ctx, set_total, (value,))",
        "global total\n    total = value",
        'value = ctx.Value("i", 0)',
        "Total: 13",
    )


def what_may_be_mixed() -> None:
    """A lock of a `spawn` context can be passed to a process of any start method. So can a `Pipe`
    and a `RawArray`, which contain no lock:
    """
    shown(
        "mixed-contexts/any_process",
        "args=(lock, prices, answers)",
        "fork       [6, 7]\nforkserver [7, 7]\nspawn      [8, 7]",
    )
