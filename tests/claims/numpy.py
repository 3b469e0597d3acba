"""What docs/frameworks/numpy.md says."""

import os
import pickle
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from importlib.metadata import version
from multiprocessing import (
    Lock,
    Pool,
    Process,
    Queue,
    SimpleQueue,
    Value,
    forkserver,
    get_start_method,
)
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np

from tests.claims import ONCE, ROOT, changed, no_fact, on, raises, script, shown
from tests.claims._full_disk import on_a_full_disk

sys.path.append(str(ROOT / "examples" / "numpy"))
MOST = 64  # threads, in the OpenBLAS of NumPy's wheels


def _threads(_: object = None) -> int:
    """How many threads BLAS has in this process; NumPy is imported if it is not yet."""
    program = import_module("limited")
    found: int = program.threads(1)
    return found


def one_thread() -> None:
    """Limit each worker to one thread of BLAS with `Pool(2, threadpool_limits, (1,))`."""
    shown("numpy/limited", "Pool(2, threadpool_limits, (1,))", "threads in each worker: 1 1")


def mapped() -> None:
    """To let workers of joblib change an array, make it a `np.memmap` with the mode `"w+"`.

    Each task writes its own element, so no lock is needed.

    What was written before remains, and the next call starts new workers.
    """
    shown("numpy/shared_file", "np.memmap(", '"w+"', "[ 0. 10. 20. 30. 40.]")


def messages() -> None:
    """Silent.

    With joblib, you see one of these instead:
    """
    shown("numpy/read_only", "ValueError: assignment destination is read-only")
    shown("numpy/shared_file", "TerminatedWorkerError: A worker process managed by the executor")


def for_each_core() -> None:
    """On Linux, the wheels of NumPy contain OpenBLAS, with a thread for each core, up to 64."""
    threads = _threads()
    if sys.platform == "linux":
        info = import_module("threadpoolctl").threadpool_info()
        assert {library["internal_api"] for library in info} == {"openblas"}
        assert threads == min(len(os.sched_getaffinity(0)), MOST)


def in_each_worker() -> None:
    """Each worker has that many, so four workers on four cores have 16 threads."""
    shown("numpy/threads", "as many as the parent: True")


def loaded_before() -> None:
    """`threadpool_limits` limits the libraries that are loaded when it is called: import NumPy at
    the top of the program's file, or a spawned worker has all its threads.
    """
    threads = _threads()  # NumPy is loaded here, and in what is forked from here
    with Pool(1, import_module("threadpoolctl").threadpool_limits, (1,)) as pool:
        assert pool.apply(_threads) == (1 if get_start_method() == "fork" else threads)


def _limit() -> None:
    _threads()
    import_module("threadpoolctl").threadpool_limits(1)


def replaced() -> None:
    """A worker that replaces another calls the initializer, too, so the limit holds there."""
    with Pool(1, _limit, maxtasksperchild=1) as pool:
        assert pool.map(_threads, range(2), chunksize=1) == [1, 1]


def in_an_executor() -> None:
    """A `ProcessPoolExecutor` has the same parameters `initializer` and `initargs`."""
    with ProcessPoolExecutor(1, initializer=divmod, initargs=(1, 1)) as executor:
        assert executor.submit(abs, -1).result() == 1


def advice() -> None:
    """Without threadpoolctl, set a variable before Python starts:

    If a child hangs in a product of matrices, use `spawn` or `forkserver`.
    """
    no_fact("advice")


def _put_threads(queue: "SimpleQueue[int]") -> None:
    queue.put(_threads())


BOTH = """
import os
from threadpoolctl import threadpool_info

os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"] = LIMITS
import numpy
print(*(library["num_threads"] for library in threadpool_info()))
"""


def read_once() -> None:
    """OpenBLAS reads it when NumPy is imported, unless `OPENBLAS_NUM_THREADS` is set, which comes
    first. If you set it in `os.environ` after that, it limits spawned children, and not forked
    ones. Under `forkserver`, it limits them only if you set it before the first process starts.
    """
    if sys.platform == "linux" and get_start_method() == ONCE:
        for limits, threads in (("1", "64"), _threads()), (("64", "1"), 1):
            told = script(BOTH.replace("LIMITS", repr(limits)))
            assert told.stdout == f"{threads}\n", told
    before, method = _threads(), get_start_method()
    if method == "forkserver":
        forkserver.ensure_running()
    os.environ["OMP_NUM_THREADS"] = "1"
    with Pool(1) as pool:
        assert pool.apply(_threads) == (1 if method == "spawn" else before)
    if method == "forkserver":
        forkserver._forkserver._stop()  # type: ignore[attr-defined]
        with Pool(1) as pool:
            assert pool.apply(_threads) == 1
        forkserver._forkserver._stop()  # type: ignore[attr-defined]
    del os.environ["OMP_NUM_THREADS"]
    assert _threads() == before


