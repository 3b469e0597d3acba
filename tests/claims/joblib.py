"""What docs/beyond/joblib.md says."""

import inspect
import os
import pickle
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from multiprocessing import Lock, Manager, Queue, Value, get_start_method
from multiprocessing import TimeoutError as PoolTimeoutError
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from shutil import rmtree
from subprocess import run
from tempfile import TemporaryDirectory, gettempdir
from time import sleep
from types import SimpleNamespace
from typing import Any
from venv import EnvBuilder

import numpy as np

from tests.claims import ONCE, PAUSE, no_fact, on, raises, script, shown
from tests.claims._until import ended, until

RATE = 2  # a global of this module
HERE = sys.modules[__name__]


def _once() -> bool:
    """Whether this is the start method under which joblib's own processes are looked at."""
    return get_start_method() == ONCE


def _run(*calls: tuple[Any, ...], jobs: int = 2, **options: Any) -> list[Any]:
    """What calls, each a function and its arguments, return in workers of joblib."""
    joblib = import_module("joblib")
    tasks = [joblib.delayed(function)(*arguments) for function, *arguments in calls]
    results: list[Any] = joblib.Parallel(jobs, **options)(tasks)
    return results


def _all_ended(processes: list[int]) -> bool:
    return all(map(ended, processes))


def _shut_down() -> None:
    import_module("joblib.externals.loky").get_reusable_executor().shutdown(wait=True)


def they_stay() -> None:
    """joblib runs tasks in workers that stay for the next call. It can send lambdas and functions
    of a script or a notebook, and it maps big NumPy arrays instead of copying them.

    They wait for the next call for 300 seconds, and end with the program. To end them at once,
    import `get_reusable_executor` from `joblib.externals.loky`, and call
    `get_reusable_executor().shutdown(wait=True)`.
    """
    shown("joblib/loads_again", "delayed(predict)", 'if __name__ == "__main__":')
    shown("joblib/big_array", "files: 1 writeable: False False")
    if _once():
        processes: set[int] = set()
        for _ in range(3):
            processes.update(_run(*[(lambda: os.getpid(),)] * 4, batch_size=1))
        assert len(processes) <= 2
        assert os.getpid() not in processes
        executor = import_module("joblib.externals.loky.reusable_executor")._executor
        assert executor._timeout == 300
        _shut_down()
        if sys.platform == "linux":
            assert all(map(ended, processes))


def what_to_choose() -> None:
    """Use it for many independent tasks. If the workers need each other while they run, use
    multiprocessing's own tools.

    lambdas or functions from a notebook | joblib, or cloudpickle with an executor

    a big array that all workers read | joblib, or shared memory

    a `Queue`, a `Lock` or a `Value` | `Process`, or the initializer of a pool

    tasks that go on when another one fails | `ProcessPoolExecutor`

    Keep it for the others.
    """
    no_fact("advice")


def the_sum_of_results() -> None:
    """A worker does not change the globals of the parent: return what a task has counted, and add
    the results.
    """
    shown("joblib/counter", "the parent's global: 0\nsum of the results: 2000")


def in_threads() -> None:
    """With `require="sharedmem"` or `backend="threading"`, the tasks run in threads of the program
    and see its objects. They need a lock, and pure Python does not get faster.
    """
    shown("joblib/counter", "with lock:", "counted in threads: 2000")
    shown("race/unsafe_every_time", "sold.value = count + 1", "Tickets sold by 4 sellers: 1")
    names: list[tuple[int, str]] = []

    def where() -> None:
        names.append((os.getpid(), threading.current_thread().name))

    _run(*[(where,)] * 2, require="sharedmem")
    _run(*[(where,)] * 2, backend="threading")
    assert len(names) == 4
    assert {process for process, _ in names} == {os.getpid()}
    assert threading.current_thread().name not in {name for _, name in names}


def _put(shared: Any, key: int) -> None:
    shared[key] = key


def a_proxy() -> None:
    """If the tasks must see one dictionary while they run, pass them a proxy, `Manager().dict()`.
    joblib can send it.

    a proxy of a `Manager`, a `SharedMemory` | shared
    """
    if _once():
        with Manager() as manager:
            shared = manager.dict()
            _run((_put, shared, 1), (_put, shared, 2))
            assert dict(shared) == {1: 1, 2: 2}
        block = SharedMemory(create=True, size=4)
        try:
            _run((_fill_block, block, 0), (_fill_block, block, 1))
            assert block.buf is not None
            assert list(block.buf[:2]) == [7, 7]
        finally:
            block.close()
            block.unlink()


