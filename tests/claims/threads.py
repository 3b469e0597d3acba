"""What docs/beyond/threads.md says."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import ONCE, ROOT, TIME_LIMIT, changed, no_fact, on, raises, script, shown
from tests.claims._free import builds, printed, ran

PROGRAMS = ROOT / "examples" / "threads"
WITH_GIL = not sysconfig.get_config_var("Py_GIL_DISABLED")


def _once() -> bool:
    return get_start_method() == ONCE


def when() -> None:
    """Use threads if your tasks wait, or compute in libraries that release the GIL: all objects are
    shared, and nothing is copied. Use processes if a task may crash or must be stopped, or if your
    tasks compute in Python code, unless the build is free-threaded.

    Threads or processes has more on the choice.
    """
    no_fact("advice; the rest of the page proves it")


def on_both() -> None:
    """The programs print the same on both kinds of build, apart from one.

    On a free-threaded build, it prints `yes` for all of them.
    """
    from tests.claims._free import has

    if not _once():
        return
    for path in builds():
        for program in sorted(PROGRAMS.glob("*.py")):
            code = program.read_text("utf-8")
            if "numpy" in code and not has(path, "numpy"):
                print(f"no NumPy for {path}: {program.stem} was not run there")
                continue
            lines = sorted(ran(path, code).stdout.splitlines())
            expected = program.with_suffix(".out").read_text("utf-8")
            if program.stem == "meanwhile":
                assert " no" in expected
                expected = expected.replace(" no", " yes")
            assert lines == sorted(expected.splitlines()), (path, program)


def the_lock() -> None:
    """Use the lock of `threading`, not that of `multiprocessing`. By default, `acquire()` waits
    forever.
    """
    shown("threads/counter", "with lock:", "Tickets sold: 4000")
    shown("thread-objects/lock_of_threads", "Output")
    if _once():
        code = """
from threading import Lock
lock = Lock()
lock.acquire()
print("waits", flush=True)
lock.acquire()
"""
        assert script(code, hangs_after="waits").status is None


def a_call_in_between() -> None:
    """If a call stands between the read and the write, another thread can run in between, with the
    GIL, too. Here a `Barrier` makes that happen every time:
    """
    shown("threads/lost_updates", "one_more(sold)", "Tickets sold by 4 sellers: 1")


COUNT = '''
import queue, sys, threading
sys.setswitchinterval(1e-6)
class Box: n = 0
def lost(update, value, rounds, times=20_000):
    """How many updates are lost in the first round that loses some, or 0."""
    for _ in range(rounds):
        names = dict(n=0, box=Box(), d={"n": 0}, items=[], jobs=queue.Queue())
        names.update(lock=threading.Lock(), barrier=threading.Barrier(4))
        if "numbers" in update:
            import numpy
            names["numbers"] = numpy.zeros(1, dtype="int64")
        exec(f"""
def count():
    global n
    barrier.wait()
    for _ in range({times}):
        {update}
""", names)
        threads = [threading.Thread(target=names["count"]) for _ in range(4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        if missing := 4 * times - eval(value, names):
            return missing
    return 0
'''
SHORT = {
    "n += 1": "n",
    "box.n += 1": "box.n",
    'd["n"] += 1': 'd["n"]',
    "numbers[0] += 1": "int(numbers[0])",
}
LONG = {'n += int("1")': "n", 'd["n"] = d.get("n", 0) + 1': 'd["n"]'}
EXACT = {"with lock: n += 1": "n", "items.append(1)": "len(items)", "jobs.put(1)": "jobs.qsize()"}


def _lost(updates: dict[str, str], rounds: int) -> str:
    """A program that prints for each update whether some are lost."""
    calls = (
        f"print(lost({update!r}, {value!r}, {rounds}) > 0)" for update, value in updates.items()
    )
    return COUNT + "\n".join(calls)


def which_are_lost() -> None:
    """Each of these was executed by four threads at the same time, 20,000 times and more:

    `n += 1`, `box.n += 1`, `d["n"] += 1`, `numbers[0] += 1` of NumPy | none was lost | updates were
    lost

    `n += int("1")`, `d["n"] = d.get("n", 0) + 1` | updates were lost | updates were lost

    `n += 1` while holding a lock | exact | exact

    `items.append(1)`, `jobs.put(1)` of a `queue.Queue` | exact | exact
    """
    from tests.claims._free import has

    if not _once():
        return
    if WITH_GIL:
        assert script(_lost(SHORT | EXACT, 1)).stdout.split() == ["False"] * 7
        assert script(_lost(LONG, 500)).stdout.split() == ["True"] * 2
    for path in builds():
        short = dict(SHORT)
        if not has(path, "numpy"):
            del short["numbers[0] += 1"]
        assert set(printed(path, _lost(short | LONG, 500))) == {"True"}, path
        assert printed(path, _lost(EXACT, 1)) == ["False"] * 3, path


def hold_a_lock() -> None:
    """Hold a lock there, and the program is right on both builds."""
    shown("threads/counter", "with lock:", "Tickets sold: 4000")


DICTIONARY = """
import sys, threading
sys.setswitchinterval(1e-6)
def together(work, number=4):
    barrier, found = threading.Barrier(number), []
    def run():
        barrier.wait()
        found.append(work())
    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return found
