"""What docs/pitfalls/unseen-error.md says."""

import os
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import Event, Pool, Process, TimeoutError, Value
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventOfProcesses
from threading import Thread
from time import sleep

from tests.claims import PAUSE, SURE, TIME_LIMIT, no_fact, raises, script, shown

go_on: EventOfProcesses  # of a worker: its initializer sets it
ran: "Synchronized[int]"  # the same


def _fail(order: str) -> None:
    raise ValueError(f"no box for {order}")


def _share(event: EventOfProcesses) -> None:
    global go_on
    go_on = event


def _share_both(event: EventOfProcesses, counter: "Synchronized[int]") -> None:
    global ran
    _share(event)
    ran = counter


def _fail_at_0(number: int) -> None:
    with ran:
        ran.value += 1
    if number == 0:
        raise ValueError("no box")
    assert go_on.wait(TIME_LIMIT)


def _fail_apple_last(order: str) -> None:
    assert order != "apple" or go_on.wait(TIME_LIMIT)
    _fail(order)


def ask_for_everything() -> None:
    """Call `get()` on everything that `apply_async` and `map_async` return, call `result()` on
    every future that an executor's `submit` returns, and after `join()` look at the `exitcode`
    of every `Process`.
    """
    shown("unseen-error/asked", "result.get()", "Failed: no box for plum")
    shown("unseen-error/future_asked", "future.result()", "Failed: no box for plum")
    shown("unseen-error/exit_code_checked", "packer.join()\n    if packer.exitcode != 0:")


def silent() -> None:
    """Silent. No error is reported. The program ends with exit status 0, and the results of the
    failed calls are missing. This happens with `apply_async`, `map_async`, `starmap_async`, `imap`,
    `imap_unordered`, `submit` and an executor's `map`, if the program does not ask for the results.
    """
    shown("unseen-error/not_asked", "pool.apply_async(pack", "pool.map_async(pack")
    shown("unseen-error/not_asked", "raise ValueError", "Output\nAll packed")
    shown("unseen-error/future_not_asked", "executor.submit(pack", "executor.map(pack")
    shown("unseen-error/future_not_asked", "raise ValueError", "Output\nAll packed")


def a_process_that_raises() -> None:
    """If the function of a `Process` raises an exception, the traceback goes to standard error,
    but the parent continues and ends with exit status 0. A script or a service that looks only
    at the exit status sees a success:

    A `Process` has no result.
    """
    error = "Standard error, with ... for what differs\nProcess Process-1:\nTraceback"
    shown("unseen-error/process_failed", "Output\nAll packed", error)
    process = Process(target=int)
    assert not hasattr(process, "get")
    assert not hasattr(process, "result")


def it_does_not_stop_the_parent() -> None:
    """An exception in a worker does not stop the parent.

    If you do not make that call, the exception is discarded with the result: `wait()` does not
    raise it.
    """
    shown("unseen-error/not_asked", "raise ValueError", "pool.join()\n    print", "All packed")
    with Pool(1) as pool, ProcessPoolExecutor(1) as executor:
        result = pool.apply_async(_fail, ["apple"])
        result.wait(TIME_LIMIT)
        assert not result.successful()
        done, _ = wait([executor.submit(_fail, "apple")])
        assert isinstance(done.pop().exception(), ValueError)


def some_calls_raise() -> None:
    """`Pool.map` and `Pool.apply` raise it themselves, because they wait for the result.

    An executor's `map` raises only the exception of the first task that fails, in the order of
    the tasks, and `map_async` only the one that comes back first.

    In an executor, `result()` raises the `SystemExit` in the parent: `sys.exit()` in a task ends
    the whole program, without a message and with exit status 0.

    With `map_async` it is called once, with the exception that came back first.
    """
    errors: list[BaseException] = []
    event = Event()
    with Pool(2, _share, (event,)) as pool:
        with raises(ValueError, text="no box for apple"):
            pool.map(_fail, ["apple"])
        pool.starmap_async(_fail, [("apple",)])
        pool.imap(_fail, ["apple"])
        pool.imap_unordered(_fail, ["apple"])
        with raises(ValueError, text="no box for plum"):
            pool.apply(_fail, ["plum"])
        result = pool.map_async(
            _fail_apple_last, ["apple", "pear"], 1, error_callback=errors.append
        )
        while result._success:  # type: ignore[attr-defined]
            sleep(PAUSE)
        event.set()
        with raises(ValueError, text="no box for pear"):
            result.get()
        pool.close()
        pool.join()
    assert list(map(str, errors)) == ["no box for pear"]
    with ProcessPoolExecutor(1) as executor:
        results = executor.map(_fail, ["apple", "pear"])
        with raises(ValueError, text="no box for apple"):
            next(results)
        assert list(results) == []
        error = executor.submit(sys.exit).exception()
    assert isinstance(error, SystemExit)
    assert error.code is None


