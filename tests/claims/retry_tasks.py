"""What docs/examples/retry-tasks.md says."""

import signal
import sys
from multiprocessing import Event, Pool, TimeoutError
from multiprocessing.synchronize import Event as EventType
from time import sleep
from typing import TYPE_CHECKING

from tests.claims import PAUSE, SURE, TIME_LIMIT, changed, no_fact, on, raises, script, shown

if TYPE_CHECKING:
    from examples._runner import Outcome

GUARD = '\n\nif __name__ == "__main__":\n    main()\n'
LOOP = "            ready = wait("

FUNCTIONS = """
def fails(number):
    return int(number)


def exits(number):
    sys.exit(number)


def dies(number):
    os.kill(os.getpid(), number)
    sleep(60)


def ignores(seconds):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sleep(seconds)


def cannot_be_sent(_):
    return lambda: None


def sends_half(_):
    from multiprocessing.connection import Connection

    def write_half(self, data):
        os.write(self.fileno(), bytes(data)[: len(data) // 2])
        os.kill(os.getpid(), signal.SIGSTOP)

    Connection._send = write_half
    return bytes(1000)


def handler(_):
    return signal.getsignal(signal.SIGINT) == signal.SIG_IGN


def lingers(seconds):
    Thread(target=sleep, args=(seconds,)).start()
    return seconds


class NoBox(Exception):
    def __init__(self, photo, size):
        super().__init__(f"{photo} has {size}")


def returns_error(_):
    return NoBox("torn.png", 0)


def starts(_):
    Process(target=print).start()
"""
# The worker runs C code: a shell, which kills the parent and writes what the worker is then.
KILLED = """
import ctypes
from pathlib import Path


def runs_c(library):
    pid = os.getpid()
    state = f"cut -d' ' -f3 /proc/{pid}/stat"
    if library == "PyDLL":  # which keeps the GIL
        looks = f"sleep 0.5; {state} > new"
    else:
        looks = f"while [ -e /proc/{pid} ] && [ $({state}) != Z ]; do sleep 0.01; done"
        looks += "; echo ended > new"
    command = f"kill -9 {parent_process().pid}; {looks}; mv new state"
    getattr(ctypes, library)(None).system(command.encode())


def parent(library):
    Try(runs_c, library, limit=600).worker.join()
"""

go_on: EventType  # of a worker: its initializer sets it
running: EventType  # likewise


def _share(an_event: EventType, another: EventType) -> None:
    global go_on, running
    go_on, running = an_event, another


def _wait(number: int) -> int:
    running.set()
    assert go_on.wait(TIME_LIMIT)
    return number


def _one_try(*lines: str, hangs_after: str = "", functions: str = FUNCTIONS) -> "Outcome":
    """What the class of the page does in another `main`."""
    code, _, _ = changed("retry-tasks/one_try").partition("def main")
    main = "\n    ".join(["def main():", *lines])
    return script(f"{code}{functions}\n\n{main}\n{GUARD}", hangs_after=hangs_after)


def _retried(*changes: tuple[str, str], of_a_try: tuple[str, str] = ("", "")) -> "Outcome":
    """What the loop of the page does if something in it, or in a try, is different."""
    code, _, _ = changed("retry-tasks/one_try", of_a_try).partition("def main")
    loop = changed("retry-tasks/retried", ("from one_try import Try\n", ""), *changes)
    return script(f"{code}{FUNCTIONS}\n\n{loop}")


def each_try() -> None:
    """Run each try of a task in a process of its own, with a pipe for the result. If the try fails,
    takes too long, or its worker is killed, begin the next try in a new process.

    Save this program and the next one, which it imports, in the same folder:

    `Try` starts a process with a pipe of its own. The worker calls the function, sends the result,
    and ends.
    """
    shown("retry-tasks/retried", "from one_try import Try", "huge.png False too late")
    shown("retry-tasks/one_try", "receiver, answer = Pipe(", "answer.send((True, function(task)))")


