"""What docs/examples/executor-lock-counter.md says."""

from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import Event, Manager, Value, get_context
from multiprocessing.managers import BaseProxy
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventType

from tests.claims import TIME_LIMIT, on, raises, shown

go_on: EventType  # of a worker: its initializer sets it


def _share(an_event: EventType, calls: "Synchronized[int]") -> None:
    global go_on
    go_on = an_event
    with calls.get_lock():
        calls.value += 1


def _wait_if_0(number: int) -> int:
    if not number:
        assert go_on.wait(TIME_LIMIT)
    return number


def _fail() -> None:
    raise LookupError("no such payment")


def when_they_start() -> None:
    """Pass the lock and the counter to the workers when they start, with `initializer` and
    `initargs`; the results come back as usual.

    `share` keeps what it gets in global variables of the worker.

    `initargs` are passed at the start.
    """
    shown(
        "executor-lock-counter/shared",
        "initializer=share, initargs=(lock, counter)",
        "global ledger, count",
        "with ledger:",
        "50 payments, total 2450",
    )


def once_and_as_soon() -> None:
    """The ProcessPoolExecutor calls `share` once in each worker, before the first task of that
    worker.

    `submit` hands out one task and returns a future, an object that will hold the result.
    `as_completed` gives each future as soon as its task is done. `task.result()` raises the
    exception of a task that failed.
    """
    calls = Value("i", 0)
    event = Event()
    with ProcessPoolExecutor(2, initializer=_share, initargs=(event, calls)) as executor:
        tasks = [executor.submit(_wait_if_0, number) for number in [0, 1]]
        finished = as_completed(tasks)
        assert next(finished) is tasks[1]
        assert not tasks[0].done()
        event.set()
        assert next(finished) is tasks[0]
        with raises(LookupError, text="no such payment"):
            executor.submit(_fail).result()
        assert [task.result() for task in tasks] == [0, 1]
    assert calls.value == 2


def only_at_the_start() -> None:
    """The arguments of `submit` are sent through a queue. A `Lock` or a `Value` can be passed
    to a process only when the process is started; as an argument of a task it raises
    RuntimeError.
    """
    shown("pool-argument/value_in_executor", "executor.submit(download, done)", "RuntimeError: ")
    shown("pool-argument/every_message", "Lock:\n  RuntimeError: Lock objects should only")


def one_holds_it() -> None:
    """Only one process at a time can hold the lock; the others wait for it."""
    shown("lock/timeout", "At once, the lock is held: False", "now free: True")


def no_lock_of_its_own() -> None:
    """The counter has no lock of its own (`lock=False`), because `ledger` guards it."""
    assert not hasattr(Value("i", 0, lock=False), "get_lock")
    shown("executor-lock-counter/shared", 'Value("i", 0, lock=False)', "with ledger:\n")


def one_number() -> None:
    """If you share only one number, leave out `ledger` and `lock=False`, and use
    `counter.get_lock()`.
    """
    shown("pool-argument/executor_initializer", "with done.get_lock():", "Downloads done: 3")


def proxies() -> None:
    """The `Lock()` and the `dict()` of a manager are proxies, and a proxy can be an argument of
    a task.
    """
    with Manager() as manager:
        assert isinstance(manager.Lock(), BaseProxy)
        assert isinstance(manager.dict(), BaseProxy)
    shown(
        "executor-lock-counter/as_argument", "submit(book, payment, ledger, totals)", "'sum': 1225"
    )


def no_initializer() -> None:
    """`NameError`: there is no `initializer`.

    Here the parent calls `share` itself, which sets the globals of the parent. The workers
    have these globals only under `fork`, which copies the parent. `spawn` and `forkserver`,
    the default on Linux from Python 3.14 on, import the program, and an import does not call
    `main()`:
    """
    shown(
        "executor-lock-counter/no_initializer", "share(Lock(), Value", "\n20\n", "\nNameError: name"
    )


def another_start_method() -> None:
    """`RuntimeError`, "A SemLock created in a fork context", from Python 3.11.5 on;
    `BrokenProcessPool` before: the lock was made for one start method, and the executor uses
    another one, because of its `mp_context`, or because `max_tasks_per_child` makes it use
    `spawn`.
    """
    shown("mixed-contexts/executor_mixed", "RuntimeError: A SemLock created in a fork context")
    shown("mixed-contexts/executor_mixed", "Segmentation fault", "BrokenProcessPool: A process in")
    if on("Python 3.11.5 and later"):
        lock = get_context("fork").Lock()
        mixed = raises(RuntimeError, text="A SemLock created in a fork context")
        with ProcessPoolExecutor(1, get_context("spawn"), bool, (lock,)) as executor, mixed:
            executor.submit(pow, 2, 3)
    with ProcessPoolExecutor(1, max_tasks_per_child=1) as executor:
        assert executor._mp_context == get_context("spawn")


def broken() -> None:
    """`BrokenProcessPool`: a worker was killed, or `initializer` failed."""
    shown("killed-worker/executor_raises", "os._exit(1)", "BrokenProcessPool: A process in")
    shown("process-pool-executor/initializer_fails", "BrokenProcessPool: A process in")
