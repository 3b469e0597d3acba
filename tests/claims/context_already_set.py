"""What docs/pitfalls/context-already-set.md says."""

import multiprocessing
from multiprocessing import Lock, SimpleQueue, get_context, get_start_method, set_start_method
from multiprocessing.pool import ThreadPool
from multiprocessing.queues import SimpleQueue as QueueType
from multiprocessing.synchronize import Lock as LockType

from tests.claims import no_fact, on, raises, script, shown
from tests.claims._starts import default_not_set, in_a_child

UNGUARDED = """
from multiprocessing import Process, set_start_method

set_start_method("spawn")

def work():
    print("runs", flush=True)

if __name__ == "__main__":
    worker = Process(target=work)
    worker.start()
    worker.join()
    print(worker.exitcode)
"""
UNGUARDED_POOL = """
import os
import time
from multiprocessing import Pool, active_children, set_start_method

set_start_method("spawn")

if __name__ == "__main__":
    pool = Pool(1)
    seen = set()
    while len(seen) < 4:
        seen |= {child.pid for child in active_children()}
        time.sleep(0.01)
    print("3 have ended", flush=True)
    pool.terminate()
    os._exit(1)
"""
WITH_A_BAR = """
import sys
from multiprocessing import get_start_method, set_start_method
from tqdm import tqdm

if __name__ == "__main__":
    set_start_method(None, force=True)
    print(get_start_method(allow_none=True) is not None)
    tqdm(disable=True)
    print(get_start_method(allow_none=True) is not None)
"""
FROZEN = """
from multiprocessing import freeze_support, set_start_method

if __name__ == "__main__":
    set_start_method("spawn")
    freeze_support()
"""


def _set_in_child() -> None:
    with raises(RuntimeError, text="context has already been set"):
        set_start_method("spawn")
    assert get_context("spawn").Lock()


def _use(lock: LockType, queue: "QueueType[int]") -> None:
    with lock:
        queue.put(1)


def call_it_once() -> None:
    """Call `set_start_method` once, in the first line under the main guard, or use `get_context`
    instead.
    """
    shown("context-already-set/set_once", '"__main__":\n    set_start_method("spawn")', "[320, 400")
    shown("context-already-set/own_context", 'get_context("spawn")', "[320, 400, 512]")


def four_things() -> None:
    """Five things set it:

    `set_start_method` sets it, in your program or in a module that you import.

    A second call raises the error, even if it names the same method.

    The method is set twice, to the same value:
    """
    with default_not_set():
        set_start_method("spawn")
        assert get_start_method(allow_none=True) == "spawn"
        with raises(RuntimeError, text="context has already been set"):
            set_start_method("spawn")
    shown("context-already-set/set_twice", "RuntimeError: context has already been set")


def the_first_call_that_needs_it() -> None:
    """The first call that needs the default sets it: one that creates a `Lock`, `Queue`,
    `Value`, `Manager`, `Pool`, `ThreadPool` or `ProcessPoolExecutor`, or that starts a process.
    `get_context()` and `get_start_method()` without arguments set it too, and so does the first
    bar of tqdm, which creates a lock.

    A call of `get_context("spawn")` does not set it, nor does a `Pipe`, a `RawArray` or a
    `Process` that is not started yet. One program below tries each call; the second program that
    fails shows `Lock()`.

    The method is set too late, after a `Lock` was created at module level:
    """
    shown(
        "context-already-set/what_sets_it",
        "Pipe()                   leaves it open",
        "RawArray(...)            leaves it open",
        'get_context("spawn")     leaves it open',
        "Process(...)             leaves it open",
        "process.start()          sets it",
        "Queue()                  sets it",
        "Value(...)               sets it",
        "Pool()                   sets it",
        "Manager()                sets it",
        "ProcessPoolExecutor()    sets it",
        "get_context()            sets it",
        "get_start_method()       sets it",
    )
    shown("context-already-set/set_late", "\nprinter = Lock()", "context has already been set")
    assert script(WITH_A_BAR).stdout == "False\nTrue\n"
    with default_not_set():
        ThreadPool(1).terminate()
        assert get_start_method(allow_none=True)


def freeze_support_sets_it() -> None:
    """`freeze_support()` sets it in Python 3.13.4 to 3.13.12 and 3.14.0 to 3.14.3, because of a
    bug that is fixed in later releases. In these releases call `set_start_method` first, and
    then `freeze_support`.
    """
    with default_not_set():
        multiprocessing.freeze_support()
        is_set = get_start_method(allow_none=True) is not None
    assert is_set == on("Python 3.13.4 to 3.13.12 and 3.14.0 to 3.14.3")
    assert script(FROZEN).status == 0


