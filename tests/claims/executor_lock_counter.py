"""What docs/examples/executor-lock-counter.md says."""

import os
import sys
import tempfile
from multiprocessing import Event, Manager, Value, get_context, get_start_method
from multiprocessing.managers import BaseProxy
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from textwrap import indent

from tests.claims import TIME_LIMIT, changed, on, raises, script, shown
from tests.claims._starts import CTRL_C, MANAGER_ENDS, SIGTERM, STARTS, ends, waits, waits_for_tasks

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
    from concurrent.futures import ProcessPoolExecutor, as_completed

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


IN_TASK = "    return payment * 2\n"
HOLDING = "        count.value += 1\n"
IN_BOOK = '        totals["sum"] += payment\n'
NO_RETURN = "import os; os._exit(7)"

# A task that has begun waits until the last one has been canceled.
BEGUN = """    while not os.path.exists("submitted"):
        time.sleep(0.01)
    print("begun", flush=True)
    {fault}
    while not os.path.exists("canceled"):
        time.sleep(0.01)
    with ledger:
"""
SUBMITTED = """tasks[-1].add_done_callback(
    lambda task: task.cancelled() and open("canceled", "w").close()
)
open("submitted", "w").close()
"""


def _begun(program: str, loop: str, fault: str, told: str) -> int:
    """How many tasks begin although one fails while all others wait."""
    code = changed(
        f"executor-lock-counter/{program}",
        ("import os\n", "import os\nimport time\n"),
        ("    with ledger:\n", BEGUN.format(fault=fault)),
        (loop, indent(SUBMITTED, loop[: -len(loop.lstrip())]) + loop),
    )
    outcome = script(code)
    assert outcome.status == 1
    assert told in outcome.stderr
    return outcome.stdout.count("begun\n")


def the_program_ends() -> None:
    """If a task or a worker fails, the program ends with the error.

    If a task raises an exception, `task.result()` raises it again. If a worker is killed, also
    while it holds the lock, it raises `BrokenProcessPool`, apart from some cases in which the
    program waits. The tasks that have not begun are canceled, apart from a few that have been sent
    to the workers already, and the program ends with a traceback and exit status 1, without a
    total.

    After a `sys.exit(3)` in a task, the program ends with status 3 and no message.
    """
    from tests.claims._executors import an_executor_waits

    assert an_executor_waits()
    shown("executor-lock-counter/shared", "finally:\n            executor.shutdown(cancel_futures")
    raises_one = "payment or 1 / 0"
    loop = "            total = sum("
    assert 4 < _begun("shared", loop, raises_one, "ZeroDivisionError: ") <= 10
    for place, fault, told in [
        (IN_TASK, "    raise ValueError('no payment')", "ValueError: no payment\n"),
        (IN_TASK, f"    {NO_RETURN}", "BrokenProcessPool: "),
        (HOLDING, f"        {NO_RETURN}", "BrokenProcessPool: "),
    ]:
        outcome = script(changed("executor-lock-counter/shared", (place, f"{fault}\n{place}")))
        assert (outcome.status, outcome.stdout) == (1, "")
        assert "Traceback" in outcome.stderr and told in outcome.stderr
    exits = (IN_TASK, f"    raise SystemExit(3)\n{IN_TASK}")
    outcome = script(changed("executor-lock-counter/shared", exits))
    assert (outcome.status, outcome.stdout, outcome.stderr) == (3, "", "")


