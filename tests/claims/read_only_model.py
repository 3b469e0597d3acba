"""What docs/examples/read-only-model.md says."""

import pickle
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from multiprocessing import Lock, Pool, Value, get_start_method
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Lock as LockType
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier, Thread
from threading import Lock as ThreadLock
from typing import TYPE_CHECKING, Any

from tests.claims import (
    PAUSE,
    PRELOADED,
    SURE,
    TIME_LIMIT,
    changed,
    no_fact,
    on,
    raises,
    script,
    shown,
)
from tests.claims._starts import CTRL_C, IN_A_SUBMIT, SIGTERM, STARTS, ends, signals, waits

if TYPE_CHECKING:
    from examples._runner import Outcome

AT_IMPORT = """
import multiprocessing
import os

loaded_by = os.getpid()

def look():
    print("loaded" if loaded_by == os.getpid() else "inherited")

if __name__ == "__main__":
    {preload}
    worker = multiprocessing.Process(target=look)
    worker.start()
    worker.join()
"""
TOO_LATE = """
import multiprocessing
import os
from pathlib import Path

def look():
    import my_model
    print("loaded" if my_model.loaded_by == os.getpid() else "inherited", flush=True)

def nothing():
    pass

def run(function):
    worker = forkserver.Process(target=function)
    worker.start()
    worker.join()

if __name__ == "__main__":
    Path("my_model.py").write_text("import os; loaded_by = os.getpid()")
    forkserver = multiprocessing.get_context("forkserver")
    {first}
    forkserver.set_forkserver_preload(["my_model"])
    run(look)
"""
REPLACED = """
import os
import numpy as np

np.save("weights.npy", np.zeros(100_000))
weights = np.load("weights.npy", mmap_mode="r")
np.save("new.npy", np.ones(100_000))
os.replace("new.npy", "weights.npy")
print(weights[90_000])
weights = np.load("weights.npy", mmap_mode="r")
np.save("weights.npy", np.full(100_000, 2.0))
print(weights[90_000], flush=True)
open("weights.npy", "wb")  # as np.save does first
print(weights[90_000])
"""
THREADS = """
import multiprocessing
from pathlib import Path

MODULE = '''
import threading
lock, held = threading.Lock(), threading.Event()

def work():
    with lock:
        held.set()
        threading.Event().wait()

thread = threading.Thread(target=work, daemon=True)
thread.start()
held.wait()
'''

def look():
    import my_library
    held, alive = my_library.lock.locked(), my_library.thread.is_alive()
    print(f"lock held: {held}, by a thread: {alive}")

if __name__ == "__main__":
    Path("my_library.py").write_text(MODULE)
    if multiprocessing.get_start_method() == "fork":
        import my_library
    multiprocessing.set_forkserver_preload(["my_library"])
    worker = multiprocessing.Process(target=look)
    worker.start()
    worker.join()
"""
VIEW = """
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory
import numpy as np

def look(name):
    block = SharedMemory(name=name)
    weights = {use}block.buf.toreadonly())
    del block
    weights.sum()

if __name__ == "__main__":
    block = SharedMemory(create=True, size=24_000)
    worker = Process(target=look, args=(block.name,))
    worker.start()
    worker.join()
    block.close()
    block.unlink()
    print(worker.exitcode)
"""
KILLED_WHILE_LOADING = """
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Lock, Pool, Value

def load(lock, first):
    with lock:
        if first.value:
            first.value = 0
            print("begun", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    with {start}(2, initializer=load, initargs=(Lock(), Value("i", 1))) as p:
        print({run}.result(), flush=True)
"""
BROKEN = """
import multiprocessing
from pathlib import Path

if __name__ == "__main__":
    Path("my_model.py").write_text("raise ValueError")
    multiprocessing.set_forkserver_preload(["my_model"])
    for _ in range(2):
        try:
            multiprocessing.Process(target=print).start()
        except (EOFError, OSError):
            print("not started")
"""
DEFAULT = "import multiprocessing; print(multiprocessing.get_start_method())"


class _Model:
    """A model that records how often it is pickled, in the process that does so."""

    pickled = 0

    def predict(self, number: int) -> int:
        """Some answer."""
        return 10 * number

    def __reduce__(self) -> tuple[type["_Model"], tuple[()]]:
        _Model.pickled += 1
        return _Model, ()


def _predict(model: _Model, number: int) -> int:
    return model.predict(number)


