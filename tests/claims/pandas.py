"""What docs/frameworks/pandas.md says."""

import multiprocessing
import pickle
from importlib import import_module
from multiprocessing import get_start_method
from os import sched_getaffinity
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import ONCE, PRELOADED, no_fact, on, script, shown

QUERY = 'pl.DataFrame({"shop": ["north"]}).group_by("shop").agg(pl.len())'

SET_LATE = """
import os
from multiprocessing import Pool, Process

def count(_):
    import polars
    return polars.thread_pool_size()

if __name__ == "__main__":
    first = Process(target=len, args=("",))
    first.start()
    first.join()
    os.environ["POLARS_MAX_THREADS"] = "7"
    with Pool(1) as pool:
        print(*pool.map(count, [0]))
"""
AT_MODULE_LEVEL = f"""
from multiprocessing import get_context
import polars as pl

{QUERY}


def report():
    print("begins", flush=True)
    print("shops:", len({QUERY}))


if __name__ == "__main__":
    worker = get_context("forkserver").Process(target=report)
    worker.start()
    worker.join()
"""


def a_path_for_each_task() -> None:
    """Give each task the path of a file instead of a DataFrame, let it return a short result, and
    start the workers with `spawn`: a worker that is forked after Polars was used can hang.

    A task is a path, and a result is one row. The file of a group is read by one worker only, and
    the parent puts the results together with `pd.concat`.
    """
    shown("pandas/file_per_group", "pd.read_parquet(path)", "days.nlargest(1,", "pd.concat(days)")
    shown("pandas/file_per_group", "pool.map(best_day, paths", 'get_context("spawn")')
    shown("pandas/polars_fork", "Shops: 4\nThe worker has ended: False")


def the_parents_is_as_before() -> None:
    """Silent. A worker changes a DataFrame, and the parent's DataFrame is as before."""
    shown("pandas/change_is_lost", "In the parent: ['price', 'pieces']\nReturned: ['price', '")


def _add_total(sales: "object", seen: "multiprocessing.SimpleQueue[list[str]]") -> None:
    sales["total"] = sales["price"]  # type: ignore[index]
    seen.put(list(sales))  # type: ignore[call-overload]


def a_copy() -> None:
    """The worker has a copy, under every start method. Return what has changed, and no more than
    that.
    """
    import pandas as pd

    sales = pd.DataFrame({"price": [9.0]})
    seen: multiprocessing.SimpleQueue[list[str]] = multiprocessing.SimpleQueue()
    worker = multiprocessing.Process(target=_add_total, args=(sales, seen))
    worker.start()
    worker.join()
    assert seen.get() == ["price", "total"]
    assert list(sales) == ["price"]


def slower() -> None:
    """The program with a `Pool` is slower than without.

    If the task does less with a group than `pickle` does, workers make the program slower: try
    whether it is worth it, and let pandas do the whole `groupby` with `sum` or `mean` before you
    think of processes.
    """
    no_fact("a symptom, and advice; the page that is linked measures it")


def hangs() -> None:
    """A worker that calls Polars can hang, without an error.

    The fix is `spawn`:
    """
    shown("pandas/polars_fork", 'get_context("fork")', "The worker has ended: False")
    shown("pandas/polars_spawn", 'get_context("spawn")', "Output\nnorth: 1998000")


def numbers_in_shared_memory() -> None:
    """For columns that several processes see and change, use numbers in shared memory."""
    shown("dataframe/pandas_block", "numbers[rows, 0] += 1", "Prices in the parent: [10.0]")


def what_is_sent() -> None:
    """A DataFrame that is an argument or a result of a task is pickled, sent through a pipe, and
    copied again on the other side. This is how much is sent:

    The groups together are more than the DataFrame, because each brings the index of its rows.
    """
    import pandas as pd

    shown("pandas", "the DataFrame: 2.1 MB", "its groups: 2.9 MB", "their totals: 0.0 MB")
    sales = pd.DataFrame({"shop": ["north", "south"] * 5000, "price": range(10_000)})
    group = next(group for _, group in sales.groupby("shop"))
    without = group.reset_index(drop=True)
    assert len(pickle.dumps(group)) > len(pickle.dumps(without)) + 8 * 4000
    assert pickle.loads(pickle.dumps(group)).equals(group)


