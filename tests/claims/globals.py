"""What docs/pitfalls/globals.md says."""

import os
import pickle
import sys
from contextvars import ContextVar, copy_context
from functools import lru_cache
from multiprocessing import Queue, Value, get_start_method
from multiprocessing.pool import Pool
from multiprocessing.queues import Queue as QueueType
from multiprocessing.sharedctypes import Synchronized
from queue import Empty
from threading import Thread

from tests.claims import PAUSE, PRELOADED, no_fact, on, raises, script, shown
from tests.claims._starts import in_a_child

GLOBALS = """
import os
from multiprocessing import Event, Process, SimpleQueue, set_forkserver_preload

{first}
value = "import"
imported_by = os.getpid()

def report(started, seen):
    started.wait()
    seen.put((value, imported_by == os.getpid(), imported_by))

def set_late():
    global set_by_function
    set_by_function = 7

if __name__ == "__main__":
    set_late()
    started, seen = Event(), SimpleQueue()
    value = "before start"
    workers = [Process(target=report, args=(started, seen)) for _ in range(2)]
    for worker in workers:
        worker.start()
    value = "after start"
    started.set()
    for worker in workers:
        there, own, pid = seen.get()
        print(there, "own" if own else "parent" if pid == os.getpid() else "server", end=", ")
    for worker in workers:
        worker.join()
"""
OBJECTS = """
from multiprocessing import Event, Lock, Process, Queue, Value

lock, total, orders, closed = Lock(), Value("i", 0), Queue(), Event()

def work():
    print(lock.acquire(block=False), total.value, closed.is_set())
    orders.put("tea")

if __name__ == "__main__":
    lock.acquire()
    total.value = 1
    closed.set()
    worker = Process(target=work)
    worker.start()
    worker.join()
    print("nothing" if orders.empty() else orders.get())
"""
DEFINED_LATE = """
from multiprocessing import Process

def define():
    global tax_percent
    tax_percent = 7

def report():
    print("tax_percent" in globals(), __name__)

if __name__ == "__main__":
    define()
    worker = Process(target=report)
    worker.start()
    worker.join()
"""

tax_percent = 0


@lru_cache
def _look_up(item: str) -> int:
    return len(item)


def _look_up_and_count(item: str) -> tuple[int, int]:
    """How many calls the cache of this process has answered, and how many not."""
    _look_up(item)
    info = _look_up.cache_info()
    return info.hits, info.misses


def _set_tax(percent: int, calls: "Synchronized[int]") -> None:
    global tax_percent
    tax_percent = percent
    with calls.get_lock():
        calls.value += 1


def _raise_tax() -> tuple[int, int]:
    """The tax before it is raised, and who did it."""
    global tax_percent
    tax_percent += 1
    return tax_percent - 1, os.getpid()


def _end_before_put(taken: "QueueType[str]") -> None:
    raise SystemExit(7)


def pass_it_and_send_it_back() -> None:
    """Each worker has its own copy of a global variable: pass the value as an argument, and send
    the result back.

    Under every start method the worker changes its own copy, and nothing sends that copy back.
    """
    shown(
        "globals/changed_in_child", "\norders = {", 'orders["apple"] += 1', "Orders: {'apple': 0}"
    )
    shown("globals/as_argument", "args=(tax_percent,)", "Tax: 7")
    shown("globals/sent_back", 'taken.put("apple")', "Orders: {'apple': 1}")


def silent() -> None:
    """Silent. In most cases there is no error. The program ends with exit status 0 and the wrong
    result: a change made in the worker is missing in the parent, or the worker sees an old
    value.
    """
    shown("globals/changed_in_child", "Output\n", "worker: 0\nOrders: {'apple': 0}")
    shown("globals/changed_in_parent", "Output\n", "The worker sees 19")


def set_under_the_guard() -> None:
    """If the global is set only under the main guard, a `Process` that reads it ends with an
    error under `forkserver` and `spawn`, and the parent may still end with exit status 0:
    """
    shown(
        "globals/under_guard",
        '__name__ == "__main__":\n    tax_percent = 7',
        "Exit code of the worker: 1",
        "NameError: name 'tax_percent' is not defined",
        "Standard error, with ... for what differs\n",
    )


def where_they_come_from() -> None:
    """Where the worker's globals come from depends on the start method:

    `spawn` | made in each worker, by an import of the program

    `forkserver` | made by an import of the program, once or in each worker

    Even under `fork` the worker does not see what the parent changes after `start()`.

    How many imports there are depends on the start method and, under `forkserver`, on the
    version of Python.

    Under `fork` all workers have the parent's number.

    Under `spawn` each worker makes its own number.

    Under `forkserver` each worker makes its own number in Python 3.11, 3.12, 3.13.0 to 3.13.7
    and 3.14.0.

    Under `forkserver` in Python 3.13.8 and later and 3.14.1 and later, the fork server
    imports the program once, and all workers have the server's number.
    """
    shared = "import server, " if on(PRELOADED) else "import own, "
    expected = {"fork": "before start parent, ", "spawn": "import own, ", "forkserver": shared}
    assert script(GLOBALS.format(first="")).stdout == 2 * expected[get_start_method()]


