"""What docs/examples/exceptions.md says."""

import json
import os
import pickle
import struct
import sys
from collections.abc import Callable
from functools import partial
from io import StringIO
from logging import StreamHandler, getLogger
from multiprocessing import (
    Event,
    Manager,
    Pipe,
    Pool,
    Process,
    Queue,
    SimpleQueue,
    Value,
    get_start_method,
)
from multiprocessing import TimeoutError as PoolTimeoutError
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventType
from runpy import run_path
from threading import Thread
from time import sleep
from traceback import print_exc
from typing import Any

from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, changed, raises, script, shown

PROGRAMS = ROOT / "examples" / "exceptions"

BETWEEN = "The above exception was the direct cause of the following exception:"

event: EventType  # of a worker, as are the others: its initializer sets them
failed: EventType
begun: "Synchronized[int]"


class _Exits:
    """Calls `sys.exit()` when it is made a number."""

    def __int__(self) -> int:
        sys.exit("no price")


class _Interrupted:
    """Is interrupted when it is made a number."""

    def __int__(self) -> int:
        raise KeyboardInterrupt


class _Answer(list[tuple[object, str]]):
    """Stands in for the sending end of a pipe."""

    def send(self, answer: tuple[object, str]) -> None:
        """What a `Connection` does."""
        self.append(answer)


def _share(an_event: EventType) -> None:
    global event
    event = an_event


def _share_all(*shared: Any) -> None:
    global event, failed, begun
    event, failed, begun = shared


def _price(text: str) -> int:
    return int(text)