def tasks_that_never_run() -> None:
    """Other tasks may then never run: an executor's `map` cancels those that still wait, and
    `map_async` skips the rest of the chunk. If you pass `buffersize` to an executor's `map`, and
    ask for no result, only that many tasks run.
    """
    event, counter = Event(), Value("i", 0)
    shared = _share_both, (event, counter)
    with ProcessPoolExecutor(1, None, *shared) as executor:
        with raises(ValueError, text="no box"):
            list(executor.map(_fail_at_0, range(100)))
        event.set()
    assert 1 <= counter.value < 10
    counter.value = 0
    with Pool(1, *shared) as pool:
        with raises(ValueError, text="no box"):
            pool.map_async(_fail_at_0, range(4), 2).get()
        pool.close()
        pool.join()
    assert counter.value == 3
    if sys.version_info >= (3, 14):
        counter.value = 0
        with ProcessPoolExecutor(1, None, *shared) as executor:
            executor.map(_fail_at_0, range(100), buffersize=2)
        assert counter.value == 2


def one_by_one() -> None:
    """To run every task, and see every exception, use `apply_async` or `submit`."""
    shown("unseen-error/asked", "no box for apple\nFailed: no box for pear\nFailed: no box for p")
    shown("unseen-error/future_asked", "pear\nFailed: no box for plum")


def sys_exit_in_a_task() -> None:
    """A pool sends back only what is an `Exception`: a task that calls `sys.exit()` ends its worker
    instead, and `get()` and `join()` wait forever.

    After `sys.exit()` the exit code is 0, as after a success, so call `sys.exit(1)` after an
    error, and not `sys.exit(errors)`: on Linux and macOS, 256 errors give 0.
    """
    with Pool(1) as pool:
        first = pool.apply(os.getpid)
        result = pool.apply_async(sys.exit)
        assert pool.apply(os.getpid) != first
        with raises(TimeoutError):
            result.get(timeout=0.1)  # the next worker has done another task since
        pool.close()
        joins = Thread(target=pool.join)
        joins.start()
        joins.join(SURE)
        assert joins.is_alive()
        pool.terminate()
        joins.join()
    for arguments, code in ((), 0), ((1,), 1), ((256,), 256 if sys.platform == "win32" else 0):
        process = Process(target=sys.exit, args=arguments)
        process.start()
        process.join()
        assert process.exitcode == code


FAIL_UNSEEN = """
from multiprocessing import Process, Queue
from threading import Thread

def in_a_thread():
    thread = Thread(target=int, args=("pear",))
    thread.start()
    thread.join()

def in_put(queue):
    queue.put(lambda: 1)

def main():
    queue = Queue()
    for process in Process(target=in_a_thread), Process(target=in_put, args=(queue,)):
        process.start()
        process.join()
        print(process.exitcode)

if __name__ == "__main__":
    main()
"""


def it_goes_on() -> None:
    """The exit code is also 0 after an exception in a thread of the process, and after a `put()`
    of an item that cannot be pickled. The process goes on, and at most a traceback is printed.
    """
    told = script(FAIL_UNSEEN)
    assert told.stdout == "0\n0\n"
    assert "ValueError: invalid literal for int()" in told.stderr
    shown("unpicklable-item/item_lost", "Standard error", "Traceback")


def in_the_thread() -> None:
    """Catch the exception in the thread, and let the main thread call `sys.exit(1)`."""
    no_fact("advice")


def nobody_asks() -> None:
    """All three orders fail, but the program prints that all are packed."""
    shown("unseen-error/not_asked", '["apple"]', '["pear", "plum"]', "All packed")


def in_an_executor() -> None:
    """An executor's `submit` and `map` hide the errors in the same way:"""
    shown("unseen-error/future_not_asked", "executor.submit(", "executor.map(", "All packed")


def with_the_traceback() -> None:
    """Without the `try`, the first error would end the program, with the worker's traceback in
    its own.
    """
    with Pool(1) as pool:
        try:
            pool.apply_async(_fail, ["apple"]).get()
        except ValueError as error:
            told = "".join(traceback.format_exception(error))
    assert "RemoteTraceback" in told
    assert ", in _fail\n" in told


def the_others_first() -> None:
    """An executor would run the tasks that still wait before that, unless you cancel them."""
    event, counter = Event(), Value("i", 0)
    event.set()
    workers = ProcessPoolExecutor(1, None, _share_both, (event, counter))
    with raises(ValueError, text="no box"), workers as executor:
        for future in [executor.submit(_fail_at_0, number) for number in range(20)]:
            future.result()
    assert counter.value == 20
    shown("stop-early/first_error", "cancel_futures=True")


def for_every_error() -> None:
    """If there are too many results to keep, pass `apply_async` a function as `error_callback`: it
    is called with the exception of the task. After `close()` and `join()` it has been called for
    every task that raised one.
    """
    shown(
        "unseen-error/error_callback",
        "error_callback=errors.append",
        "pool.close()\n        pool.join()",
        "Failed: no box for apple\nFailed: no box for pear",
    )


def print_and_exit() -> None:
    """`sys.exit` with a text as its argument prints the text to standard error and ends the
    program with exit status 1.
    """
    shown(
        "unseen-error/exit_code_checked",
        'sys.exit(f"Packing failed, exit code',
        "Standard error, with ... for what differs, exit status 1",
        "\nPacking failed, exit code 1",
    )


def more_than_the_exit_code() -> None:
    """If you need more than the exit code, catch the exception in the process and send it
    through a Pipe, or use an executor.
    """
    shown("exceptions/from_process", "answer.send((None, format_exc()))", "ValueError: invalid")
    shown("unseen-error/future_asked", "future.result()", "Failed: no box for apple")