def the_server_does_not_import_it() -> None:
    """In two cases the server does not import it, and each worker makes its own number as
    before: if the program is started with `python -m program`, and if it calls
    `set_forkserver_preload` with a list in which `"__main__"` is missing.
    """
    if get_start_method() == "forkserver":
        own = 2 * "import own, "
        assert script(GLOBALS.format(first=""), module=True).stdout == own
        assert script(GLOBALS.format(first="set_forkserver_preload(['json'])")).stdout == own


def _tax() -> int:
    return tax_percent


def a_copy() -> None:
    """`fork` | a copy of the parent's, made at `start()`, when the `Pool` is created or replaces a
    worker, or at the first task of an executor
    """
    from concurrent.futures import ProcessPoolExecutor

    global tax_percent
    if get_start_method() == "fork":
        tax_percent = 7
        with Pool(1) as pool:
            tax_percent = 19
            assert pool.apply(_tax) == 7
        with Pool(1, maxtasksperchild=1) as pool:
            tax_percent = 7
            assert [pool.apply(_tax) for _ in range(2)] == [19, 7]
        with ProcessPoolExecutor(1) as executor:
            tax_percent = 5
            assert executor.submit(_tax).result() == 5
        tax_percent = 0


def under_the_guard_nothing_runs() -> None:
    """During that import `__name__` is not `"__main__"`, so the code under the main guard does
    not run, nor do the functions that it calls.
    """
    is_imported = get_start_method() != "fork"
    expected = "False __mp_main__\n" if is_imported else "True __main__\n"
    assert script(DEFINED_LATE).stdout == expected


def it_ends_before_put() -> None:
    """If the worker ends before its `put()`, `get()` waits forever."""
    taken: QueueType[str] = Queue()
    assert in_a_child(_end_before_put, taken) == 7
    with raises(Empty):  # nobody is left to put anything
        taken.get(timeout=PAUSE)


def with_numpy() -> None:
    """With NumPy, make a generator in the worker: `np.random.random()` may give the same number in
    all workers.
    """
    shown("random-numbers/own_state", "    rng = np.random.default_rng()", "Different, rng: 4")
    shown("random-numbers/shared_state", "np.random.random()", "Different, np.random: 1")


def shared_instead() -> None:
    """For a number that many workers change, use a Value; for a dict, use a manager."""
    no_fact("advice")


def captions() -> None:
    """The program that fails:

    The fix:

    The program that fails, except under `fork`:

    The fix is the same as in the next section: pass the value.

    The fix passes the value:

    The fix makes the value in the worker:
    """
    no_fact("an introduction of a program")


def an_initializer() -> None:
    """Each worker of a `Pool` runs many calls. Give it the value once, with an initializer: a
    function that each worker calls before its first task. A global that the initializer sets is
    there in all later calls of that worker. A call also sees what earlier calls of the same worker
    have changed.
    """
    calls: Synchronized[int] = Value("i", 0)
    with Pool(1, initializer=_set_tax, initargs=(7, calls), maxtasksperchild=2) as pool:
        seen = [pool.apply(_raise_tax) for _ in range(4)]
        pool.close()
        pool.join()
    first, same, second, _ = seen
    assert first[1] == same[1] != second[1]
    assert [first[0], same[0], second[0]] == [7, 8, 7]
    assert calls.value in (2, 3)


def made_by_each_import() -> None:
    """A random number, a time or an open file that is made at module level is made again by each
    import.
    """
    shown("globals/made_at_import", "\nseed = random.getrandbits(64)", "3 workers: 3")


def objects_are_made_again() -> None:
    """A `Lock`, a `Value`, a `Queue` or an `Event` that is made at module level is made again in
    the same way, so under `forkserver` and `spawn` a worker does not have the parent's.
    """
    is_fork = get_start_method() == "fork"
    expected = "False 1 True\ntea\n" if is_fork else "True 0 False\nnothing\n"
    assert script(OBJECTS).stdout == expected


def objects_are_passed() -> None:
    """Make it in `main()`, and pass it as an argument, or to a pool or an executor with an
    initializer.
    """
    shown("lock/smallest", "def main():\n    lock = Lock()", "args=(20, stock, lock)")
    shown("pool-argument/with_initializer", "initializer=set_counter")
    shown("pool-argument/executor_initializer", "initializer=set_counter")


