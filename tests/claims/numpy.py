"""What docs/frameworks/numpy.md says."""

import os
import pickle
import re
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
from subprocess import run
from tempfile import TemporaryDirectory, gettempdir
from time import sleep
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from venv import EnvBuilder

import numpy as np

from tests.claims import PAUSE, no_fact, on, raises, script, shown
from tests.harness.read.versions import ROOT

sys.path.append(str(ROOT / "examples" / "numpy"))
ONCE = "spawn"  # joblib starts its processes by itself: once is enough
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


def read_once() -> None:
    """OpenBLAS reads it when NumPy is imported. If you set it in `os.environ` after that, it limits
    spawned children, and not forked ones. Under `forkserver`, it limits them only if you set it
    before the first process starts.
    """
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
    `PicklingError`.
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
    joblib.Parallel(1)([joblib.delayed(_fill)(array)])
    assert array[0] == 1


def warnings_of_joblib() -> None:
    """No task is lost.

    On a free-threaded build, joblib 1.6.0 starts processes, too, unless you ask for threads:
    `Parallel(n_jobs=4, prefer="threads")`.
    """
    joblib = import_module("joblib")
    folder = Path(joblib.__path__[0])
    starts = folder / "externals" / "loky" / "backend" / "fork_exec.py"
    assert "os.fork()" not in starts.read_text("utf-8")
    assert "gil_enabled" not in (folder / "parallel.py").read_text("utf-8")
    where = joblib.delayed(os.getpid)
    pids = joblib.Parallel(2)(where() for _ in range(2))
    assert os.getpid() not in pids
    assert set(joblib.Parallel(2, prefer="threads")(where() for _ in range(2))) == {os.getpid()}


NO_SEMAPHORE = """
import _multiprocessing
import os


def no_space(*arguments, **options):
    raise OSError(28, "No space left on device")


_multiprocessing.SemLock = no_space
os.environ["JOBLIB_TEMP_FOLDER"] = "."
from joblib import Parallel, delayed

if __name__ == "__main__":
    pids = Parallel(n_jobs=2)(delayed(os.getpid)() for _ in range(4))
    print(set(pids) == {os.getpid()})
"""


def serial_mode() -> None:
    """`joblib will operate in serial mode`, after `[Errno 28] No space left on device` or another
    error: at its import, joblib could not create a semaphore, so all tasks run in the program
    itself.

    `JOBLIB_TEMP_FOLDER` does not help.
    """
    if get_start_method() != ONCE:
        return
    ended = script(NO_SEMAPHORE)
    assert (ended.status, ended.stdout) == (0, "True\n"), ended.stderr
    assert "[Errno 28] No space left on device" in ended.stderr
    assert "joblib will operate in serial mode" in ended.stderr


def full_is_dev_shm() -> None:
    """On Linux, what is full is not the disk, but `/dev/shm`: give the container more, with
    `docker run --shm-size=2g`, or remove old files there.
    """
    no_fact("of another page")


def _pid_and_limit() -> tuple[int, str]:
    """The number of this process, and a limit for its threads."""
    return os.getpid(), os.environ.get("OMP_NUM_THREADS", "none")


def _limited() -> int:
    """How many threads BLAS has in this process after a limit."""
    import_module("threadpoolctl").threadpool_limits(1)
    return _threads()


def replaced_by_joblib() -> None:
    """`maxtasksperchild`: the default backend ignores it, and no error is reported. joblib 1.6.0
    passes it to its pool if you write
    `Parallel(n_jobs=2, backend="multiprocessing", maxtasksperchild=10)`, where a batch counts as
    one task. Or use a `Pool`.
    """
    if get_start_method() != ONCE:
        return
    joblib = import_module("joblib")
    for backend, size, most in (None, 1, 2), ("multiprocessing", 1, 12), ("multiprocessing", 6, 2):
        options = {"batch_size": size, "pre_dispatch": "all", "maxtasksperchild": 1}
        parallel = joblib.Parallel(2, backend, **options)
        found = parallel(joblib.delayed(_pid_and_limit)() for _ in range(12))
        pids = {pid for pid, _ in found}
        assert len(pids) <= most
        assert backend is None or len(pids) == most


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

    with patch.dict(os.environ, OMP_NUM_THREADS="7"):
        assert limits() == {"7"}
        with joblib.parallel_config("loky", inner_max_num_threads=1):
            assert limits() == {"1"}
        assert limits("multiprocessing") == {"7"}
    with patch.dict(os.environ):
        os.environ.pop("OMP_NUM_THREADS", None)
        assert limits("multiprocessing") == {"none"}
    found = joblib.Parallel(2, "multiprocessing")(joblib.delayed(_limited)() for _ in range(2))
    assert found == [1, 1]


