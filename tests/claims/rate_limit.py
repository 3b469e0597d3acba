"""What docs/examples/rate-limit.md says."""

import pickle
import signal
import sys
from collections.abc import Callable
from itertools import pairwise
from math import inf
from multiprocessing import Event, Pipe, Pool, Process, Semaphore
from multiprocessing import TimeoutError as PoolTimeoutError
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as EventType
from random import Random
from runpy import run_path
from threading import Thread
from time import get_clock_info, monotonic, sleep
from typing import Any

from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._starts import SIGTERM_AT_A_FORK

PROGRAMS = ROOT / "examples" / "rate-limit"
BEGINS = ("import signal\n", f"import signal, sys, os; sys.path.insert(0, {str(PROGRAMS)!r})\n")
TURN = "sleep_until(limiter.reserve())"
LOOP = "        while workers:\n"
ASKS_LATER = (TURN, f"{TURN[:-1]} + 600)")

TURN_OF_A_TASK = "    moment = limiter.reserve()\n"
WITH_A_POOL = (
    ("import parent_process", "import Pool, parent_process"),
    ("ProcessPoolExecutor(4, None, share, args)", "Pool(4, share, args)"),
    ("pool.map(", "pool.imap("),
)
# A second request would wait for ten minutes.
SLOW = ("CALLS, PERIOD = 5, 0.25", "CALLS, PERIOD = 1, 600")

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


def _patient() -> tuple[str, str]:
    """What lets a program wait for the lock longer than for a worker that has died."""
    code = changed("rate-limit/limiter", ("timeout=10", "timeout=600"))
    begins = f"limiter = types.ModuleType('limiter'); exec({code!r}, vars(limiter))"
    return BEGINS[0], f"import os, signal, sys, types\n{begins}\nsys.modules['limiter'] = limiter\n"


def _most(times: list[float], period: float) -> int:
    """How many there are at most in any period that begins with one of them."""
    return max(sum(one <= other < one + period for other in times) for one in times)


def _gaps_of_one_of_two(workers: int, period: float, longest_request: float) -> list[float]:
    """Seconds between the answers of one of two programs that share `Limiter(1, period)`."""
    now, random = 0.0, Random(7)
    limiter = _limiter(1, period, lambda: now)
    answers: list[list[float]] = [[], []]

    def answer_at() -> float:
        return limiter.reserve() + random.uniform(0, longest_request)  # type: ignore[no-any-return]

    waiting = [(answer_at(), program) for program in (0, 1) for _ in range(workers)]
    for _ in range(400):
        now, program = min(waiting)
        waiting.remove((now, program))
        answers[program].append(now)
        waiting.append((answer_at(), program))
    return [later - one for one, later in pairwise(answers[0])]


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


def _wait(number: int) -> float:
    begun = monotonic()
    assert go_on.wait(TIME_LIMIT)
    if number == 0:
        raise LookupError("no such street")
    return begun


