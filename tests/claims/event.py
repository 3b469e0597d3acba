"""What docs/syntax/event.md says."""

import os
import pickle
import signal
import sys
import time
from inspect import signature
from multiprocessing import Event, Manager, Pipe, Pool, Process, Queue, get_start_method
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as EventType
from multiprocessing.synchronize import SemLock
from queue import Empty
from threading import Event as ThreadEvent
from threading import Thread

from tests.claims import PAUSE, SURE, no_fact, raises, script, shown
from tests.claims._starts import KEPT, NOT_KEPT, in_a_child

AT_MODULE_LEVEL = """
from multiprocessing import Event, Process

ready = Event()

def look():
    print(ready.is_set(), flush=True)

if __name__ == "__main__":
    ready.set()
    child = Process(target=look)
    child.start()
    child.join()
"""

PARENT_RAISES = """
from multiprocessing import Event, Process

def work(ready):
    ready.wait()

if __name__ == "__main__":
    ready = Event()
    worker = Process(target=work, args=(ready,))
    worker.start()
    print("raising", flush=True)
    raise ValueError
"""

PARENT_IS_ENDED = """
import os
from multiprocessing import Event, Pipe, Process, parent_process

def work(ready, sender):
    parent_process().join()
    sender.send(ready.wait(0.1))

def run(sender):
    ready = Event()
    worker = Process(target=work, args=(ready, sender), daemon=True)
    worker.start()
    try:
        os.kill(os.getpid(), {number})
    finally:
        ready.set()

if __name__ == "__main__":
    receiver, sender = Pipe(duplex=False)
    parent = Process(target=run, args=(sender,))
    parent.start()
    sender.close()
    parent.join()
    print(parent.exitcode, receiver.recv())
"""

start: EventType  # of a worker of a pool: its initializer sets it


def _set_start(event: EventType) -> None:
    global start
    start = event


def _is_set(_: int) -> bool:
    return start.is_set()


def _wait(event: EventType, answers: Connection) -> None:
    answers.send(event.wait())


def _set(event: EventType) -> None:
    event.set()


def _set_it(event: ThreadEvent) -> None:
    event.set()


def _wait_until_it_waits(event: EventType) -> None:
    """Wait until another process is in its `wait()`."""
    condition = event._cond  # type: ignore[attr-defined]
    while condition._sleeping_count._semlock._is_zero():
        time.sleep(PAUSE)
    with condition:  # which it releases before it sleeps
        pass


def any_process_sets_it() -> None:
    """An `Event` is a flag that is off or on: any process that has it can switch it on, and then
    all processes that wait for it continue.

    `set()` | switches the flag on and wakes all processes that wait
    """
    event = Event()
    receiver, sender = Pipe(duplex=False)
    waiters = [Process(target=_wait, args=(event, sender)) for _ in range(2)]
    for waiter in waiters:
        waiter.start()
    _wait_until_it_waits(event)
    setter = Process(target=_set, args=(event,))
    setter.start()
    for process in [setter, *waiters]:
        process.join()
    assert event.is_set()
    assert [receiver.recv(), receiver.recv()] == [True, True]
    receiver.close()
    sender.close()


def what_for() -> None:
    """Use it to signal "ready", "go" or "stop" to other processes.

    The worker may start before or after the prices are there, because its `wait()` does not
    return before the parent has called `set()`.
    """
    shown("event/smallest", "ready.wait()\n", "= [10, 20, 60]\n    ready.set()", "Average: 30.0")
    shown("event/all_waiters", "start.set()", "['running', 'running', 'running']")
    shown("event/stop", "stop.set()", "last reading")


def no_parameters() -> None:
    """`Event()` has no parameters. The flag is off at the start."""
    assert not signature(Event).parameters
    assert not Event().is_set()


def clear() -> None:
    """`clear()` | switches the flag off, so that the next `wait()` waits again

    `is_set()` | `True` if the flag is on

    If `set()` is followed by `clear()`, a process that is not waiting yet misses the signal, and
    waits until the next `set()`.
    """
    shown("event", "ready.clear()\nprint(ready.is_set())\n#> False", "#> True True")
    event = Event()
    event.set()
    event.clear()
    receiver, sender = Pipe(duplex=False)
    waiter = Process(target=_wait, args=(event, sender))
    waiter.start()
    _wait_until_it_waits(event)
    assert not receiver.poll(SURE)
    event.set()
    assert receiver.recv() is True
    waiter.join()
    receiver.close()
    sender.close()


def wait_with_a_timeout() -> None:
    """`wait(timeout=None)` | waits until the flag is on, `timeout` seconds at most; returns
    `True` if the flag is on then, otherwise `False`
    """
    event = Event()
    assert event.wait(0.1) is False
    event.set()
    assert event.wait(0.1) is True
    assert event.wait() is True