def no_harm() -> None:
    """A task can run twice, so running it twice must do no harm.

    A worker can be killed after it has done its work and before it has sent the result. The parent
    cannot tell this from a worker that has done nothing, and tries the task again. So what the task
    changes must not depend on how often it runs. Give the change a key that is the same in each
    try, such as the number of the order:

    The first try changes both tables and is killed before it answers; the second try changes them
    again. `added` then has two rows. In `booked`, the number is the key, and `INSERT OR IGNORE`
    does nothing the second time.
    """
    shown("retry-tasks/runs_twice", "try 1: False exit code 9\ntry 2: True None")
    shown("retry-tasks/runs_twice", "added [4711, 4711]\nbooked [4711]", "(number PRIMARY KEY)")


def the_outcome() -> None:
    """`outcome()` returns whether the task is done, and its result. If the worker ended without a
    result, it returns the exit code instead. If the worker is still running at the end of its
    limit, it is killed, and `outcome()` returns `too late`.

    If the function raises an exception, its traceback goes to standard error, and the outcome is
    `exit code 1`. So an exception is retried, too.

    If the result cannot be pickled, `send` raises the exception in the worker, and the try has
    failed. If it can be pickled but not unpickled, as is so with some exceptions, the outcome is
    `exit code 0`.
    """
    shown("retry-tasks/one_try", "(True, 5)\n(False, 'too late')")
    ended = _one_try(
        "print(Try(exits, 3, limit=60).outcome())",
        "print(Try(exits, 0, limit=60).outcome())",
        "print(Try(dies, signal.SIGTERM, limit=60).outcome())",
    )
    by_sigterm = 15 if sys.platform == "win32" else -15
    codes = [f"(False, 'exit code {code}')" for code in (3, 0, by_sigterm)]
    assert (ended.stdout.splitlines(), ended.stderr) == (codes, "")
    for function, told in (
        ("fails", "ValueError: invalid literal"),
        ("cannot_be_sent", "dumps(obj)"),
    ):
        raised = _one_try(f"print(Try({function}, 'seven', limit=60).outcome())")
        assert raised.stdout == "(False, 'exit code 1')\n"
        assert "Traceback" in raised.stderr and told in raised.stderr
    error = _one_try("print(Try(returns_error, 0, limit=60).outcome())")
    assert (error.stdout, error.stderr) == ("(False, 'exit code 0')\n", "")


def it_has_answered() -> None:
    """A worker that has sent its result gets one second to end, for example to write what it has
    printed. Then it is killed. The loop waits meanwhile, and a thread that the function has left
    behind could keep the worker for long.
    """
    shown("retry-tasks/one_try", "self.worker.join(1 if is_done else ")
    shown("retry-tasks/retried", "outcomes[photo] = is_done, _ = one.outcome()")
    code, ends = changed("retry-tasks/one_try", ("join(1 if", "join(60 if")).split("def main")
    code += "def main" + ends.replace("print(Try(len, ", "print(Try(print, ")
    assert script(code).stdout == "photo\n(True, None)\n(False, 'too late')\n"
    kept = _one_try(f"print(Try(lingers, {2 * TIME_LIMIT}, limit={4 * TIME_LIMIT}).outcome())")
    assert (kept.status, kept.stdout) == (0, f"(True, {2 * TIME_LIMIT})\n")


def it_is_killed() -> None:
    """`kill()` also ends a worker that is stopped, or that ignores SIGTERM. Nothing else uses the
    pipe or holds a lock for it, so killing one worker does not block another.
    """
    if sys.platform == "win32":
        return
    ended = _one_try(
        "other = Try(len, 'abc', limit=60)",
        "print(Try(dies, signal.SIGSTOP, limit=1).outcome())",
        "print(Try(ignores, 60, limit=1).outcome())",
        "print(other.outcome())",
    )
    assert ended.stdout.splitlines() == ["(False, 'too late')"] * 2 + ["(True, 3)"]
    assert ended.status == 0