def shut_down_for_others() -> None:
    """If a generator of `Parallel(..., return_as="generator")` is deleted before its end, its
    executor is shut down, also for other calls that are not done. Read each generator to its end
    before you start another call.
    """
    folder = Path(import_module("joblib").__path__[0])
    source = (folder / "_parallel_backends.py").read_text("utf-8")
    assert '"The executor underlying Parallel has been shutdown. "' in source
    assert "Make sure the generator is not garbage collected" in source


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
    """The mode `"w+"` empties a file that exists; use `"r+"` to keep its data. Pass the array
    itself or a slice with a positive step, and transpose or reverse it in the worker: if `table`
    is a memmap of two dimensions, `table.T` arrives untransposed, and no error is reported. With a
    negative step, as in `table[::-1]`, the worker reads and changes the wrong elements.
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


def killed() -> None:
    """Task 0 kills its worker: the call raises `TerminatedWorkerError`, which is a
    `BrokenProcessPool`.
    """
    shown("numpy/shared_file", "except BrokenProcessPool as error", "TerminatedWorkerError: A")


def causes() -> None:
    """As the message goes on to say, such an end can be due to a crash, or to too little memory."""
    loky = import_module("joblib.externals.loky.process_executor")
    source = Path(str(loky.__file__)).read_text("utf-8")
    assert "segmentation fault" in source
    assert "excessive memory usage" in source


def after_a_fork() -> None:
    """A product after the fork is computed in both."""
    program = import_module("limited")
    assert program.multiply(2) == 800
    if get_start_method() == "fork":
        queue: SimpleQueue[int] = SimpleQueue()
        child = Process(target=_put_threads, args=(queue,))
        child.start()
        assert program.multiply(3) == 1800
        assert queue.get() == _threads()
        child.join()


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


FORKED = """
import os
from joblib import Parallel, delayed
import numpy

if __name__ == "__main__":
    numbers = numpy.ones(1_000_000)
    print(Parallel(2)(delayed(numpy.sum)(numbers) for _ in range(2)))
    child = os.fork()
    if not child:
        {end}
    os.waitpid(child, 0)
"""


def keys_that_the_tracker_lacks() -> None:
    """It prints `KeyError: '/dev/shm/joblib_memmapping_folder_...'`, or the name of a semaphore
    such as `'/loky-...'`, if it is told to forget something that it does not know. The results are
    right. These are causes:

    The program has used joblib, and then a child that it made with `os.fork()` ends normally. It
    runs what its parent has registered with `atexit`, and so removes the folder of its parent,
    which unregisters it once more at its own end. End such a child with `os._exit()`.
    """
    if sys.platform == "linux" and get_start_method() == ONCE:
        ended = script(FORKED.format(end="raise SystemExit"))
        assert "1000000.0" in ended.stdout
        assert "KeyError: '/dev/shm/joblib_memmapping_folder_" in ended.stderr
        ended_early = script(FORKED.format(end="os._exit(0)"))
        assert "1000000.0" in ended_early.stdout
        assert "KeyError" not in ended_early.stderr


TRACKED = """
import os
import signal
import sys
from joblib.externals.loky.backend import resource_tracker

def kill_the_tracker():
    tracker = resource_tracker._resource_tracker._pid
    os.kill(tracker, signal.SIGKILL)
    os.waitid(os.P_PID, tracker, os.WEXITED | os.WNOWAIT)

