"""What docs/examples/rate-limit.md says."""

import pickle
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise
from math import inf
from multiprocessing import Event, Pipe, Process
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from random import Random
from runpy import run_path
from threading import Thread
from time import get_clock_info, monotonic
from typing import Any

from tests.claims import TIME_LIMIT, changed, no_fact, raises, script, shown

PROGRAMS = Path(__file__).parents[2] / "examples" / "rate-limit"
BEGINS = ("import signal\n", f"import signal, sys, os; sys.path.insert(0, {str(PROGRAMS)!r})\n")
DIES = "        with limiter.locked():\n            os._exit(9)\n"

go_on: EventType  # of a worker: its initializer sets it


class _Held:
    """What stands in for moments whose lock is never released."""

    limit = 0.0

    def get_lock(self) -> "_Held":
        """What stands in for the lock."""
        return self

    def acquire(self, timeout: float) -> bool:
        """Note how long the limiter waits."""
        self.limit = timeout
        return False


def _limiter(calls: int, period: float, clock: Callable[[], float] = lambda: 0.0) -> Any:
    return run_path(str(PROGRAMS / "limiter.py"))["Limiter"](calls, period, clock)


def _is_free(limiter: Any) -> bool:
    """Whether another thread gets the lock."""
    found: list[bool] = []

    def acquire() -> None:
        lock = limiter.moments.get_lock()
        found.append(lock.acquire(block=False))
        if found[0]:
            lock.release()

    other = Thread(target=acquire)
    other.start()
    other.join()
    return found[0]


def _send_the_time(sender: Connection) -> None:
    sender.send(monotonic())


def _share(event: EventType) -> None:
    global go_on
    go_on = event


def _wait(number: int) -> int:
    assert go_on.wait(TIME_LIMIT)
    return number


def one_limiter() -> None:
    """Share one limiter: under its lock, a worker reserves the next moment that is free, and after
    the lock is released, it sleeps until that moment.

    Save this program and the next one, which it imports, in the same folder:
    """
    shown(
        "rate-limit/limiter",
        "with self.locked():\n            oldest,",
        "[*others, moment]\n        return moment",
    )
    shown(
        "rate-limit/processes",
        "from limiter import Limiter, sleep_until",
        "sleep_until(limiter.reserve())",
        "12 answers",
    )


def one_for_each_worker() -> None:
    """If each worker has a limiter or a `sleep` of its own, four workers make four times as many
    requests as you allow.
    """
    shared, own = _limiter(3, 60), [_limiter(3, 60) for _ in range(4)]
    assert [shared.reserve() for _ in range(12)].count(0) == 3
    assert [one.reserve() for one in own for _ in range(3)].count(0) == 12


def a_sliding_window() -> None:
    """`Limiter(5, 0.25)` allows at most 5 requests in any 0.25 seconds. `moments` is an Array with
    the last 5 moments that workers have reserved, the oldest one first.

    The next moment is now, or 0.25 seconds after the oldest of the 5 if that is later. So no period
    of 0.25 seconds has more than 5 moments, wherever it begins. This is called a sliding window.
    """
    now, random = 0.0, Random(3)
    limiter = _limiter(5, 0.25, lambda: now)
    moments = [limiter.reserve()]
    for _ in range(300):
        now += random.choice([0, 0, 0.01, 0.02, 0.1, 0.5])
        moments.append(limiter.reserve())
        assert moments[-1] == max(now, ([-inf] * 5 + moments)[-6] + 0.25)
    assert list(limiter.moments) == moments[-5:]
    assert all(later >= one for one, later in pairwise(moments))
    assert all(later >= one + 0.25 for one, later in zip(moments, moments[5:], strict=False))


def evenly_spaced() -> None:
    """With `Limiter(3, 60)`, three requests start at once, and the fourth waits a minute. If the
    service wants them evenly spaced, use one request in each period, such as `Limiter(1, 20)`.
    """
    shown(
        "rate-limit/limiter",
        "Limiter(calls=3, period=60,",
        "3 a minute: [0.0, 0.0, 0.0, 60.0, 60.0, 60.0, 120.0]",
        "Limiter(calls=1, period=20,",
        "every 20 s: [0.0, 20.0, 40.0, 60.0]",
    )


