"""What docs/examples/counter.md says."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Event, Pool, Process, Value, get_start_method
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventType
from runpy import run_path

from tests.claims import ROOT, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._starts import IN_A_SUBMIT, waits, waits_for_tasks

PROGRAMS = ROOT / "examples" / "counter"
TEST = """            if code := worker.exitcode:
                sys.exit(f"{worker.name}: exit code {code}")
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
    """Hold the lock only while you change the number.

    If a worker may be stopped, or may never end, set a time limit.
    """
    no_fact("advice")


def _with_a_fault(program: str, fault: str) -> str:
    """The code of a program with a line more at the start of `check`."""
    code = (PROGRAMS / f"{program}.py").read_text("utf-8")
    begin = code.index("\n", code.index("def check(")) + 1
    return f"{code[:begin]}    {fault}\n{code[begin:]}"


def it_names_the_worker() -> None:
    """If a worker fails, the program names it and ends.

    `wait` returns as soon as a worker has ended. If its `exitcode` is not 0, `sys.exit` prints
    which worker it was, and the program ends with exit status 1. After an exception the code is
    1, and the worker has printed a traceback; after a kill it is negative. Without this test the
    program would print a number that is too low, and would end with exit status 0.
    """
    fails = _with_a_fault("with_value", "if tickets[0] == 1: raise ValueError")
    told = script(fails)
    assert (told.status, told.stdout) == (1, "")
    assert "ValueError" in told.stderr and "Process-2: exit code 1\n" in told.stderr
    assert TEST in fails
    silent = script(fails.replace(TEST, ""))
    assert "Traceback" in silent.stderr and "ValueError" in silent.stderr
    assert (silent.status, silent.stdout) == (0, "600 valid tickets\n")


def after_a_kill() -> None:
    """The workers are daemons, so Python terminates those that are still running when `sys.exit`
    ends the program. With `join()` one after the other, the parent could wait forever: a worker
    that was killed while it held the lock stops all others. For the same reason the parent does not
    read `valid` after a failure.
    """
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    holds = f"if tickets[0] == 1: valid.get_lock().acquire(); {kill}"
    told = script(_with_a_fault("with_value", holds))
    assert (told.status, told.stdout) == (1, "")
    assert told.stderr == "Process-2: exit code -9\n"
    shown("counter/with_value", "daemon=True")
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")


def not_as_an_argument() -> None:
    """A `Value` cannot be an argument of a task: `map` of a `Pool` raises RuntimeError, and so does
    `result()` of an executor's future.
    """
    from concurrent.futures import ProcessPoolExecutor

    shown("pool-argument/value_as_argument", "RuntimeError", "pool.map(download, [done")
    with ProcessPoolExecutor(1) as executor:
        future = executor.submit(bool, Value("i", 0))
        with raises(RuntimeError, text="should only be shared"):
            future.result()


def with_initializer() -> None:
    """Pass it to the workers when they start, with `initializer` and `initargs`. A `Pool` has the
    same two parameters, but waits forever if a worker is killed in a task, where the executor
    raises `BrokenProcessPool`:
    """
    from inspect import signature

    shown("counter/with_pool", "initializer=share, initargs=(counter,)", "800 valid tickets")
    assert {"initializer", "initargs"} <= set(signature(Pool).parameters)
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")
    for program in "with_pool", "summed":
        told = script(_with_a_fault(program, "os._exit(7)"))
        assert (told.status, told.stdout) == (1, "")
        assert "BrokenProcessPool: " in told.stderr


def raised_in_the_parent() -> None:
    """If `check` raises an exception, the executor raises it in the parent. After a `sys.exit(3)`
    in `check`, the parent ends with status 3 and no message.

    If a task fails or its worker is killed, there is no sum:
    """
    for program in "with_pool", "summed":
        told = script(_with_a_fault(program, "raise ValueError('no ticket')"))
        assert (told.status, told.stdout) == (1, "")
        assert told.stderr.endswith("ValueError: no ticket\n")
    told = script(_with_a_fault("with_pool", "raise SystemExit(3)"))
    assert (told.status, told.stdout, told.stderr) == (3, "", "")


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


def with_its_parent() -> None:
    """The thread ends the worker with its parent, even if that is killed. The worker ignores
    Ctrl-C, which could otherwise interrupt it in the middle of something. It interrupts the
    parent, which ends when the tasks that have begun are done, and the few that have already been
    sent to the workers, apart from some cases in which it can wait forever.
    """
    shown("counter/with_pool", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("counter/summed", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("ctrl-c/clean_end", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("counter/with_pool", "def end_with_parent():\n    parent_process().join()\n    os._exit")
    shown("ctrl-c", "parent_process().join()\n    os._exit(1)")
    assert waits(changed("counter/with_pool"), IN_A_SUBMIT, number=2)
    if sys.platform != "win32":
        assert waits_for_tasks("counter/with_pool", "    if ticket % 3:", "ticket == 1199")


def share_nothing() -> None:
    """If you need the number only at the end, share nothing."""
    no_fact("advice")


def the_parent_adds_up() -> None:
    """Each task counts its own tickets and returns the count, and the parent adds up the
    counts. Such a program needs no lock, and no increment can be lost.
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


def at_module_level() -> None:
    """The total is too low although each worker acquires a lock: under `forkserver` and `spawn`, a
    lock or a `Value` that is made at module level is not the parent's in a worker; under `spawn`,
    each worker has another one.
    """
    shown("lock/module_level", "Output")
    method = get_start_method()
    first, second = script(MODULE_LEVEL).stdout.splitlines()
    assert first == ("False 5" if method == "fork" else "True 0")
    if method != "forkserver":  # there, the second worker may have what the first one has
        assert second == ("False 6" if method == "fork" else "True 0")


MODULE_LEVEL = """
from multiprocessing import Lock, Process, Value

lock = Lock()
valid = Value("i", 0)


def check(free, total):
    with free.get_lock():
        free.value = lock.acquire(block=False)
    total.value = valid.value
    valid.value += 1


if __name__ == "__main__":
    free, total = Value("i", 0), Value("i", 0)
    valid.value = 5
    with lock:
        for _ in range(2):
            worker = Process(target=check, args=(free, total))
            worker.start()
            worker.join()
            print(bool(free.value), total.value)
"""


def make_it_in_main() -> None:
    """Make it in `main()` and pass it. For programs that were started separately, let one of them
    make the lock, or lock a file.
    """
    no_fact("advice, and where to read on")