def a_copy() -> None:
    """A worker gets a copy of the small array, so what it writes is lost, and no error is
    reported. It also gets a copy of an array of any size whose elements are Python objects
    (`dtype=object`).
    """
    shown("numpy/read_only", "1,000 numbers: [0. 0. 0. 0.]")
    joblib, numpy = import_module("joblib"), import_module("numpy")
    array = numpy.zeros(1_000_000, dtype=object)
    joblib.Parallel(2)(joblib.delayed(_fill)(array) for _ in range(2))  # no error
    assert array[0] == 0


def _fill(array: list[float]) -> None:
    array[0] = 1.0


def _fill_mapped(array: Any) -> None:
    assert array.mode == "c"  # of mmap: copy on write
    array[0] = 1.0


def _fill_copy(array: Any) -> None:
    assert array.mode in {"c", "r"}
    _fill(array.copy())


def a_copy_again() -> None:
    """With `max_nbytes=None` or `mmap_mode="c"`, the error is gone, but each worker writes into a
    copy again; so it does if the function calls `array.copy()` first. `"c"` copies only what is
    written.

    With `n_jobs=1`, the tasks run in the program itself and change its array, so a test with one
    job does not show the fault.

    A `Value`, a `Lock` or a `Queue` cannot be an argument of a task of joblib: the call raises
    `PicklingError`, or `RuntimeError` with `backend="multiprocessing"`.
    """
    joblib, numpy = import_module("joblib"), import_module("numpy")
    array = numpy.zeros(1_000_000)
    joblib.Parallel(2, max_nbytes=None)(joblib.delayed(_fill)(array) for _ in range(2))
    assert array[0] == 0  # the parent's
    for call in (_fill_mapped, _fill_copy), (_fill_copy,):
        options = {"mmap_mode": "c"} if _fill_mapped in call else {}
        joblib.Parallel(2, **options)(joblib.delayed(fill)(array) for fill in call)
        assert array[0] == 0
    inherited: list[object] = [Value("i"), Lock(), Queue()]
    for shared in inherited:
        with raises(pickle.PicklingError, text="Could not pickle the task"):
            joblib.Parallel(2, max_nbytes=None)([joblib.delayed(_fill)(shared)])
        with raises(RuntimeError, text="through inheritance"):
            joblib.Parallel(2, "multiprocessing")([joblib.delayed(_fill)(shared)])
    joblib.Parallel(1)([joblib.delayed(_fill)(array)])
    assert array[0] == 1


def _pid_and_limit() -> tuple[int, str]:
    """The number of this process, and a limit for its threads."""
    return os.getpid(), os.environ.get("OMP_NUM_THREADS", "none")


def _limited() -> int:
    """How many threads BLAS has in this process after a limit."""
    import_module("threadpoolctl").threadpool_limits(1)
    return _threads()


def limits_of_joblib() -> None:
    """A variable that is set already is left as it is. To choose the number of threads, use
    `with joblib.parallel_config("loky", inner_max_num_threads=1):`. With
    `backend="multiprocessing"`, joblib sets no limit: call `threadpool_limits(1)` in the function.
    """
    if get_start_method() != ONCE:
        return
    joblib = import_module("joblib")

    def limits(backend: str | None = None) -> set[str]:
        found = joblib.Parallel(2, backend)(joblib.delayed(_pid_and_limit)() for _ in range(2))
        return {limit for _, limit in found}

    has_its_variables = get_start_method() != "forkserver"  # whose server has its own
    with patch.dict(os.environ, OMP_NUM_THREADS="7"):
        assert limits() == {"7"}
        with joblib.parallel_config("loky", inner_max_num_threads=1):
            assert limits() == {"1"}
        if has_its_variables:
            assert limits("multiprocessing") == {"7"}
    with patch.dict(os.environ):
        os.environ.pop("OMP_NUM_THREADS", None)
        if has_its_variables:
            assert limits("multiprocessing") == {"none"}
    found = joblib.Parallel(2, "multiprocessing")(joblib.delayed(_limited)() for _ in range(2))
    assert found == [1, 1]