def not_a_lock() -> None:
    """An `Event` is not a lock: it has no `acquire()`, and cannot be used in a `with` statement."""
    event = Event()
    assert not hasattr(event, "acquire")
    with raises(TypeError, AttributeError), event:  # type: ignore[attr-defined]
        pass


def it_stays_on() -> None:
    """The flag stays on until `clear()` is called, so a process that calls `wait()` after `set()`
    does not wait at all:
    """
    shown("event/all_waiters", "start.set()\n    late = Process", "'running', 'running', 'running'")
    event = Event()
    event.set()
    assert [event.wait(), event.wait(), event.is_set()] == [True, True, True]
    event.clear()
    assert not event.is_set()


def end_a_worker() -> None:
    """To end a worker cleanly, use an `Event` instead of `terminate()`. Here `wait(timeout=...)`
    is the pause between two readings, and it ends early when the parent asks the worker to stop.
    """
    shown("event/stop", "stop.wait(timeout=0.1)", "last reading\nExit code of the sensor: 0")
    shown("claims/terminate_skips_finally", "terminate()", "finally:")


def data_first() -> None:
    """An `Event` shares one yes or no. To share data, put the data into a Queue, a Value or an
    Array first, and then call `set()`.

    To send data with the signal: Queue.
    """
    shown("event/smallest", "prices[:] = [10, 20, 60]\n    ready.set()", "answers.get()")
    assert [name for name in dir(EventType) if name[0] != "_"] == ["clear", "is_set", "set", "wait"]


def the_item_comes_later() -> None:
    """Read a queue with a `get()` that waits: the item may arrive only after the event."""
    shown("event/smallest", "answers.get()")
    event = Event()
    queue: Queue[bytes] = Queue()
    with queue._wlock:  # type: ignore[attr-defined]  # the item cannot be written yet
        queue.put(b"data")
        event.set()
        assert event.wait()
        with raises(Empty):
            queue.get_nowait()
    assert queue.get() == b"data"
    queue.close()


def pass_it() -> None:
    """Pass the event to a child as an argument of `Process`, or to the workers of a pool with
    `initializer=` and `initargs=`. At any other time pickling it raises `RuntimeError`, and the
    message names a `Condition`: see "through inheritance".
    """
    shown("event/smallest", "args=(prices, ready, answers)", "Average: 30.0")
    event = Event()
    with raises(RuntimeError, text="Condition objects should only be shared between processes"):
        pickle.dumps(event)
    event.set()
    with Pool(1, initializer=_set_start, initargs=(event,)) as pool:
        assert pool.map(_is_set, [1]) == [True]


def how_it_works() -> None:
    """An event consists of a Semaphore for the flag and a Condition for the waiting processes."""
    event = Event()
    assert type(event._flag).__name__ == "Semaphore"  # type: ignore[attr-defined]
    assert type(event._cond).__name__ == "Condition"  # type: ignore[attr-defined]


def a_waiter_sleeps() -> None:
    """A process that waits sleeps, and needs almost no processor time."""
    used = time.process_time()
    Event().wait(SURE)
    assert time.process_time() - used < SURE / 2


def wake_repeatedly() -> None:
    """To wake waiting processes repeatedly, use a Condition or a Barrier."""
    no_fact("advice")


def made_at_module_level() -> None:
    """Under `spawn` and `forkserver`, an event that is made at module level is not the same in a
    child as in the parent. Then `set()` in the parent does not reach the child, which waits
    forever.
    """
    shown("lock/module_level", "The worker got it as well: True")
    if get_start_method() != "forkserver":  # whose server may leave its own semaphores behind
        outcome = script(AT_MODULE_LEVEL)
        assert outcome.stdout == f"{get_start_method() == 'fork'}\n"


def pass_it_instead() -> None:
    """Make the event in `main()` and pass it."""
    shown("event/smallest", "def main():", "ready = Event()", "args=(prices, ready, answers)")


def a_waiter_is_killed() -> None:
    """If a process is terminated or killed while it waits, or ends while a daemon thread of it
    waits, the next `set()` may never return, and until it does, `is_set()` and even a `wait()` with
    a timeout do not return either.
    """
    event = Event()
    assert in_a_child(_leave_a_thread_waiting, event) == 0
    _never_set(event)
    for end in Process.terminate, Process.kill:
        event = Event()
        receiver, sender = Pipe(duplex=False)
        waiter = Process(target=_wait, args=(event, sender))
        waiter.start()
        _wait_until_it_waits(event)
        end(waiter)
        waiter.join()
        _never_set(event)
        receiver.close()
        sender.close()


def _leave_a_thread_waiting(event: EventType) -> None:
    Thread(target=event.wait, daemon=True).start()
    _wait_until_it_waits(event)


