"""What docs/pitfalls/pool-argument.md says."""

import copy
import pickle
from ctypes import Structure, c_int
from multiprocessing import (
    Array,
    Lock,
    Manager,
    Pool,
    Process,
    Queue,
    SimpleQueue,
    Value,
    get_context,
    get_start_method,
)
from multiprocessing.connection import wait
from multiprocessing.managers import SyncManager
from multiprocessing.reduction import ForkingPickler
from multiprocessing.sharedctypes import Synchronized
from typing import Any

from tests.claims import SURE, TIME_LIMIT, on, raises, script, shown

PUT = """
from multiprocessing import Lock, Queue, Value
from queue import Empty


def main():
    queue = Queue()
    for shared in [Value("i"), Lock(), "next"]:
        queue.put(shared)
    print(queue.get())
    try:
        queue.get(timeout=0.1)
    except Empty:
        print("nothing")


if __name__ == "__main__":
    main()
"""
INHERITANCE = "objects should only be shared between processes through inheritance"
_shared: tuple[object, ...] = ()


def _keep(*shared: object) -> None:
    global _shared
    _shared = shared


def _use(number: int) -> None:
    counter, numbers, queue, lock = _shared
    with lock:  # type: ignore[attr-defined]
        counter.value += number  # type: ignore[attr-defined]
        numbers[0] += number  # type: ignore[index]
    queue.put(number)  # type: ignore[attr-defined]


def _add(counter: "Synchronized[int]") -> None:
    with counter.get_lock():
        counter.value += 1


def with_initargs() -> None:
    """Pass a `Value`, `Array`, `Queue` or `Lock` to the workers of a pool with `initializer=` and
    `initargs=`, not as an argument of `map`. This is how you combine `Pool.map` with shared
    memory such as an `Array`.

    For a pool, `initargs=` does the same.
    """
    counter, numbers = Value("i", 0), Array("d", 1)
    queue: Queue[int] = Queue()
    with Pool(1, _keep, (counter, numbers, queue, Lock())) as pool:
        pool.map(_use, [1, 2, 3])
        assert [queue.get() for _ in range(3)] == [1, 2, 3]
    assert (counter.value, numbers[:]) == (6, [6.0])


def the_messages() -> None:
    """One of these errors is raised, with the same message in all versions:

    The first word tells the kind of object. `Synchronized` is a `Value`, and `Condition` can
    also be an `Event` or a `Barrier`. Other kinds are below.

    An `Event` and a `Barrier` contain a `Condition`, so the message names that.
    """
    shown(
        "pool-argument/every_message",
        f"Output\nValue:\n  RuntimeError: Synchronized {INHERITANCE}\n",
        f"\nArray:\n  RuntimeError: SynchronizedArray {INHERITANCE}\n",
        f"\nQueue:\n  RuntimeError: Queue {INHERITANCE}\n",
        f"\nLock:\n  RuntimeError: Lock {INHERITANCE}\n",
        f"\nCondition:\n  RuntimeError: Condition {INHERITANCE}\n",
        f"\nEvent:\n  RuntimeError: Condition {INHERITANCE}\n",
        f"\nBarrier:\n  RuntimeError: Condition {INHERITANCE}\n",
    )


def only_at_the_start() -> None:
    """A pool pickles each call with its arguments and sends it to a worker that is already
    running.

    That is what "inheritance" means here, under every start method. It has nothing to do with
    classes.

    `Process(target=..., args=(counter,))` works, because the arguments are passed when the
    process is started.
    """
    counter = Value("i", 0)
    with Pool(1) as pool:
        assert pool.apply(abs, [-1]) == 1
        with raises(RuntimeError, text=INHERITANCE):
            pool.apply(_add, [counter])
    worker = Process(target=_add, args=(counter,))
    worker.start()
    worker.join()
    assert counter.value == 1


def in_a_global() -> None:
    """Each worker calls `set_counter(counter)` once, when it is started. The worker keeps the
    `Value` in a global variable of its own, and all calls in that worker use it.
    """
    shown("pool-argument/with_initializer", "initializer=set_counter", "global done")
    shown("pool-argument/with_initializer", "with done.get_lock()", "Downloads done: 3")


def executor_raises() -> None:
    """A `ProcessPoolExecutor` raises the same error, from `result()`:"""
    shown(
        "pool-argument/value_in_executor",
        ".result()\n",
        f"\nRuntimeError: Synchronized {INHERITANCE}",
    )


def executor_initializer() -> None:
    """To pass the `Value`, use the executor's `initializer=` and `initargs=`:"""
    shown("pool-argument/executor_initializer", "initargs=(counter,)", "Downloads done: 3")


def default_context() -> None:
    """`get_context()` returns an object with the classes and functions of `multiprocessing`, for
    the default start method:
    """
    assert get_context().get_start_method() == get_start_method()
    shown("pool-argument/every_message", "context.Value(", "context.Pool(1)")


class _Point(Structure):
    _fields_ = (("x", c_int),)


def a_structure() -> None:
    """For a `Value` of a structure, the message names the class of the structure, as in
    `SynchronizedPoint`.
    """
    with raises(RuntimeError, text=f"Synchronized_Point {INHERITANCE}"):
        ForkingPickler.dumps(Value(_Point))