os.mkdir({folder!r})
resource_tracker.register({folder!r}, "folder")
{then}
"""
RELAUNCHED = "kill_the_tracker()\nfor _ in 'ab': resource_tracker.unregister({folder!r}, 'folder')"
KILLED = "os.kill(os.getpid(), signal.SIGKILL)"


def a_tracker_of_its_own() -> None:
    """joblib has a resource tracker of its own, in `joblib/externals/loky`: a process that removes
    the files and semaphores of a program, also if the program is killed.

    The tracker was killed: `process died unexpectedly, relaunching` stands above the first
    `KeyError`.

    If the tracker is killed together with the program, both remain.
    """
    if sys.platform == "linux" and get_start_method() == ONCE:
        with TemporaryDirectory() as parent:
            folder = os.path.join(parent, "arrays")
            told = script(TRACKED.format(folder=folder, then=RELAUNCHED.format(folder=folder)))
            warned = told.stderr.index("process died unexpectedly, relaunching")
            assert warned < told.stderr.index(f"KeyError: '{folder}'")
            os.rmdir(folder)
            script(TRACKED.format(folder=folder, then=KILLED))
            while os.path.exists(folder):
                sleep(PAUSE)
            script(TRACKED.format(folder=folder, then=f"kill_the_tracker()\n{KILLED}"))
            assert os.path.exists(folder)


ELSEWHERE = """
import os
if "VARIABLE":
    os.environ["JOBLIB_TEMP_FOLDER"] = "VARIABLE"
from joblib import Parallel, delayed
import numpy

def file(array):
    return array.filename

if __name__ == "__main__":
    print(*Parallel(2 OPTIONS)([delayed(file)(numpy.zeros(1_000_000))]))
"""


def _folder_of(array: Any) -> str:
    return str(Path(array.filename).parent)


def files_of_arrays() -> None:
    """On Linux, the files of large arrays are in `/dev/shm`, which is memory, if more than 2 GB are
    free there, and else in the temporary folder; `JOBLIB_TEMP_FOLDER` or `temp_folder` names
    another one. A file is removed when its tasks are done, and the folder at the end of the program
    at the latest. The number in `joblib_memmapping_folder_...` is that of the process that made it:
    remove the folder if no such process runs.
    """
    if sys.platform == "linux":
        joblib, numpy = import_module("joblib"), import_module("numpy")
        task = joblib.delayed(_folder_of)(numpy.zeros(1_000_000))
        (folder,) = joblib.Parallel(2)([task])
        made, name = os.path.split(folder)
        assert made in {"/dev/shm", gettempdir()}
        assert name.startswith(f"joblib_memmapping_folder_{os.getpid()}_")
        while list(Path(folder).glob("*")):
            sleep(PAUSE)
        choose = import_module("joblib._memmapping_reducer")._get_temp_dir
        for free, is_memory in (2_000_000_001, True), (2_000_000_000, False):
            found = SimpleNamespace(f_bsize=1, f_bavail=free)
            with patch("os.statvfs", return_value=found), patch("os.makedirs"):
                chosen, _ = choose("arrays")
            assert chosen == f"{'/dev/shm' if is_memory else gettempdir()}/arrays"
        with TemporaryDirectory() as parent:
            for options, variables in (f", temp_folder={parent!r}", ""), ("", parent):
                code = ELSEWHERE.replace("OPTIONS", options).replace("VARIABLE", variables)
                assert script(code).stdout.startswith(parent)


OUTLIVED = """
import os
import time
import numpy
from joblib import Parallel, delayed

def outlive(array, number, parent):
    if number == 0:
        os.kill(parent, {signal})
    while os.getppid() == parent:
        time.sleep(0.01)
    os._exit(0)

if __name__ == "__main__":
    numbers = numpy.ones(1_000_000)
    Parallel(2)(delayed(outlive)(numbers, number, os.getpid()) for number in range(2))