def _fill_block(block: SharedMemory, index: int) -> None:
    assert block.buf is not None
    block.buf[index] = 7


def _begin(folder: str, task: int) -> None:
    """Task 1 kills its worker when the other one has begun; the other one never ends."""
    begun = Path(folder, f"{os.getpid()} {task}")
    assert not begun.exists()
    begun.touch()
    try:
        if task == 1:
            assert until(lambda: len(os.listdir(folder)) > 1)
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(1000)
    finally:
        Path(folder, "finally").touch()


def a_worker_is_killed() -> None:
    """joblib does not run a task twice. If a worker is killed, it kills the others in the middle of
    their tasks, too, and raises `TerminatedWorkerError`. The results of the whole call are lost,
    and nothing says which task was to blame. The next call starts new workers.

    a worker in a task | the tasks and results of that call
    """
    shown("joblib/jobs", "a.jpg b.jpg c.jpg d.jpg -> TerminatedWorkerError", "done: a.jpg c.jpg")
    if _once() and sys.platform == "linux":
        error = import_module("joblib.externals.loky.process_executor").TerminatedWorkerError
        with TemporaryDirectory() as folder:
            with raises(error, text="SIGKILL(-9)"):
                _run((_begin, folder, 0), (_begin, folder, 1))
            begun = sorted(os.listdir(folder), key=lambda name: name.split()[-1])
            assert [name.split()[-1] for name in begun] == ["0", "1"]  # once each, no "finally"
            assert until(lambda: all(ended(int(name.split()[0])) for name in begun))
            found = _run((os.getpid,), (os.getpid,))
            assert not set(map(str, found)) & {name.split()[0] for name in begun}
        assert "_begin" not in inspect.getsource(error)


def keep_what_is_done() -> None:
    """So keep what is done outside, here as files, and hand out only what is left:

    A job whose worker is killed after its work and before `replace()` is done twice.
    """
    shown("joblib/jobs", "left = [p for p in photos if not (folder / p).exists()]")
    shown("joblib/jobs", "part.replace(folder / photo)  # there as a whole, or not at all")


def alone() -> None:
    """With `n_jobs=1`, a job that kills its worker would run in the program itself, and kill
    that.
    """
    assert _run((os.getpid,), jobs=1) == [os.getpid()]


def _file(array: Any) -> tuple[str, bool]:
    return array.filename, bool(array.flags.writeable)


def a_file_for_an_array() -> None:
    """joblib writes an array that is larger than `max_nbytes`, 1 MB by default, into a file, and
    each worker maps this file. A slice gets a file of its own, so pass the array and the limits.
    The mapped array is read-only; how workers write into one, and how small arrays differ.

    an array of numbers of more than 1 MB | a file, mapped as read-only
    """
    shown("joblib/big_array", "sum: 5000000.0 of 5000000.0\nfiles: 1 writeable: False False")
    defaults = import_module("joblib.parallel").default_parallel_config
    assert defaults["max_nbytes"].default_value == "1M"
    if _once():
        array = np.zeros(1_000_000)
        (one, written), (other, _) = _run((_file, array[:500_000]), (_file, array[500_000:]))
        assert one != other
        assert not written


def written_once() -> None:
    """In a `with` block of one `Parallel`, the file is written once. Workers do not see what the
    parent changes after that, and no error is reported:
    """
    shown("joblib/stale", "before the change: 1.0\nafter it, in the same block: 1.0")
    shown("joblib/stale", "a new Parallel: 2.0")


def _change(array: Any, numbers: list[int], names: dict[str, int]) -> None:
    array[0] = numbers[0] = names["a"] = 1


def _rate() -> int:
    return RATE


def copies() -> None:
    """a smaller array, a list, a dictionary | a copy

    a lambda, or a function of the script | a copy, with the globals that it uses

    a function of a module | the worker's own import of that module

    a `Value`, a `Lock`, a `Queue` | `PicklingError`
    """
    from unittest.mock import patch

    if _once():
        array, numbers, names = np.zeros(3), [0], {"a": 0}
        _run((_change, array, numbers, names), (_change, array, numbers, names))
        assert (array[0], numbers, names) == (0, [0], {"a": 0})
        with patch.object(HERE, "RATE", 3):
            assert _run((_rate,), (lambda: RATE,)) == [2, 3]
        things: tuple[Any, ...] = Value("i"), Lock(), Queue()
        for thing in things:
            with raises(pickle.PicklingError, text="Could not pickle the task"):
                _run((abs, thing))


def nothing_is_kept() -> None:
    """A function of the script arrives with new globals in each batch of tasks, so it keeps
    nothing, such as a loaded model:
    """
    shown("joblib/loads_again", "batch_size=1", "tasks that loaded the model: 6")