def _fail_or_wait(number: int) -> None:
    if number == 0:
        raise LookupError("no such street")
    assert go_on.wait(TIME_LIMIT)


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
    """`Limiter(5, 0.25)` reserves at most 5 moments in any 0.25 seconds. The requests can still
    come closer together. `moments` is an Array with the last 5 moments that workers have reserved,
    the oldest one first.

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
    """`clock` is there for tests: give the limiter a clock that you set, in one process, and look
    at the moments. Then a test neither sleeps nor depends on the speed of the machine.
    """
    shown("rate-limit/limiter", "clock=monotonic", "clock=lambda: 0.0")
    with raises(pickle.PicklingError, AttributeError, TypeError):
        pickle.dumps(_limiter(1, 20).clock)  # so no other process gets it, except under fork


def if_a_worker_fails() -> None:
    """If a worker fails, the program names it and ends.

    Each worker has a pipe of its own. When a worker has ended, `recv()` raises `EOFError` (on
    Windows, not always), because the parent has closed its copy of the sending end. After an
    exception, a `sys.exit(3)` or a kill, the exit code is not 0, and the program names the worker
    and ends, with exit status 1. At the end of the `with` block, `stack` kills the other workers,
    also one that waits for the lock.

    A worker that dies in the lock: the lock stays locked. The parent notices that the worker has
    ended, and ends the program.

    The addresses of a worker that has failed are not looked up.
    """
    shown(
        "rate-limit/processes",
        "report.close()",
        "stack.callback(worker.kill)",
        "a worker raises               status 1, told",
        "a worker calls sys.exit(3)    status 1, told",
        "a worker is killed            status 1, told",
        "killed while it holds a lock  status 1, told",
    )
    dies = (
        "if address == '7 Main Street':\n"
        "            with limiter.locked():\n"
        f"                os._exit(9)\n        {TURN}"
    )
    block = "    with ExitStack() as stack:\n"
    seen = f"{block}        stack.callback(lambda: print(answers))\n"
    code = changed(
        "rate-limit/processes",
        _patient(),
        (TURN, dies),
        (block, seen),
    )
    outcome = script(code)
    assert outcome.status == 1
    assert "Process-3: exit code 9\n" in outcome.stderr
    assert outcome.stdout.startswith("[") and outcome.stdout.endswith("]\n")
    assert not [one for one in ("'7 Main", "'11 Main", "12 answers") if one in outcome.stdout]


def at_sigterm() -> None:
    """At SIGTERM, the handler raises `SystemExit`, so the workers are killed, too. It is set after
    the workers have been started, so that they do not inherit it under `fork`.
    """
    shown(
        "rate-limit/processes",
        "workers[end] = worker\n        signal.signal(signal.SIGTERM, lambda *_: sys.exit(",
    )
    if sys.platform != "win32":
        kill = "            stack.callback(worker.kill)\n"
        told = "lambda worker=worker: print(worker.join(), worker.exitcode)"
        code = changed(
            "rate-limit/processes",
            BEGINS,
            ASKS_LATER,
            (kill, f"            stack.callback({told})\n{kill}"),
            (LOOP, f"        os.kill(os.getpid(), 15)\n{LOOP}"),
        )
        outcome = script(code)
        assert (outcome.status, outcome.stdout) == (1, "None -9\n" * 4)
        assert "terminated\n" in outcome.stderr


def at_ctrl_c() -> None:
    """Ctrl-C ends the workers, too. So even if the parent misses it while a worker is starting, it
    notices that a worker has ended, and ends.
    """
    if sys.platform != "win32":
        misses = (
            "        signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
            "        [end.recv() for end in workers]\n"
            "        os.killpg(0, signal.SIGINT)\n"
        )
        code = changed(
            "rate-limit/processes",
            BEGINS,
            ASKS_LATER,
            ("    for address in", "    report.send(0)\n    for address in"),
            (LOOP, misses + LOOP),
        )
        outcome = script(code)
        assert (outcome.status, outcome.stdout) == (1, "")
        assert "KeyboardInterrupt" in outcome.stderr and ": exit code 1\n" in outcome.stderr


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

    Add the longest pause to this limit, and give the request itself a timeout below 30 seconds.

    To give them to another worker, combine the limiter with workers that acknowledge each item.

    Where this matters, use the program with processes above.

    Then reserve a new moment for the request that was refused.
    """
    no_fact("advice")


def nothing_comes() -> None:
    """A worker that is stopped, or a request that never ends: if no answer has come for the period
    and 60 seconds, the program ends.

    If a worker is stopped while it sends an answer that is larger than the buffer of the pipe,
    `recv()` waits until it goes on.
    """
    code = changed(
        "rate-limit/processes",
        BEGINS,
        ASKS_LATER,
        ("connection.wait(workers, limiter.period + 60)", "connection.wait(workers, 0.1)"),
    )
    outcome = script(code)
    assert (outcome.status, outcome.stdout) == (1, "")
    assert "no answer for too long\n" in outcome.stderr
    if sys.platform != "win32":
        half = "os.write(report.fileno(), bytes([0, 1, 0, 0])); signal.raise_signal(signal.SIGSTOP)"
        code = changed(
            "rate-limit/processes",
            BEGINS,
            (TURN, half),
            ("answers.append(", "print('begun', flush=True) or answers.append("),
            ("limiter.period", "60"),
        )
        hangs = script(code, hangs_after="begun")
        assert (hangs.status, hangs.stdout) == (None, "begun\n")
    random = Random(4)
    for period in 0.25, 20.0, 60.0, 3600.0:
        limiter = _limiter(1, period)
        answers = sorted(limiter.reserve() + random.uniform(0, 30) for _ in range(300))
        assert max(later - one for one, later in pairwise(answers)) < period + 60