def the_loop() -> None:
    """The loop keeps `WORKERS` tries running. `wait` returns when a worker has sent its result or
    has ended, and at the latest after 0.1 seconds, so that the loop notices a try whose time is
    over.

    A task that has failed goes to the end of the list, until it has been tried `TRIES` times.
    `outcomes` keeps the last outcome of each task. The program prints all, and if a task failed
    for good, it ends with its name and with exit status 1.

    The limit includes the start of the process.
    """
    shown("retry-tasks/retried", "len(running) < WORKERS", "for one in running], 0.1)")
    shown("retry-tasks/retried", "number < TRIES:\n                        left.append(")
    shown("retry-tasks/retried", "exit status 1", "failed for good: ['torn.png', 'huge.png']")
    shown("retry-tasks/one_try", "self.end = monotonic() + limit\n        self.worker.start()")
    note = '        open("tries", "a").write("x")\n'
    third = '    if photo == "torn.png" and len(open("tries").read()) < 3:\n'
    works = _retried(
        ("LIMIT, TRIES, WORKERS = 10, 2", "LIMIT, TRIES, WORKERS = 60, 3"),
        ('"huge.png", "cat.png"', '"cat.png"'),
        ('    if photo == "torn.png":\n', f'    if photo == "torn.png":\n{note}{third}'),
    )
    assert works.stdout.startswith("torn.png True small-torn.png\n"), works
    assert (works.status, works.stderr) == (0, "")


def advice() -> None:
    """Set it to several times what the slowest good task takes.

    To fail at once where a retry cannot help, catch the exception in the function, and return
    `repr(error)` as the result.

    Write large results to a file, and return its name.

    A payment or an e-mail cannot be undone. Send a key with it if the service supports that; else
    set `TRIES` to 1, and look into what failed.

    Count results in the parent.
    """
    no_fact("advice")


def it_ends() -> None:
    """At Ctrl-C, SIGTERM, or an exception in the loop, the `finally` kills all workers. The workers
    ignore Ctrl-C, so once they have started, only the parent prints a traceback.
    """
    shown(
        "retry-tasks/retried",
        "finally:\n        for one in running:\n            one.worker.kill()",
    )
    assert _one_try("print(Try(handler, 0, limit=60).outcome())").stdout == "(True, True)\n"
    if sys.platform != "win32":
        for name, status, told in ("SIGTERM", 1, "terminated\n"), ("SIGINT", -signal.SIGINT, ""):
            ends = f"            signal.raise_signal(signal.{name})\n{LOOP}"
            outcome = _retried((LOOP, ends))
            assert (outcome.status, outcome.stdout) == (status, "")
            assert outcome.stderr == told or outcome.stderr.endswith("KeyboardInterrupt\n")
        receives = "                is_done, result = self.receiver.recv()\n"
        outcome = _retried(  # while it receives from a worker that is stopped
            ('    if photo == "torn', '    return sends_half(photo)\n    if photo == "torn'),
            of_a_try=(receives, f"{' ' * 16}signal.raise_signal(signal.SIGINT)\n{receives}"),
        )
        assert (outcome.status, outcome.stdout) == (-signal.SIGINT, "")


def the_parent_is_killed() -> None:
    """If the parent is killed, the thread in each worker ends it, apart from two cases: a worker
    that is stopped, and C code that holds the GIL. For these, Linux has a signal.
    """
    shown("retry-tasks/one_try", "parent_process().join()", "os._exit(1)")
    if sys.platform == "linux":
        for library, state in ("CDLL", "ended"), ("PyDLL", "S"):
            told = _one_try(
                f"between = Process(target=parent, args=('{library}',))",
                "between.start()",
                "between.join()",
                "while not Path('state').exists():",
                "    sleep(0.01)",
                "print(between.exitcode, Path('state').read_text())",
                functions=KILLED,
            )
            assert told.stdout == f"-9 {state}\n\n", (library, told)