def a_function_of_a_module() -> None:
    """A function of a module is sent by its name. Here it is imported from the file above:"""
    shown("joblib/loads_once", "from loads_again import predict", "one load a worker: True")


def pass_the_value() -> None:
    """Pass the value as an argument."""
    no_fact("advice")


AS_AT_THEIR_START = """
import logging
import os
import sys
from joblib import Parallel, delayed

def look():
    configured = logging.getLogger().level == logging.INFO
    return os.environ.get("RATE"), os.getcwd(), "/only/later" in sys.path, configured

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    os.environ["RATE"] = "2"
    home = os.getcwd()
    for rate in "23":
        [(found, folder, on_path, configured)] = Parallel(2)([delayed(look)()])
        print(rate, found, folder == home, on_path, configured)
        os.environ["RATE"] = "3"
        os.chdir(os.sep)
        sys.path.append("/only/later")
"""


def as_at_their_start() -> None:
    """Workers do not have the parent's configuration of `logging`, and they keep the environment
    variables, the current directory and the `sys.path` with which they were started: set these
    before the first `Parallel`.
    """
    if _once():
        told = script(AS_AT_THEIR_START)
        expected = ["2 2 True False False", "3 2 True False False"]
        assert told.stdout.splitlines() == expected, told


WITHOUT_A_GUARD = """
from multiprocessing import get_start_method, set_start_method
from joblib import Parallel, delayed
print("run as", __name__, flush=True)
started = "in the parent"
def where():
    import sys
    return getattr(sys, "started", "new")
import sys
sys.started = "inherited"
print(Parallel(n_jobs=2)(delayed(where)() for _ in range(2)))
"""


def without_a_main_guard() -> None:
    """The workers are new Python processes, whatever the start method, and do not run the script
    again. So the default backend, `loky`, needs no main guard.
    """
    outcome = script(WITHOUT_A_GUARD)
    assert outcome.stdout == "run as __main__\n['new', 'new']\n", outcome.stderr


def through_an_executor() -> None:
    """Use one of them to send a lambda through an ordinary pool or executor: `dumps()` in the
    parent, `loads()` in the worker.

    cloudpickle copies the globals that the function uses when `dumps()` is called, so the later
    `rate = 3` has no effect.
    """
    shown("joblib/lambda_for_a_pool", "cloudpickle.dumps(lambda price: price * rate)")
    shown("joblib/lambda_for_a_pool", "pickle.loads(pickled)(price)", "rate = 3", "0 2 4 6")


ELSEWHERE_BY_DILL = """
import subprocess
import sys
import cloudpickle
import dill

rate = 2
LOAD = "import dill, sys; print(dill.loads(sys.stdin.buffer.read())(2))"

def price(number):
    return number * rate

def load(data):
    ended = subprocess.run([sys.executable, "-c", LOAD], input=data, capture_output=True)
    return ended.stdout.decode().strip() or ended.stderr.decode().strip().splitlines()[-1]

print(load(dill.dumps(price)))
print(load(dill.dumps(price, recurse=True)))
print(load(cloudpickle.dumps(price)))
"""


def globals_of_dill() -> None:
    """By default, dill leaves them out, and the function looks for them in the worker's main
    module: `dill.dumps(function, recurse=True)` copies them.
    """
    if _once() and not on("Python 3.15"):
        told = script(ELSEWHERE_BY_DILL).stdout.splitlines()
        assert told[0].startswith("NameError: name 'rate' is not defined")
        assert told[1:] == ["4", "4"]


TABLE = """
import pickle
import queue
import socket
import sqlite3
import subprocess
import sys
import textwrap
import threading
import cloudpickle
import dill

LOAD = '''
import dill, pickle, sys
for number, data in enumerate(pickle.load(sys.stdin.buffer)):
    loads = dill.loads if number % 3 == 2 else pickle.loads
    try:
        print(type(loads(data)).__name__ if data else "no")
    except AttributeError:
        print("by name")
'''

class Point:
    pass

def local():
    class Local:
        pass
    return Local

def numbers():
    yield 1

def pickled(thing, module):
    try:
        return module.dumps(thing)
    except (AttributeError, TypeError, pickle.PicklingError):
        return b""

with socket.socket() as line:
    database = sqlite3.connect(":memory:")
    things = [
        lambda: 1, local(), numbers, Point, textwrap, property(numbers),
        threading.Lock(), queue.Queue(), numbers(), line, database,
    ]
    modules = [pickle, cloudpickle, dill]
    data = pickle.dumps([pickled(thing, module) for thing in things for module in modules])
    database.close()
ended = subprocess.run([sys.executable, "-c", LOAD], input=data, capture_output=True)
lines = ended.stdout.decode().split("\\n")
for start in range(0, len(lines) - 1, 3):
    print(*lines[start : start + 3], sep=" | ")
print(ended.stderr.decode())
"""
ROWS = """no | function | function
no | type | type
by name | function | function
by name | type | type
no | module | module
no | property | property
no | no | lock
no | no | Queue
no | no | no
no | no | no
no | no | no"""