def a_thread_for_each_core() -> None:
    """The threads of OpenMP, which scikit-learn uses in its own loops, and those of BLAS are
    limited by environment variables or threadpoolctl alone.

    If you start many such programs at once, or call `fit` in the workers of a pool, each has a
    thread for each core, and they slow each other down: start them with `OMP_NUM_THREADS=1`, or use
    the initializer above, and import scikit-learn at the top of the file.

    Use `spawn` or `forkserver`, or joblib, which does not fork.
    """
    folder = Path(str(import_module("threadpoolctl").__file__)).parent
    source = (folder / "threadpoolctl.py").read_text("utf-8")
    assert "libgomp" in source and "omp_set_num_threads" in source
    shown("numpy/limited", "threadpool_limits, (1,)", "threads in each worker: 1 1")


def _second(array: Any) -> float:
    array[0, 0] = -1
    return float(array[0, 1])


def transposed() -> None:
    """The mode `"w+"` empties a file that exists; use `"r+"` to keep its data.

    Pass the array itself or a slice with a positive step, and transpose or reverse it in the
    worker: if `table` is a memmap of two dimensions, `table.T` arrives untransposed, and no error
    is reported. With a negative step, as in `table[::-1]`, the worker reads and changes the wrong
    elements.
    """
    joblib, numpy = import_module("joblib"), import_module("numpy")
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "table")
        numpy.arange(9.0).tofile(path)
        table = numpy.memmap(path, float, "r+", shape=(3, 3))
        parallel = joblib.Parallel(2, max_nbytes=None)  # with the workers of the check above
        arrays = table, table[1:], table.T, table[::-1]
        assert parallel(joblib.delayed(_second)(array) for array in arrays) == [1, 4, 1, 1]
        assert list(table[:, 0]) == [-1, -1, 6]
        assert not numpy.memmap(path, float, "w+", shape=(3, 3)).any()


MEMMAP = """
import faulthandler, os
import numpy as np

faulthandler.disable()
path = os.path.join(os.environ["TMPDIR"], "table")
table = np.memmap(path, float, "w+", shape=1_000_000)
print(os.stat(path).st_blocks * 512 < 100_000, flush=True)
table[:] = 1
"""


def with_holes() -> None:
    """A new file takes up space on the disk only where something was written, so if the disk is
    full by then, SIGBUS kills the process that writes.
    """
    if get_start_method() == ONCE and (ran := on_a_full_disk(MEMMAP)):
        assert (ran.stdout, ran.returncode) == ("True\n", -signal.SIGBUS), ran


def killed() -> None:
    """Task 0 kills its worker: the call raises `TerminatedWorkerError`, which is a
    `BrokenProcessPool`.
    """
    shown("numpy/shared_file", "except BrokenProcessPool as error", "TerminatedWorkerError: A")


IN_A_PRODUCT = """
import subprocess
import sys
import threading
from multiprocessing import Process

import numpy as np

def multiply():
    matrix = np.ones((400, 400))
    matrix @ matrix

def go_on():
    while True:
        multiply()

def fork():
    threading.Thread(target=go_on, daemon=True).start()
    for _ in range(20):
        child = Process(target=multiply)
        child.start()
        child.join()

if __name__ == "__main__":
    if sys.argv[1:]:
        fork()
    else:
        try:
            subprocess.run([sys.executable, __file__, "fork"], timeout=5)
        except subprocess.TimeoutExpired:
            print("hangs")
"""


def after_a_fork() -> None:
    """A product after the fork is computed in both, unless another thread of the parent is in a
    product at that moment: then `start()` can hang, or the child in its first product.
    """
    program = import_module("limited")
    assert program.multiply(2) == 800
    if get_start_method() == "fork":
        queue: SimpleQueue[int] = SimpleQueue()
        child = Process(target=_put_threads, args=(queue,))
        child.start()
        assert program.multiply(3) == 1800
        assert queue.get() == _threads()
        child.join()
        if sys.platform == "linux" and _threads() > 1:
            assert script(IN_A_PRODUCT).stdout == "hangs\n"


def big_arrays_in_a_pool() -> None:
    """A `Pool` that hangs in a function that makes big arrays may have lost a worker.

    Start fewer workers, or use an executor, which raises `BrokenProcessPool`.
    """
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")
    shown("killed-worker/executor_raises", "os._exit(1)", "BrokenProcessPool: A process in")
    product = np.multiply.outer(np.zeros(100), np.zeros(300))
    assert product.nbytes == 100 * 300 * 8  # so 10,000 and 10,000 numbers make 800 MB


def versions() -> None:
    """Run with joblib 1.6.0, threadpoolctl 3.8.0, and NumPy 2.4.6 on Python 3.11, 2.5.5 on later
    ones.
    """
    assert (version("joblib"), version("threadpoolctl")) == ("1.6.0", "3.8.0")
    assert version("numpy") == ("2.4.6" if on("Python 3.11") else "2.5.5")


def of_joblib() -> None:
    """What else joblib does when a worker is killed, and what its messages mean: joblib."""
    no_fact("a link")