def outside_the_lock() -> None:
    """A worker sleeps outside the lock. So a worker can reserve its moment while others sleep, and
    one that is killed while it sleeps holds no lock. Its moment stays unused.

    One stuck worker stops all others: it sleeps, or makes the request, while it holds the lock.
    """
    limiter = _limiter(1, 20)
    assert limiter.reserve() == 0
    assert _is_free(limiter)
    assert limiter.reserve() == 20
    with limiter.locked():
        assert not _is_free(limiter)
    assert _is_free(limiter)


def the_clock() -> None:
    """`monotonic()` is the same clock in all processes of a system. Setting the time of day does
    not change it.
    """
    assert not get_clock_info("monotonic").adjustable
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=_send_the_time, args=(sender,))
    before = monotonic()
    worker.start()
    assert before <= receiver.recv() <= monotonic()
    worker.join()


def a_request_long_ago() -> None:
    """`-inf` stands for a request long ago: with 0 instead, the first requests would wait as long
    as the clock is below the period, as it may be soon after the system has started.
    """
    shown("rate-limit/limiter", 'Array("d", [-inf] * calls)')
    limiter = _limiter(1, 60, lambda: 7.0)
    limiter.moments[:] = [0]
    assert limiter.reserve() == 60
    assert _limiter(1, 60, lambda: 7.0).reserve() == 7


def a_clock_for_tests() -> None:
    """`clock` is there for tests: give the limiter a clock that you set, and look at the moments.
    Then a test neither sleeps nor depends on the speed of the machine.
    """
    shown("rate-limit/limiter", "clock=monotonic", "clock=lambda: 0.0")


def if_a_worker_fails() -> None:
    """If a worker fails, the program names it and ends.

    Each worker has a pipe of its own. When a worker has ended, `recv()` raises `EOFError`, because
    the parent has closed its copy of the sending end. After an exception, a `sys.exit(3)` or a
    kill, the exit code is not 0, and the program names the worker and ends, with exit status 1. The
    `finally` kills the other workers, also one that waits for the lock.

    A worker that dies in the lock: the lock stays locked. The parent notices that the worker has
    ended, and ends the program.

    The addresses of a worker that has failed are not looked up.
    """
    shown(
        "rate-limit/processes",
        "report.close()",
        "a worker raises               status 1, told",
        "a worker calls sys.exit(3)    status 1, told",
        "a worker is killed            status 1, told",
        "killed while it holds a lock  status 1, told",
    )
    turn = "        sleep_until(limiter.reserve())\n"
    dies = f"        if address == '7 Main Street':\n    {DIES.replace('    o', '        o')}{turn}"
    outcome = script(changed("rate-limit/processes", BEGINS, (turn, dies)))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert "Process-3: exit code 9\n" in outcome.stderr
    assert "TimeoutError" not in outcome.stderr


def at_sigterm() -> None:
    """At SIGTERM, the handler raises `SystemExit`, so the `finally` runs, too."""
    shown("rate-limit/processes", 'lambda *_: sys.exit("terminated")', "    finally:")
    if sys.platform != "win32":
        loop = "        while workers:\n"
        code = changed(
            "rate-limit/processes", BEGINS, (loop, f"        os.kill(os.getpid(), 15)\n{loop}")
        )
        outcome = script(code)
        assert (outcome.status, outcome.stdout) == (1, "")
        assert "terminated\n" in outcome.stderr


def ten_seconds() -> None:
    """In a program that does not watch its workers, `acquire(timeout=10)` fails in each other
    worker ten seconds later, and `TimeoutError` tells why.
    """
    limiter = _limiter(1, 20)
    limiter.moments = held = _Held()
    for call in limiter.reserve, lambda: limiter.pause(3):
        held.limit = 0
        with raises(TimeoutError, text="did a worker die in the lock?"):
            call()
        assert held.limit == 10