"""
REMOVED = """
from joblib.externals.loky.backend import resource_tracker
resource_tracker.register("/loky-removed", "semlock")
"""


def not_told() -> None:
    """joblib's resource tracker prints `There appear to be 8 leaked semlock objects to clean up at
    shutdown` if all processes of a program have ended, and nobody has told it that the semaphores
    are gone. It removes them, so nothing is left. This happens if:

    The program could not clean up: it was killed, for example by SIGTERM, or ended with
    `os._exit()`. If it worked with large arrays, `leaked folder objects` follows. The warning comes
    when the workers have ended, too; one that waits for a task does so after 300 seconds.

    `1 leaked semlock objects`, and then `FileNotFoundError(2, 'No such file or directory')`: a task
    raised an exception, and the program ended at once. This is rare: a thread of joblib had just
    removed a semaphore, and was stopped before it told the tracker.
    """
    if sys.platform == "linux" and get_start_method() == ONCE:
        for number in signal.SIGTERM, signal.SIGKILL:
            told = script(OUTLIVED.format(signal=number)).stderr
            semaphores = told.index("There appear to be 8 leaked semlock objects to clean up at")
            assert semaphores < told.index("leaked folder objects to clean up at shutdown: {'")
            for name in re.findall(r"'(/[^']+)': 1", told):
                assert not Path(name).exists()
                assert not Path(f"/dev/shm/sem.{name[1:]}").exists()
        told = script(REMOVED).stderr
        assert "There appear to be 1 leaked semlock objects to clean up at shutdown" in told
        assert "/loky-removed: FileNotFoundError(2, 'No such file or directory')" in told


IN_A_CHILD = """
import multiprocessing
import os
import warnings
from joblib import Parallel, delayed
from joblib.externals.loky import reusable_executor

def own_id(number):
    return os.getpid()

def parallel(function):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        done = Parallel(2)(delayed(function)(number) for number in range(2))
    return done, [str(warning.message) for warning in caught]

def has_thread():
    return reusable_executor._executor._executor_manager_thread.is_alive()

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    print(parallel(abs)[0], has_thread())
    with multiprocessing.Pool(1) as pool:
        print(pool.apply(parallel, (own_id,)), pool.apply(own_id, (0,)))
        print("in a child:", pool.apply(has_thread))
"""


def joblib_after_a_fork() -> None:
    """A child that is forked after its parent has called `Parallel` has a copy of joblib's
    executor, but not of the thread that hands out its tasks.

    In a worker of a `Pool`, which is a daemon, joblib warns `Loky-backed parallel loops cannot be
    called in a multiprocessing`, and does the tasks in the worker itself.
    """
    if sys.platform == "linux" and get_start_method() == ONCE:
        told = script(IN_A_CHILD).stdout.splitlines()
        assert (told[0], told[2]) == ("[0, 1] True", "in a child: False")
        assert "Loky-backed parallel loops cannot be called in a multiprocessing" in told[1]
        worker = told[1].rpartition(" ")[2]
        assert told[1].startswith(f"([{worker}, {worker}], ")


def they_are_kept() -> None:
    """A service that starts such children again and again keeps all of them, with their memory.

    Call `Parallel` in the main process only.
    """
    no_fact("what a child that never ends means; advice")


def fewer_threads() -> None:
    """Limit the threads of each worker, or start fewer workers."""
    no_fact("advice")


def the_exit_codes() -> None:
    """Its last lines have the exit codes."""
    outcome = script(ENDS_BY_ITSELF)
    assert "The exit codes of the workers are {EXIT(1)" in outcome.stdout, outcome.stderr


ENDS_BY_ITSELF = """
import os

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError

if __name__ == "__main__":
    try:
        Parallel(n_jobs=2)(delayed(os._exit)(1) for _ in range(2))
    except TerminatedWorkerError as error:
        print(error)
"""


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


NOT_ON_THE_PATH = """
import os
import subprocess
import sys

sys.path += sys.argv[1:]
from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError


def found():
    command = [sys.executable, "-c", "import joblib"]
    return not subprocess.run(command, stderr=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    print(found())
    try:
        Parallel(n_jobs=2)(delayed(abs)(number) for number in range(2))
    except TerminatedWorkerError as error:
        print("EXIT(1)" in str(error))
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    print(found())
    print(Parallel(n_jobs=2)(delayed(abs)(number) for number in range(2)))
"""


def not_on_the_path() -> None:
    """To test this, call `subprocess.run([sys.executable, "-c", "import joblib"])` in the program.
    The remedy is `os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)` before the first
    `Parallel`.
    """
    if get_start_method() != ONCE:
        return
    packages = str(Path(import_module("joblib").__path__[0]).parent)
    with TemporaryDirectory() as folder:
        EnvBuilder(symlinks=sys.platform != "win32").create(folder)
        scripts = "Scripts" if sys.platform == "win32" else "bin"
        program = Path(folder, "program.py")
        program.write_text(NOT_ON_THE_PATH, "utf-8")
        command = [str(Path(folder, scripts, "python")), str(program), packages]
        told = run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert told.stdout.splitlines() == ["False", "True", "True", "[0, 1]"], told.stderr


def how_to_find_out() -> None:
    """Run the same task in 1, 2 and 4 processes with one thread each, and compare how long one task
    takes. Keep the number of processes at which all tasks together take the least time.
    """
    no_fact("advice")