def what_each_can_pickle() -> None:
    """a lambda, a local function or class | no | yes | yes

    a function or class of the script | by name | a copy | a copy

    a module, a `property` | no | yes | yes

    `threading.Lock`, `queue.Queue` | no | no | a new one

    a generator, a socket, a connection of SQLite | no | no | no
    """
    if _once():
        found = script(TABLE)
        rows = [line.split(" | ") for line in found.stdout.splitlines() if line]
        expected = [line.split(" | ") for line in ROWS.splitlines()]
        if on("Python 3.15"):  # dill 0.4.1 does not pickle functions there
            rows, expected = [row[:2] for row in rows], [row[:2] for row in expected]
        assert rows == expected, (rows, found.stderr)


def a_lock_of_dill() -> None:
    """A lock that dill has sent protects nothing, and no error is reported: each worker has its
    own.
    """
    dill = import_module("dill")
    if on("Python 3.15"):
        with raises(AttributeError, text="'code' object has no attribute 'co_lnotab'"):
            dill.dumps(lambda: 1)
    lock = threading.Lock()
    first, second = (dill.loads(dill.dumps(lock)) for _ in range(2))
    assert first.acquire(blocking=False)
    assert second.acquire(blocking=False)


def _one_is_killed(number: int, path: str) -> int:
    if number == 3:
        _wait_for(path)
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def one_by_one() -> None:
    """the same, with `return_as="generator"` | the results that it has not yet handed out"""
    if _once() and sys.platform != "win32":
        joblib = import_module("joblib")
        error = import_module("joblib.externals.loky.process_executor").TerminatedWorkerError
        parallel = joblib.Parallel(2, return_as="generator", batch_size=1, pre_dispatch=1)
        found = []
        with TemporaryDirectory() as folder:
            path = os.path.join(folder, "go on")
            task = joblib.delayed(_one_is_killed)
            with raises(error):
                for number in parallel(task(number, path) for number in range(6)):
                    found.append(number)
                    if number == 1:
                        Path(path).touch()
        assert found in ([0, 1], [0, 1, 2])


ENDED_BY = """
import os
import signal
import sys
import time
import numpy
from joblib import Parallel, delayed

def task(array, parent):
    os.write(1, f"{os.getpid()} {array.filename}\\n".encode())  # a line as a whole
    while os.getppid() == parent:
        time.sleep(0.01)
    os.write(1, b"finished\\n")

if __name__ == "__main__":
    if "exits" in sys.argv:
        signal.signal(signal.SIGHUP, lambda *_: sys.exit(143))
    parallel = Parallel(2)
    numbers = numpy.ones(1_000_000)
    parallel(delayed(task)(numbers, os.getpid()) for _ in range(2))
"""