def _never_set(event: EventType) -> None:
    setter = Thread(target=event.set)
    setter.start()
    while not event._cond._lock._semlock._is_zero():  # type: ignore[attr-defined]  # it is in set()
        time.sleep(PAUSE)
    asking = [Thread(target=event.is_set), Thread(target=event.wait, args=(0.1,))]
    for thread in asking:
        thread.start()
    for thread in [*asking, setter]:
        thread.join(SURE)
        assert thread.is_alive()
    event._cond._woken_count.release()  # type: ignore[attr-defined]  # in its place
    for thread in [*asking, setter]:
        thread.join()


def keep_it() -> None:
    """Keep the event in a variable until you have joined the children that use it. Otherwise, they
    may find that it has been removed, under `forkserver` and `spawn`, except on Windows.
    """
    shown(*NOT_KEPT)
    shown(*KEPT)
    assert isinstance(Event()._flag, SemLock)  # type: ignore[attr-defined]  # as a Lock


def end_it_by_the_event() -> None:
    """Set the event, so that the process ends without that, and join a thread that waits before its
    process ends.
    """
    shown("event/stop", "stop.set()", "Exit code of the sensor: 0")


def _set_in_finally(event: EventType, answers: Connection) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        event.wait()
    except KeyboardInterrupt:
        answers.send("interrupted")
    finally:
        event.set()


def an_exception_of_the_handler() -> None:
    """Let the handler raise an exception, and call `set()` in a `finally` block."""
    if sys.platform == "win32":
        return
    event = Event()
    receiver, sender = Pipe(duplex=False)
    waiter = Process(target=_set_in_finally, args=(event, sender))
    waiter.start()
    _wait_until_it_waits(event)
    os.kill(waiter.pid or 0, signal.SIGINT)
    assert receiver.recv() == "interrupted"
    waiter.join()
    assert event.wait() is True
    receiver.close()
    sender.close()


def _raise_before_put(results: "Queue[int]") -> None:
    sys.exit(1)  # as an exception does, but without its traceback
    results.put(1)


def the_parent_raises() -> None:
    """The `finally` block asks even if the parent raises an exception; otherwise the worker would
    never stop, and the parent would wait for it at its end:

    If the parent raises an exception before `set()`, a worker in `wait()` waits forever, and the
    parent waits for the worker at its end. Call `set()` in a `finally` block, or pass `daemon=True`
    to `Process`, so that the parent's end terminates the worker; then join the worker when all goes
    well, because a daemon that still works is terminated, too. If SIGTERM or SIGKILL ends the
    parent, neither helps: the worker goes on.
    """
    shown("event/stop", "    finally:\n        stop.set()")
    if get_start_method() == "fork":  # a killed program leaves no semaphores behind
        hangs = script(PARENT_RAISES, hangs_after="raising\n")
        assert (hangs.status, "ValueError" in hangs.stderr) == (None, True)
        for number in signal.SIGTERM, signal.SIGKILL:
            outcome = script(PARENT_IS_ENDED.format(number=int(number)))
            assert outcome.stdout == f"{-number} False\n", outcome.stderr
    shown(
        "joinable-queue/daemon_workers", "while True:", "daemon=True", "Output\nAll orders packed"
    )


def under_every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver`
    and `spawn`.
    """
    shown("event/smallest", "Output\nAverage")
    shown("event/all_waiters", "Output\n['running'")
    shown("event/stop", "Output\nfirst reading")


def of_a_manager() -> None:
    """To pass it as an argument of `Pool.map` or through a `Queue`: the `Event()` of a Manager."""
    queue: Queue[ThreadEvent] = Queue()
    with Manager() as manager, Pool(1) as pool:
        event, other = manager.Event(), manager.Event()
        pool.map(_set_it, [event])
        assert event.is_set()
        queue.put(other)
        queue.get().set()
        assert other.is_set()


def a_state() -> None:
    """To wait for a state that comes and goes, such as "at least 10 orders": Condition."""
    shown("condition/smallest", "wait_for(lambda: orders.value >= 3)", "Packed a parcel of 3")


def for_each_other() -> None:
    """To let several processes wait for each other: Barrier."""
    shown("barrier/smallest", "all_written = Barrier(3)", "all_written.wait()", "30 of 60")


def the_end_of_a_process() -> None:
    """To wait for a process to end: its `join()`."""
    shown("event/stop", "sensor.join()", "Exit code of the sensor: 0")


def what_becomes_of_it() -> None:
    """If the worker fails before it has put its answer, the parent waits forever in `get()`, unless
    you pass a timeout.

    Neither an event nor a queue reports the end of a process.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "event/smallest",
        "If something fails",
        "a worker is killed            hangs",
        "answers.get()",
    )
    results: Queue[int] = Queue()
    worker = Process(target=_raise_before_put, args=(results,))
    worker.start()
    worker.join()
    assert worker.exitcode == 1
    with raises(Empty):
        results.get(timeout=PAUSE)
