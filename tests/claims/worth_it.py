"""What docs/costs/worth-it.md says."""

import os
import pickle
import subprocess
import sys
from multiprocessing import Barrier, Event, Pool, get_all_start_methods
from typing import Any

from tests.claims import no_fact, shown
from tests.claims._costs import medians, ratios, recorded

AFFINITY = """
import os
from multiprocessing import Pool
if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(os.sched_getaffinity, [0, 0], 1))
"""


def _first(array: Any) -> Any:
    array[0] += 1
    return array


def slower_than_a_loop() -> None:
    """A pool is slower than a plain loop if a task takes less time than sending it, or if
    sending its data takes longer than working on it.

    That is why a program with `multiprocessing` is often slower than the single process that it
    replaces: the tasks are too small, and most of the time is overhead.
    """
    tasks = "advice: 1,000 small tasks"
    assert min(ratios(f"{tasks}, Pool.map, chunksize=1", f"{tasks}, a plain loop")) > 2
    array = "arrays: Pool.map, 64 MiB", "arrays: the sum itself, within a process, 64 MiB"
    assert min(ratios(*array)) > 2


def what_it_costs() -> None:
    """In our results, sending a task and its result one at a time costs 15 to 80 microseconds,
    and starting a pool of two workers costs 7 to 35 milliseconds under `fork`, and under
    `forkserver` once the fork server runs, whatever the task does.
    """
    for run in recorded():
        loop = run.median("advice: 1,000 small tasks, a plain loop")
        sent = run.median("advice: 1,000 small tasks, Pool.map, chunksize=1")
        assert 15e-6 < (sent - loop / 2) / 1000 < 80e-6
    assert all(7e-3 < seconds < 35e-3 for seconds in medians("starts: Pool(2) and one task"))
    shown("costs/starts", "with Pool(2) as pool:\n            result = pool.apply(abs, [-1])")


def started_by_spawn() -> None:
    """The first pool under `forkserver` takes longer, because it also starts that server.

    `spawn`, the default on macOS and Windows, starts a Python for each worker, which takes
    longer, too.
    """
    for run in recorded():
        first = min(run.first["starts: Process, forkserver"])
        assert first > 2 * run.median("starts: Process, forkserver")
    for method in "fork", "forkserver":
        assert min(ratios("starts: Process, spawn", f"starts: Process, {method}")) > 2
    if sys.platform in ("darwin", "win32"):
        assert get_all_start_methods()[0] == "spawn"


def growing_tasks() -> None:
    """This program runs 50 tasks of growing size in a loop, and in a pool of two workers:

    Run the program to see the times of your machine, which are `...` here.
    """
    shown("worth-it/task_size", "TASKS = 50", "with Pool(2, ", "map(squares, tasks)")
    shown("worth-it/task_size", "50 tasks of 10 squares\n  in a loop: ... ms\n  in a pool: ... ms")
    shown("worth-it/task_size", "50 tasks of 100000 squares")


def both_have_started() -> None:
    """The barrier lets both workers start before a time is taken. Elsewhere, do without one in an
    initializer.
    """
    for program in "task_size", "data_size":
        shown(f"worth-it/{program}", "with Pool(2, Barrier(2).wait) as pool:\n        pool.")
    met = Event()
    with Pool(2, Barrier(2, met.set).wait) as pool:
        pool.apply(abs, (1,))
        assert met.is_set()


def what_to_look_for() -> None:
    """Look for the first size at which the pool takes less time than the loop. With two workers,
    expect the pool to take half of the loop's time at best; on a single core, expect no gain.

    Make the tasks bigger: give each worker a range of files, lines or photos, and let it loop.

    Send names, not data: a path, or the name of a block of shared memory. The worker reads the
    data itself.

    Start the pool once, and keep it for all the work.

    Let the worker return little: a number, not an array.

    If the pool still does not pay, stay with the loop.
    """
    no_fact("advice")


def our_own_results() -> None:
    """When a plain loop wins has what follows from our own results: for tasks that are sent one
    by one, for chunks, and with the start of the pool included.
    """
    from tests.claims.results import _drawn

    table = _drawn("| A running Pool(2), chunksize=1 |")
    assert "| A running Pool(2), chunksize=250 |" in table
    assert "| A Pool(2) started for 10 tasks |" in table


def pickled_and_copied() -> None:
    """The arguments and the result of a task are pickled and copied."""
    import numpy

    array = numpy.zeros(10)
    assert array.tobytes() in pickle.dumps(array)
    with Pool(1) as pool:
        result = pool.apply(_first, [array])
    assert (array[0], result[0]) == (0, 1)


def big_arrays() -> None:
    """For a big array, that can take longer than the computation:

    In our results, sending an array of 1 MiB or more through a pool takes more than five times
    as long as its sum, which is similar work to finding the brightest pixel.
    """
    shown("worth-it/data_size", "int(photo.max())", "brightness of 4000000 pixels")
    for size in "1 MiB", "8 MiB", "64 MiB":
        whole = f"arrays: Pool.map, {size}", f"arrays: the sum itself, within a process, {size}"
        assert min(ratios(*whole)) > 5 + 1, "the sum is part of it"


def much_work() -> None:
    """Sorting a small photo 2,000 times is much work on little data."""
    shown("worth-it/data_size", "range(2_000)", "photo = numpy.sort(photo)", "numpy.ones(4_000, ")


def kept_mapped() -> None:
    """Keep the block mapped in the worker: if it is mapped anew each time, reading it takes
    longer.
    """
    by_name = "arrays: SharedMemory, by name"
    assert min(ratios(f"{by_name}, mapped anew, 64 MiB", f"{by_name}, kept mapped, 64 MiB")) > 1


def it_has_to_be_woken() -> None:
    """A short message costs that whatever it holds, because each time the process that waits for it
    has to be woken. If a call takes that long on yours, and less under `taskset -c 0 python
    program.py` on Linux, send fewer and bigger messages. Do not keep `taskset`: it leaves one core
    to all workers.
    """
    for tool in "Pipe", "Queue":
        assert max(ratios(f"messages: {tool}, 1 KiB", f"messages: {tool}, 1 B")) < 2
    assert min(ratios("messages: Pipe, 1 KiB", "messages: Pipe, 1 B")) > 0.5
    if sys.platform == "linux":
        core = min(os.sched_getaffinity(0))
        run = subprocess.run(
            ["taskset", "-c", str(core), sys.executable, "-c", AFFINITY],
            stdout=subprocess.PIPE, check=True, text=True,
        )  # fmt: skip
        assert run.stdout == f"{[{core}] * 2}\n"


def too_many_threads() -> None:
    """If each task takes seconds, with little data to send, and is slower in the pool than in the
    loop, the overhead is not the reason. Often the workers then have too many threads: each starts
    one per core for NumPy or PyTorch, and they slow each other down.

    If the library already computes with threads in one process, as fast tokenizers do, processes
    may only slow it down.
    """
    no_fact("the pages that are linked prove it; the overhead of a task is far below a second")


def texts_in_one_call() -> None:
    """Pass all texts in one call, with a bigger `batch_size`."""
    no_fact("advice")