def a_program_that_ends() -> None:
    """the program | everything in memory; its workers finish their tasks, and end five and a half
    minutes later

    Ctrl-C ends the program with its workers and files. SIGTERM does what SIGKILL does: the files of
    arrays remain until the workers have ended. If a terminal is closed, SIGHUP ends joblib's
    resource tracker, too, and the files remain for good. Turn both into a normal end:
    `signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))`, in the main thread, and the same for
    `SIGHUP`.

    joblib's resource tracker prints `There appear to be 8 leaked semlock objects to clean up at
    shutdown` if the program was killed, for example by SIGTERM, or ended with `os._exit()`, and its
    workers have ended, too. If it worked with large arrays, `leaked folder objects` follows. The
    tracker removes them, so nothing is left.
    """
    if not _once() or sys.platform != "linux":
        return
    for number, *options in (
        (signal.SIGINT,),
        (signal.SIGHUP, "exits"),
        (signal.SIGTERM,),
        (signal.SIGHUP,),
    ):
        with subprocess.Popen(
            [sys.executable, "-c", ENDED_BY, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        ) as program:
            assert program.stdout
            told = [program.stdout.readline().split() for _ in range(2)]
            begun = all(len(line) == 2 for line in told)
            if begun and number == signal.SIGHUP:  # all processes of a terminal receive it
                os.killpg(program.pid, number)
            else:
                program.send_signal(number if begun else signal.SIGKILL)
            status = program.wait()
            folder = Path(told[0][1]).parent
            clean = number == signal.SIGINT or bool(options)
            assert status == (143 if options else -number)
            if clean:  # all has ended with the program
                assert not folder.exists()
                assert until(partial(_all_ended, [int(process) for process, _ in told]))
                assert program.stdout.read() == ""
            elif number == signal.SIGHUP:
                assert program.stdout.read() == ""  # so the workers and the tracker have ended
                assert folder.exists()
                for left in Path("/dev/shm").glob(f"*joblib_memmapping_folder_{program.pid}_*"):
                    rmtree(left)
                rmtree(folder, ignore_errors=True)
                for left in Path("/dev/shm").glob(f"sem.loky-{program.pid}-*"):
                    left.unlink()
            else:
                assert [program.stdout.readline() for _ in range(2)] == ["finished\n"] * 2
                assert folder.exists()
                for process, _ in told:
                    os.kill(int(process), signal.SIGKILL)  # instead of a wait
                assert program.stdout.read() == ""  # until the tracker has ended
                assert not folder.exists()
                assert program.stderr
                warned = program.stderr.read()
                semaphores = warned.index("There appear to be 8 leaked semlock objects to clean up")
                assert semaphores < warned.index("leaked folder objects to clean up at shutdown: {")
                names = re.findall(r"'(/[^']+)': 1", warned)
                assert len(names) > 8
                for name in names:
                    assert not Path(name).exists()
                    assert not Path(f"/dev/shm/sem.{name[1:]}").exists()
    loky = import_module("joblib.externals.loky.process_executor")
    source = inspect.getsource(loky._process_worker)
    assert "worker_exit_lock.acquire(True, timeout=30)" in source  # after 300 seconds


class _TwoArguments(Exception):
    def __init__(self, photo: str, reason: str) -> None:
        super().__init__(f"{photo}: {reason}")


def _fail() -> None:
    raise _TwoArguments("a.jpg", "damaged")


def _caught(number: int) -> object:
    try:
        return 1 / number
    except ZeroDivisionError as error:
        return error


def one_failed_task() -> None:
    """The first exception ends the call. The other workers are killed in the middle of their tasks,
    without `finally`, and all results are lost. Catch the exception in the task, and return it. One
    that cannot be unpickled raises `BrokenProcessPool: A result has failed to un-serialize`
    instead.
    """
    shown("joblib/one_error", "ValueError: b.jpg is damaged\na.jpg begun\nb.jpg begun\nb.jpg cle")
    if _once():
        one, error = _run((_caught, 1), (_caught, 0))
        assert one == 1
        assert isinstance(error, ZeroDivisionError)
        with raises(Exception, text="A result has failed to un-serialize"):
            _run((_fail,))


def parameters() -> None:
    """`n_jobs=None` | 1, and no worker, unless `parallel_config` sets another number

    `n_jobs=-1` | a worker for each core that the program may use
    """
    joblib = import_module("joblib")
    where = joblib.delayed(os.getpid)
    assert joblib.Parallel()([where()]) == joblib.Parallel(n_jobs=None)([where()]) == [os.getpid()]
    with joblib.parallel_config(n_jobs=3):
        assert joblib.effective_n_jobs(None) == 3
    if sys.platform == "linux":
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(allowed)})
        try:
            assert joblib.effective_n_jobs(-1) == 1
        finally:
            os.sched_setaffinity(0, allowed)


def _stay(_: object = None) -> None:
    time.sleep(1000)


def too_late() -> None:
    """`timeout=None` | wait forever; with 5, a task that is awaited for longer ends the call, and
    all workers are killed

    The exception of `timeout` is `multiprocessing.TimeoutError`, which `except TimeoutError` does
    not catch. With `n_jobs=1`, joblib warns, and waits.
    """
    joblib = import_module("joblib")
    assert inspect.signature(joblib.Parallel).parameters["timeout"].default is None
    assert not issubclass(PoolTimeoutError, TimeoutError)
    if _once():
        before = set(_run((os.getpid,), (os.getpid,)))
        with raises(PoolTimeoutError):
            _run((_stay,), (_stay,), timeout=0.1)
        assert sys.platform != "linux" or until(lambda: all(map(ended, before)))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            _run((time.sleep, 0.2), jobs=1, timeout=0.1)
        assert any("does not support timeout" in str(warning.message) for warning in caught)


def _wait_for(path: str) -> None:
    assert until(lambda: os.path.exists(path))