# The second worker, whose start is interrupted, waits for a task before the first one does.
FIRST_ENDS_LAST = """    import sys
    from time import sleep
    if customer:
        Path("done").touch()
    else:
        Path("begun").touch()
        frame = sys._getframe()
        while "call_queue" not in frame.f_locals:
            frame = frame.f_back
        lock = frame.f_locals["call_queue"]._rlock
        while not Path("done").exists() or lock.acquire(block=False):
            Path("done").exists() and lock.release()
            sleep(0.01)
        print("hangs", flush=True)
"""
BEGUN = """def begun():
    import time
    while not Path("begun").exists():
        time.sleep(0.01)


def score(customer):
"""


def while_the_workers_start() -> None:
    """If that comes while the workers are starting, the last lines of the program above kill
    them. In some cases, the program can still wait forever.
    """
    assert waits(changed("read-only-model/mapped_file"), IN_A_SUBMIT, number=2)
    for arrives in CTRL_C, SIGTERM:
        assert ends("read-only-model/mapped_file", STARTS, arrives)
    if get_start_method() != "fork":
        of_second = "[pool.submit(score, 0), begun(), pool.submit(score, 1)]"
        code = changed(
            "read-only-model/mapped_file",
            signals(STARTS, number=2),
            ("def score(customer):\n", BEGUN),
            ("    mapped, flags = ", f"{FIRST_ENDS_LAST}    mapped, flags = "),
            ("pool.map(score, [0, 1])", of_second),
        )
        outcome = script(code, hangs_after="hangs\n")
        assert (outcome.status, outcome.stdout) == (None, "interrupted\nhangs\n")


def _mapped_file(line: str, fault: str) -> "Outcome":
    """Run the first program with a fault before a line; at its end, it prints what is left."""
    left = "        print('left:', [name for name in os.listdir() if name[:3] == 'tmp'])\n"
    end = "    finally:\n"
    changes = (line, fault + line), (end, end + left)
    return script(changed("read-only-model/mapped_file", *changes))


def one_file_or_once_in_each() -> None:
    """If the model consists of arrays of numbers, save each array to a `.npy` file and let each
    worker map the files. Then the model is in memory once: a mapped file is shared read-only
    data, and is not copied to the different processes.

    The operating system loads the parts that are used, and all processes that map the file share
    the same memory.
    """
    import numpy as np

    shown("read-only-model/mapped_file", 'np.load(path, mmap_mode="r")', "499500.0, memmap")
    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "weights.npy")
        np.save(path, np.zeros(1000))
        reader, writer = np.load(path, mmap_mode="r"), np.load(path, mmap_mode="r+")
        writer[999] = 7  # what is changed through one mapping is there in the other
        assert reader[999] == 7
        del reader, writer


def in_the_initializer() -> None:
    """Load any other object once in each worker, in the initializer of the pool.

    The initializer of a pool is a function that each worker calls once, before its first task. A
    global that it sets is there in all later tasks of that worker.

    Let the initializer load it. This program counts how often that happens: two workers run 1,000
    tasks, and load the model 2 times.

    Each worker needs memory for a model of its own.
    """
    shown("read-only-model/initializer", "global model", "range(1000)", "Loaded: 2 times")
    shown("read-only-model/initializer", "Executor(2, None, start_worker", "the last: 998001")


def a_worker_fails() -> None:
    """If a worker fails, the program ends with an error.

    The programs of this page use a ProcessPoolExecutor. It raises the exception of a task again in
    the parent, and `BrokenProcessPool` if a worker is killed, apart from some cases in which it
    waits, as a `Pool` does. After such an error the program removes its files, prints the error,
    and ends with exit status 1. If a task calls `sys.exit(3)`, the parent ends with status 3 and no
    message.
    """
    for program in "mapped_file", "initializer", "as_argument", "inherited":
        shown(f"read-only-model/{program}", "with ProcessPoolExecutor(2, None, ")
    for fault, status, told in (
        ("raise ValueError('no such customer')", 1, "ValueError: no such customer"),
        ("os._exit(1)", 1, "BrokenProcessPool: "),
        ("raise SystemExit(3)", 3, ""),
    ):
        ended = _mapped_file("    mapped, flags = ", f"    if customer: {fault}\n")
        assert ended.stdout.endswith("left: []\n")
        assert ended.status == status
        assert told in ended.stderr if told else ended.stderr == ""
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")


