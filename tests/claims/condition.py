"""What docs/syntax/condition.md says."""

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import Condition, Event, Lock, Process, RLock
from multiprocessing.synchronize import Condition as ConditionType
from multiprocessing.synchronize import Event as EventType
from multiprocessing.synchronize import RLock as RLockType
from textwrap import dedent
from threading import Event as ThreadEvent
from threading import Thread
from typing import Any

from tests.claims import PAUSE, SURE, TIME_LIMIT, no_fact, raises, script, shown
from tests.claims._starts import KEPT, NOT_KEPT, in_a_child

IN_A_HANDLER = """
import signal
from multiprocessing import Condition
from threading import Thread, main_thread
from time import sleep

calls = []

def notify(*_):
    if calls:
        return
    calls.append("one")
    print("notifies", flush=True)
    with changed:
        changed.notify()
    print("notified", flush=True)

def send():
    with changed:  # which is free when the main thread waits
        pass
    while not calls:  # a signal just before the system call does not end it
        signal.pthread_kill(main_thread().ident, signal.SIGTERM)
        sleep(0.1)

if __name__ == "__main__":
    changed = Condition()
    signal.signal(signal.SIGTERM, notify)
    with changed:
        Thread(target=send, daemon=True).start()
        changed.wait()
    print("goes on", flush=True)
"""


class _State:
    """A state, and how often it was tested."""

    def __init__(self) -> None:
        self.is_right = False
        self.tests = 0

    def test(self) -> bool:
        self.tests += 1
        return self.is_right


class _TimeIsUp:
    """In place of the semaphore on which one waits: the time is up when we say so."""

    def __init__(self) -> None:
        self.time_is_up = ThreadEvent()

    def acquire(self, *how: object) -> bool:
        """As a semaphore does whose time limit is reached."""
        self.time_is_up.wait(TIME_LIMIT)
        return False


def _waiting(condition: Any, wait: Callable[[], object]) -> Thread:
    """A thread that waits; it is in its `wait()` now."""

    held = ThreadEvent()

    def hold_and_wait() -> None:
        with condition:
            held.set()
            wait()

    thread = Thread(target=hold_and_wait, daemon=True)
    thread.start()
    assert held.wait(TIME_LIMIT)
    with condition:  # which is free when it waits
        pass
    return thread


def _notify(condition: Any, n: int = 1) -> None:
    with condition:
        condition.notify(n)


def until_the_state_is_right() -> None:
    """With a `Condition`, a process waits until another one has changed a shared state and calls
    `notify()`. Use it to wait for a state that comes and goes, such as "at least 3 orders".

    Three parts work together: the lock (`with changed:`), a state that all processes see
    (`orders`, a Value), and a test of the state (`wait_for`). The worker waits for orders, and
    the parent adds them.
    """
    shown(
        "condition/smallest", "with changed:\n        changed.wait_for(lambda: orders.value >= 3)"
    )
    shown("condition/smallest", "orders.value += 1\n            changed.notify()", "parcel of 3\n")


def the_others_wait() -> None:
    """Only one process at a time can hold a lock, and the others wait. The `Value` needs no lock
    of its own, because, while both processes run, it is used only under the lock of the
    condition.
    """
    shown("condition/smallest", 'Value("i", 0, lock=False)', "Orders left: 1")
    condition = Condition()
    seen: list[bool] = []
    with condition:
        thread = Thread(target=lambda: seen.append(condition.acquire(block=False)))
        thread.start()
        thread.join()
    assert seen == [False]


def the_lock() -> None:
    """`Condition(lock=None)`

    `lock` | a `Lock` or `RLock` of yours; `None`: a new `RLock`
    """
    from inspect import signature

    assert str(signature(Condition)) == "(lock=None)"
    make: Any = Condition
    for lock in (Lock(), RLock()):
        assert make(lock)._lock is lock
    one, other = make()._lock, make(None)._lock
    assert isinstance(one, RLockType) and isinstance(other, RLockType) and one is not other


def those_of_the_lock() -> None:
    """`acquire(block=True, timeout=None)`, `release()`, `with` | those of the lock"""
    lock: Any = Lock()
    condition: Any = Condition(lock)
    assert condition.acquire(True, 1) is True
    assert lock.acquire(block=False) is False
    assert condition.acquire(block=False) is False
    condition.release()
    with condition:
        assert lock.acquire(block=False) is False
    assert lock.acquire(block=False) is True