def its_children() -> None:
    """The worker is a daemon, so the function cannot start a `Process`, a `Pool` or an executor:
    the outcome is `exit code 1`, with an `AssertionError`. What it starts with `subprocess` goes on
    when the worker is killed.
    """
    shown("process/grandchild", "worker.kill()", "The helper ends")
    shown("daemon-children/in_pool_worker", "AssertionError: daemonic processes")
    refused = _one_try("print(Try(starts, 0, limit=60).outcome())")
    assert refused.stdout == "(False, 'exit code 1')\n"
    assert "AssertionError: daemonic processes are not allowed" in refused.stderr


def half_a_result() -> None:
    """`poll` waits only for the beginning of a result. If a worker is stopped while it sends a
    result that is larger than the buffer of the pipe, `recv()` waits until it goes on.
    """
    if sys.platform == "win32":
        return
    hangs = _one_try(
        "one = Try(sends_half, 0, limit=0.1)",
        "one.receiver.poll(None)",
        "print('begun', flush=True)",
        "print(one.outcome())",
        hangs_after="begun",
    )
    assert (hangs.status, hangs.stdout) == (None, "begun\n")


def a_counter() -> None:
    """A counter in a Value counts a task once for each try that gets that far."""
    shown("retry-tasks/runs_twice", "INSERT INTO added", "added [4711, 4711]")


def why_not_a_pool() -> None:
    """No process of a `Pool` or an executor can be replaced in this way.

    A `Pool` replaces a worker that was killed, but the task is lost, and `get()` waits for it
    forever. With a timeout, `get()` raises `TimeoutError`, but the stuck worker stays stuck: in a
    `Pool(1)`, no other task runs after that.
    """
    shown("killed-worker/pool_hangs", "still running after")
    events = Event(), Event()
    with Pool(1, _share, events) as pool:
        stuck = pool.apply_async(_wait, (7,))
        assert events[1].wait(TIME_LIMIT)
        with raises(TimeoutError):
            stuck.get(PAUSE)
        other = pool.apply_async(abs, (-1,))
        with raises(TimeoutError):
            other.get(SURE)
        (worker,) = pool._pool  # type: ignore[attr-defined]
        worker.kill()
        assert other.get(TIME_LIMIT) == 1
        with raises(TimeoutError):
            stuck.get(PAUSE)


def why_not_an_executor() -> None:
    """In a `ProcessPoolExecutor`, one killed worker breaks the whole executor: each open task
    raises `BrokenProcessPool`, also those that other workers were running, and `submit()` raises
    it from then on. `cancel()` of a task that is running returns `False`.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    events = Event(), Event()
    with ProcessPoolExecutor(2, initializer=_share, initargs=events) as executor:
        tasks = [executor.submit(_wait, number) for number in range(3)]
        assert events[1].wait(TIME_LIMIT)
        assert any(not task.cancel() for task in tasks[:2])
        executor.submit(abs, -1)  # so that the executor looks at both workers
        next(iter(executor._processes.values())).kill()
        for task in tasks:
            if not task.cancelled():
                with raises(BrokenProcessPool):
                    task.result(TIME_LIMIT)
        with raises(BrokenProcessPool):
            executor.submit(abs, -1)


def kill_workers() -> None:
    """It kills all workers, not only the stuck one."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    if on("Python 3.14 and later"):
        events = Event(), Event()
        with ProcessPoolExecutor(2, initializer=_share, initargs=events) as executor:
            tasks = [executor.submit(_wait, number) for number in range(2)]
            while not all(task.running() for task in tasks):
                sleep(PAUSE)
            executor.kill_workers()  # type: ignore[attr-defined]
            for task in tasks:
                with raises(BrokenProcessPool):
                    task.result(TIME_LIMIT)


def only_exceptions() -> None:
    """If tasks fail only by exceptions, an executor is enough: submit the task again when
    `result()` has raised.
    """
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(1) as executor:
        with raises(ValueError):
            executor.submit(int, "seven").result()
        assert executor.submit(int, "7").result() == 7


def a_start_for_each() -> None:
    """A process for each try costs a start for each try. If tasks are short, put many into one, or
    use `forkserver`, and import what they need in the fork server.
    """
    shown("retry-tasks/one_try", "self.worker = Process(", "self.worker.start()")