def ended_by_a_signal() -> None:
    """In the programs that write a file, SIGTERM raises `KeyboardInterrupt` in the parent, as
    Ctrl-C does, so the file is removed then, too. If the parent is killed, the file remains. In
    both cases a thread ends each worker of an executor at the latest when the parent has ended.
    """
    for program in "mapped_file", "preload":
        handler = "signal.signal(signal.SIGTERM, signal.default_int_handler)"
        shown(f"read-only-model/{program}", handler, "with TemporaryDirectory() as folder:")
    line = "        with ProcessPoolExecutor("
    ended = _mapped_file(line, "        os.kill(os.getpid(), signal.SIGTERM)\n")
    assert (ended.stdout, ended.status) == ("left: []\n", -signal.SIGINT)
    assert ended.stderr.endswith("KeyboardInterrupt\n")
    seen = "        print(path.exists(), flush=True)\n"
    ended = _mapped_file(line, f"{seen}        os.kill(os.getpid(), signal.SIGKILL)\n")
    assert (ended.stdout, ended.status) == ("True\n", -signal.SIGKILL)
    shown("read-only-model/mapped_file", "parent_process().join()\n    os._exit(1)", "Thread(targ")
    shown("ctrl-c", "Thread(target=end_with_parent, daemon=True).start()")


def it_may_be_stopped() -> None:
    """If a worker may be stopped, or may never end, set a time limit."""
    no_fact("advice")


def it_is_read_only() -> None:
    """`writeable: False` means that a worker that tries to change a weight gets an error, so no
    worker changes the model by accident.

    Do not send the array itself: pickled, it is a copy of all its numbers.
    """
    import numpy as np

    shown("read-only-model/mapped_file", "weights.flags\n", "flags.writeable", "writeable: False")
    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "weights.npy")
        np.save(path, np.zeros(1000))
        weights = np.load(path, mmap_mode="r")
        with raises(ValueError, text="read-only"):
            weights[0] = 1
        pickled = pickle.dumps(weights)
        assert len(pickled) > weights.nbytes
        assert not np.shares_memory(pickle.loads(pickled), weights)
        del weights


def another_name() -> None:
    """To replace the model, save the new one under another name that ends in `.npy`, and move it
    to the old name with `os.replace`. The workers keep the old model until they load the file
    again. On Linux and macOS, `np.save` to a file that is mapped changes the numbers in the
    workers, and a worker that reads meanwhile can be killed by a bus error.
    """
    run = script(REPLACED)
    assert (run.status, run.stdout) == (-signal.SIGBUS, "0.0\n2.0\n")


def only_the_path() -> None:
    """Only the path is sent to the workers, so this works under every start method."""
    shown("read-only-model/mapped_file", "open_model, (path,))", "Output\n499500.0, memmap")


def not_an_archive() -> None:
    """The array must be in a file of its own, as `np.save` writes it. For a `.npz` archive, NumPy
    ignores `mmap_mode` and reads the array into memory.
    """
    import numpy as np

    with TemporaryDirectory(dir=".") as folder:
        alone, archive = Path(folder, "weights.npy"), Path(folder, "weights.npz")
        np.save(alone, np.zeros(10))
        np.savez(archive, weights=np.zeros(10))
        assert isinstance(np.load(alone, mmap_mode="r"), np.memmap)
        with np.load(archive, mmap_mode="r") as arrays:
            weights = arrays["weights"]
        assert not isinstance(weights, np.memmap)
        assert weights.flags.writeable


def advice() -> None:
    """For a table, see Arrow.

    If that is too much, use fewer workers, keep the object in one process that answers the
    others, or put a lookup table into SQLite.

    Two warnings apply to what is inherited:

    arrays in a file | `mmap_mode="r"`

    arrays that are computed | `SharedMemory`

    a table | Arrow

    any object, small enough for one copy in each worker | the initializer

    any object that is bigger | one process that answers
    """
    no_fact("advice")


def not_as_it_is() -> None:
    """A dict, a tree or a model of a library cannot be mapped as it is."""
    import numpy as np

    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "model.npy")
        np.save(path, np.array({"attic": 25.5}, dtype=object), allow_pickle=True)
        with raises(ValueError, text="Python objects in dtype"):
            np.load(path, mmap_mode="r", allow_pickle=True)


