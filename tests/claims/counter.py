"""What docs/examples/counter.md says."""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Event, Pool, Process, Value
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from runpy import run_path

from tests.claims import SURE, TIME_LIMIT, no_fact, script, shown

PROGRAMS = Path(__file__).parents[2] / "examples" / "counter"
TEST = """    if any(worker.exitcode for worker in workers):
        sys.exit("A worker has failed: the count is too low")
"""

valid: "Synchronized[int]"  # of a worker: its initializer sets it


class _Counter:
    """A number that counts how often its lock is acquired."""

    def __init__(self) -> None:
        self.value = self.acquired = 0

    @contextmanager
    def get_lock(self) -> Iterator[None]:
        """What stands in for the lock of a `Value`."""
        self.acquired += 1
        yield


def _change(number: "Synchronized[int]", changed: EventType, stop: EventType) -> None:
    with number.get_lock():
        number.value += 1
        changed.set()
        stop.wait(TIME_LIMIT)


def _share(counter: "Synchronized[int]", calls: "Synchronized[int]") -> None:
    global valid
    valid = counter
    with calls.get_lock():
        calls.value += 1


def _increment(_: int) -> None:
    with valid.get_lock():
        valid.value += 1


def share_and_increment() -> None:
    """Share a `Value` between the processes, and increment it under its lock."""
    shown("counter/with_value", "with valid.get_lock()", "valid.value += 1", "800 valid tickets")


def all_see_it_and_one_holds_it() -> None:
    """`Value("i", 0)` is an integer in shared memory: the parent and each worker that receives
    it see the same number.

    `with valid.get_lock():` acquires the lock that belongs to the `Value`. Only one process
    at a time can hold this lock; the others wait for it.
    """
    number, changed, stop = Value("i", 0), Event(), Event()
    worker = Process(target=_change, args=(number, changed, stop))
    worker.start()
    assert changed.wait(TIME_LIMIT)
    assert not number.get_lock().acquire(timeout=SURE)
    stop.set()
    with number.get_lock():
        assert number.value == 1
    worker.join()


def an_increment_is_lost() -> None:
    """`valid.value += 1` reads the number, adds 1, and writes the result. Two workers that do
    this at the same time can read the same number, and then one increment is lost.
    """
    shown(
        "race/unsafe_every_time",
        "count = sold.value\n    all_have_read.wait()\n    sold.value = count + 1",
        "Tickets sold by 4 sellers: 1",
    )


def the_test_needs_no_lock() -> None:
    """The test, `ticket % 3`, stands outside the `with` block, so the workers run it in
    parallel.
    """
    counter = _Counter()
    run_path(str(PROGRAMS / "with_value.py"))["check"](range(12), counter)
    assert (counter.value, counter.acquired) == (8, 8)


def while_you_change_it() -> None:
    """Hold the lock only while you change the number."""
    no_fact("advice")


def only_the_exit_code_tells() -> None:
    """If `check` fails, with a `ValueError` for example, the worker prints a traceback, and
    `join()` in the parent returns without an error. Only the `exitcode` of the worker, which
    is then 1, tells the parent. Without the test of `exitcode` this program would print a
    number that is too low, and would end with exit status 0.
    """
    code = (PROGRAMS / "with_value.py").read_text("utf-8")
    fails = code.replace(
        "if ticket % 3:", "if ticket == 1: raise ValueError\n        if ticket % 3:"
    )
    assert TEST in fails
    told = script(fails.replace("    sys.exit(", "    print(*(w.exitcode for w in workers))  # ("))
    assert told.stdout == "0 1 0 0\n600 valid tickets\n"
    silent = script(fails.replace(TEST, ""))
    assert "Traceback" in silent.stderr and "ValueError" in silent.stderr
    assert (silent.status, silent.stdout) == (0, "600 valid tickets\n")


def not_as_an_argument() -> None:
    """A `Value` cannot be an argument of a task: the call raises RuntimeError."""
    shown("pool-argument/value_as_argument", "RuntimeError", "pool.map(download, [done")


def with_initializer() -> None:
    """Pass it to the workers when they start, with `initializer` and `initargs`:"""
    shown("counter/with_pool", "initializer=share, initargs=(counter,)", "800 valid tickets")


def once_in_each_worker() -> None:
    """`share` runs once in each worker. Because of `global valid`, it sets a global variable
    of the worker, where `check` finds the counter.
    """
    counter, calls = Value("i", 0), Value("i", 0)
    with Pool(2, initializer=_share, initargs=(counter, calls)) as pool:
        pool.map(_increment, range(10))
        pool.close()
        pool.join()
    assert (counter.value, calls.value) == (10, 2)
    assert "valid" not in globals()
    shown("counter/with_pool", "global valid\n    valid = counter", "with valid.get_lock()")


def share_nothing() -> None:
    """If you need the number only at the end, share nothing."""
    no_fact("advice")


def the_parent_adds_up() -> None:
    """Each task counts its own tickets and returns the count, and the parent adds up the
    counts. Such a program needs no lock, and no increment can be lost:
    """
    shown("counter/summed", "return sum(1 for ticket", "sum(counts)", "800 valid tickets")


def once_for_each_batch() -> None:
    """If other processes read the number while it grows, but do not need each step, add one
    batch at a time. Then a worker needs the lock only once for each batch:
    """
    shown("counter/in_batches", "valid.value += found", "800 valid tickets")
    counter = _Counter()
    run_path(str(PROGRAMS / "in_batches.py"))["check"](range(300), counter)
    assert (counter.value, counter.acquired) == (200, 3)


def too_low() -> None:
    """The total is too low: updates are lost, or a worker failed and nothing checks its
    `exitcode`.
    """
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")
    shown("unseen-error/process_failed", "Output")


def a_plain_global() -> None:
    """A plain global variable is still 0 in the parent: each process has its own copy."""
    shown("globals/changed_in_child", 'orders["apple"] += 1', "Orders: {'apple': 0}")


def wraps_around() -> None:
    """The number becomes negative: `"i"` ends at 2,147,483,647, and wraps around after that.
    Use `"q"`, which ends at 9,223,372,036,854,775,807; see type codes.
    """
    for code, last in [("i", 2_147_483_647), ("q", 9_223_372_036_854_775_807)]:
        number = Value(code, last)
        assert number.value == last
        number.value += 1
        assert number.value == -last - 1


def a_worker_was_killed() -> None:
    """The program hangs: a worker was killed while it held the lock, or it was a worker of a
    pool.
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")