def a_context_sets_it() -> None:
    """In Python 3.11 to 3.13.11 and 3.14.0 to 3.14.2 the start of a process of
    `get_context("spawn")` or `get_context("forkserver")` sets the default of the program,
    because of another bug.
    """
    method = get_start_method()
    context = get_context(method)
    with default_not_set():
        worker = context.Process(target=int)  # type: ignore[attr-defined]
        worker.start()
        worker.join()
        is_set = get_start_method(allow_none=True) is not None
    assert is_set == (method != "fork" and on("Python 3.11 to 3.13.11 and 3.14.0 to 3.14.2"))


def in_a_child_it_is_set() -> None:
    """In a child, it is already set when the target is called. In a worker, use `get_context`."""
    with default_not_set():
        assert in_a_child(_set_in_child) == 0


def created_in_main() -> None:
    """If a `Lock` or a queue of your own at module level sets the default too early, as in the
    second program, create it in `main`, after the call, and pass it to the workers. If a module
    that you import sets it, leave out `set_start_method` and use a context.
    """
    with default_not_set():
        set_start_method("spawn")
        assert in_a_child(_use, Lock(), SimpleQueue()) == 0
        context = get_context("fork")
        assert get_start_method() == "spawn"
        child = context.Process(target=_use, args=(context.Lock(), context.SimpleQueue()))
        child.start()
        child.join()
        assert child.exitcode == 0


def without_the_guard() -> None:
    """Without the main guard, a child that imports the program calls `set_start_method` too, and
    ends with the same error; a `Pool` replaces it without end. Under `forkserver`, the fork server
    may import it instead: then no error comes, if all else is under the guard.
    """
    method = get_start_method()
    if method == "fork":
        return
    run = script(UNGUARDED.replace('"spawn"', f'"{method}"'))
    if method == "spawn" or on("Python 3.11 to 3.13.7 and 3.14.0"):
        assert run.stdout == "1\n"
        assert "\nRuntimeError: context has already been set\n" in run.stderr
    else:
        assert (run.stdout, run.stderr) == ("runs\n0\n", "")
    if method == "spawn":
        run = script(UNGUARDED_POOL)
        assert (run.status, run.stdout) == (1, "3 have ended\n"), run
        assert run.stderr.count("context has already been set") >= 3


def use_a_context() -> None:
    """In a library, or in a notebook where a cell may run again, use a context instead."""
    no_fact("advice")


def a_context_of_its_own() -> None:
    """A context is an object that has the same calls as `multiprocessing`, and a start method of
    its own. To create one changes nothing for the rest of the program, and you can do it as
    often as you like:
    """
    with default_not_set():
        for method in multiprocessing.get_all_start_methods() * 2:
            context = get_context(method)
            assert context.get_start_method() == method
            missing = set(multiprocessing.__all__) - set(dir(context))
            assert missing <= {"get_all_start_methods", "context"}
        assert get_start_method(allow_none=True) is None


def typed_in_a_notebook() -> None:
    """In a notebook, put the function into a file that you import: under `spawn` and `forkserver`,
    the workers do not find a function that is typed there.
    """
    shown("function-not-found/typed", "def double(price)", "Answered: False\nAttributeError")
    shown("function-not-found/in_a_module", "Output\n")


def with_force() -> None:
    """`set_start_method("spawn", force=True)` does not raise this error. But objects that were
    created before still belong to the old start method. You cannot pass a `Lock` that was
    created under `fork` to a `spawn` process; in Python 3.11.0 to 3.11.4 that process crashes
    instead:
    """
    with default_not_set():
        set_start_method("spawn")
        set_start_method("spawn", force=True)
        assert get_start_method() == "spawn"
    shown(
        "context-already-set/forced",
        'set_start_method("spawn", force=True)\n    worker',
        "A SemLock created in a fork context is being shared with a process in a spawn context",
        "Fatal Python error: Segmentation fault",
    )


def only_where_no_such_object_exists() -> None:
    """Use `force=True` only where no such object exists yet."""
    no_fact("advice")


def withdrawn() -> None:
    """`set_start_method(None, force=True)` withdraws the choice: afterwards the program has no
    start method, as at its beginning.
    """
    with default_not_set():
        set_start_method("spawn")
        set_start_method(None, force=True)
        assert get_start_method(allow_none=True) is None


def ask_first() -> None:
    """While the default is not set, `get_start_method(allow_none=True)` returns `None`. If your
    code cannot know whether it runs first, check this before you call `set_start_method`.
    """
    with default_not_set():
        assert get_start_method(allow_none=True) is None
        assert get_start_method(allow_none=True) is None
        set_start_method("spawn")