def put_into_a_queue() -> None:
    """If you put a `Value` or a `Lock` into a `Queue`, `put()` raises nothing: the same error is
    raised in a thread, and the object never arrives.
    """
    outcome = script(PUT)
    assert (outcome.status, outcome.stdout) == (0, "next\nnothing\n")
    assert f"RuntimeError: Synchronized {INHERITANCE}" in outcome.stderr
    assert f"RuntimeError: Lock {INHERITANCE}" in outcome.stderr
    assert "program.py" not in outcome.stderr


def a_key_of_its_own() -> None:
    """If the manager has an `authkey` of its own, a pool's task never returns, and an executor
    raises `BrokenProcessPool`.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    with SyncManager(authkey=b"of its own") as manager, Pool(1) as pool:
        (worker,) = pool._pool  # type: ignore[attr-defined]
        shared = manager.list("abc")
        result = pool.map_async(len, [shared])
        assert wait([worker.sentinel], TIME_LIMIT)
        result.wait(SURE)
        assert not result.ready()
        with ProcessPoolExecutor(1) as executor, raises(BrokenProcessPool):
            executor.submit(len, shared).result()


def _in_order(line: "SimpleQueue[str]") -> None:
    global _shared
    _shared = (line,)


def _wait_for_it() -> str:
    word: str = _shared[0].get()  # type: ignore[attr-defined]
    return word


def kept_until_the_result() -> None:
    """Keep the proxy in a variable until you have the result: otherwise, with
    `pool.apply_async(work, [manager.dict()])`, or with a generator as the argument of `pool.map`,
    the task may never return.
    """
    line: SimpleQueue[str] = SimpleQueue()
    with Manager() as manager:
        for generator in (False, True):
            with Pool(1, _in_order, [line]) as pool:
                (worker,) = pool._pool  # type: ignore[attr-defined]
                first = pool.apply_async(_wait_for_it)
                if generator:
                    result: Any = pool.map_async(len, (manager.dict() for _ in "a"))
                else:
                    result = pool.apply_async(len, [manager.dict()])
                while manager._number_of_objects():  # type: ignore[attr-defined]
                    pass
                line.put("the objects are gone")
                assert first.get(TIME_LIMIT) == "the objects are gone"
                assert wait([worker.sentinel], TIME_LIMIT)
                result.wait(SURE)
                assert not result.ready()


class _Holder:
    def __init__(self) -> None:
        self.helper = Process()


def a_method_is_pickled_with_its_object() -> None:
    """A method that is the function of a task is pickled together with its object and everything
    that the object holds. An object that holds a pool, a manager or a `Process` therefore fails.
    The message for a manager or a `Process` does not name it, but the `AuthenticationString` that
    each of them holds. In Python 3.14 and later, the lines below the message name the attribute.
    """
    shown("pool-argument/pool_inside", "pool", "NotImplementedError", "AuthenticationString")
    with raises(TypeError):
        try:
            ForkingPickler.dumps(_Holder())
        except TypeError as error:
            notes = "".join(getattr(error, "__notes__", []))
            assert ("'helper'" in notes) == on("Python 3.14 and later")
            raise


def leave_the_pool_out() -> None:
    """Give the class a `__getstate__` that leaves the pool out. Or use a function in place of the
    method, and pass it what it needs.
    """
    shown("pool-argument/pool_left_out", "__getstate__", "Output")


class _Printer:
    def __init__(self, own: bool) -> None:
        self.jobs: list[Any] = []
        self.own = own
        self.lock = Lock()

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Printer":
        other = copy.copy(self)
        memo[id(self)] = other
        memo[id(self.lock)] = Lock() if self.own else self.lock
        vars(other).update(copy.deepcopy(vars(self), memo))
        return other


class _Color(_Printer):
    inks: list[str]


def _a_whole_copy() -> None:
    """What the page does: the references, a subclass and its attributes are right in the copy."""
    for line in (
        "memo[id(self)] = other",
        "memo[id(self.lock)] = Lock()",
        "vars(other).update(copy.deepcopy(vars(self), memo))",
    ):
        shown("pool-argument", line)
    for own in (True, False):
        printer = _Color(own)
        printer.inks = ["cyan"]
        printer.jobs += [printer, printer.lock]
        one, same = copy.deepcopy([printer, printer])
        assert one is same and one is not printer and type(one) is _Color
        assert one.jobs == [one, one.lock] and one.jobs is not printer.jobs
        assert one.inks == ["cyan"] and one.inks is not printer.inks
        assert (one.lock is printer.lock) != own


def a_deep_copy() -> None:
    """`copy.deepcopy()` raises the same error without any process, because it asks an object for
    its parts as pickle does. `copy.copy()` of the printer works, because it does not copy the
    lock:

    So a job that refers to its printer then refers to the copy. Decide whether the copy gets a lock
    of its own, as here, or the same lock, for which you enter `self.lock`:
    """
    _a_whole_copy()
    shown(
        "pool-argument",
        "    copy.deepcopy(printer)\n",
        f"#> Lock {INHERITANCE}",
        "print(copy.copy(printer).lock is printer.lock)\n#> True",
        "#> ['menu'] False False",
    )
    asked: list[int] = []

    class Part:
        def __reduce_ex__(self, protocol: int) -> tuple[type[int], tuple[int]]:  # type: ignore[override]
            asked.append(protocol)
            return int, (7,)

    copied: list[Any] = copy.deepcopy([Part()])
    assert copied == [7]
    assert pickle.loads(pickle.dumps(Part())) == 7
    assert len(asked) == 2