for _ in range(200):
    d = {}
    lists = together(lambda: d.setdefault("apple", []))
    assert len({id(one) for one in lists}) == 1
    got = together(lambda: d.pop("apple", None))
    assert sum(one is not None for one in got) == 1
d = {}
def fill():
    for number in range(2000):
        d[threading.get_ident(), number] = number
together(fill)
print(len(d))
d.clear()
both = threading.Barrier(2)
def two_steps():
    if "apple" not in d:
        both.wait()
        mine = d["apple"] = []
        return mine
first, second = together(two_steps, 2)
print(first is second)
stop = threading.Event()
def change():
    while not stop.is_set():
        for number in range(100):
            d[number] = number
        for number in range(100):
            del d[number]
writer = threading.Thread(target=change)
writer.start()
try:
    for _ in range(2000):
        list(d), list(d.items())
finally:
    stop.set()
    writer.join()
print("copied")
"""


def dictionary() -> None:
    """Single calls such as `d[key] = value`, `d.pop(key)` and `d.setdefault(key, [])` are safe on
    both builds: all threads that call `setdefault()` for a new key get the same list. `if key not
    in d: d[key] = []` is two steps, and needs a lock.

    Iterate over a copy, `list(d)` or `list(d.items())`, or hold a lock during the whole loop and
    for each change.
    """
    shown("threads/dictionary", "dictionary changed size during iteration", "A copy of its keys: 7")
    if _once():
        expected = ["8000", "False", "copied"]
        outcome = script(DICTIONARY)
        assert outcome.stdout.split() == expected, outcome.stderr
        for path in builds():
            assert printed(path, DICTIONARY) == expected, path


def default() -> None:
    """So is `d[key]` of a `defaultdict` whose factory is a Python function, before Python 3.13.12
    and 3.14.3.
    """
    both = threading.Barrier(2)

    def factory() -> list[int]:
        both.wait(TIME_LIMIT)
        return []

    d: defaultdict[str, list[int]] = defaultdict(factory)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(d.__getitem__, ["apple", "apple"])
    assert (first is second) == on("Python 3.13.12 and later and 3.14.3 and later")


def iterators() -> None:
    """Do not share an iterator instead: a generator that another thread is running raises
    `ValueError: generator already executing`, and a free-threaded build may repeat or lose items.
    """
    runs, go_on = threading.Event(), threading.Event()

    def generator() -> Iterator[bool]:
        runs.set()
        yield go_on.wait(TIME_LIMIT)

    items = generator()
    with ThreadPoolExecutor(1) as pool:
        task = pool.submit(next, items)
        assert runs.wait(TIME_LIMIT)
        try:
            with raises(ValueError, text="generator already executing"):
                next(items)
        finally:
            go_on.set()
        assert task.result()


FULL = """
import queue, threading
jobs, both = queue.Queue({}), threading.Barrier(3)
def work():
    while True:
        attempt = jobs.get()
        if attempt == 1:
            both.wait()
            jobs.put(2)
        jobs.task_done()
for _ in range(2):
    threading.Thread(target=work, daemon=True).start()