def the_parent_is_killed() -> None:
    """If the parent is killed after all workers have started, each worker makes at most one more
    request, and ends at its next `send()`. For that, it closes its copies of the receiving ends,
    also those of the workers before it, which it inherits under `fork`.
    """
    head, main = changed(
        "rate-limit/processes",
        BEGINS,
        ("connection\n", "connection, Event\n"),
        ("ends_of_parent):", "ends_of_parent, requests, is_dead):"),
        ("[*workers, end]", "[*workers, end], requests, is_dead"),
        (
            "    for address in",
            "    report.send(0)\n    is_dead.wait()\n    for address in",
        ),
        ("        report.send(f", "        requests.send(address)\n        report.send(f"),
        ("def main():", "def run(requests, is_dead):"),
        (LOOP, f"        [end.recv() for end in workers]\n        os.kill(os.getpid(), 9)\n{LOOP}"),
    ).split('if __name__ == "__main__":\n')
    outcome = script(f"""{head}
def main():
    requests, sender = Pipe(duplex=False)
    is_dead = Event()
    parent = Process(target=run, args=(sender, is_dead))
    parent.start()
    sender.close()
    parent.join()
    is_dead.set()
    count = 0
    try:
        while requests.recv():
            count += 1
    except EOFError:
        print(count, "requests")


if __name__ == "__main__":
{main}""")
    assert (outcome.status, outcome.stdout) == (0, "4 requests\n")
    assert "BrokenPipeError" in outcome.stderr or sys.platform == "win32"


def not_an_argument() -> None:
    """A limiter cannot be an argument of a task, because it contains an `Array`. Pass it to the
    workers when they start, with `initializer` and `initargs`; for a `Pool`, write `Pool(4, share,
    args)` and `pool.imap`. Here each task also returns its moment, and the program checks that each
    moment is at least 0.25 seconds after the fifth one before it:
    """
    with raises(RuntimeError, text="inheritance"):
        pickle.dumps(_limiter(1, 20).moments)
    shown(
        "rate-limit/shared",
        "CALLS, PERIOD = 5, 0.25",
        'return f"{address}: found", moment',
        "later >= one + PERIOD for one, later in pairs",
        "zip(moments, moments[CALLS:], strict=False)",
        "moments keep the limit: True",
    )
    code = changed("rate-limit/shared", BEGINS, *WITH_A_POOL)
    assert script(code).stdout == "12 answers, moments keep the limit: True\n"


def a_task_that_fails() -> None:
    """If a worker is killed, also in the lock, the executor raises `BrokenProcessPool` in the
    parent. After a `sys.exit(3)` in a task, the parent ends with status 3 and no message.

    A `Pool` does not wait for the tasks in the queue: the end of its `with` block terminates the
    workers. But it waits forever if a worker is killed in a task, and after a `sys.exit(3)` in one.
    Its `map` raises the exception of a task only when all tasks have ended, so use `imap`.
    """
    turn = TURN_OF_A_TASK
    for fails, status, told in (
        ("    with limiter.locked():\n        os._exit(9)\n", 1, "BrokenProc"),
        ("    sys.exit(3)\n", 3, ""),
    ):
        outcome = script(changed("rate-limit/shared", _patient(), (turn, fails + turn)))
        assert (outcome.status, outcome.stdout) == (status, ""), outcome.stderr
        assert told in outcome.stderr and bool(told) == bool(outcome.stderr)
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after")
    first = "    if address.startswith('1 '):\n        "
    raised = (turn, f"{first}raise LookupError('no such street')\n{turn}")
    outcome = script(changed("rate-limit/shared", BEGINS, *WITH_A_POOL, SLOW, raised))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert "LookupError: no such street\n" in outcome.stderr
    exits = (turn, f"{first}print('exits', flush=True)\n        sys.exit(3)\n{turn}")
    outcome = script(changed("rate-limit/shared", BEGINS, *WITH_A_POOL, exits), hangs_after="exits")
    assert (outcome.status, outcome.stdout) == (None, "exits\n")
    event = Event()
    with Pool(2, _share, (event,)) as pool:
        results = pool.map_async(_fail_or_wait, range(2), chunksize=1)
        while results._success:  # type: ignore[attr-defined]
            sleep(PAUSE)
        with raises(PoolTimeoutError):
            results.get(SURE)
        event.set()
        with raises(LookupError):
            results.get()


