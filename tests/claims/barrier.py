"""What docs/syntax/barrier.md says."""

import multiprocessing
import pickle
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import (
    Barrier,
    Event,
    Pool,
    Process,
    RawArray,
    SimpleQueue,
    get_start_method,
)
from multiprocessing.pool import AsyncResult
from multiprocessing.synchronize import Event as EventType
from threading import Barrier as ThreadBarrier
from threading import BrokenBarrierError, Thread
from threading import Event as ThreadEvent
from typing import Any

from tests.claims import PAUSE, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._starts import KEPT, NOT_KEPT

WITH_A_TIMEOUT = (
    ("Barrier(3)", "Barrier(3, timeout=0.1)"),
    ("    sales[number] =", "    if number == 1:\n        raise ValueError\n    sales[number] ="),
    (
        "    for part, total",
        "    for worker in workers:\n        worker.join()\n"
        "    print([worker.exitcode for worker in workers], flush=True)\n    for part, total",
    ),
)
WITH_PIPES = """
from multiprocessing import Barrier, Pipe, Process, connection

def work(number, all_written, shares):
    if number == 1:
        raise ValueError
    all_written.wait()
    shares.send(number)

def main():
    all_written, shares = Barrier(3), []
    for number in range(3):
        receiver, sender = Pipe(duplex=False)
        args = number, all_written, sender
        worker = Process(target=work, args=args, daemon=True)
        worker.start()
        sender.close()
        shares.append(receiver)
    try:
        for share in connection.wait(shares):
            share.recv()
    except (EOFError, OSError) as error:
        print(type(error).__name__)

if __name__ == "__main__":
    main()
"""
DIES = """
import os
from multiprocessing import Barrier, Process
from threading import BrokenBarrierError, Thread
from time import sleep

def die():
    os._exit(9)

def wait(barrier):
    while not barrier.n_waiting and not barrier.broken:
        sleep(0.01)
    try:
        barrier.wait()
    except BrokenBarrierError:
        print("too late", flush=True)

def watch(worker):
    worker.join()
    sleep({limit})
    if worker.exitcode:
        print(worker.exitcode, flush=True)

if __name__ == "__main__":
    barrier = Barrier(2, die, timeout={limit})
    worker = Process(target=wait, args=(barrier,))
    worker.start()
    Thread(target=watch, args=(worker,)).start()
    try:
        barrier.wait()
    except BrokenBarrierError:
        pass
"""
IN_A_HANDLER = """
import signal
from multiprocessing import get_context
from threading import BrokenBarrierError, Thread, main_thread
from time import sleep

class Stop(Exception):
    pass

calls = []

def stop(*_):
    if calls:
        return
    calls.append("one")
    print("stops", flush=True)
    {stop}

def send():
    while not barrier.n_waiting:
        sleep(0.01)
    sleep({sure})  # then the main thread sleeps in its wait()
    while not calls:
        signal.pthread_kill(main_thread().ident, signal.SIGTERM)
        sleep(0.1)
    try:
        barrier.wait(0.01)
    except BrokenBarrierError:
        print("the other one ends", flush=True)

if __name__ == "__main__":
    barrier = get_context("fork").Barrier(3)  # whose semaphores do not remain
    signal.signal(signal.SIGTERM, stop)
    other = Thread(target=send, daemon=True)
    other.start()
    try:
        barrier.wait()
    except Stop:
        barrier.abort()
    other.join()
"""
AT_MODULE_LEVEL = """
from multiprocessing import Barrier, Process

barrier = Barrier(1)

def look():
    print(barrier.broken, flush=True)

if __name__ == "__main__":
    barrier.abort()
    child = Process(target=look)
    child.start()
    child.join()
"""


def _fail() -> None:
    raise ZeroDivisionError


def _fail_in_wait(*_: object) -> None:
    """In place of the `wait_for()` of the condition: as if a signal handler raised."""
    raise ZeroDivisionError


def _ignore(thing: object) -> None:
    """Needs an argument, and does nothing with it."""


def _look_late(barrier: Any, started: EventType, go_on: EventType, seen: Any) -> None:
    started.set()
    go_on.wait(TIME_LIMIT)
    seen.put(barrier.broken)