def another_one() -> None:
    """Do not go on with this limiter: create another one, and start the workers again.

    Set this limit to more than the longest wait for a turn, and give the request itself a timeout.

    To give them to another worker, combine the limiter with workers that acknowledge each item.

    Where that matters, use the program with processes above.

    Then reserve a new moment for the request that was refused.

    Set the limit a little lower than the service does.
    """
    no_fact("advice")


def nothing_comes() -> None:
    """A worker that is stopped, or a request that never ends: if no answer has come for 60 seconds,
    the program ends.
    """
    code = changed(
        "rate-limit/processes",
        BEGINS,
        ("sleep_until(limiter.reserve())", "sleep_until(limiter.reserve() + 600)"),
        ("connection.wait(workers, 60)", "connection.wait(workers, 0.1)"),
    )
    outcome = script(code)
    assert (outcome.status, outcome.stdout) == (1, "")
    assert "no answer in 60 s\n" in outcome.stderr


def the_parent_is_killed() -> None:
    """If the parent is killed, each worker ends at its next `send()`, under `fork` after those that
    were started later.
    """
    sys.path.insert(0, str(PROGRAMS))
    try:
        look_up = run_path(str(PROGRAMS / "processes.py"))["look_up"]
    finally:
        sys.path.remove(str(PROGRAMS))
    receiver, report = Pipe(duplex=False)
    receiver.close()  # as the end of the parent does, where no other process has it
    handler = signal.getsignal(signal.SIGINT)
    try:
        with report, raises(OSError):
            look_up(["1 Main Street"], _limiter(1, 20), report)
    finally:
        signal.signal(signal.SIGINT, handler)
    shown("pipe-no-eof/end_kept_open", "still running after 5 s")  # a copy keeps an end open


def not_an_argument() -> None:
    """A limiter cannot be an argument of a task, because it contains an `Array`. Pass it to the
    workers when they start, with `initializer` and `initargs`. Here each task also returns its
    moment, and the program checks that 5 requests later at least 0.25 seconds have passed:
    """
    with raises(RuntimeError, text="inheritance"):
        pickle.dumps(_limiter(1, 20).moments)
    shown(
        "rate-limit/shared",
        "ProcessPoolExecutor(4, None, share, args)",
        "CALLS, PERIOD = 5, 0.25",
        'return f"{address}: found", moment',
        "later >= one + PERIOD for one, later in pairs",
        "zip(moments, moments[CALLS:], strict=False)",
        "limit kept: True",
    )


def a_task_that_fails() -> None:
    """If a task raises an exception, the executor raises it in the parent. If a worker is killed,
    also in the lock, it raises `BrokenProcessPool`, and ends the other workers; a `Pool` waits
    forever. After a `sys.exit(3)` in a task, the parent ends with status 3 and no message.
    """
    turn = "    moment = limiter.reserve()\n"
    for fails, status, told in (
        ("    raise ValueError('no such street')\n", 1, "no such street"),
        (DIES.replace("        ", "    ", 1).replace("            ", "        "), 1, "BrokenProc"),
        ("    sys.exit(3)\n", 3, ""),
    ):
        outcome = script(changed("rate-limit/shared", BEGINS, (turn, fails + turn)))
        assert (outcome.status, outcome.stdout) == (status, ""), outcome.stderr
        assert told in outcome.stderr and bool(told) == bool(outcome.stderr)


def a_worker_that_is_stopped() -> None:
    """A worker that is stopped is waited for."""
    shown("rate-limit/shared", "list(pool.map(look_up, addresses))")


