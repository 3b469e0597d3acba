"""What docs/pitfalls/race.md says."""

from multiprocessing import Array, Lock, Manager, Pool, Process, Value
from multiprocessing.managers import DictProxy
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Lock as LockType
from threading import Lock as ThreadLock

from tests.claims import SURE, no_fact, raises, shown
from tests.claims._recorders import RecordedLock, calls_of

kept: LockType


def _sell(sold: "Synchronized[int]", tickets: int) -> None:
    for _ in range(tickets):
        sold.value += 1


def _acquire(lock: LockType, acquired: "Synchronized[int]") -> None:
    acquired.value = lock.acquire(timeout=SURE)


def _keep(lock: LockType) -> None:
    global kept
    kept = lock


def _is_held() -> bool:
    return not kept.acquire(block=False)


def _is_held_too(lock: ThreadLock) -> bool:
    return not lock.acquire(False)


def hold_the_lock() -> None:
    """Hold the lock of the `Value` around `counter.value += 1`, with `with counter.get_lock():`,
    because the line is more than one step.
    """
    shown("race/fixed", "with sold.get_lock():\n        sold.value += 1", "Tickets sold: 100")


def only_one_holds_it() -> None:
    """Only one process at a time can hold a lock, and the others wait."""
    lock, acquired = Lock(), Value("i", -1)
    worker = Process(target=_acquire, args=(lock, acquired))
    with lock:
        worker.start()
        worker.join()
    assert acquired.value == 0


def silent() -> None:
    """Silent. No error is reported. The program ends with exit status 0 and sometimes with a
    wrong result: after 100 processes have each added 1, the counter may be at 97.
    """
    shown("race/unsafe", "range(100)", "Output, only checked to end at or below 100")
    shown("race/unsafe_every_time", "Output\n", "Tickets sold by 4 sellers: 1")


def no_collision() -> None:
    """A run in which no two processes collide ends with 100."""
    sold = Value("i", 0)
    for _ in range(2):
        seller = Process(target=_sell, args=(sold, 50))
        seller.start()
        seller.join()
    assert sold.value == 100


def three_steps() -> None:
    """`sold.value += 1` is three steps:

    read `sold.value`

    add 1

    write `sold.value`

    A `Value` acquires its lock for each read and for each write, but does not hold the lock
    from the read to the write.
    """
    recorded = RecordedLock()
    sold = Value("i", 41, lock=recorded)  # type: ignore[call-overload]
    sold.value += 1
    assert recorded.calls == ["acquire", "release"] * 2
    assert sold.value == 42


def one_sale_is_lost() -> None:
    """Two processes can both read 41, both add 1, and both write 42, so one sale is lost."""
    shown("race/unsafe_every_time", "count = sold.value", "sold.value = count + 1", ": 1")


def step_through_it() -> None:
    """Step through it, from 0."""
    no_fact("where to do so")


def what_a_race_is() -> None:
    """This is a race, or race condition: the result depends on which process comes first."""
    no_fact("a definition")


def wherever_two_steps_are() -> None:
    """It can happen wherever one step reads and a later step writes what follows from it, as in
    `numbers[0] += 1` or in `if name not in prices: prices[name] = ...`.
    """
    recorded = RecordedLock()
    numbers = Array("i", 3, lock=recorded)  # type: ignore[call-overload]
    numbers[0] += 1
    assert recorded.calls == ["acquire", "release"] * 2
    with Manager() as manager:
        prices: DictProxy[str, int] = manager.dict()
        calls = calls_of(prices)
        if "pear" not in prices:
            prices["pear"] = 3
    assert calls == ["__contains__", "__setitem__"]


def only_at_or_below() -> None:
    """The total varies from run to run, so it is only checked that the number is 100 or less."""
    shown("race/unsafe", "Output, only checked to end at or below 100", "Tickets sold: ")


def run_it_again() -> None:
    """If your run ends with 100, run it again, or use the next program. A race that did not show
    in one run is still there.
    """
    no_fact("advice")


def the_barrier() -> None:
    """Here the steps are written out, with a `Barrier` between the read and the write. The
    `Barrier` lets no process through until all four have reached it, so each has read 0 before
    the first writes 1.
    """
    shown(
        "race/unsafe_every_time",
        "count = sold.value\n    all_have_read.wait()\n    sold.value = count + 1",
        "Barrier(4)",
        "Tickets sold by 4 sellers: 1",
    )


def its_own_lock() -> None:
    """`get_lock()` returns the lock that the `Value` made for itself, so you do not need a `Lock`
    of your own. An Array has a `get_lock()`, too.
    """
    shown("race/fixed", 'Value("i", 0)', "with sold.get_lock():", "Tickets sold: 100")
    numbers = Array("i", 3)
    with numbers.get_lock():
        assert numbers[0] == 0


def no_lock() -> None:
    """With `lock=False` there is no lock, and no `get_lock()`."""
    for shared in (Value("i", 0, lock=False), Array("i", 3, lock=False)):
        with raises(AttributeError):
            shared.get_lock()


def a_proxy() -> None:
    """A manager keeps the dict in a process of its own, and other processes reach it through a
    proxy. `sold["concert"] += 1` is two calls on the proxy, one that reads and one that writes,
    and the addition is between them. So is the race.
    """
    shown("race/manager_dict_unsafe", 'sold["concert"] = count + 1', "by 4 sellers: 1")
    with Manager() as manager:
        sold = manager.dict(concert=0)
        assert isinstance(sold, DictProxy)
        calls = calls_of(sold)
        sold["concert"] += 1
        assert calls == ["__getitem__", "__setitem__"]


def it_is_written_out() -> None:
    """Here the two calls are written out, with a `Barrier` between them."""
    shown(
        "race/manager_dict_unsafe",
        'count = sold["concert"]\n    all_have_read.wait()\n    sold["concert"] = count + 1',
    )


def a_lock_of_your_own() -> None:
    """A manager's dict has no `get_lock()`, nor has a manager's `Value`. Make a `Lock` yourself,
    and hold it around the line in every process that changes the dict.
    """
    shown("race/manager_dict_fixed", 'with lock:\n        sold["concert"] += 1', "sellers: 4")
    with Manager() as manager, raises(AttributeError):
        manager.dict().get_lock()  # type: ignore[attr-defined]
    with Manager() as manager, raises(AttributeError):
        manager.Value("i", 0).get_lock()  # type: ignore[attr-defined]


def in_a_pool() -> None:
    """The workers of a pool get the lock through an initializer, or as an argument if it is a
    `manager.Lock()`.
    """
    with Manager() as manager:
        lock, managed = Lock(), manager.Lock()
        with Pool(1, initializer=_keep, initargs=(lock,)) as pool:
            with lock, managed:
                assert pool.apply(_is_held)
                assert pool.apply(_is_held_too, (managed,))
            with raises(RuntimeError, text="through inheritance"):
                pool.apply(_is_held_too, (lock,))


def one_method() -> None:
    """With an object of your own on a server there is another fix: a single method that does all
    the steps, and holds a lock in the server meanwhile.
    """
    shown("object-on-a-server/one_call", "with self._lock:", "Bought: [False, True]")


def not_two() -> None:
    """A lock inside one method does not protect what an earlier call has read."""
    shown("object-on-a-server/two_calls", "with self._lock:", "Bought: [True, True]")