def when_the_handler_is_set() -> None:
    """The handler of SIGTERM is set when `map` has started the workers, because under `fork`,
    Python ignores an exception that it raises at certain moments of the start; before that, SIGTERM
    ends the program, unless it is PID 1, and its workers with it.
    """
    if sys.platform == "win32":
        return
    forks = (
        ("import parent_process", "import get_context, parent_process"),
        ("(4, None, share", "(4, get_context('fork'), share"),
    )
    hook = SIGTERM_AT_A_FORK
    outcome = script(changed("rate-limit/shared", BEGINS, *forks, ("def main():\n", hook)))
    assert (outcome.status, outcome.stdout) == (-signal.SIGTERM, "")
    early = f"{hook}    signal.signal(signal.SIGTERM, signal.default_int_handler)\n"
    ignored = script(changed("rate-limit/shared", BEGINS, *forks, ("def main():\n", early)))
    assert (ignored.status, ignored.stdout[:10]) == (0, "12 answers")
    assert "Exception ignored" in ignored.stderr


def those_in_the_queue() -> None:
    """After an exception in a task, or at Ctrl-C or SIGTERM while the parent waits for the answers,
    the program ends only when the few tasks that are already in the queue have waited for their
    turns, and made their requests. With 4 workers and `Limiter(1, 20)`, that can take three
    minutes. Do not press Ctrl-C again: after a second one, or a third, the program can wait
    forever.
    """
    from concurrent.futures import ProcessPoolExecutor

    from tests.claims import ctrl_c

    ctrl_c.a_second_one_in_an_executor()
    ctrl_c.a_third_one_in_an_executor()
    event = Event()
    with ProcessPoolExecutor(1, None, _share, (event,)) as pool:
        failed, *others = [pool.submit(_wait, number) for number in range(9)]
        while not others[0].running():  # it is in the queue now
            sleep(PAUSE)
        event.set()
        with raises(LookupError):
            failed.result()
        pool.shutdown(cancel_futures=True)  # what `map` cancels, the block does not wait for
        assert others[0].result() > 0
    limiter = _limiter(1, 20)  # 4 tasks run, and 5 are in the queue
    assert [limiter.reserve() for _ in range(9)][-1] == 160
    if sys.platform != "win32":
        waits = "        answers = list(results)\n"
        comes = "        next(results)\n        os.kill(os.getpid(), 15)\n"
        outcome = script(changed("rate-limit/shared", BEGINS, (waits, comes + waits)))
        assert (outcome.status, outcome.stdout) == (-signal.SIGINT, "")
        assert "KeyboardInterrupt" in outcome.stderr


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
    may delay a request. If a whole burst is late, and the next one is in time, up to twice as many
    requests arrive in one period. So make the period longer, by the longest delay that you expect,
    such as `Limiter(100, 61)` for 100 requests a minute. `Limiter(95, 60)` does not help: 190
    requests can arrive within a minute.
    """
    found = []
    for calls, period in (100, 60), (95, 60), (100, 61):
        limiter = _limiter(calls, period)
        moments = [limiter.reserve() for _ in range(300)]
        assert _most(moments, period) == calls
        found.append(_most([one or one + 0.5 for one in moments], 60))  # the first burst is late
    assert found == [200, 190, 100]
    random = Random(5)
    assert _most([one + random.uniform(0, 1) for one in moments], 60) <= 100


def two_limits() -> None:
    """If the service has two limits, such as 10 a second and 1000 an hour, space the requests
    evenly, at the lower rate: `Limiter(1, 3.6)`. Two limiters, of which you use the later moment,
    do not keep both limits.
    """
    evenly = _limiter(1, 3.6)
    moments = [evenly.reserve() for _ in range(1200)]
    assert _most(moments, 1) == 1
    assert all(later >= one + 3599.9 for one, later in zip(moments, moments[1000:], strict=False))
    a_second, an_hour = _limiter(10, 1), _limiter(1000, 3600)
    both = [max(a_second.reserve(), an_hour.reserve()) for _ in range(1100)]
    assert _most(both, 1) == 100


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
    """The limiter starts empty. Each start within the period lets as many requests through again.
    Wait one period first: call `limiter.pause(period)` before you start the workers.

    Another program with the same key has a limit of its own.
    """
    starts = [_limiter(3, 60) for _ in range(4)]
    assert [one.reserve() for one in starts for _ in range(3)] == [0] * 12
    limiter = _limiter(3, 60)
    limiter.pause(60)
    assert limiter.reserve() == 60


def several_programs() -> None:
    """For several programs on one machine, register this limiter in a server process that all of
    them reach, and call `sleep_until(limiter.reserve())` in the workers. The proxy has no `period`.
    In place of `limiter.period + 60`, write 60 seconds and a period for each worker of all
    programs: a program can wait while the workers of the others have their turns. For several
    machines, use another clock: the reference point of `monotonic()` is undefined.
    """
    gaps = _gaps_of_one_of_two(4, 20, longest_request=0)
    assert max(gaps) == 100 > 20 + 60
    assert max(_gaps_of_one_of_two(4, 20, longest_request=30)) < 60 + 20 * 8
    outcome = script(f"""