def read_in_advance() -> None:
    """`pre_dispatch="2 * n_jobs"` | how many tasks are read at first

    `return_as="generator"` | results one by one, in the order of the tasks

    If you read a generator slowly, the results gather in memory. If you delete it before its end,
    the workers are killed.
    """
    joblib = import_module("joblib")
    defaults = inspect.signature(joblib.Parallel).parameters
    assert defaults["pre_dispatch"].default == "2 * n_jobs"
    if not _once():
        return
    read: list[int] = []

    def tasks(path: str) -> Iterator[Any]:
        for number in range(50):
            read.append(number)
            yield joblib.delayed(_wait_for)(path) if path else joblib.delayed(abs)(number)

    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "go on")
        generator = joblib.Parallel(2, return_as="generator", batch_size=3)(tasks(path))
        assert read == [0, 1, 2, 3]
        Path(path).touch()
        assert list(generator) == [None] * 50
    read.clear()
    generator = joblib.Parallel(2, return_as="generator")(tasks(""))
    assert next(generator) == 0
    assert until(lambda: len(read) == 50)  # and nobody has asked for more
    assert list(generator) == list(range(1, 50))
    before = set(_run((os.getpid,), (os.getpid,)))
    generator = joblib.Parallel(2, return_as="generator")(joblib.delayed(_stay)() for _ in "ab")
    del generator
    assert sys.platform != "linux" or until(lambda: all(map(ended, before)))


def _nested(backend: str | None = None) -> tuple[int, list[tuple[int, Any]], list[str]]:
    """Its process, what Parallel in it finds of process and inner backend, and its warnings."""
    joblib = import_module("joblib")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if backend:
            with joblib.parallel_config(backend):
                found = _run((_backend,), (_backend,))
        else:
            found = _run((_backend,), (_backend,))
    return os.getpid(), found, [str(warning.message) for warning in caught]


def _backend() -> tuple[int, str]:
    active = import_module("joblib.parallel").get_active_backend()[0]
    return os.getpid(), type(active).__name__


def nested() -> None:
    """In a worker, `Parallel` uses threads of that worker. With `parallel_config("loky")` in
    the task, it starts processes of its own. If the outer call uses threads, joblib warns
    `Loky-backed parallel loops cannot be nested below threads`, and sets `n_jobs=1`.
    """
    if _once():
        (worker, found, _), (other, inner, _) = _run((_nested,), (_nested, "loky"))
        assert found == [(worker, "SequentialBackend")] * 2
        assert other not in {process for process, _ in inner}
        [(_, found, told)] = _run((_nested, "loky"), backend="threading")
        assert {process for process, _ in found} == {os.getpid()}
        assert any("cannot be nested below threads, setting n_jobs=1" in line for line in told)


TOO_FULL = """
import numpy
from joblib import Parallel, delayed

def file(array):
    return array.filename

if __name__ == "__main__":
    task = delayed(file)(numpy.ones(1_000_000))
    print(Parallel(2)([task]))
"""
MOUNT = 'mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"'


class _Strategy:
    def __init__(self, thing: object) -> None:
        self.thing = thing

    def run(self) -> int:
        return 7


def cannot_be_pickled() -> None:
    """`PicklingError: Could not pickle the task to send it to the workers` means that something in
    the task cannot be pickled, not even by cloudpickle: a lock, an open file, a connection, or an
    object that has one of them, such as the `self` of a method.

    The traceback under `_RemoteTraceback`, which stands above, says what it is, for example `cannot
    pickle '_thread.lock' object`; in newer releases, lines that begin with `when serializing`
    follow, and lead to it.

    With `n_jobs=1`, nothing is pickled, so the same call works.

    Create such an object in the task, or leave it out when the other is pickled.
    """
    if not _once():
        return
    database = sqlite3.connect(":memory:")
    with open(os.devnull, "rb") as file:
        for thing in threading.Lock(), file, database:
            task = _Strategy(thing).run
            assert _run((task,), jobs=1) == [7]
            try:
                _run((task,), (task,))
            except pickle.PicklingError as error:
                assert "Could not pickle the task to send it to the workers" in str(error)
                assert type(error.__cause__).__name__ == "_RemoteTraceback"
                told = str(error.__cause__)
                name = type(thing).__name__
                assert re.search(f"cannot pickle '.*{name}' ", told), told
                _, _, after = told.partition("cannot pickle")
                if sys.version_info >= (3, 15):  # so it is "in newer releases", if nowhere else
                    assert "\nwhen serializing " in after
            else:
                raise AssertionError(f"{thing} was pickled")
    database.close()


