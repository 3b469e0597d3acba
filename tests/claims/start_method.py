"""What docs/decisions/start-method.md says."""

import ast
import subprocess
import sys
import threading
from multiprocessing import Pool, Queue, get_start_method

from tests.claims import changed, no_fact, on, script, shown
from tests.claims._costs import TOOL, medians, ratios, recorded


def which_one() -> None:
    """Use `forkserver` on Linux, and `spawn` if the program must run the same on macOS and Windows,
    too. Use `fork` only if the children need what the parent has in memory, and the parent has no
    other threads.

    the program must run the same on macOS and Windows | `spawn`

    Linux and macOS are enough, and processes must start fast | `forkserver`

    big data is in memory already, and there are no other threads | `fork`

    it worked on Linux before Python 3.14, and fails now | `fork` for now, then the fixes

    you write a library | the context that the caller passes

    If you do not know which one your program will run under, test it under `spawn`.
    """
    no_fact("advice; the pages that are linked prove it")


def defaults() -> None:
    """From Python 3.14 on, these are the defaults. Up to Python 3.13, the default on Linux is
    `fork`.
    """
    code = "import multiprocessing; print(multiprocessing.get_start_method())"
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == ("forkserver" if on("Python 3.14 and later") else "fork")


def not_fork() -> None:
    """the parent has threads, also those of a library | `forkserver` or `spawn`, not `fork`

    Under `fork`: no other thread when a process starts.
    """
    shown("fork-with-threads/lock_held", "log_lock", "still running after 5 s")


def what_a_start_costs() -> None:
    """`fork` | 3 to 5 milliseconds

    `forkserver` | 6 to 23 milliseconds

    `spawn` | 65 to 90 milliseconds
    """
    bounds = {"fork": (3e-3, 5e-3), "forkserver": (6e-3, 23e-3), "spawn": (65e-3, 90e-3)}
    for method, (low, high) in bounds.items():
        assert all(low < seconds < high for seconds in medians(f"starts: Process, {method}"))


def how_it_was_measured() -> None:
    """That is with a main program that is almost empty, and a fork server that already runs."""
    top = ast.parse((TOOL / "_worker.py").read_text("utf-8")).body
    assert [type(node) for node in top] == [ast.Expr, ast.If], "a docstring, and the main guard"
    for run in recorded():
        first = min(run.first["starts: Process, forkserver"])
        assert first > 2 * run.median("starts: Process, forkserver"), "it started the server"


IMPORTED = """
import os
from multiprocessing import Process

print("imported as", __name__, flush=True)

if __name__ == "__main__":
    for _ in range(2):
        child = Process(target=os.getpid)
        child.start()
        child.join()
"""


def what_is_imported() -> None:
    """Under `spawn`, each process also imports what your program imports. The 23 milliseconds are
    those of Python 3.11, where under `forkserver`, too, each child imports your program, as in some
    later releases.
    """
    imports = script(IMPORTED).stdout.count("imported as __mp_main__")
    match get_start_method():
        case "fork":
            assert imports == 0
        case "spawn":
            assert imports == 2
        case "forkserver":
            assert imports == (2 if on("Python 3.11 to 3.13.7 and 3.14.0") else 1)
    slowest = max(recorded(), key=lambda run: run.median("starts: Process, forkserver"))
    assert slowest.about["python_version"].startswith("3.11.")
    assert 22e-3 < slowest.median("starts: Process, forkserver") < 23e-3


def once_for_each_worker() -> None:
    """A pool pays this once for each worker, and not for each task."""
    with Pool(1) as pool:
        threads = {pool.apply(threading.get_native_id) for _ in range(5)}
    assert len(threads) == 1


def no_copy() -> None:
    """`fork` copies no data: a new process that inherits an array of 64 MiB and reads it takes less
    than a tenth of the time in which the array goes through a `Pipe`. But that alone is no reason
    for `fork`. A worker that is already running, and keeps a block of shared memory mapped, reads
    the same array faster still, and that works under every start method.
    """
    inherited = "arrays: inherited by fork, in a new process, 64 MiB"
    assert max(ratios(inherited, "arrays: Pipe, 64 MiB")) < 0.1
    kept = "arrays: SharedMemory, by name, kept mapped, 64 MiB"
    assert max(ratios(kept, inherited)) < 1
    shown("numpy-array/pool", "SharedMemory(", "Output\n")


def with_threads() -> None:
    """This program has a thread of its own when it starts a pool. It uses `forkserver`, and `spawn`
    where there is no `forkserver`:

    Nothing is written to standard error, even with `python -X dev`. With `fork` in place of
    `forkserver`, that shows a DeprecationWarning in Python 3.12 and later.
    """
    shown("start-method/with_threads", "thread.start()", "small.jpg resized wide.jpg resized")
    if get_start_method() == "fork":
        forks = changed("start-method/with_threads", ('"forkserver" if', '"fork" if'))
        warned = "DeprecationWarning: " in script(forks, "-X", "dev").stderr
        assert warned == on("Python 3.12 and later")


def what_it_needs() -> None:
    """Under `forkserver` and `spawn`: a main guard, functions in a file, not typed in a notebook,
    arguments that can be pickled, and all that the child needs as arguments, because it does not
    see what the parent has changed.
    """
    shown("function-not-found/typed", "def double(price)", "Answered: False", "Answered: True")
    shown("main-guard/unguarded_process", "freeze_support()")
    shown("start-methods/what_the_child_sees", "tax_percent", "spawn")


def of_the_fork_server() -> None:
    """Under `forkserver`, also: no module that starts a thread at import, and an environment that
    is set before the first child starts.
    """
    shown("start-methods/late_environment", "forkserver: first not set, then not set")


def threads_of_python() -> None:
    """A `Pool` and a `Queue` start threads, too."""
    before = threading.active_count()
    with Pool(1):
        assert threading.active_count() > before
    before = threading.active_count()
    queue: Queue[int] = Queue()
    queue.put(1)
    assert threading.active_count() == before + 1
    assert queue.get() == 1