jobs.put(1), jobs.put(1), jobs.put(3)
both.wait()
print("put", flush=True)
jobs.join()
"""


def shut_down() -> None:
    """With Python 3.13 and later, `shutdown()` ends the workers, also after Ctrl-C:

    `immediate=True` drops the jobs that no worker has begun. Do not limit the size of this queue:
    workers that put jobs back into a full one wait forever.

    `task_done()` is the acknowledgement: `join()` returns when each item that was put has one. A
    failed job is put again before its `task_done()`, so that `join()` does not return too early.
    """
    shown("threads/work_queue", "jobs.task_done()", "b.jpg resized in attempt 2")
    assert hasattr(queue.Queue, "shutdown") == on("Python 3.13 and later")
    if on("Python 3.13 and later"):
        jobs: queue.Queue[int] = queue.Queue()
        jobs.put(1)
        jobs.shutdown(immediate=True)  # type: ignore[attr-defined, unused-ignore]
        assert not jobs.qsize()
        jobs.join()
        if _once():
            interrupted = changed(
                "threads/work_queue",
                ("from queue", "import signal\nfrom queue"),
                ("        jobs.join()", "        signal.raise_signal(signal.SIGINT)"),
            )
            outcome = script(interrupted)
            assert outcome.status
            assert outcome.stderr.strip().endswith("KeyboardInterrupt")
            assert "Exception in thread" not in outcome.stderr
    if _once():
        assert script(FULL.format(0)).status == 0
        assert script(FULL.format(1), hangs_after="put").status is None
    code = (PROGRAMS / "work_queue.py").read_text("utf-8")
    assert code.index("jobs.put((photo, attempt + 1))") < code.index("jobs.task_done()")


def without_shutdown() -> None:
    """Before Python 3.13, put one `None` for each worker instead of `shutdown()`: it ends a loop
    over `iter(jobs.get, None)`. `get()` waits forever by default, and `Queue.join()` has no
    timeout.
    """
    import inspect

    jobs: queue.Queue[int | None] = queue.Queue()
    done = []

    def work() -> None:
        for job in iter(jobs.get, None):
            done.append(job)
            jobs.task_done()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for number in range(10):
        jobs.put(number)
    jobs.join()
    for _ in workers:
        jobs.put(None)
    for worker in workers:
        worker.join()
    assert sorted(done) == list(range(10))
    assert inspect.signature(jobs.get).parameters["timeout"].default is None
    assert not inspect.signature(jobs.join).parameters
    if _once():
        code = 'import queue\nprint("waits", flush=True)\nqueue.Queue().get()'
        assert script(code, hangs_after="waits").status is None


def a_view() -> None:
    """Each thread gets a view of the array. Slices that do not overlap need no lock."""
    shown("threads/big_array", "np.split(numbers, 2)", "first and last: 1.5 2.5", "no copy: True")
    shown("threads/big_array", "size in MB: 80", "sum: 20000000.0")


def lets_go() -> None:
    """With the GIL, a thread that computes is asked to let others run every 5 milliseconds. Calls
    in C are not interrupted, but some release the GIL while they work. This program turns off the 5
    milliseconds, so that only such calls let the main thread run:
    """
    assert sys.getswitchinterval() == 0.005
    shown("threads/meanwhile", "sys.setswitchinterval(1000)", "np.sin() yes\nnumbers.tolist() no")


def goes_on() -> None:
    """Only that thread ends. The program goes on, and its exit status is 0:"""
    shown("threads/thread_raises", "Output\nAll threads have ended.", "OSError: disk full")


RAISES = """
import queue, threading
jobs = queue.Queue()
def work():
    while True:
        jobs.get()
        raise OSError("disk full")
        jobs.task_done()
worker = threading.Thread(target=work)
worker.start()
for number in range(3):
    jobs.put(number)
worker.join()
print("ended", flush=True)
jobs.join()
"""


def waits_forever() -> None:
    """A worker of a queue that raises before `task_done()` leaves `join()` waiting forever, with no
    other message than this traceback. So call `task_done()` in a `finally`, as above, and catch
    what a job can raise.
    """
    shown("threads/work_queue", "finally:\n                jobs.task_done()")
    if _once():
        outcome = script(RAISES, hangs_after="ended")
        assert outcome.status is None
        assert outcome.stderr.strip().endswith("OSError: disk full")


HOOK = """
import sys, threading
failed = []
threading.excepthook = failed.append
def work(end):
    end()
def disk():
    raise OSError("disk full")
for end in disk, lambda: sys.exit(3):
    thread = threading.Thread(target=work, args=(end,))
    thread.start()
    thread.join()