def parts_of_pandarallel() -> None:
    """With 20 workers, that is one more copy of the data, cut into 20 parts, and not 20 copies."""
    pandas = import_module("pandas")
    frame = pandas.DataFrame({"shop": ["north", "south"] * 10_000, "price": range(20_000)})
    parts = [frame.iloc[first : first + 1_000] for first in range(0, 20_000, 1_000)]
    assert len(parts) == 20
    assert sum(len(pickle.dumps(part)) for part in parts) < 1.5 * len(pickle.dumps(frame))


def fewer_workers() -> None:
    """Fewer workers, `pandarallel.initialize(nb_workers=4)`, have bigger parts, so they save only
    what each worker needs besides: what the function makes, and what it changes.

    So memory that grows while a function modifies big objects of the program is not a leak. Let
    the function return what it has computed, or work on one part of the DataFrame after the other.
    """
    no_fact("what follows from the sentences with sources, and advice")


def all_rows() -> None:
    """If all tasks need all rows, let the workers map one Arrow file, without a copy."""
    shown("dataframe/arrow_file", "pa.memory_map(path)", "bytes copied: 0")


def threads() -> None:
    """The workers are started with `spawn`, because Polars, and PyArrow, which pandas uses for text
    and for Parquet, start threads when they are imported.
    """
    count = "print(len(os.listdir('/proc/self/task')))"
    outcome = script(f"import os\nimport pyarrow\n{count}\nimport polars\n{count}")
    with_pyarrow, with_both = map(int, outcome.stdout.split())
    assert 1 < with_pyarrow < with_both


def without_its_threads() -> None:
    """A fork copies the pool without its threads, so a call that needs the pool, such as
    `group_by`, waits for threads that do not exist.
    """
    shown("pandas/polars_fork", "report(sales)\n    fork = ", "The worker has ended: False")


def _report() -> None:
    import polars as pl

    pl.DataFrame({"shop": ["north"]}).group_by("shop").agg(pl.len())


def not_used_before() -> None:
    """If the parent has not used Polars before the fork, the worker starts a pool of its own and
    does not hang: this is why it works in one program and not in another.
    """
    worker = multiprocessing.Process(target=_report)
    worker.start()
    worker.join()
    assert worker.exitcode == 0


def a_thread_for_each_cpu() -> None:
    """Each process has a pool with as many threads as there are CPUs. With several workers that is
    too much: `POLARS_MAX_THREADS`, set before the workers start, limits the pool of each worker;
    under `forkserver`, set it before the first process of the program starts, and under `fork`,
    before Polars is imported.
    """
    import polars as pl

    shown("pandas/polars_spawn", '"POLARS_MAX_THREADS"] = "1"', "threads: 1")
    assert pl.thread_pool_size() == len(sched_getaffinity(0))
    all_of_them = f"{len(sched_getaffinity(0))}\n"
    method = get_start_method()
    for code, is_late in (
        (SET_LATE, method == "forkserver"),
        (SET_LATE.replace("import os", "import os, polars", 1), method != "spawn"),
    ):
        outcome = script(code)
        assert outcome.stdout == (all_of_them if is_late else "7\n"), outcome.stderr


def at_module_level() -> None:
    """`forkserver` is safe only as long as Polars is not used at module level. In Python 3.13.8 and
    later and 3.14.1 and later, the fork server imports your program before it forks, and the
    workers hang if that runs a query.
    """
    if get_start_method() != "forkserver":
        return
    if on(PRELOADED):
        outcome = script(AT_MODULE_LEVEL, hangs_after="begins")
        assert outcome.status is None
    else:
        outcome = script(AT_MODULE_LEVEL)
        assert (outcome.status, outcome.stdout) == (0, "begins\nshops: 1\n")