def wait_for() -> None:
    """`wait_for(predicate, timeout=None)` | waits until `predicate()` is true; returns what it
    returned last

    `wait_for()` calls `wait()` in a loop around your test.
    """
    shown("condition", "#> at once", "changed.wait_for(lambda: False, timeout=0.01))\n    #> False")
    condition: Any = Condition()
    state = _State()
    answers: list[object] = []
    thread = _waiting(
        condition, lambda: answers.append(condition.wait_for(lambda: state.test() and "right"))
    )
    _notify(condition)
    while state.tests < 2:
        time.sleep(PAUSE)
    state.is_right = True
    _notify(condition)
    thread.join()
    assert (state.tests, answers) == (3, ["right"])


def notify() -> None:
    """`notify(n=1)` | wakes at most `n` of the processes that wait now

    `notify_all()` | wakes all processes that wait now

    With `notify()`, only one of the waiting processes would come in.
    """
    shown("condition/notify_all", "changed.notify_all()", "['came in', 'came in', 'came in']")
    condition = Condition()
    woken: list[bool] = []
    threads = [_waiting(condition, lambda: woken.append(condition.wait())) for _ in range(5)]
    for n, expected in [(1, 1), (2, 3)]:
        _notify(condition, n)
        while len(woken) < expected:
            time.sleep(PAUSE)
    time.sleep(SURE)
    assert len(woken) == 3
    with condition:
        condition.notify_all()
    for thread in threads:
        thread.join()
    assert woken == [True] * 5
    _notify(condition, 7)  # which is more than there are


def hold_the_lock() -> None:
    """Hold the lock when you call any of these but `acquire()`."""
    no_fact("advice")