print([one.exc_type.__name__ for one in failed])
"""


def exits() -> None:
    """`threading.excepthook` is called with the exception of any thread, `SystemExit` included: set
    a function that records it, and check that record before the program ends.

    A thread that calls `sys.exit(3)` ends without a traceback, and the program does not end."""
    if _once():
        outcome = script(HOOK)
        assert outcome.stdout == "['OSError', 'SystemExit']\n", outcome
        outcome = script(HOOK.replace("threading.excepthook = failed.append", ""))
        assert outcome.status == 0
        assert outcome.stdout == "[]\n"
        assert "SystemExit" not in outcome.stderr


def keeps_it() -> None:
    """A `ThreadPoolExecutor` keeps the exception, and `result()` raises it. If you never call
    `result()`, or never iterate over what `map()` returns, nobody sees the exception.
    """
    shown("threads/executor_raises", "b.jpg failed: disk full", "exit status 1")
    if _once():
        for call in "submit(int, 'apple')", "map(int, ['apple'])":
            code = "from concurrent.futures import ThreadPoolExecutor\n"
            outcome = script(f"{code}with ThreadPoolExecutor(1) as pool: pool.{call}")
            assert (outcome.status, outcome.stdout) == (0, "")
            assert "Error" not in outcome.stderr


def cannot_be_killed() -> None:
    """A thread cannot be killed. There is no `terminate()`: the thread has to look at an `Event`,
    as below. A `result(timeout=1)` that raises `TimeoutError` leaves the task running.
    """
    for name in "terminate", "kill", "stop", "cancel":
        assert not hasattr(threading.Thread, name)
    go_on = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        task = pool.submit(go_on.wait)
        try:
            with raises(TooLate):
                task.result(timeout=0.01)
            assert task.running()
        finally:
            go_on.set()
        assert task.result()


ENDS = """
import ctypes, os, signal, threading
def end():
    {}
thread = threading.Thread(target=end)
thread.start()
thread.join()
print("goes on")
"""


def one_ends_all() -> None:
    """One ends all. `os._exit()`, a segmentation fault, SIGKILL or the out-of-memory killer ends
    the process with all of its threads. Every queue, counter and dictionary is gone, and a new
    start begins with nothing. What must survive belongs in a file or a database.
    """
    if not _once():
        return
    ways = ["os._exit(3)", "ctypes.string_at(0)"]
    if os.name == "posix":
        ways.append("os.kill(os.getpid(), signal.SIGKILL)")
    for way in ways:
        command = [sys.executable, "-c", ENDS.format(way)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ended.returncode not in (0, 1), way
        assert "goes on" not in ended.stdout


def not_told() -> None:
    """A job that was done, but not marked as done, is done again after such an end: save its result
    and the mark in one transaction, or make jobs that can be repeated.
    """
    no_fact("advice")


def stays_locked() -> None:
    """A lock stays locked if its thread ends without `release()`. `with lock:` releases it also
    after an exception.
    """
    lock = threading.Lock()
    thread = threading.Thread(target=lock.acquire)
    thread.start()
    thread.join()
    assert lock.locked()
    lock.release()
    with suppress(OSError), lock:
        raise OSError
    assert not lock.locked()


DAEMON = """
import threading
begun = threading.Event()
def work():
    try:
        begun.set()
        threading.Event().wait()
    finally:
        print("finally")
threading.Thread(target=work, daemon=True).start()
begun.wait()
print("end")
"""


def daemons() -> None:
    """Daemon threads are stopped wherever they are when the program ends, without their `finally`.
    Use them only for what may stop anywhere.
    """
    if _once():
        outcome = script(DAEMON)
        assert (outcome.status, outcome.stdout) == (0, "end\n"), outcome
        for path in builds():
            assert printed(path, DAEMON) == ["end"], path


JOINED = """
import signal, sys, threading, time
asked, caught = threading.Event(), threading.Event()
def interrupt():
    while asked.wait() and not caught.is_set():
        asked.clear()
        time.sleep(0.05)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    time.sleep({})
    print("tidied up")
thread = threading.Thread(target=interrupt)
thread.start()
for _ in range({}):
    try:
        asked.set()
        thread.join()
    except KeyboardInterrupt:
        if not thread.is_alive():
            break
caught.set(), asked.set()
"""


FOREVER = """
import threading, time
def forever():
    while True:
        time.sleep(0.01)
thread = threading.Thread(target=forever)
thread.start()
try:
    print("runs", flush=True)
    while True:
        time.sleep(0.01)
finally:
    print("finally", flush=True)