import sys
sys.path.insert(0, {str(PROGRAMS)!r})
from multiprocessing.managers import BaseManager
from limiter import Limiter, sleep_until


def the_limiter(found=[]):
    found or found.append(Limiter(3, 60))
    return found[0]


class Server(BaseManager):
    pass


Server.register("limiter", the_limiter)

if __name__ == "__main__":
    with Server(authkey=b"key") as server:
        programs = []
        for _ in range(2):
            program = Server(server.address, b"key")
            program.connect()
            programs.append(program.limiter())
        moments = [one.reserve() for _ in range(4) for one in programs]
        programs[1].pause(1000)
        moments.append(programs[0].reserve())
        sleep_until(moments[0])
        print(len(moments), all(later >= one + 60 for one, later in zip(moments, moments[3:])))
        print(moments[-1] >= moments[0] + 1000)
        print(hasattr(programs[0], "period"))
""")
    assert outcome.stdout == "9 True\nTrue\nFalse\n", outcome.stderr


def how_many_at_once() -> None:
    """A Semaphore or a pool of 5 workers limits how many requests run at the same time, not how
    many start in a second: if one takes 10 milliseconds, 5 workers make 500 in a second.
    """
    semaphore = Semaphore(5)
    assert [semaphore.acquire(block=False) for _ in range(6)] == [True] * 5 + [False]
    semaphore.release()  # one request has ended, however soon
    assert semaphore.acquire(block=False)
    assert 5 * round(1 / 0.010) == 500


def between_two_submits() -> None:
    """The parent waits between two `submit()` calls, and the requests still come in bursts: tasks
    that were submitted while all workers were busy start one right after the other. Reserve the
    moment in the worker, directly before the request.
    """
    from concurrent.futures import ProcessPoolExecutor

    event = Event()
    with ProcessPoolExecutor(1, None, _share, (event,)) as pool:
        tasks = []
        for number in range(1, 5):
            tasks.append(pool.submit(_wait, number))
            sleep(PAUSE)  # whatever the parent waits
        go_on_at = monotonic()
        event.set()
        _, *others = [task.result(TIME_LIMIT) for task in tasks]
    assert all(begun >= go_on_at for begun in others)


def threads() -> None:
    """If the workers only wait for the service, you need no processes: use the same limiter with
    threads.
    """
    from concurrent.futures import ThreadPoolExecutor

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