def twice_the_limit() -> None:
    """A counter that is reset every minute is the obvious limiter. It allows twice the limit within
    a moment, at the end of one minute and at the beginning of the next:

    Three requests a minute are allowed, and six pass within one second. A service that counts in a
    sliding window refuses three of them. This limiter also answers only yes or no, so a worker that
    gets a no has to ask again and again; a reserved moment tells how long to sleep.
    """
    shown(
        "rate-limit",
        "FixedWindow(calls=3, period=60)",
        "(59, 59, 59, 59, 60, 60, 60)",
        "#> [True, True, True, False, True, True, True]",
        "return self.used <= self.calls",
    )
    accepted: list[int] = []
    for now in 59, 59, 59, 60, 60, 60:
        if len([one for one in accepted if one > now - 60]) < 3:
            accepted.append(now)
    assert accepted == [59, 59, 59]


def when_they_arrive() -> None:
    """The service counts requests when they arrive, and a worker may wake up late, or the network
    may delay a request. So requests can arrive closer together than their moments.
    """
    limiter = _limiter(1, 20)
    first, second = limiter.reserve(), limiter.reserve()
    late, in_time = first + 5, second
    assert in_time - late < second - first


def a_pause() -> None:
    """If the service says how long to wait, call `limiter.pause(30)` in the worker that got the
    answer. No worker reserves a moment in the next 30 seconds. Workers that have reserved one
    before go ahead, so they may get the same answer.
    """
    limiter = _limiter(3, 20, lambda: 100.0)
    before = [limiter.reserve() for _ in range(2)]
    limiter.pause(30)
    after = [limiter.reserve() for _ in range(4)]
    assert (before, after) == ([100, 100], [130, 130, 130, 150])
    limiter.pause(30)  # it takes no moment back
    assert limiter.reserve() == 150


def started_again() -> None:
    """The limiter starts empty. If you start the program again within the period, the service gets
    up to twice as many requests. Wait one period first: call `limiter.pause(period)` before you
    start the workers.

    Another program with the same key has a limit of its own.
    """
    starts = [_limiter(3, 60) for _ in range(2)]
    assert [one.reserve() for one in starts for _ in range(3)] == [0] * 6
    limiter = _limiter(3, 60)
    limiter.pause(60)
    assert limiter.reserve() == 60


def several_programs() -> None:
    """For several programs on one machine, keep the limiter in a server process that all of them
    reach. For several machines, keep it outside of them: `monotonic()` differs from one machine to
    another.
    """
    shown("object-on-a-server/rate_limit", "LimitManager.register")


def how_many_at_once() -> None:
    """A Semaphore or a pool of 5 workers limits how many requests run at the same time, not how
    many start in a second: if one takes 10 milliseconds, 5 workers make 500 in a second.
    """
    assert 5 * round(1 / 0.010) == 500


def between_two_submits() -> None:
    """The parent waits between two `submit()` calls, and the requests still come in bursts: tasks
    that were submitted while all workers were busy start one right after the other. Reserve the
    moment in the worker, directly before the request.
    """
    event = Event()
    with ProcessPoolExecutor(1, None, _share, (event,)) as pool:
        tasks = [pool.submit(_wait, number) for number in range(4)]
        event.set()
        assert [task.result(TIME_LIMIT) for task in tasks] == [0, 1, 2, 3]


def threads() -> None:
    """If the workers only wait for the service, you need no processes: use the same limiter with
    threads.
    """
    limiter = _limiter(3, 60)
    with ThreadPoolExecutor(4) as pool:
        moments = sorted(pool.map(lambda _: limiter.reserve(), range(7)))
    assert moments == [0, 0, 0, 60, 60, 60, 120]


def in_the_memory_of_each_process() -> None:
    """All workers together make too many requests, although each keeps the limit: the limiter is in
    the memory of each process, as with a limiter from a package that keeps its state in memory, or
    a decorator. A limiter that is made at module level is also such a one under `spawn`, and in
    some releases under `forkserver`. Make it in `main()`, and pass it.
    """
    first, second = _limiter(1, 60), _limiter(1, 60)
    assert (first.reserve(), second.reserve()) == (0, 0)
    shown("lock/module_level", "got it as well: True")
    shown("rate-limit/processes", "args = addresses[first::4], limiter, report")