"""
IN_A_BLOCK = """
import time
from concurrent.futures import ThreadPoolExecutor
def forever():
    while True:
        time.sleep(0.01)
with ThreadPoolExecutor(2) as pool:
    try:
        tasks = [pool.submit(forever) for _ in range(2)]
        print("runs", flush=True)
        tasks[0].result()
    finally:
        print("finally", flush=True)
"""


def ctrl_c() -> None:
    """Only the main thread gets `KeyboardInterrupt`; after it has ended, the program waits for all
    other threads that are not daemons. Let the main thread ask them to stop:

    The `finally` stops them after any exception, also one of theirs. The program does not wait in
    `join()`: if Ctrl-C interrupts that in Python 3.11 and 3.12, the thread counts as ended, and the
    end of the program cuts it off.

    If no thread looks at such an event, the program hangs after Ctrl-C until you press it again,
    or twice more in the `with` block of a `ThreadPoolExecutor` with several threads.
    SIGTERM ends the program at once, without any `finally`, unless you handle it.
    """
    shown("threads/stop", "except KeyboardInterrupt:", "tidied up\ntidied up", "exit status 130")
    shown("threads/stop", "finally:\n            stop.set()", "return_when=FIRST_EXCEPTION")
    if _once():
        ctrl_c_there = "signal.raise_signal(signal.SIGINT)"
        for instead in "int('apple')", "tasks.insert(0, pool.submit(int, 'apple'))":
            outcome = script(changed("threads/stop", (ctrl_c_there, instead), ("(2) as", "(3) as")))
            assert outcome.status == 1
            assert "invalid literal for int() with base 10: 'apple'" in outcome.stderr
    if not _once() or os.name != "posix":
        return
    cut = on("Python 3.11 and 3.12")
    outcome = script(JOINED.format(20, 200) if cut else JOINED.format(0, 5))  # seconds, times
    assert (outcome.status, "tidied up" in outcome.stdout) == (0, not cut), outcome
    for path in sys.executable, *builds():
        sent, status, said = _ended_by(path, signal.SIGINT, IN_A_BLOCK)
        assert sent >= 3
        assert (bool(status), said) == (True, b"finally\n")
        sent, status, said = _ended_by(path, signal.SIGINT)
        assert sent >= 2
        assert status
        assert said == b"finally\n"
        sent, status, said = _ended_by(path, signal.SIGTERM)
        assert (sent, status, said) == (1, -signal.SIGTERM, b"")


def _ended_by(path: str, number: int, code: str = FOREVER) -> tuple[int, int, bytes]:
    """How many signals end the program, one a second; its exit status, and what it prints."""
    command, pipe = [path, "-c", code], subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.DEVNULL) as program:
        assert program.stdout
        try:
            assert program.stdout.readline() == b"runs\n"
            sent = 0
            while program.poll() is None and sent < TIME_LIMIT:
                program.send_signal(number)
                sent += 1
                with suppress(subprocess.TimeoutExpired):
                    program.wait(1)  # seconds, for what it does about the signal
            assert program.poll() is not None
            return sent, program.returncode, program.stdout.read()
        finally:
            program.kill()


def runs_them_all() -> None:
    """The `with` block of a `ThreadPoolExecutor` runs all tasks that were submitted before it lets
    the exception through: cancel them.
    """
    done: list[int] = []
    with raises(KeyboardInterrupt), ThreadPoolExecutor(1) as pool:
        for number in range(3):
            pool.submit(done.append, number)
        raise KeyboardInterrupt
    assert done == [0, 1, 2]


TURNS = """
import sys, threading
sys.setswitchinterval(1000)
turns = [0, 0]
def turn(mine):
    for count in range(1, 50):
        turns[mine] = count
        while turns[1 - mine] < count:
            pass