def rely_on_nothing() -> None:
    """Do not rely on any of this: make such a value inside the worker, or pass it as an
    argument.
    """
    shown("globals/made_in_worker", "    seed = random.getrandbits(64)", "3 workers: 3")


def in_another_form() -> None:
    """All of these are globals in another form: the cache of a function is kept in the function, a
    class attribute in the class, and a singleton in its module or class. So each worker has its
    own, fills its own, and the parent's stays as it was:
    """
    shown("globals/cache_for_each", "A worker: misses 1, looked up 1\nA worker: misses 1")
    shown("globals/cache_for_each", "The parent: misses 0, looked up 0")


def the_caches_of_workers() -> None:
    """`cache_clear()` in the parent does not clear the caches of workers that are running, so they
    go on returning old results. Under `fork`, a worker begins with a copy of the parent's cache:
    what the parent has looked up before `start()` is found there.
    """
    _look_up("apple")
    with Pool(1) as pool:
        counts = [pool.apply(_look_up_and_count, ["apple"])]
        _look_up.cache_clear()
        counts.append(pool.apply(_look_up_and_count, ["apple"]))
        pool.close()
        pool.join()
    is_fork = get_start_method() == "fork"
    assert counts == ([(1, 1), (2, 1)] if is_fork else [(0, 1), (1, 1)])


def a_cache_for_all() -> None:
    """For a cache that all processes use, see A cache for all workers."""
    shown("shared-cache/orders", "way = Cache(")


_no_default: ContextVar[str] = ContextVar("no_default")
_tenant: ContextVar[str] = ContextVar("tenant", default="nobody")


def _bill(name: str = "") -> str:
    if name:
        _tenant.set(name)
    return _tenant.get()


def _has_value() -> bool:
    try:
        _no_default.get()
    except LookupError:
        return False
    return True


def a_context_variable() -> None:
    """A context variable of the module `contextvars` has no value that `main` has set in a worker
    under `forkserver` and `spawn`, so `get()` returns the default, or raises `LookupError` if there
    is none. Under `fork`, a worker has a copy of the context of the thread that started it. Those
    of an executor are started by the first `submit`, so each later task finds the context of that
    call: in a web server, the data of another request. A worker that replaces another one in a
    `Pool` is started by a thread of the pool, and may find the default. Under every start method, a
    worker does not see what the parent sets later.

    Pass the value as an argument of each task, as the last line does, or set it once in an
    initializer. What a task sets in a worker remains set for the next task of that worker.
    """
    from concurrent.futures import ProcessPoolExecutor

    shown("globals/context_variable", "Set later: Ada", "Set later: nobody", "argument: Bob")
    is_fork = get_start_method() == "fork"
    told: list[str] = []
    _no_default.set("Ada")
    with Pool(1) as pool:
        found = pool.apply(_has_value)
    assert found == is_fork

    def start() -> None:
        with Pool(1) as pool:
            told.append(pool.apply(_bill))

    reset = _tenant.set("Ada")
    thread = Thread(target=start, name="has a context of its own")
    thread.start()
    thread.join()
    assert told == ["Ada" if is_fork and _inherits() else "nobody"]
    with Pool(1, maxtasksperchild=1) as pool:
        assert pool.apply(_bill) == ("Ada" if is_fork else "nobody")
        assert pool.apply(_bill) == ("Ada" if is_fork and _inherits() else "nobody")
    with Pool(1) as pool, ProcessPoolExecutor(1) as executor:
        assert pool.apply(_bill) == ("Ada" if is_fork else "nobody")
        for user in "Ada", "Bob":
            _tenant.set(user)
            assert executor.submit(_bill).result() == ("Ada" if is_fork else "nobody")
        assert pool.apply(_bill) == ("Ada" if is_fork else "nobody")
        assert pool.apply(_bill, ["Eve"]) == "Eve"
        assert pool.apply(_bill) == "Eve"
    with Pool(1, _bill, ["Eve"]) as pool:
        assert pool.apply(_bill) == "Eve"
    with ProcessPoolExecutor(1, initializer=_bill, initargs=("Eve",)) as executor:
        assert executor.submit(_bill).result() == "Eve"
    _tenant.reset(reset)


def _inherits() -> bool:
    """Whether a thread begins with a copy of the context of the one that starts it."""
    return bool(getattr(sys.flags, "thread_inherit_context", False))


def a_context_is_not_pickled() -> None:
    """Neither the variable itself nor a context that `copy_context()` returns can be pickled."""
    for thing in (_tenant, copy_context()):
        with raises(TypeError, text="cannot pickle"):
            pickle.dumps(thing)