def _set_barrier(barrier: Any) -> None:
    global meeting
    meeting = barrier


meeting: Any  # of a worker of a pool: its initializer sets it


def _meet(_: int) -> int:
    return int(meeting.wait())


def _outcomes(wait: Callable[[], object], number: int) -> tuple[list[Thread], list[object]]:
    """That many threads which wait, and where each will add what came of it."""
    outcomes: list[object] = []

    def note() -> None:
        try:
            outcomes.append(wait())
        except BrokenBarrierError as error:
            outcomes.append(type(error))

    threads = [Thread(target=note, daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    return threads, outcomes


def _waiting(barrier: Any, number: int = 1) -> tuple[list[Thread], list[object]]:
    """The same, when all of them are in their `wait()`."""
    threads, outcomes = _outcomes(barrier.wait, number)
    while barrier.n_waiting < number:
        time.sleep(PAUSE)
    with barrier._cond:  # which is free when they sleep
        pass
    return threads, outcomes


def _join(threads: list[Thread]) -> None:
    for thread in threads:
        thread.join()


def a_meeting_point() -> None:
    """A `Barrier(n)` is a meeting point, or rendezvous: each process waits in `wait()` until `n`
    of them are there, and then all continue.

    `parties` | the number of processes that must call `wait()`

    `n_waiting` | the number of processes that wait now

    If `parties` is larger than the number of processes that come, all of them wait forever. If it
    is smaller, those that are left over wait forever. Count the parent, too, if it calls `wait()`.
    """
    shown("barrier/smallest", "Barrier(3)", "10 of 60\n20 of 60\n30 of 60")
    barrier, too_small = Barrier(3), Barrier(2)
    assert barrier.n_waiting == 0
    three, came = _outcomes(too_small.wait, 3)
    while (len(came), too_small.n_waiting) != (2, 1):
        time.sleep(PAUSE)
    threads, outcomes = _waiting(barrier, 2)
    threads[0].join(SURE)
    assert (barrier.n_waiting, outcomes) == (2, [])
    assert (too_small.n_waiting, sorted(map(str, came))) == (1, ["0", "1"])
    barrier.wait()
    too_small.abort()
    _join(threads + three)
    assert (barrier.n_waiting, len(outcomes)) == (0, 2)


def what_for() -> None:
    """Use it when no process may begin the next step before all have finished this one."""
    no_fact("advice")


def without_it() -> None:
    """Without the barrier, a fast worker could add up the numbers before the others have written
    theirs.
    """
    shown("barrier/smallest", "all_written.wait()\n    shares.put((sales[number], sum(sales)))")


def the_call() -> None:
    """`Barrier(parties, action=None, timeout=None)`

    `parties` | the number with which the barrier was made
    """
    from inspect import signature

    assert str(signature(Barrier)) == "(parties, action=None, timeout=None)"
    shown("barrier", "#> True 0 2")
    assert Barrier(7).parties == 7


def action() -> None:
    """`action` | a function without arguments, which the last process that comes calls before all
    continue
    """
    shown("barrier/action", "action=partial(count_round, rounds)", "Rounds: 2")
    called_in: list[Thread] = []
    barrier = Barrier(2, lambda: called_in.append(threading.current_thread()))
    threads, outcomes = _waiting(barrier)
    assert called_in == []
    with barrier._cond:  # type: ignore[attr-defined]  # so the other one cannot continue yet
        barrier.wait()
        assert (called_in, outcomes) == ([threading.current_thread()], [])
    _join(threads)


def time_limit() -> None:
    """`timeout` | how many seconds each `wait()` that has no time limit of its own waits for the
    others; `None`: no limit
    """
    with raises(BrokenBarrierError):
        Barrier(2, timeout=0.01).wait()
    barrier = Barrier(2, timeout=0.01)
    threads, outcomes = _outcomes(partial(barrier.wait, TIME_LIMIT), 1)
    while not barrier.n_waiting:
        time.sleep(PAUSE)
    time.sleep(2 * PAUSE)
    barrier.wait()
    _join(threads)
    assert outcomes == [0]


def wait() -> None:
    """`wait(timeout=None)` | waits for the others; returns a number from 0 to `parties - 1`, a
    different one in each process

    When all have passed, the barrier can be used for the next round. These three workers meet
    twice:
    """
    shown("barrier/action", "for _ in range(2)", "[0, 0, 1, 1, 2, 2]\nRounds: 2")


def abort() -> None:
    """`abort()` | breaks the barrier: every process that waits, or calls `wait()` later, gets
    `BrokenBarrierError`

    `broken` | `True` if the barrier is broken

    While the barrier is broken, every `wait()` raises `BrokenBarrierError`; `reset()` ends that.
    Call `reset()` when all have got the error: a process that comes later waits, perhaps alone.
    """
    barrier = Barrier(3)
    threads, outcomes = _waiting(barrier, 2)
    assert barrier.broken is False
    barrier.abort()
    _join(threads)
    assert outcomes == [BrokenBarrierError] * 2
    for _ in range(2):
        with raises(BrokenBarrierError):
            barrier.wait()
    assert barrier.broken is True
    barrier.reset()
    assert barrier.broken is False
    threads, outcomes = _waiting(barrier, 2)
    threads[0].join(SURE)
    assert outcomes == []
    barrier.wait()
    _join(threads)
    assert sorted(map(str, outcomes)) == ["0", "1"]


def reset() -> None:
    """`reset()` | makes the barrier empty and whole again; every process that waits gets
    `BrokenBarrierError`
    """
    shown("barrier", "barrier.reset()\nprint(barrier.broken)\n#> False")
    barrier = Barrier(3)
    threads, outcomes = _waiting(barrier, 2)
    barrier.reset()
    _join(threads)
    assert outcomes == [BrokenBarrierError] * 2
    assert (barrier.n_waiting, barrier.broken) == (0, False)


def one_alone() -> None:
    """Use the number to let only one process do something: `if barrier.wait() == 0:`. The others
    do not wait for that: if they need its result, use an `action`.
    """
    shown("barrier/action", "barrier.wait()", "[0, 0, 1, 1, 2, 2]")
    barrier, done = Barrier(2), ThreadEvent()
    first = Thread(target=lambda: barrier.wait() == 0 and done.wait(TIME_LIMIT))
    first.start()
    while not barrier.n_waiting:
        time.sleep(PAUSE)
    assert barrier.wait() == 1
    assert first.is_alive()
    done.set()
    first.join()


def action_is_pickled() -> None:
    """Under `forkserver` and `spawn`, the action is pickled with the barrier, so it must be a
    function at module level, not a `lambda`. To give it arguments, use `partial`, as here.
    """
    shown("barrier/action", "action=partial(count_round, rounds)", "Rounds: 2")
    worker = Process(target=_ignore, args=(Barrier(1, lambda: None),))
    if get_start_method() == "fork":
        worker.start()
        worker.join()
        assert worker.exitcode == 0
    else:
        with raises(AttributeError, pickle.PicklingError, text="lambda"):
            worker.start()


def it_breaks() -> None:
    """A barrier breaks when a `wait()` reaches its time limit, when the action raises an
    exception, or when a process calls `abort()`. The exception of the action is raised in the
    process that called it, and the others get `BrokenBarrierError`.
    """
    shown("barrier", "barrier.wait(timeout=0.01)", "#> True 0 2")
    shown("barrier/aborted", "all_loaded.abort()", "healthy: BrokenBarrierError\nBroken: True")
    barrier = Barrier(2, _fail)
    threads, outcomes = _waiting(barrier)
    with raises(ZeroDivisionError):
        barrier.wait()
    _join(threads)
    assert (outcomes, barrier.broken) == ([BrokenBarrierError], True)


def the_class() -> None:
    """The class is in `threading`, not in `multiprocessing`, and its message is empty."""
    shown("barrier", "from threading import BrokenBarrierError", "#> BrokenBarrierError()")
    assert BrokenBarrierError.__module__ == "threading"
    assert not hasattr(multiprocessing, "BrokenBarrierError")
    barrier = Barrier(1)
    barrier.abort()
    messages = []
    try:
        barrier.wait()
    except BrokenBarrierError as error:
        messages.append(str(error))
    assert messages == [""]


def a_worker_fails() -> None:
    """If a worker fails before it comes to the barrier, or an exception ends its `wait()`, for
    example in a signal handler, the others wait forever. Let it call `abort()`, or set a time
    limit, and let each worker put an answer in every case:
    """
    barrier: Any = Barrier(2)
    barrier._cond.wait_for = _fail_in_wait
    with raises(ZeroDivisionError):
        barrier.wait()
    assert (barrier.broken, barrier.n_waiting) == (False, 0)
    shown("barrier/aborted", "except Exception as error:\n        all_loaded.abort()")
    shown("barrier/aborted", "damaged: ValueError\nhealthy: BrokenBarrierError")


def while_the_action_runs() -> None:
    """While the action runs, no time limit applies: a `wait(timeout=1)` returns when the action has
    ended, however long that takes.
    """
    limit = PAUSE
    while True:  # until the other one has come in time
        seen: list[bool] = []
        barrier = Barrier(2, lambda limit=limit, seen=seen: seen.append(_outlasts(limit)))
        threads, outcomes = _outcomes(partial(barrier.wait, limit), 1)
        _threads[:] = threads
        with suppress(BrokenBarrierError):
            barrier.wait()
        _join(threads)
        if outcomes == [0]:
            assert seen == [True]
            return
        assert outcomes == [BrokenBarrierError]
        limit *= 2


_threads: list[Thread] = []  # that wait while an action runs


def _outlasts(limit: float) -> bool:
    """Whether the thread still waits when its limit is over."""
    _threads[0].join(limit + SURE)
    return _threads[0].is_alive()


def killed_in_the_action() -> None:
    """If a process is killed while it waits, or while it runs the action, the others may never
    return, even with a time limit.
    """
    limit = SURE
    while (told := script(DIES.format(limit=limit), hangs_after="9\n")).stdout == "too late\n":
        limit *= 2
    assert (told.status, told.stdout) == (None, "9\n")


def when_it_can_be_passed() -> None:
    """You share the barrier itself and no data. Put data into an Array, a Value or shared memory.
    Pass the barrier to a child as an argument of `Process`, or to the workers of a pool with
    `initializer=`. At any other time it cannot be pickled, and the error names a `Condition`, or
    an action that cannot be pickled: see "through inheritance".
    """
    with raises(AttributeError, pickle.PicklingError, text="lambda"):
        pickle.dumps(Barrier(2, lambda: None))
    shown("barrier/smallest", "args=(number, sales, all_written, shares)", "30 of 60")
    with raises(RuntimeError, text="Condition objects should only be shared between processes"):
        pickle.dumps(Barrier(2))
    public = [name for name in dir(Barrier(2)) if name[0] != "_"]
    assert public == ["abort", "broken", "n_waiting", "parties", "reset", "wait"]


def how_it_works() -> None:
    """A barrier is a Condition with two numbers in shared memory: how many processes are there,
    and whether they come, leave, or the barrier is broken. The last process that comes notifies
    all others.
    """
    barrier: Any = Barrier(2)
    assert type(barrier._cond).__name__ == "Condition"
    assert barrier._array.tolist() == [0, 0]
    threads, _ = _waiting(barrier)
    assert barrier._array.tolist() == [0, 1]
    with barrier._cond:  # so the other one cannot continue yet
        barrier.wait()
        assert barrier._array.tolist() == [1, 1]
    _join(threads)
    barrier.abort()
    assert barrier._array.tolist() == [-2, 0]


def in_a_pool() -> None:
    """If the tasks of a pool wait at a barrier that has more parties than the pool has workers,
    the tasks that wait keep the others from starting.
    """
    barrier = Barrier(2)
    with Pool(1, initializer=_set_barrier, initargs=(barrier,)) as pool:
        tasks: list[AsyncResult[int]] = [pool.apply_async(_meet, (task,)) for task in range(2)]
        while not barrier.n_waiting:
            time.sleep(PAUSE)
        assert not tasks[1].ready()
        assert barrier.wait() == 1  # in the place of the second
        assert tasks[0].get() == 0
        while not barrier.n_waiting:
            time.sleep(PAUSE)
        barrier.wait()
        tasks[1].get()
        pool.close()
        pool.join()


def killed() -> None:
    """Then `abort()` and `reset()` may never return, either."""
    shown("condition/waiter_killed", "changed.notify()", "still running after 5 s")
    for method in ThreadBarrier._break, ThreadBarrier.reset:  # type: ignore[attr-defined]
        assert "notify_all" in method.__code__.co_names
    assert "_break" in ThreadBarrier.abort.__code__.co_names


def in_a_signal_handler() -> None:
    """`abort()` in a signal handler can deadlock, because the process may be inside `wait()` of the
    same barrier at that moment. Then the others wait forever, too, even with a time limit. Let the
    handler raise an exception, and call `abort()` where you catch it.
    """
    if sys.platform == "win32":
        return
    hanging = script(IN_A_HANDLER.format(stop="barrier.abort()", sure=SURE), hangs_after="stops\n")
    assert (hanging.status, hanging.stdout) == (None, "stops\n")
    caught = script(IN_A_HANDLER.format(stop="raise Stop", sure=SURE))
    assert (caught.status, caught.stdout) == (0, "stops\nthe other one ends\n")


def keep_it() -> None:
    """Keep the barrier in a variable until you have joined the children that use it. Otherwise,
    they may find that it has been removed, under `forkserver` and `spawn`, except on Windows, or
    that its numbers have been overwritten by what shares the same memory next, as those of a
    `Value`.
    """
    shown(*NOT_KEPT)
    shown(*KEPT)
    started, go_on = Event(), Event()
    seen: SimpleQueue[bool] = SimpleQueue()
    barrier = Barrier(2)
    worker = Process(target=_look_late, args=(barrier, started, go_on, seen))
    worker.start()
    assert started.wait(TIME_LIMIT)
    del barrier
    following = [RawArray("i", [-2, -2]) for _ in range(9)]
    go_on.set()
    assert seen.get() is True
    worker.join()
    assert len(following) == 9


def every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver` and
    `spawn`.
    """
    shown("barrier/smallest", "Output\n10")
    shown("barrier/action", "Output\n[0")
    shown("barrier/aborted", "Output\ndamaged")


def at_module_level() -> None:
    """Make the barrier in `main()` and pass it. If a barrier is made at module level, a child
    under `forkserver` or `spawn` has another one than the parent, as with a Lock, and may wait
    there alone.
    """
    shown("lock/module_level", "got it as well: False", "got it as well: True")
    if get_start_method() != "forkserver":  # whose server may leave its own semaphores behind
        assert script(AT_MODULE_LEVEL).stdout == f"{get_start_method() == 'fork'}\n"


def the_end_of_all() -> None:
    """To wait for the end of all workers: `join()` each of them."""
    shown("barrier/smallest", "for worker in workers:\n        worker.join()")


def a_signal() -> None:
    """To let one process signal something to others: Event."""
    shown("event/all_waiters", "start.set()", "['running', 'running', 'running']")


def a_state() -> None:
    """To wait for a state: Condition."""
    shown("condition/smallest", "wait_for(lambda: orders.value >= 3)", "Packed a parcel of 3")


def what_becomes_of_it() -> None:
    """If one of the workers fails before it comes to the barrier, the others and the parent wait
    forever.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "barrier/smallest",
        "If something fails",
        "a worker is killed            hangs",
        "a worker calls sys.exit(3)    hangs",
    )


def a_time_limit_is_not_enough() -> None:
    """With a `timeout`, the others get `BrokenBarrierError`, but the parent still waits in `get()`
    for results that never come. So give each worker a pipe in place of the `Queue`, and wait for
    all pipes at once: when a worker has ended, `recv()` from its pipe raises an error in the
    parent, which can then terminate the others.
    """
    code = changed("barrier/smallest", *WITH_A_TIMEOUT)
    hanging = script(code, hangs_after="]\n")
    assert (hanging.status, hanging.stdout) == (None, "[1, 1, 1]\n")
    assert hanging.stderr.count("BrokenBarrierError") >= 2
    ended = script(WITH_PIPES)
    assert (ended.status, ended.stdout) == (0, "EOFError\n")