def fewer_threads() -> None:
    """Set `OMP_NUM_THREADS=1` before Python starts, or start fewer workers."""
    no_fact("advice")


def _started() -> int:
    """How many threads this process has, idle ones too."""
    return len(os.listdir("/proc/self/task"))


STARTED = """
import os

os.environ["OMP_NUM_THREADS"] = LIMIT
import numpy
print(len(os.listdir("/proc/self/task")))
"""


def too_late() -> None:
    """`threadpool_limits` is too late for this: the threads start when NumPy is imported, and it
    only leaves them idle.
    """
    shown("numpy/limited", "threadpool_limits, (1,)", "threads in each worker: 1 1")
    if sys.platform == "linux":
        threads = _threads()
        with Pool(1, import_module("threadpoolctl").threadpool_limits, (1,)) as pool:
            assert pool.apply(_started) >= threads
        for limit in "", "1":
            told = script(STARTED.replace("LIMIT", repr(limit)))
            assert told.stdout == f"{threads if not limit else 1}\n", told


def _mark(array: Any) -> None:
    assert isinstance(array, np.memmap)
    array[0] = 7


def _mark_file(path: str, shape: tuple[int]) -> None:
    np.memmap(path, dtype=np.float64, mode="r+", shape=shape)[1] = 8


def _mark_saved(path: str) -> None:
    np.load(path, mmap_mode="r+")[0] = 9


def a_memmap_is_copied() -> None:
    """joblib passes on the path of a memmap, but `multiprocessing` does not. Under `spawn` and
    `forkserver`, an `np.memmap` among the arguments of a `Process` arrives as a copy of all its
    data in memory. Its type is `np.memmap` as before, and what the process writes is lost, without
    an error. Under `fork`, the argument of a `Process` is shared, but a task of a pool or of an
    executor gets a copy there, too.

    Pass the path, and open the file in the worker: `np.memmap(path, dtype=np.float64, mode="r+",
    shape=shape)`. For a file of `np.save`, call `np.load(path, mmap_mode="r+")`.
    """
    shown("numpy/shared_file", "np.memmap(", "[ 0. 10. 20. 30. 40.]")
    forked = get_start_method() == "fork"
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path, saved = os.path.join(folder, "bare"), os.path.join(folder, "saved.npy")
        np.save(saved, np.zeros(2))
        array = np.memmap(path, dtype=np.float64, mode="w+", shape=(1000,))
        assert len(pickle.dumps(array)) > array.nbytes
        with Pool(1) as pool, ProcessPoolExecutor(1) as executor:
            pool.apply(_mark, (array,))
            executor.submit(_mark, array).result()
        assert array[0] == 0
        calls = (_mark, (array,)), (_mark_file, (path, (1000,))), (_mark_saved, (saved,))
        for target, arguments in calls:
            worker = Process(target=target, args=arguments)
            worker.start()
            worker.join()
            assert worker.exitcode == 0
        assert list(array[:2]) == [7 if forked else 0, 8]
        assert np.load(saved)[0] == 9


def a_library_calls_joblib() -> None:
    """If a library calls `Parallel`, such as scikit-learn with `n_jobs`, you cannot pass it
    `max_nbytes`. Then call it inside `with joblib.parallel_config(max_nbytes=None):`, so that each
    worker gets a copy.
    """
    joblib = import_module("joblib")
    array = np.zeros(1_000_000)

    def library() -> None:
        joblib.Parallel(2)(joblib.delayed(_fill)(array) for _ in range(2))

    with raises(ValueError, text="read-only"):
        library()
    with joblib.parallel_config(max_nbytes=None):
        library()
    assert array[0] == 0


def how_to_find_out() -> None:
    """Run the same task in 1, 2 and 4 processes with one thread each, and compare how long one task
    takes. Keep the number of processes at which all tasks together take the least time.
    """
    no_fact("advice")


def on_all_cores() -> None:
    """To find out, let a task return `os.sched_getaffinity(0)`.

    The remedy is to keep the set at the start of the program, before other imports, and to give it
    back to each worker:

    The line in `main` that pins the program stands for the library.
    """
    shown("numpy/all_cores", "Pool(2, os.sched_setaffinity, (0, CPUS))")
    shown("numpy/all_cores", "CPUs of a worker: 1", "all CPUs: True")
    if sys.platform == "linux":
        program = changed(
            "numpy/all_cores", ("Pool(2, os.sched_setaffinity, (0, CPUS))", "Pool(2)")
        )
        alone = len(os.sched_getaffinity(0)) == 1  # then there is nothing to give back
        assert script(program).stdout.endswith(f"all CPUs: {alone}\n" * 2)