def it_is_full() -> None:
    """If the traceback has `[Errno 28] No space left on device`, the array does not fit where its
    file is, on Linux often `/dev/shm`. Set `JOBLIB_TEMP_FOLDER` to a folder on a disk before the
    first call.
    """
    if not _once() or sys.platform != "linux":
        return
    with TemporaryDirectory() as folder:
        program = Path(folder, "program.py")
        program.write_text(TOO_FULL, "utf-8")
        full = os.path.join(folder, "full")
        os.mkdir(full)
        line = ["unshare", "--mount", "sh", "-c", MOUNT, full, sys.executable, str(program)]
        environment = {**os.environ, "JOBLIB_TEMP_FOLDER": full}
        told = run(line, capture_output=True, text=True, check=False, env=environment)
    if "unshare:" in told.stderr or "mount:" in told.stderr:
        print("this system does not let us mount a file system, so none is full")
        return
    assert "PicklingError: Could not pickle the task to send it to the workers" in told.stderr
    assert "[Errno 28] No space left on device" in told.stderr


def _sockets(array: Any = None) -> tuple[list[str], int]:
    """The sockets that this process has, and who may do what with the file of an array."""
    links = (os.path.join("/proc/self/fd", name) for name in os.listdir("/proc/self/fd"))
    found = [os.readlink(link) for link in links if os.path.islink(link)]
    mode = os.stat(array.filename).st_mode & 0o777 if array is not None else 0
    return [name for name in found if name.startswith("socket:")], mode


def pipes() -> None:
    """joblib opens no port: it talks to its workers through pipes, and only the user can read its
    files.
    """
    if _once() and sys.platform == "linux":
        before, _ = _sockets()
        ((in_worker, mode),) = _run((_sockets, np.ones(1_000_000)))
        assert in_worker == []
        assert _sockets()[0] == before
        assert mode == 0o600


_ran: list[str] = []


def _append(text: str) -> None:
    _ran.append(text)


class _Runs:
    def __reduce__(self) -> tuple[Any, ...]:
        return _append, ("it",)


def it_runs_code() -> None:
    """`joblib.load`, and `loads` of cloudpickle or dill, run code that is in the data, as
    `pickle.loads` does: load only what you have written yourself.
    """
    joblib, cloudpickle, dill = map(import_module, ("joblib", "cloudpickle", "dill"))
    data = pickle.dumps(_Runs())
    _ran.clear()
    for loads in pickle.loads, cloudpickle.loads, dill.loads:
        loads(data)
    with TemporaryDirectory() as folder:
        file = os.path.join(folder, "model")
        joblib.dump(_Runs(), file)
        joblib.load(file)
    assert _ran == ["it"] * 4


def versions() -> None:
    """Run with joblib 1.6.0, cloudpickle 3.1.2 and dill 0.4.1."""
    from importlib.metadata import version

    assert [version(name) for name in ("joblib", "cloudpickle", "dill")] == [
        "1.6.0",
        "3.1.2",
        "0.4.1",
    ]


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
    itself. On Linux, `/dev/shm` is full, not the disk. `JOBLIB_TEMP_FOLDER` does not help.
    """
    if get_start_method() != ONCE:
        return
    ended = script(NO_SEMAPHORE)
    assert (ended.status, ended.stdout) == (0, "True\n"), ended.stderr
    assert "[Errno 28] No space left on device" in ended.stderr
    assert "joblib will operate in serial mode" in ended.stderr


def not_replaced() -> None:
    """`maxtasksperchild` is ignored, and no error is reported. Use a `Pool` instead."""
    if _once():
        assert len(set(_run(*[(os.getpid,)] * 6, maxtasksperchild=1, batch_size=1))) <= 2


def shut_down_for_others() -> None:
    """`The executor underlying Parallel has been shutdown`, a `RuntimeError`: the calls of a
    program share one executor, and a generator that is deleted before its end shuts it down for
    all. Read each to its end before you start another call.
    """
    joblib = import_module("joblib")
    source = (Path(joblib.__path__[0]) / "_parallel_backends.py").read_text("utf-8")
    assert '"The executor underlying Parallel has been shutdown. "' in source
    assert "Make sure the generator is not garbage collected" in source
    if _once():
        generator = joblib.Parallel(2, return_as="generator")(joblib.delayed(_stay)() for _ in "ab")
        one = import_module("joblib.externals.loky.reusable_executor")._executor
        del generator
        assert one._flags.shutdown


FORKED = """
import os
from joblib import Parallel, delayed