def an_initializer_that_raises() -> None:
    """If the initializer raises an exception, for example because the file is missing, the
    executor raises `BrokenProcessPool`. A `Pool` has the same parameters `initializer` and
    `initargs`, but there the program hangs.
    """
    from concurrent.futures import ProcessPoolExecutor
    from inspect import signature

    shown("process-pool-executor/initializer_fails", "BrokenProcessPool: ")
    assert {"initializer", "initargs"} <= set(signature(ProcessPoolExecutor).parameters)
    assert {"initializer", "initargs"} <= set(signature(Pool).parameters)
    shown("pool/initializer_raises", "Pool(1, set_up,", "raise FileNotFoundError")
    shown("pool/initializer_raises", "still running after 5 s\nThe pool is there")


def as_an_argument() -> None:
    """A model that is an argument of a task is pickled, sent to the worker, and built again
    there. The same happens with `functools.partial`, and with a bound method such as
    `model.predict`. `map` does it once for each chunk of tasks.
    """
    model = _Model()
    with Pool(1) as pool:
        assert pool.apply(_predict, [model, 1]) == 10
        counts = [_Model.pickled]
        for task in (partial(_predict, model), model.predict):
            assert pool.map(task, range(4), chunksize=2) == [0, 10, 20, 30]
            counts.append(_Model.pickled)
        pool.close()
        pool.join()
    assert counts == [1, 3, 5]


def one_hundred_models() -> None:
    """Here, with `chunksize=1`, the default of an executor, 100 tasks make 100 models:"""
    from concurrent.futures import ProcessPoolExecutor
    from inspect import signature

    assert signature(ProcessPoolExecutor.map).parameters["chunksize"].default == 1
    shown("read-only-model/as_argument", "range(100), chunksize=1", "Models made: 100")


def slow() -> None:
    """The results are correct, but this is slow: a program that needs much more time with a pool
    than without one often does this.
    """
    no_fact("a judgment")


def before_the_fork() -> None:
    """Under `fork`, a worker begins as a copy of its parent. A global that the parent has set
    before it starts the pool is there in each worker, and is neither loaded again nor sent. Under
    `forkserver` and `spawn`, a global that is set in `main()` is not there. So let the
    initializer load the model only if it is missing:
    """
    shown("read-only-model/inherited", "if model is None:", "Loaded in workers: 0 times")
    shown("read-only-model/inherited", "Loaded in workers: 2 times")


def the_default() -> None:
    """On Linux, `fork` is the default up to Python 3.13. Later versions use `forkserver` by
    default, and you ask for `fork` with `get_context("fork")`.
    """
    if sys.platform == "linux":
        default = "forkserver" if on("Python 3.14 and later") else "fork"
        assert script(DEFAULT, "-I").stdout == f"{default}\n"
    shown("memory-grows/array_read", 'get_context("fork")')


def at_module_level() -> None:
    """What the program loads at module level is loaded again in each worker under `spawn`. Under
    `forkserver`, that depends on the version:

    `python program.py`, Python 3.13.8 and later and 3.14.1 and later | once, in the fork server:
    all workers inherit it

    `python program.py`, older releases | in each worker

    `python -m program` | in each worker
    """
    run = AT_IMPORT.format(preload="")
    is_inherited = {"fork": True, "spawn": False, "forkserver": on(PRELOADED)}[get_start_method()]
    assert script(run).stdout == ("inherited\n" if is_inherited else "loaded\n")
    if get_start_method() == "forkserver":
        assert script(run, module=True).stdout == "loaded\n"


def copied_while_it_is_read() -> None:
    """The memory is shared only until a process writes to it, and Python writes to an object when
    it reads it: it changes the reference count. So a big dict or list, of texts for example, is
    copied bit by bit. An array of numbers is not.

    Memory grows, although the workers have inherited everything by `fork`.
    """
    import numpy as np

    shown("memory-grows/list_read", "More than half of it copied: True")
    shown("memory-grows/array_read", "More than a tenth of it copied: False")
    text = f"word {np.pi}"
    before = sys.getrefcount(text)
    for word in [text]:
        assert sys.getrefcount(word) > before


def threads() -> None:
    """If a library has started threads while it was loading, a worker that is forked after that
    can hang: under `fork`, and under `forkserver` if the fork server has loaded the library.

    The two warnings above apply here, too: a big list or dict that is inherited this way is copied
    while it is read, and a module that starts threads while it is imported must not be preloaded.
    """
    shown("fork-with-threads/lock_held", "Output, still running after 5 s")
    shown("memory-grows/list_read", "More than half of it copied: True")
    if get_start_method() != "spawn":
        assert script(THREADS).stdout == "lock held: True, by a thread: False\n"