def released_while_it_waits() -> None:
    """`wait()` and `wait_for()` release the lock while they wait, and have it again when they
    return. The `timeout` does not limit the wait for the lock: if another process holds it, they
    return later.

    `wait()` releases the lock, sleeps, and acquires the lock again.
    """
    condition: Any = Condition(Lock())
    state = _State()
    held: list[bool] = []
    condition._wait_semaphore = _TimeIsUp()
    waits: list[Callable[[], object]] = [
        lambda: condition.wait(timeout=TIME_LIMIT),
        lambda: condition.wait_for(state.test, timeout=TIME_LIMIT),
    ]

    def wait_and_look(wait: Callable[[], object]) -> None:
        wait()
        held.append(condition._lock._semlock._is_mine())

    threads = [_waiting(condition, partial(wait_and_look, wait)) for wait in waits]
    with condition:  # which is free while they wait
        state.is_right = True
        condition._wait_semaphore.time_is_up.set()
        threads[0].join(SURE)
        assert all(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join()
    assert held == [True, True]


def not_held() -> None:
    """If you do not hold the lock, `wait()` and `notify()` raise `AssertionError`, unless Python
    runs with `-O`, which leaves out `assert` statements:
    """
    from inspect import getsource

    shown("condition", "#> AssertionError: must acquire() condition", "#> AssertionError: lock is")
    with raises(AssertionError):
        Condition().wait()
    with raises(AssertionError):
        Condition().notify()
    without_asserts: Any = {}
    for method in ConditionType.wait, ConditionType.notify:
        code = compile(dedent(getsource(method)), "as with -O", "exec", optimize=1)
        exec(code, without_asserts)
    assert without_asserts["wait"](Condition(), timeout=0) is False
    assert without_asserts["notify"](Condition()) is None


def anywhere_in_the_block() -> None:
    """A process that is woken goes on when the lock is free. So `notify()` may stand anywhere in
    the `with` block, before the change of the state or after it.
    """
    condition, state = Condition(), _State()
    thread = _waiting(condition, lambda: condition.wait_for(state.test))
    with condition:
        condition.notify()
        assert state.tests == 1
        state.is_right = True
    thread.join()
    assert state.tests == 2


def which_one() -> None:
    """Use `notify_all()` if processes wait for different states: `notify()` does not look at what
    a process waits for, and may wake one that cannot go on.
    """
    condition, state = Condition(), _State()
    thread = _waiting(condition, lambda: condition.wait_for(state.test))
    _notify(condition)  # of another state
    while state.tests < 2:
        time.sleep(PAUSE)
    assert thread.is_alive()
    state.is_right = True
    _notify(condition)
    thread.join()


def lost_wakeup() -> None:
    """A condition does not remember a `notify()`. If `notify()` is called before `wait()`, the
    process waits until the next one, forever if there is none. This is called a *lost wakeup*.
    Here an `Event` makes sure that `notify()` comes first:

    `wait()` without a state can miss the notification.

    `wait(timeout=None)` | waits for a notification; returns `True`, or `False` if none came
    within `timeout` seconds

    If the process that should call `notify()` fails first, the others wait forever, and their
    parent may hang at its end.
    """
    shown("process/at_the_end", "The program ends\nThe backup is done")
    shown("condition", "print(changed.wait(timeout=0.01))\n    #> False")
    shown("condition/lost_notify", "notified.wait()\n    with changed:\n        changed.wait()")
    shown(
        "condition/lost_notify", "changed.notify()\n    notified.set()", "still running after 5 s"
    )
    condition = Condition()
    _notify(condition)
    answers: list[bool] = []
    thread = _waiting(condition, lambda: answers.append(condition.wait()))
    with raises(ZeroDivisionError), condition:
        condition.notify(1 // 0)
    thread.join(SURE)
    assert thread.is_alive()
    _notify(condition)
    thread.join()
    assert answers == [True]


def wait_for_a_state() -> None:
    """The fix: wait for a *state*. `wait_for()` first tests the state, and waits only if it is not
    right yet:
    """
    shown("condition/state_kept", "changed.wait_for(lambda: orders.value > 0)", "packer is done")
    assert Condition().wait_for(lambda: True)


def by_hand() -> None:
    """So use `wait_for()`, and change the state under the same lock. The loop `while not test():
    changed.wait()` does the same.
    """
    condition, state = Condition(), _State()

    def loop() -> None:
        while not state.test():
            condition.wait()

    thread = _waiting(condition, loop)
    with condition:
        state.is_right = True
        condition.notify()
    thread.join()
    assert state.tests == 2


def a_waiter_is_killed() -> None:
    """`notify()` waits until as many processes are awake as it wakes. If a process is killed or
    terminated in its `wait()`, a later `notify()` may never return, and keeps the lock:

    If a process is killed while it waits, a later `notify()` may never return.
    """
    shown("condition/waiter_killed", "packer.terminate()", "changed.notify()\n        print")
    shown("condition/waiter_killed", "still running after 5 s", "ended while it was waiting")


def a_waiter_is_stopped() -> None:
    """If a process is stopped in its `wait()`, by SIGSTOP or Ctrl-Z, `notify()` waits until it
    continues.
    """
    if sys.platform == "win32":
        return  # it stops no process
    changed, begun = Condition(), Event()
    waiter = Process(target=_wait_for_a_change, args=(changed, begun))
    waiter.start()
    assert begun.wait(TIME_LIMIT)
    with changed:  # it has let go of the lock, so it is in wait()
        os.kill(waiter.pid or 0, signal.SIGSTOP)
    notifier = Thread(target=_notify, args=(changed,))
    notifier.start()
    notifier.join(SURE)
    assert notifier.is_alive()
    os.kill(waiter.pid or 0, signal.SIGCONT)
    notifier.join()
    waiter.join()


def _wait_for_a_change(changed: ConditionType, begun: EventType) -> None:
    with changed:
        begun.set()
        changed.wait()


def event_and_thread_too() -> None:
    """The same happens to the `set()` of an Event, which calls `notify_all()`, and if a process
    ends while a daemon thread of it is in `wait()`.
    """
    assert "notify_all" in EventType.set.__code__.co_names
    changed = Condition()
    assert in_a_child(_leave_a_thread_waiting, changed) == 0
    notifier = Thread(target=_notify, args=(changed,))
    notifier.start()
    notifier.join(SURE)
    assert notifier.is_alive()
    changed._woken_count.release()  # type: ignore[attr-defined]  # in its place
    notifier.join()


def _leave_a_thread_waiting(changed: ConditionType) -> None:
    _waiting(changed, changed.wait)


def let_it_end() -> None:
    """So do not terminate a process that waits: change the state for which it waits, so that it
    ends.

    Where that can happen, give `wait_for()` a `timeout` and check what it returns.
    """
    no_fact("advice")


def no_data() -> None:
    """The condition holds no data. The state must be shared, too: use a Value, an Array or an
    object of a manager. A plain variable is a copy in each process, so a process that waits does
    not see it change.
    """
    names = {name for name in vars(Condition()) if name[0] != "_"}
    assert names == {"acquire", "release"}
    shown("condition/smallest", "orders = Value(", "Packed a parcel of 3")
    shown("ordinary-objects/list_copied", "append(21.5)", "Temperatures: []")


def when_it_can_be_passed() -> None:
    """Pass the condition to a child as an argument of `Process`, or to the workers of a pool with
    `initializer=`. At any other time it cannot be pickled: see "through inheritance".
    """
    shown("condition/smallest", "args=(orders, changed, answers)", "Packed a parcel of 3")
    shown("executor-lock-counter/shared", "initializer=", "Output")
    with raises(RuntimeError, text="Condition objects should only be shared between processes"):
        pickle.dumps(Condition())


def four_parts() -> None:
    """A condition is a lock and three semaphores: the processes that wait sleep on one, and the
    other two count those that went to sleep and those that woke.
    """
    condition: Any = Condition()
    parts = {name: type(part).__name__ for name, part in vars(condition).items()}
    parts = {name: kind for name, kind in parts.items() if name[0] == "_"}
    counts = ["_sleeping_count", "_woken_count", "_wait_semaphore"]
    assert parts == {"_lock": "RLock", **dict.fromkeys(counts, "Semaphore")}
    with condition:
        condition.wait(timeout=0)
    if sys.platform != "darwin":  # which does not tell the numbers
        assert [getattr(condition, name).get_value() for name in counts] == [1, 1, 0]


def changed_too_late() -> None:
    """If the state is changed after the `with` block in which `notify()` is called, the process
    that is woken may still find the old state, and then waits until the next `notify()`.
    """
    condition, state = Condition(), _State()
    thread = _waiting(condition, lambda: condition.wait_for(state.test))
    _notify(condition)
    while state.tests < 2:  # which another process may do before the next line
        time.sleep(PAUSE)
    with condition:  # which is free when it waits again
        pass
    state.is_right = True
    assert thread.is_alive()
    _notify(condition)
    thread.join()
    assert state.tests == 3


def changed_without_the_lock() -> None:
    """If the state is changed without the lock, updates can be lost."""
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")


def killed_with_the_lock() -> None:
    """A process that is killed while it holds the lock does not release it, and the others wait
    forever.
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")


def in_a_signal_handler() -> None:
    """`notify()` in a signal handler can deadlock, because the process may be inside `wait()` of
    the same condition at that moment, and `notify()` waits until it is awake.
    """
    if sys.platform != "win32":
        hanging = script(IN_A_HANDLER, hangs_after="notifies\n")
        assert (hanging.status, hanging.stdout) == (None, "notifies\n")


def not_joined() -> None:
    """Keep the condition in a variable until you have joined the children that use it. Otherwise,
    they may find that it has been removed, under `forkserver` and `spawn`, except on Windows.
    """
    shown(*NOT_KEPT)
    shown(*KEPT)


def every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver` and
    `spawn`.
    """
    shown("condition/smallest", "Output\nPacked")
    shown("condition/notify_all", "Output\n['came in'")
    shown("condition/state_kept", "Output\nNotified")


def a_lambda() -> None:
    """The test in `wait_for` may be a `lambda`, because it is called in the process that waits,
    and is not pickled.
    """
    shown("condition/smallest", "changed.wait_for(lambda: orders.value >= 3)", "Packed a parcel")


def in_main() -> None:
    """Make the condition in `main()` and pass it."""
    no_fact("advice")


def once() -> None:
    """To wait for something that happens once and stays so: Event."""
    shown("event/all_waiters", "start.set()\n    late = Process", "'running', 'running', 'running'")


def items() -> None:
    """To pass on items: Queue, whose `get()` waits."""
    shown("queue/smallest", ".get()", "pear 4\napple 3")


def for_each_other() -> None:
    """To let several processes wait for each other: Barrier."""
    shown("barrier/smallest", "all_written.wait()", "30 of 60")


def what_becomes_of_it() -> None:
    """If the worker fails, the parent waits forever for its answer.

    If it is killed while it holds the lock, the parent waits forever to acquire the lock.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "condition/smallest",
        "If something fails",
        "a worker is killed            hangs",
        "killed while it holds a lock  hangs",
    )