if __name__ == "__main__":
    print(Parallel(2)(delayed(abs)(number) for number in range(2)), flush=True)
    for number in range(3):
        child = os.fork()
        if not child and number == 1:
            raise SystemExit
        elif not child:
            os._exit(0)
        os.waitpid(child, 0)
"""


def keys_that_the_tracker_lacks() -> None:
    """It prints `KeyError: '/dev/shm/joblib_memmapping_folder_...'`, or the name of a semaphore
    such as `'/loky-...'`, if it is told to forget something that it does not know. The results are
    right. Causes:

    The program has used joblib, and then a child that it made with `os.fork()` ends normally. It
    runs what its parent has registered with `atexit`, and so removes the folder of its parent.
    End such a child with `os._exit()`.
    """
    if sys.platform == "linux" and get_start_method() == ONCE:
        ended = script(FORKED)
        assert ended.stdout == "[0, 1]\n"
        assert ended.stderr.count("KeyError: '/dev/shm/joblib_memmapping_folder_") == 1


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
    """joblib has a resource tracker of its own: a process that removes the files and semaphores of
    a program, also if the program is killed.

    The tracker was killed: `process died unexpectedly, relaunching` stands above the first
    `KeyError`.

    If the tracker is killed together with the program, they remain.
    """
    if sys.platform == "linux" and get_start_method() == ONCE:
        with TemporaryDirectory() as parent:
            folder = os.path.join(parent, "arrays")
            told = script(TRACKED.format(folder=folder, then=RELAUNCHED.format(folder=folder)))
            warned = told.stderr.index("process died unexpectedly, relaunching")
            assert warned < told.stderr.index(f"KeyError: '{folder}'")
            os.rmdir(folder)
            script(TRACKED.format(folder=folder, then=f"kill_the_tracker()\n{KILLED}"))
            assert os.path.exists(folder)


def _folder_of(array: Any) -> str:
    return str(Path(array.filename).parent)


def files_of_arrays() -> None:
    """On Linux, the files of large arrays are in `/dev/shm`, which is memory, if more than 2 GB are
    free there, and else in the temporary folder. The number in `joblib_memmapping_folder_...` is
    that of the process that made it: remove the folder if no such process runs.
    """
    from unittest.mock import patch

    if sys.platform == "linux" and _once():
        (folder,) = _run((_folder_of, np.zeros(1_000_000)))
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


def in_the_main_process() -> None:
    """Call `Parallel` in the main process only."""
    no_fact("advice")


NOT_ON_THE_PATH = """
import os
import sys

sys.path += sys.argv[1:]
from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError


if __name__ == "__main__":
    try:
        Parallel(n_jobs=2)(delayed(abs)(number) for number in range(2))
    except TerminatedWorkerError as error:
        print("EXIT(1)" in str(error))
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    print(Parallel(n_jobs=2)(delayed(abs)(number) for number in range(2)))
"""


HIDDEN = """
from joblib import Parallel, delayed

if __name__ == "__main__":
    Parallel(n_jobs=2)(delayed(abs)(number) for number in range(2))
"""


def a_hidden_module() -> None:
    """If the traceback says that a module of Python lacks something, such as `module 'signal' has
    no attribute 'SIGINT'`, a file in the current folder, here `signal.py`, hides that module from
    the workers: rename the file.
    """
    if get_start_method() != ONCE or sys.platform == "win32":
        return
    with TemporaryDirectory() as here, TemporaryDirectory() as elsewhere:
        Path(here, "signal.py").write_text("number = 1\n", "utf-8")
        program = Path(elsewhere, "program.py")
        program.write_text(HIDDEN, "utf-8")
        command = [sys.executable, str(program)]
        # What the tests put on the path imports the module early, so that nothing is hidden.
        own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        told = run(command, capture_output=True, text=True, cwd=here, env=own, check=False)
        assert told.returncode == 1, told.stdout
        for text in (
            "TerminatedWorkerError",
            "{EXIT(1)",
            "module 'signal' has no attribute 'SIGINT'",
        ):
            assert text in told.stderr, told.stderr
        Path(here, "signal.py").rename(Path(here, "signals.py"))
        run(command, cwd=here, env=own, check=True)


def not_on_the_path() -> None:
    """The remedy is `os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)` before the first
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
    assert told.stdout.splitlines() == ["True", "[0, 1]"], told.stderr
    assert "No module named 'joblib'" in told.stderr


def optuna_in_processes() -> None:
    """The target of each process then calls
    `optuna.create_study(study_name="prices", storage=storage, load_if_exists=True)`, and
    `optimize()` without `n_jobs`.

    This was tried with Optuna 5.0.0, which the tests of this site do not run.
    """
    no_fact("advice, and what the tests do not run")