def _price_from(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise LookupError("no price") from error


def _number_with_note(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        error.add_note("in line 2")
        raise


def _number_or_error(text: str) -> int | Exception:
    try:
        return int(text)
    except ValueError as error:
        return error


def _fail_or_count(number: int) -> None:
    """0 fails when it is told to; the others count themselves when they are."""
    if not number:
        assert event.wait(TIME_LIMIT)
        raise LookupError(number)
    assert failed.wait(TIME_LIMIT)
    begun.value += 1


def _second_fails_first(number: int) -> None:
    """Waits at 0, until the parent has what 1 has sent."""
    if not number:
        assert event.wait(TIME_LIMIT)
    raise LookupError(number)


def _divide(done: "list[float]", number: int) -> None:
    done.append(1 / number)


def _wait_for_event() -> None:
    assert event.wait(TIME_LIMIT)


def _exit_at_once(_: object) -> None:
    os._exit(1)


def _exit_in_the_middle(sender: Connection) -> None:
    """Send what `recv()` needs to know that 100 bytes come, and one of them."""
    os.write(sender.fileno(), struct.pack("!i", 100) + b"1")
    os._exit(1)


def _wait(stop: EventType) -> None:
    assert stop.wait(TIME_LIMIT)


def _tell(ask: Callable[[], object]) -> tuple[BaseException | None, str, str]:
    """The cause of the LookupError that a call raises, and how it is printed and logged."""
    printed, logged = StringIO(), StringIO()
    log = getLogger("exceptions of workers")
    log.propagate = False
    log.handlers = [StreamHandler(logged)]
    try:
        ask()
    except LookupError as error:
        print_exc(file=printed)
        log.exception("failed")
        return error.__cause__, printed.getvalue(), logged.getvalue().removeprefix("failed\n")
    return None, "", ""


def in_the_parent() -> None:
    """To handle the errors of a child in its parent, use a `Pool` or a `ProcessPoolExecutor`:
    they raise a worker's exception in the parent, where you ask for the result.

    Prefer the executor: it also reports a worker that was killed, for which a `Pool` waits forever.

    The exception is pickled in the worker, and `task.result()` raises it again in the parent.

    Each task has a future of its own, so one error does not hide the results of the others.
    `Pool.apply_async` returns an object whose `get()` does the same.
    """
    shown("exceptions/each_task", "task.result()", "4 -> 4\nfree -> ValueError\n5 -> 5")
    shown("unpicklable-exception/executor_breaks", "BrokenProcessPool")
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")
    shown("killed-worker/executor_raises", "os._exit(1)", "BrokenProcessPool: A process in")
    with Pool(1) as pool:
        wrong, right = (pool.apply_async(_price, (text,)) for text in ("free", "5"))
        with raises(ValueError, text="invalid literal for int()"):
            wrong.get()
        assert right.get() == 5


def workers_end_with_their_parent() -> None:
    """`watch_parent` ends the workers with their parent, even if it is killed. The other programs
    of this page leave it out to be short: after SIGTERM or SIGKILL to the parent alone, their
    executors' workers remain.
    """
    shown("exceptions/each_task", "initializer=watch_parent", "parent_process().join()")
    shown("ctrl-c", "def watch_parent():")  # where a check shows that workers end, or remain


def if_a_worker_fails() -> None:
    """If a worker of an executor is killed, `result()` raises `BrokenProcessPool`, apart from some
    cases; no `except ValueError` hides it. After a `sys.exit(3)` in a task, `result()` raises
    `SystemExit`, and the program ends with status 3 and no message. If a worker is stopped or
    never ends, `result()` waits: set a time limit. At Ctrl-C, the end of the `with` block waits for
    all tasks: cancel them.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from tests.claims._executors import all_tasks_are_done_at_its_end, an_executor_waits

    assert an_executor_waits()
    assert not issubclass(BrokenProcessPool, ValueError)
    shown("exceptions/each_task", "except ValueError as error:")
    killed = script(changed("exceptions/each_task", ("return int(text)", "os._exit(9)")))
    assert (killed.stdout, killed.status) == ("", 1)
    assert "BrokenProcessPool: A process in the process pool" in killed.stderr
    leaves = "return int(text)", "raise SystemExit(3)"
    exits = script(changed("exceptions/each_task", leaves))
    assert (exits.stdout, exits.stderr, exits.status) == ("", "", 3)
    go_on = Event()
    with ProcessPoolExecutor(1, initializer=_share, initargs=(go_on,)) as executor:
        task = executor.submit(_wait_for_event)
        with raises(TimeoutError):
            task.result(timeout=SURE)
        go_on.set()
    assert all_tasks_are_done_at_its_end(KeyboardInterrupt)


def time_limits() -> None:
    """The time limits let the program raise `TimeoutError` if a worker is killed or calls
    `sys.exit()`. If the killed worker was idle, even that does not help:
    """
    shown("exceptions/imap_goes_on", ".get(LIMIT)", "prices.next(LIMIT)")
    shown("killed-worker/idle_killed", "get(timeout=4)", "no answer in 4 seconds", "still running")
    for end in sys.exit, os._exit:  # each in a new pool: another may not have replaced its worker
        with Pool(1) as pool, raises(PoolTimeoutError):
            pool.map_async(end, [1]).get(SURE)
        with Pool(1) as pool, raises(PoolTimeoutError):
            pool.imap(end, [1]).next(SURE)


def a_process_must_send_it() -> None:
    """A `Process` does not; its function must send the error itself.

    Send the traceback as text, because a traceback object cannot be pickled:
    """
    shown("exceptions/from_process", "answer.send((None, format_exc()))", "ValueError: invalid")
    try:
        _price("free")
    except ValueError as error:
        with raises(TypeError, text="cannot pickle 'traceback' object"):
            pickle.dumps(error.__traceback__)


def nothing_asks() -> None:
    """If nothing asks for the result of a task, its error is not shown."""
    shown("unseen-error/not_asked", "Output\nAll packed")
    shown("unseen-error/future_not_asked", "Output\nAll packed")


def an_uncaught_one() -> None:
    """The traceback of the worker comes first, as text, under the name `RemoteTraceback` (from an
    executor: `_RemoteTraceback`). The traceback of the parent follows after "The above exception
    was the direct cause of the following exception". Read the first one: it has the line that
    failed.

    The worker's traceback is the `__cause__` of the exception that you catch. From an executor it
    is a `concurrent.futures.process._RemoteTraceback`, from a `Pool` a
    `multiprocessing.pool.RemoteTraceback`. `logging.exception` and `traceback.print_exc` write it
    too. If the worker used `raise ... from error`, that `error` is no longer the `__cause__`; it
    stands only in the text of the traceback.

    A task calls `sys.exit()`: a `Pool` hangs, too. From an executor you get `SystemExit`, which
    `except Exception` does not catch.
    """
    from concurrent.futures import ProcessPoolExecutor

    assert not issubclass(SystemExit, Exception)
    shown("exceptions/uncaught", 'multiprocessing.pool.RemoteTraceback: \n"""\nTraceback')
    shown("exceptions/cause", "<class 'concurrent.futures.process._RemoteTraceback'>")
    told = []
    with Pool(1) as pool:
        task = pool.apply_async(_price_from, ("free",))
        told.append(("multiprocessing.pool.RemoteTraceback", *_tell(task.get)))
        lost = pool.apply_async(sys.exit)
        assert pool.apply(abs, (-2,)) == 2  # in the worker that replaces it
        assert not lost.ready()
    with ProcessPoolExecutor(1) as executor:
        future = executor.submit(_price_from, "free")
        told.append(("concurrent.futures.process._RemoteTraceback", *_tell(future.result)))
        with raises(SystemExit):
            executor.submit(sys.exit).result()
    for name, cause, printed, logged in told:
        assert f"{type(cause).__module__}.{type(cause).__name__}" == name
        assert "ValueError: invalid literal" in str(cause)
        for text in printed, logged:
            worker, parent = text.rsplit(f"\n{BETWEEN}\n", 1)
            assert worker.startswith(name) and "return int(text)" in worker
            assert parent.lstrip().startswith("Traceback") and "return int(text)" not in parent


def the_executors_map_ends() -> None:
    """`executor.map` gives the results up to the first task that failed, raises its error, and
    ends there. All later results are lost, and tasks that have not begun are cancelled, apart
    from a few that are already in the queue to the workers. With a `chunksize` above 1, the
    earlier results of the same chunk are lost, too.
    """
    from concurrent.futures import ProcessPoolExecutor

    shown("exceptions/map_ends", "Price: 4\nError: invalid", "After it: []")
    go_on, after, counter = shared = Event(), Event(), Value("i", 0)
    with ProcessPoolExecutor(1, initializer=_share_all, initargs=shared) as executor:
        prices = executor.map(_price, ["4", "free", "5"], chunksize=3)
        with raises(ValueError):
            next(prices)
        assert list(prices) == []
        waits = executor.map(_fail_or_count, range(20))
        _, second, *_ = executor._pending_work_items.values()
        while not second.future.running():  # it is in the queue
            sleep(PAUSE)
        go_on.set()
        with raises(LookupError):
            next(waits)
        after.set()
    assert 1 <= counter.value <= 3


def map_and_imap() -> None:
    """`Pool.map` waits for all chunks, then raises the error that came back first, and drops all
    results, even the good ones. In a chunk, the tasks after one that failed are not run.
    `Pool.imap` goes on after an error if you ask it for the next
    result, but only with a `chunksize` of 1, the default; with bigger chunks it ends there.

    Let the function return its exception instead of raising it:

    An exception that is returned arrives without a traceback.

    The note is sent to the parent with the exception. Some classes, such as
    `json.JSONDecodeError`, lose it: their `__reduce__` omits it. Then only the worker's traceback
    has the note, and `error.__notes__` raises `AttributeError`.
    """
    shown("exceptions/map_with_errors", "return error", "sum 9 and 1 error: invalid literal")
    shown("exceptions/imap_goes_on", "map: invalid", "imap: 4 costs 4\nimap: free failed: invalid")
    shown("exceptions/imap_goes_on", "imap: 5 costs 5\n")
    go_on = Event()
    with Pool(2, initializer=_share, initargs=(go_on,)) as pool:
        results = pool.map_async(_second_fails_first, [0, 1], chunksize=1)
        while results._success:  # type: ignore[attr-defined]
            sleep(PAUSE)
        with raises(PoolTimeoutError):
            results.get(SURE)
        go_on.set()
        with raises(LookupError, text="1"):
            results.get()
        prices = pool.imap(_price, ["4", "free", "5", "6"], chunksize=2)
        with raises(ValueError):
            next(prices)
        assert list(prices) == []
        returned = pool.apply(_number_or_error, ("free",))
        assert isinstance(returned, ValueError)
        assert (returned.__traceback__, returned.__cause__) == (None, None)
        try:
            pool.apply(_number_with_note, ("free",))
        except ValueError as error:
            assert "in line 2" in str(error.__cause__)
            with raises(AttributeError, text="__notes__"):
                error.__notes__  # noqa: B018
    with Manager() as manager:
        done: Any = manager.list()
        with Pool(1) as pool, raises(ZeroDivisionError):
            pool.map(partial(_divide, done), [1, 0, 2, 4], chunksize=3)
        assert list(done) == [1.0, 0.25]


def a_note() -> None:
    """Add a note to the exception with `add_note`."""
    shown("exceptions/with_note", "error.add_note(", "for int() with base 10: 'free' in line 2")


def exit_code_1() -> None:
    """If its target raises an exception, a `Process` prints the traceback to standard error and
    ends with exit code 1; the parent gets no exception.
    """
    shown("unseen-error/process_failed", "Process Process-1:\nTraceback", "Output\nAll packed")
    shown("globals/under_guard", "NameError: name", "Exit code of the worker: 1")


def base_exception() -> None:
    """`except BaseException` also catches the `SystemExit` of a `sys.exit()` somewhere in the task,
    and the `KeyboardInterrupt` of Ctrl-C. With `except Exception`, the worker would then end
    without an answer.
    """
    read_price = run_path(str(PROGRAMS / "from_process.py"))["read_price"]
    for bad, name in (_Exits(), "SystemExit: no price"), (_Interrupted(), "KeyboardInterrupt"):
        answer = _Answer()
        read_price(bad, answer)
        assert answer[0][1].endswith(f"{name}\n")
    assert not issubclass(SystemExit, Exception)
    assert not issubclass(KeyboardInterrupt, Exception)


def the_end_of_the_pipe() -> None:
    """A worker that is killed or calls `os._exit()` sends nothing. Then `recv()` raises `EOFError`
    (on Windows, not always), because the parent has closed its own copy of the sending end. If the
    worker is killed in the middle of an answer, `recv()` can raise an `OSError` instead: "got end
    of file during message".
    """
    ends = [(_exit_at_once, EOFError), (_exit_in_the_middle, OSError)]
    for target, error in ends[:1] if sys.platform == "win32" else ends:
        receiver, sender = Pipe(duplex=False)
        worker = Process(target=target, args=(sender,))
        worker.start()
        worker.join()
        sender.close()
        with receiver, raises(error):
            receiver.recv()


def get_waits_forever() -> None:
    """A `Queue` or a `SimpleQueue` does not notice that its sender has ended: its `get()` waits
    forever.

    If you have several workers, give each a pipe of its own. Close the sending end right after
    the `start()` of its worker, before you start the next one: under `fork`, the next worker
    would inherit a copy of it, and `recv()` would not raise `EOFError` while that copy is open.
    """
    queues: list[SimpleQueue[int] | Queue[int]] = [SimpleQueue(), Queue()]
    for queue in queues:
        ended = Process(target=_exit_at_once, args=(queue,))
        ended.start()
        ended.join()
    readers = [Thread(target=queue.get, daemon=True) for queue in queues]
    stop = Event()
    receiver, sender = Pipe(duplex=False)
    following = Process(target=_wait, args=(stop,))
    following.start()
    sender.close()
    for reader in readers:
        reader.start()
    assert receiver.poll(SURE) == (get_start_method() != "fork")
    stop.set()
    following.join()
    with receiver, raises(EOFError):
        receiver.recv()
    for queue, reader in zip(queues, readers, strict=True):
        assert reader.is_alive()
        queue.put(1)
        reader.join()


def parameters() -> None:
    """A `Pool` hangs after an exception of a class of your own: the `__init__` of the class has
    more parameters than it passes on to `super().__init__()`.
    """
    shown("unpicklable-exception/pool_hangs", "super().__init__(f", "still running after 5 s")


def killed() -> None:
    """A worker is killed, and no exception comes: a `Pool` hangs. An executor mostly raises
    `BrokenProcessPool`.
    """
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")
    shown("killed-worker/executor_raises", "os._exit(1)", "BrokenProcessPool: A process in")


def what_becomes_of_the_others() -> None:
    """With an executor, they run to their end. With a `Pool`, they are terminated in the middle,
    and their `finally` blocks do not run:

    It is the end of the `with` block that terminates the workers of a `Pool`, or waits for those of
    an executor.
    """
    shown("exceptions/others_end", "with Pool(", "Pool, cleaned up: False")
    shown("exceptions/others_end", "with ProcessPoolExecutor(", "Executor, cleaned up: True")


def inside_the_block() -> None:
    """So catch the error inside the block, or call `close()` and `join()` there."""
    if sys.platform == "win32":
        return
    program = changed(
        "exceptions/others_end",
        ("(60,)", "(0.5,)"),
        (
            'pool.apply(int, ("free",))\n',
            'try:\n                pool.apply(int, ("free",))\n'
            "            finally:\n                pool.close()\n                pool.join()\n",
        ),
    )
    assert "Pool, cleaned up: True" in script(program).stdout


def _wait_or_fail(what: str) -> None:
    if what == "fail":
        raise LookupError
    event.wait(TIME_LIMIT)


def raised_at_once() -> None:
    """`apply`, `imap` and `get()` raise the error of a task at once; `Pool.map` waits for all
    chunks first.
    """
    may_end = Event()
    with Pool(2, _share, (may_end,)) as pool:
        waits = pool.apply_async(_wait_or_fail, ("wait",))
        with raises(LookupError):
            pool.apply(_wait_or_fail, ("fail",))
        with raises(LookupError):
            next(pool.imap(_wait_or_fail, ["fail"]))
        with raises(LookupError):
            pool.apply_async(_wait_or_fail, ("fail",)).get(TIME_LIMIT)
        mapped = pool.map_async(_wait_or_fail, ["fail", "wait"], chunksize=1)
        mapped.wait(SURE)
        assert not (waits.ready() or mapped.ready())
        may_end.set()
        waits.get(TIME_LIMIT)
        with raises(LookupError):
            mapped.get(TIME_LIMIT)