def the_server_imports() -> None:
    """Each worker inherits what that module has loaded. This program writes such a module and
    uses it twice, first without preload and then with it:
    """
    shown("read-only-model/preload", "Preloaded: []\nInherited: False")
    shown("read-only-model/preload", "Preloaded: ['my_model']\nInherited: True")


def the_preloaded_worker_fails() -> None:
    """If the worker fails, the program that starts it prints its exit code and ends with status 1,
    and `check=True` ends the whole with an error.
    """
    if get_start_method() == "forkserver":
        told = '    print("Inherited:", '
        by_program = (
            "subprocess.run(command, cwd=folder, check=True)",
            "raise SystemExit(subprocess.run(command, cwd=folder).returncode)",
        )
        fault = (told, f"    os._exit(7)\n{told}")
        inner = script(changed("read-only-model/preload", fault, by_program))
        assert (inner.status, inner.stderr) == (1, "exit code 7\n")
        ended = script(changed("read-only-model/preload", fault))
        assert (ended.status, ended.stdout) == (1, "Preloaded: []\n")
        assert ended.stderr.startswith("exit code 7\n")
        assert "CalledProcessError: " in ended.stderr


def before_the_first_process() -> None:
    """Call it before the first process is started. The fork server imports the modules when it
    starts, so a later call has no effect on it.
    """
    if get_start_method() == "forkserver":
        assert script(TOO_LATE.format(first="")).stdout == "inherited\n"
        assert script(TOO_LATE.format(first="run(nothing)")).stdout == "loaded\n"


def the_list_replaces_main() -> None:
    """The list replaces the default, `["__main__"]`. If the workers must also inherit what the
    program itself loads at import, keep `"__main__"` in the list.
    """
    if get_start_method() == "forkserver":
        for modules in (["json"], ["json", "__main__"]):
            preload = f"multiprocessing.set_forkserver_preload({modules})"
            is_inherited = "__main__" in modules and on(PRELOADED)
            run = script(AT_IMPORT.format(preload=preload))
            assert run.stdout == ("inherited\n" if is_inherited else "loaded\n")


def an_import_that_fails() -> None:
    """If the import fails with `ImportError`, no error is reported, and each worker imports the
    module itself.
    """
    if get_start_method() == "forkserver":
        preload = 'multiprocessing.set_forkserver_preload(["no_module_of_this_name"])'
        run = script(AT_IMPORT.format(preload=preload))
        assert (run.status, run.stdout, run.stderr) == (0, "loaded\n", "")


def another_exception() -> None:
    """After any other exception in the module, no process can be started: `start()` raises an
    error such as `EOFError`.
    """
    if get_start_method() == "forkserver":
        run = script(BROKEN)
        assert (run.status, run.stdout) == (0, "not started\n" * 2)
        assert "ValueError" in run.stderr


def in_a_block() -> None:
    """If the arrays are computed and not loaded, put them into a SharedMemory block: the page A
    NumPy array without a copy has the program. Every worker can change such an array. To prevent
    that, let the worker see the block through a read-only view:
    """
    shown("numpy-array/pool", "SharedMemory(", "np.ndarray(")
    shown("numpy-array/own_rows", "Bright pixels")
    shown("read-only-model", "toreadonly()", "#> ValueError: assignment destination is read-only")


def both_global() -> None:
    """In the initializer, make both `block` and `weights` global: a `SharedMemory` object that
    nothing refers to closes itself. Use `np.frombuffer`, as here, and not
    `np.ndarray(3, buffer=...)`: that array can be made writable again, and if the block is closed
    while it is there, the worker crashes.
    """
    import numpy as np

    shown("closed-shared-memory/block_lost", "return np.ndarray(", "Exit code of the worker: -11")
    memory = bytearray(24)
    unsafe: Any = np.ndarray(3, buffer=memoryview(memory).toreadonly())
    unsafe.flags.writeable = True
    unsafe[0] = 1
    assert memory != bytearray(24)
    weights: Any = np.frombuffer(memoryview(memory).toreadonly(), count=3)
    with raises(ValueError, text="cannot set WRITEABLE flag to True"):
        weights.flags.writeable = True
    for use, exit_code in ("np.ndarray(3, buffer=", -signal.SIGSEGV), ("np.frombuffer(", 0):
        assert script(VIEW.replace("{use}", use)).stdout == f"{exit_code}\n"