def after_ctrl_c() -> None:
    """The workers ignore Ctrl-C, which could otherwise interrupt one in the middle of something. It
    interrupts the parent, which ends when the tasks that have begun are done, and the few that have
    already been sent to the workers, apart from some cases in which it can wait forever.
    """
    if get_start_method() == "fork":
        assert waits(changed("executor-lock-counter/shared"), STARTS)
    if sys.platform != "win32":
        assert waits_for_tasks("executor-lock-counter/shared", IN_TASK, "payment == 49")
    shown("executor-lock-counter/shared", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("executor-lock-counter/as_argument", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("ctrl-c/clean_end", "signal.signal(signal.SIGINT, signal.SIG_IGN)")


def it_ends_with_its_parent() -> None:
    """The thread ends the worker with its parent, if that gets SIGTERM or is killed.

    A task that never ends is waited for: set a time limit.
    """
    for program in "shared", "as_argument":
        shown(f"executor-lock-counter/{program}", "parent_process().join()\n    os._exit(1)")
    shown("ctrl-c", "parent_process().join()\n    os._exit(1)")  # there the parent is killed
    shown("stop-early/time_limit", "worker.terminate()")
    if sys.platform != "win32":
        fault = f"    os.kill(parent_process().pid, 15)\n{IN_TASK}"
        outcome = script(changed("executor-lock-counter/shared", (IN_TASK, fault)))
        assert (outcome.status, outcome.stdout) == (-15, "")


def with_a_manager() -> None:
    """If a task raises an exception or a worker is killed, this program ends in the same way, and
    the `with` block ends the manager. The handler lets it do so when the program gets SIGTERM.
    """
    code = changed(
        "executor-lock-counter/as_argument",
        ("executor.shutdown(cancel_futures=True)", "pass"),
        (
            "    with ledger:\n",
            "    print('begun', flush=True)\n    payment or 1 / 0\n    with ledger:\n",
        ),
    )
    assert script(code).stdout.count("begun\n") == 50
    loop = "                for task in tasks:"
    faults = [("payment or 1 / 0", "ZeroDivisionError: ")]
    if sys.platform != "win32":
        faults.append(("payment == 3 and os.kill(parent_process().pid, 15)", "terminated\n"))
    for fault, told in faults:
        assert 4 <= _begun("as_argument", loop, fault, told) <= 10
    for fault, told in [
        ("raise ValueError('no payment')", "ValueError: no payment\n"),
        ("os._exit(7)", "BrokenProcessPool: "),
        ("payment == 3 and os.kill(parent_process().pid, 15)", "terminated\n"),
    ]:
        if told == "terminated\n" and sys.platform == "win32":
            continue  # it has no SIGTERM that a process could handle
        code = changed(
            "executor-lock-counter/as_argument",
            (
                "        ledger =",
                "        print(manager._process.pid, flush=True)\n        ledger =",
            ),
            (IN_BOOK, f"        {fault}\n{IN_BOOK}"),
        )
        outcome = script(code)
        assert outcome.status == 1
        assert told in outcome.stderr
        if sys.platform != "win32":
            with raises(ProcessLookupError):
                os.kill(int(outcome.stdout), 0)


def while_it_starts_or_ends() -> None:
    """If that or Ctrl-C comes while a process is starting, or the block is ending, the last lines
    end the processes, apart from some cases.
    """
    from tests.claims._forks import is_left, start_manager

    if get_start_method() == "fork":
        assert is_left(start_manager)
    for arrives in CTRL_C, SIGTERM:
        assert ends("executor-lock-counter/as_argument", STARTS, arrives, number=2)
        assert ends("executor-lock-counter/as_argument", MANAGER_ENDS, arrives)


def reset_in_the_worker() -> None:
    """`watch_parent` resets SIGTERM in the worker, which inherits the handler under `fork`. If the
    program is killed, its workers end, but its manager continues to run. The first program has no
    manager: it leaves at most a folder `pymp-...` in the temporary directory, such as that of the
    fork server.
    """
    shown(
        "executor-lock-counter/as_argument",
        "def watch_parent():\n    signal.signal(signal.SIGTERM, signal.SIG_DFL)",
        "initializer=watch_parent",
    )
    shown("claims/daemon_outlives", "daemon: the daemon is still running")
    if sys.platform == "win32":
        return
    killed = f"    os.kill(parent_process().pid, 9)\n{IN_TASK}"
    with tempfile.TemporaryDirectory() as folder:
        moved = f"import tempfile\ntempfile.tempdir = {folder!r}\n"
        code = changed("executor-lock-counter/shared", (IN_TASK, killed))
        assert script(moved + code).status == -9
        left = [path.name[:5] for path in Path(folder).iterdir()]
        if get_start_method() == "forkserver":
            assert left == ["pymp-"]
        else:
            assert sys.platform == "darwin" or not left


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
    from concurrent.futures import ProcessPoolExecutor

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