def pickled_by_polars() -> None:
    """A `DataFrame` of Polars is pickled with all its rows, as one of pandas is. So is a
    `LazyFrame` over it. A `LazyFrame` of `scan_parquet` or `scan_ipc` is pickled without the rows.
    """
    import polars as pl

    sales = pl.DataFrame({"price": range(10_000)})
    with TemporaryDirectory() as folder:
        parquet, ipc = Path(folder, "sales.parquet"), Path(folder, "sales.arrow")
        sales.write_parquet(parquet)
        sales.write_ipc(ipc)
        with_rows = [sales, sales.lazy()]
        without = [pl.scan_parquet(parquet), pl.scan_ipc(ipc)]
        assert [len(pickle.dumps(frame)) > 80_000 for frame in with_rows] == [True, True]
        assert [len(pickle.dumps(frame)) < 4_000 for frame in without] == [True, True]
        for frame in without:
            assert pickle.loads(pickle.dumps(frame)).collect().equals(sales)


def what_it_cannot_do() -> None:
    """Use workers for what it cannot do, such as a function in Python for each group."""
    no_fact("advice")


def files_remain() -> None:
    """A `Pool`, as in the programs above, waits forever for the result of the killed worker. A
    `ProcessPoolExecutor` raises `BrokenProcessPool`, apart from some cases. What was in the memory
    of its workers is lost, but files remain:

    `os.replace` gives a file its final name when it is complete, so a worker that is killed leaves
    no half-written file with that name. Here the second run is in the same program; it may as well
    be the next start.
    """
    shown("killed-worker/pool_hangs", "still running after 5 s")
    shown("pandas/after_a_crash", "os._exit(1)", "except BrokenProcessPool:", "os.replace(")
    shown("pandas/after_a_crash", "To do: north south east\nTo do: south east\nDone: east north")


def versions() -> None:
    """Run with pandas 3.1.1, Polars 2.1.0 and PyArrow 26.0.1."""
    from importlib.metadata import version

    assert version("pandas") == "3.1.1"
    assert version("polars") == "2.1.0"
    assert version("pyarrow") == "26.0.1"


JOBLIB = """
import string

from joblib import Parallel, delayed


def forked(_):
    import string

    return hasattr(string, "marked")


if __name__ == "__main__":
    string.marked = True
    for backend in "multiprocessing", "loky":
        print(Parallel(n_jobs=2, backend=backend)(delayed(forked)(n) for n in range(2)))
"""


def joblib_forks() -> None:
    """joblib with `backend="multiprocessing"` forks if `fork` is the default; its own default,
    `loky`, does not.
    """
    expected = [get_start_method() == "fork"] * 2
    assert script(JOBLIB).stdout == f"{expected}\n[False, False]\n"


PROGRAMS = """
import asyncio
import subprocess
import sys
import warnings

import polars as pl

warnings.simplefilter("error")
warnings.filterwarnings("ignore", "Using fork", RuntimeWarning)
QUERY
warnings.warn("Using fork() can cause Polars to deadlock in the child process.", RuntimeWarning)
command = [sys.executable, "-c", "import polars as pl; print(QUERY.height)"]
print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


async def started():
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    print((await process.communicate())[0].decode().strip())


asyncio.run(started())
"""


def other_programs() -> None:
    """`subprocess` and `asyncio.create_subprocess_exec` do no harm: the child at once becomes
    another program, which does not need the pool.

    If an older Polars warns there, call
    `warnings.filterwarnings("ignore", "Using fork", RuntimeWarning)`.
    """
    if get_start_method() != ONCE:
        return  # these are started in the same way under all of them
    command = PROGRAMS.replace("QUERY.height", QUERY.replace('"', "'") + ".height")
    assert script(command.replace("QUERY", QUERY)).stdout == "1\n1\n"