def under_the_guard() -> None:
    """NameError, or an old value: the global was set under the main guard, and the start method
    is not `fork`.
    """
    shown("globals/under_guard", "NameError")
    shown("globals/changed_in_parent", "The worker sees 7")


def a_lambda() -> None:
    """A lambda or local class in the model cannot be pickled. If the initializer loads the model,
    nothing has to be pickled.
    """

    class Local:
        pass

    for one in (lambda: 7, Local()):
        with raises(AttributeError, pickle.PicklingError, text="local"):
            pickle.dumps(one)
    shown("read-only-model/initializer", "start_worker, (loads,))", "model = load_model()")


def is_it_copied() -> None:
    """as an argument of a task, or of a `Process` under `spawn` or `forkserver` | yes, by pickling,
    each time

    as a global that was set before a `fork`, or as an argument of a `Process` under `fork` | no;
    but a list or dict is copied bit by bit while it is read

    loaded by the worker | each worker has a copy of its own

    as a mapped file, or in `SharedMemory` | no
    """
    shown("read-only-model/as_argument", "Models made: 100")
    shown("read-only-model/inherited", "Loaded in workers: 0 times")
    shown("read-only-model/initializer", "Loaded: 2 times")
    shown("read-only-model/mapped_file", 'mmap_mode="r"', "memmap, writeable: False")
    shown("numpy-array/own_rows", "SharedMemory(name=")
    shown("memory-grows/list_read", "More than half of it copied: True")


def with_ray() -> None:
    """Put the numbers of a big list into an array first."""
    no_fact("advice")


def _load(lock: LockType, loading: "Synchronized[int]", most: "Synchronized[int]") -> None:
    with lock:
        loading.value += 1
        most.value = max(most.value, loading.value)
        time.sleep(PAUSE)  # the other workers would load now
        loading.value -= 1


def one_after_another() -> None:
    """If loading needs more memory than the model needs later, the workers need it all at the same
    time when the pool starts. To let them load one after another, pass a `multiprocessing.Lock` in
    `initargs`, and write `with lock:` around the loading. Do so with an executor: in a `Pool`, if a
    worker is killed while it loads, the others wait forever.
    """
    loading, most = Value("i", 0), Value("i", 0)
    arguments = Lock(), loading, most
    with Pool(3, _load, arguments) as pool:
        pool.map(abs, range(9))
        pool.close()
        pool.join()
    assert (most.value, loading.value) == (1, 0)
    told = script(KILLED_WHILE_LOADING.format(start="ProcessPoolExecutor", run="p.submit(abs, -1)"))
    assert "BrokenProcessPool" in told.stderr
    run = "p.apply_async(abs, (-1,))"
    code = KILLED_WHILE_LOADING.format(start="Pool", run=run).replace(".result", ".get")
    assert script(code, hangs_after="begun\n").status is None


def not_in_the_view() -> None:
    """A view or an endpoint that loads the model does so at each call. Load it once in each worker
    of the server: at module level or, if it takes long and not all workers need it, at the first
    request:

    Each worker of the server has a model of its own.
    """
    shown("read-only-model", "@cache\ndef load():", "#> 1.0 2.0 ['loaded']")
    shown("globals/cache_for_each", "cache")


def _times_loaded(guard: AbstractContextManager[object], both: Callable[[], object]) -> int:
    """How often two threads load a model, if each load waits for `both`."""
    loads = []

    @cache
    def load() -> None:
        loads.append("loaded")
        both()

    def view() -> None:
        with guard:
            load()

    views = [Thread(target=view) for _ in range(2)]
    for one in views:
        one.start()
    for one in views:
        one.join()
    return len(loads)


def a_worker_with_threads() -> None:
    """Without the lock, a worker with threads loads it twice if two requests come before it is
    loaded.
    """
    shown("read-only-model", "with loading:\n        model = load()")
    assert _times_loaded(nullcontext(), Barrier(2, timeout=TIME_LIMIT).wait) == 2
    assert _times_loaded(ThreadLock(), lambda: time.sleep(SURE)) == 1


def one_for_all_workers() -> None:
    """For one in all, let Gunicorn import the application before it forks, map the arrays as above,
    or keep the model in one process that answers.
    """
    no_fact("advice")


def not_item_by_item() -> None:
    """So do not fill it item by item: fill an ordinary dict, and pass that to `update()` once. For
    millions of items that are only read, load the dict in each worker, or look them up in SQLite,
    which every process can do without a copy of its own.
    """
    no_fact("advice; how a worker loads or looks up is shown on this page and the linked one")