threads = [threading.Thread(target=turn, args=(mine,)) for mine in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(turns)
"""


def at_the_same_time() -> None:
    """A free-threaded build is a Python of its own, often named `python3.13t` or `python3.14t`. On
    it, several threads execute Python code at the same time.
    """
    # Two that wait for each other without giving up a GIL: with one GIL, neither would go on.
    if _once():
        for path in builds():
            assert printed(path, TURNS) == ["[49, 49]"], path


ASK = """
import sys, sysconfig
print(sysconfig.get_config_var("Py_GIL_DISABLED"))
print(getattr(sys, "_is_gil_enabled", lambda: "missing")())
"""


def how_to_see_it() -> None:
    """`sysconfig.get_config_var("Py_GIL_DISABLED")` | `0`, or `None` before 3.13 | `1`

    `sys._is_gil_enabled()`, Python 3.13 and later | `True` | `False`, unless the GIL was turned on

    `python -VV` | without these words | `free-threading build`

    `PYTHON_GIL=1` or `-X gil=1` | no effect | turns the GIL on
    """
    if not _once():
        return
    words = "free-threading build"
    if WITH_GIL:
        expected = ["0", "True"] if on("Python 3.13 and later") else ["None", "missing"]
        assert printed(sys.executable, ASK) == expected
        assert printed(sys.executable, ASK, "-X", "gil=1") == expected
        assert printed(sys.executable, ASK, PYTHON_GIL="1") == expected
        assert words not in ran(sys.executable, "", "-VV").stdout
    for path in builds():
        assert printed(path, ASK) == ["1", "False"]
        assert printed(path, ASK, "-X", "gil=1") == ["1", "True"]
        assert printed(path, ASK, PYTHON_GIL="1") == ["1", "True"]
        assert words in ran(path, "", "-VV").stdout


def refused() -> None:
    """`PYTHON_GIL=0` or `-X gil=0` | from 3.13 on, Python does not start | keeps the GIL off,
    whatever is imported

    The error of an ordinary build is `Fatal Python error: config_read_gil: Disabling the GIL is not
    supported by this build`.
    """
    if not _once() or not WITH_GIL:
        return
    text = "Fatal Python error: config_read_gil: Disabling the GIL is not supported by this build"
    for outcome in (
        ran(sys.executable, ASK, "-X", "gil=0"),
        ran(sys.executable, ASK, PYTHON_GIL="0"),
    ):
        if on("Python 3.13 and later"):
            assert outcome.returncode
            assert text in outcome.stderr
        else:
            assert outcome.stdout.split() == ["None", "missing"]


NOT_MARKED = """
#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "not_marked"};
PyMODINIT_FUNC PyInit_not_marked(void) { return PyModule_Create(&module); }
"""
LOADS = """
import sys
sys.path.append({!r})
import not_marked
del not_marked, sys.modules["not_marked"]
print(sys._is_gil_enabled())
"""


def turned_on() -> None:
    """A module in C that does not say that it supports free threading turns the GIL on, for the
    whole process and until its end. There is a `RuntimeWarning`: `The global interpreter lock (GIL)
    has been enabled to load module 'greenlet._greenlet', which has not declared that it can run
    safely without the GIL.` The program goes on as on an ordinary build: its threads compute one
    after the other. Look at `sys._is_gil_enabled()` after the imports.
    """
    if not _once():
        return
    for path in builds():
        include = printed(path, "import sysconfig; print(sysconfig.get_path('include'))")[0]
        compiler = shutil.which("cc")
        if not compiler or not Path(include, "Python.h").exists():
            print(f"no C compiler, or no Python.h for {path}: no module was built")
            continue
        with TemporaryDirectory() as folder:
            source = Path(folder, "not_marked.c")
            source.write_text(NOT_MARKED, "utf-8")
            built = str(source.with_suffix(".so"))
            command = [compiler, "-shared", "-fPIC", f"-I{include}", str(source), "-o", built]
            subprocess.run(command, check=True)
            outcome = ran(path, LOADS.format(folder))
            assert outcome.stdout == "True\n", outcome.stderr
            assert "RuntimeWarning: The global interpreter lock (GIL) has been" in outcome.stderr
            assert "enabled to load module 'not_marked', which has not declared" in outcome.stderr
            assert "that it can run safely without the GIL." in outcome.stderr
            off = ran(path, LOADS.format(folder), PYTHON_GIL="0")
            assert off.stdout == "False\n"
            assert "global interpreter lock" not in off.stderr
            assert printed(path, LOADS.format(folder), "-X", "gil=0") == ["False"]


STAYS_OFF = {
    "numpy 2.4.6": "numpy",
    "pandas 3.0.3": "pandas",
    "pyarrow 24.0.0": "pyarrow",
    "pyzmq 27.1.0": "zmq",
    "pillow 12.2.0": "PIL.Image",
    "markupsafe 3.0.3": "markupsafe._speedups",
}


def packages() -> None:
    """Tried with wheels for the free-threaded build of Python 3.13.15, after `import`:

    NumPy 2.4.6, pandas 3.0.3, PyArrow 24.0.0, pyzmq 27.1.0, Pillow 12.2.0, MarkupSafe 3.0.3 | stays
    off

    greenlet 3.2.2 | is turned on
    """
    from tests.claims._free import has

    if not _once():
        return
    for path in builds():
        for package, module in (STAYS_OFF | {"greenlet 3.2.2": "greenlet"}).items():
            name, version = package.split()
            if has(path, name) != version:
                print(f"{path} does not have {package}: not checked")
                continue
            outcome = ran(path, f"import {module}\n{ASK}")
            assert outcome.stdout.split() == ["1", str(package not in STAYS_OFF)], package
            if package not in STAYS_OFF:
                assert "enabled to load module 'greenlet._greenlet', which" in outcome.stderr


RATIO = """
import threading, time
def compute():
    total = 0
    for number in range(500_000):
        total += number * number
def wait():
    time.sleep(0.2)
def timed(work):
    '''Of two threads: the time, as part of that of a plain loop; and of how many processors.'''
    start = time.perf_counter()
    work(), work()
    plain = time.perf_counter() - start
    threads = [threading.Thread(target=work) for _ in range(2)]
    start, used = time.perf_counter(), time.process_time()
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    seconds = time.perf_counter() - start
    return seconds / plain, (time.process_time() - used) / seconds
"""
USES = "print(max(timed(compute)[1] for _ in range(2)))"
WAITS = "print(any(timed(wait)[0] < 0.95 for _ in range(20)))"


def gains() -> None:
    """compute in Python code, each with its own objects | use one processor together | compute at
    the same time, on all free processors

    wait, for example in `time.sleep()` | wait at the same time | the same
    """
    if not _once():
        return
    if WITH_GIL:
        # The time would tell of the machine; that two never use more than one processor does not.
        assert float(printed(sys.executable, RATIO + USES)[0]) < 1.1
        assert printed(sys.executable, RATIO + WAITS) == ["True"]
    for path in builds():
        assert printed(path, TURNS) == ["[49, 49]"], path
        assert printed(path, RATIO + WAITS) == ["True"]


def in_turns() -> None:
    """take turns with one lock around all they do | no gain | no gain

    A mistake that a GIL build hides for years can show up within a second: run your tests there
    before you switch.
    """
    no_fact("what a lock is, and advice")


PROCESSES = """
import multiprocessing, sys
def square(number):
    return number * number, sys._is_gil_enabled()
def count(counter):
    for _ in range(500):
        with counter.get_lock():
            counter.value += 1
if __name__ == "__main__":
    for method in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context(method)
        with context.Pool(2) as pool:
            print(pool.map(square, [2, 3]), end=" ")
        counter, words = context.Value("i"), context.Queue()
        workers = [context.Process(target=count, args=(counter,)) for _ in range(2)]
        workers.append(context.Process(target=words.put, args=("apple",)))
        for worker in workers: worker.start()
        print(words.get(), end=" ")
        for worker in workers: worker.join()
        print(counter.value)
"""
FORKS = """
import os, threading
lock = threading.Lock()
held, go_on = threading.Event(), threading.Event()
def hold():
    with lock:
        held.set()
        go_on.wait()
thread = threading.Thread(target=hold)
thread.start()
held.wait()
if not (pid := os.fork()):
    os._exit(lock.acquire(timeout=0.5))
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
go_on.set()
thread.join()
"""


def processes_there() -> None:
    """`multiprocessing` works on a free-threaded build with each start method, and its workers have
    no GIL either. A `Value` needs its lock as before. A fork beside threads is as dangerous there.
    """
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")
    if _once():
        for path in builds():
            lines = printed(path, PROCESSES)
            assert set(lines) == {"[(4, False), (9, False)] apple 1000"}, path
            assert len(lines) == (3 if os.name == "posix" else 1)
            if os.name == "posix":
                assert printed(path, FORKS) == ["0"], path


def no_walls() -> None:
    """Threads have no walls between them: each can read every secret, change every object and
    `os.environ`, and use every open file of the process. Run code that you do not trust in a
    process, as another user. Threads are on one machine; for several, use Redis or PostgreSQL.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(os.environ.__setitem__, "GUIDE_THREAD", "changed").result()
    assert os.environ.pop("GUIDE_THREAD") == "changed"
