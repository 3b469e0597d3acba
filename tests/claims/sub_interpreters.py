"""What docs/beyond/sub-interpreters.md says."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from tests.claims import _interpreters, no_fact, on, script, shown
from tests.claims._costs import medians

IMPORTS = """
from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor
"""


def _here() -> bool:
    """Whether this Python has what the page is about."""
    return on("Python 3.14 and later")


def _printed(code: str) -> list[str]:
    """The lines that a program prints whose main part is this."""
    lines = "".join(f"    {line}\n" for line in code.strip().splitlines())
    outcome = script(f"{IMPORTS}if __name__ == '__main__':\n{lines}")
    assert outcome.status == 0, outcome.stderr
    return outcome.stdout.splitlines()


def when() -> None:
    """Use an `InterpreterPoolExecutor`, in Python 3.14 and later, if your tasks compute in pure
    Python and share big buffers of bytes. If they use NumPy or pandas, or if one may crash or must
    be stopped, use processes.

    Let each task return its part, and merge the parts:

    So empty the queue inside the `with` block, or return results instead.
    """
    no_fact("advice; the rest of the page proves it")


def at_the_same_time() -> None:
    """Each sub-interpreter has a GIL, modules and globals of its own, so several compute at the
    same time. All of them are threads of one process.
    """
    # Two that wait for each other without giving up a GIL: with one GIL, neither would go on.
    if _here():
        code = """
def turn(memory, mine, other):
    for count in range(1, 50):
        memory[mine] = count
        while memory[other] < count:
            pass
    import os, threading
    return os.getpid(), threading.get_native_id()
view = memoryview(bytearray(2))
with InterpreterPoolExecutor(2) as pool:
    tasks = [pool.submit(turn, view, mine, 1 - mine) for mine in range(2)]
    (one, first), (other, second) = [task.result() for task in tasks]
import os
print(one == other == os.getpid(), first != second)
def keep():
    import colorsys
    colorsys.kept = "here"
def kept():
    import colorsys
    return hasattr(colorsys, "kept")
first, second = interpreters.create(), interpreters.create()
first.call(keep)
print(first.call(kept), second.call(kept))
first.close(), second.close()
"""
        assert _printed(code) == ["True True", "True False"]


def counted() -> None:
    """The `memoryview` is the only object here that both interpreters change: a change in one is
    seen in the other. Of `bytes`, it is read-only.
    """
    assert memoryview(b"apple").readonly
    shown("sub-interpreters/counter", "memoryview(memory)", "counted: 1000")


LOSES = """
def count(memory):
    with memory.cast("q") as numbers:
        for _ in range(20_000):
            numbers[0] += 1
memory = bytearray(8)
for _ in range(100):
    with InterpreterPoolExecutor(2) as pool:
        list(pool.map(count, [memoryview(memory)] * 2))
    counted = int.from_bytes(memory, "little")
    memory[:] = bytes(8)
    if counted < 40_000:
        break
print(counted < 40_000)
"""


def updates_are_lost() -> None:
    """`+=` reads, adds and writes, so without a lock updates are lost."""
    if _here():
        assert _printed(LOSES) == ["True"]


def a_queue_as_a_lock() -> None:
    """No lock of `threading` can be handed over: it raises `NotShareableError`. A queue that holds
    one item serves as a lock: the other `get()` waits until an item is there again. Put a new one,
    as here, and not what `get()` returned, which can be `UNBOUND`.

    `threading.Lock`, an open file, a connection of SQLite | `NotShareableError`
    """
    shown("sub-interpreters/counter", 'lock.put("free")', "counted: 1000")
    if _here():
        code = """
import sqlite3, threading
queue = interpreters.create_queue()
kinds = threading.Lock, threading.RLock, threading.Semaphore, threading.Condition, threading.Event
with open(__file__) as file:
    for one in *[kind() for kind in kinds], file, sqlite3.connect(":memory:"):
        try:
            queue.put(one)
        except interpreters.NotShareableError:
            print("not")
"""
        assert _printed(code) == ["not"] * 7


def merged() -> None:
    """No dictionary is seen by two interpreters: one that you hand over is copied."""
    shown("sub-interpreters/dictionary", "words += counted", "apple 2\npear 3\nplum 1")
    if _here():
        code = """
def change(words):
    words["apple"] = 7
    return words
words = {}
with InterpreterPoolExecutor(1) as pool:
    print(pool.submit(change, words).result(), words)
"""
        assert _printed(code) == ["{'apple': 7} {}"]


def retried() -> None:
    """The future of a task tells whether it is done: `result()` raises the exception of one that
    failed, and the program hands that job out again.
    """
    shown("sub-interpreters/retry", "except OSError", "b.jpg resized in attempt 2")


def failed() -> None:
    """A task that calls `sys.exit(3)` fails in the same way, with `SystemExit`, and its interpreter
    goes on with the next task. If the class of the exception is in the script itself, or the
    exception cannot be pickled, `result()` raises `ExecutionFailed` with its text: put the class
    into a module that the script imports.
    """
    if _here():
        code = """
import sys
def fail():
    class Odd(Exception):
        pass
    raise Odd("too late")
with InterpreterPoolExecutor(1) as pool:
    print(repr(pool.submit(sys.exit, 3).exception()), pool.submit(abs, -1).result())
    error = pool.submit(fail).exception()
    print(type(error).__name__, "Odd: too late" in str(error))
"""
        assert _printed(code) == ["SystemExit(3) 1", "ExecutionFailed True"]
        assert script(ITS_OWN).stdout == "ExecutionFailed True\n"


def out_of_memory() -> None:
    """A task that ends with `MemoryError` returns `None`, and no error is reported. After that,
    each task that fails in the same interpreter raises the exception of the failure before it.
    Catch `MemoryError` in the task and return a value that says so, or use processes.
    """
    if _here():
        code = """
def fill():
    return len(bytearray(10**17))
def caught():
    try:
        return len(bytearray(10**17))
    except MemoryError:
        return "out of memory"
with InterpreterPoolExecutor(1) as pool:
    print(pool.submit(caught).result(), repr(pool.submit(int, "x").exception()))
    print(pool.submit(fill).exception(), pool.submit(fill).result())
    for _ in range(2):
        print(type(pool.submit(int, "x").exception()).__name__)
    for _ in range(2):
        print(type(pool.submit(divmod, 1, 0).exception()).__name__)
    print(pool.submit(abs, -1).result())
"""
        first, *others = _printed(code)
        assert (
            first == """out of memory ValueError("invalid literal for int() with base 10: 'x'")"""
        )
        late = ["MemoryError"] * 2 + ["ValueError"] * 2
        assert others == ["None None", *late, "1"]


ITS_OWN = f"""{IMPORTS}
class NotReady(Exception):
    pass
def fail():
    raise NotReady("disk not ready")
if __name__ == "__main__":
    with InterpreterPoolExecutor(1) as pool:
        error = pool.submit(fail).exception()
    print(type(error).__name__, "NotReady: disk not ready" in str(error))
"""


def not_copied() -> None:
    """Neither interpreter copies the 80 MB: both write into the memory of the `bytearray`.
    `cast("d")` shows it as numbers of 8 bytes.
    """
    shown("sub-interpreters/big_array", "bytearray(80_000_000)", "10000000 numbers", "1.5 2.5")
    assert memoryview(bytes(16)).cast("d").itemsize == 8


def for_numpy() -> None:
    """For NumPy, use an array in shared memory between processes."""
    no_fact("advice")


def what_is_shared() -> None:
    """`memoryview` | a view of the same memory

    `Queue` of `interpreters.create_queue()` | the same queue

    `int`, `str`, `bytes` and a `tuple` of these | a copy, made without `pickle`

    `list`, `dict`, `bytearray`, an object of a class in a module | a copy, made with `pickle`
    """
    shown("sub-interpreters/big_array", "1.5 2.5")
    if _here():
        code = """
import fractions, pickle
queue = interpreters.create_queue()
queue.put(queue)
print(queue.get() is queue)
for one in 7, "apple", b"apple", (1, "a"):
    print(interpreters.is_shareable(one), end=" ")
print()
dumps = pickle.dumps
for one in [1], {1: 2}, bytearray(2), fractions.Fraction(1, 2):
    queue.put(one)
    copy = queue.get()
    print(interpreters.is_shareable(one), copy == one, copy is one, end=" ")
"""
        lines = _printed(code)
        assert lines == ["True", "True " * 4, "False True False " * 4]


def of_the_process() -> None:
    """globals, also of modules | each interpreter has its own

    `os.environ` | its own, but a change goes to all programs and interpreters that are started
    later

    the working directory, open file descriptors | the same: they belong to the process
    """
    if _here():
        code = """
import os
def change(folder, descriptor):
    import os
    os.environ["GUIDE"] = "changed"
    os.chdir(folder)
    os.write(descriptor, b"apple")
reads, writes = os.pipe()
here = os.getcwd()
with InterpreterPoolExecutor(1) as pool:
    pool.submit(change, "/", writes).result()
print(os.environ.get("GUIDE"), os.getcwd() != here, os.read(reads, 5))
import subprocess, sys
show = [sys.executable, "-c", "import os; print(os.environ['GUIDE'])"]
print(subprocess.run(show, capture_output=True, text=True).stdout, end="")
with InterpreterPoolExecutor(1) as pool:
    print(pool.submit(os.getenv, "GUIDE").result())
"""
        assert _printed(code) == ["None True b'apple'", "changed", "changed"]


def of_the_script() -> None:
    """An object of a class in the script itself can be an argument, but a task that returns one
    raises `NotShareableError`: put the class into a module that the script imports.
    """
    if _here():
        assert _interpreters.returns_a_class_of_a_module_only()


def a_main_guard() -> None:
    """A function that uses globals needs a main guard in its script."""
    if _here():
        assert _interpreters.cannot_run("if __name__ != '__main__': raise ImportError")


def a_guard_does_not_help() -> None:
    """If the script imports NumPy or another package that cannot be imported, the guard does not
    help: `NotShareableError: args not shareable` is raised, with an `AttributeError` that names the
    function. Put the function into a module that does without such packages.
    """
    if _here() and find_spec("numpy"):
        assert _interpreters.cannot_run("import numpy")


def one_ends_all() -> None:
    """Interpreters are not protected from each other. A crash in C code or `os._exit()` in one ends
    the whole program, with nothing to tell which task it was:

    Nothing that was in memory can be brought back. In a `ProcessPoolExecutor` the program survives
    it.
    """
    shown("sub-interpreters/one_ends_all", "exit status 3", "a.jpg")
    shown("killed-worker/executor_raises", "BrokenProcessPool: ")
    if _here():
        pool = "with InterpreterPoolExecutor(1) as pool: pool.submit({}, 0).exception()\n"
        code = f"{IMPORTS}\nimport ctypes\n{pool.format('ctypes.string_at')}print('goes on')"
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert ended.returncode not in (0, 1)
        assert "goes on" not in ended.stdout


RUNS = f"""{IMPORTS}
def forever(memory):
    memory[0] = 1
    while True:
        pass
if __name__ == "__main__":
    memory = memoryview(bytearray(1))
    try:
        with InterpreterPoolExecutor(1) as pool:
            task = pool.submit(forever, memory)
            while not memory[0]:
                pass
            print("runs", flush=True)
            task.result()
    finally:
        print("finally", flush=True)
"""


def until_it_ends() -> None:
    """A task that runs cannot be stopped from outside. After Ctrl-C in `result()`, the program
    waits for it, and so it does after a second one; the third ends the program. SIGTERM ends the
    program at once, without `finally`.
    """
    if _here() and os.name == "posix":
        sent, status, _ = _ended_by(signal.SIGINT)
        assert sent >= 3
        assert status
        _, status, said = _ended_by(signal.SIGTERM)
        assert status == -signal.SIGTERM
        assert b"finally" not in said


def _ended_by(number: int) -> tuple[int, int, bytes]:
    """How many signals end the program, one a second; its exit status, and what it prints."""
    command, pipe = [sys.executable, "-c", RUNS], subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.DEVNULL) as program:
        assert program.stdout
        try:
            assert program.stdout.readline() == b"runs\n"
            sent = 0
            while program.poll() is None:
                program.send_signal(number)
                sent += 1
                with suppress(subprocess.TimeoutExpired):
                    program.wait(1)  # seconds, for what it does about the signal
            return sent, program.returncode, program.stdout.read()
        finally:
            program.kill()


def unbound() -> None:
    """What an interpreter has put into a queue is gone when that interpreter ends. In its place,
    `get()` returns an object named `UNBOUND`:
    """
    shown("sub-interpreters/unbound", "inside: apple", "after: concurrent", "UNBOUND")


def polls() -> None:
    """A `get()` that waits looks only every 10 milliseconds, so an answer through a queue takes
    more than 10 milliseconds.
    """
    cases = "messages: queue of sub-interpreters, 1 B", "messages: queue of sub-interpreters, 1 KiB"
    assert all(seconds > 10e-3 for case in cases for seconds in medians(case))


def directly() -> None:
    """Arguments and results of an executor's tasks do not wait like that."""
    # A call and its answer take less than one look, if the best of many is taken.
    if _here():
        code = """
import time
with InterpreterPoolExecutor(1) as pool:
    best = 1.0
    for _ in range(1000):
        start = time.perf_counter()
        pool.submit(abs, -1).result()
        best = min(best, time.perf_counter() - start)
print(best < 0.01)
"""
        assert _printed(code) == ["True"]


def rounded_down() -> None:
    """`get(timeout=0.9)` raises `QueueEmpty` at once, because the timeout is rounded down to whole
    seconds.
    """
    if _here():
        code = """
import time
from unittest import mock
queue = interpreters.create_queue()
with mock.patch("time.sleep") as sleep:
    try:
        queue.get(timeout=0.9)
    except interpreters.QueueEmpty:
        print(sleep.call_count)
"""
        assert _printed(code) in (["0"], ["1"])


LOAD = """
import sys, warnings
warnings.simplefilter("ignore")
from concurrent import interpreters
for name in sys.argv[1:]:
    interpreter = interpreters.create()
    try:
        interpreter.exec(f"import {name}")
    except interpreters.ExecutionFailed as error:
        print("ImportError" in str(error) and "does not support loading in sub" in str(error))
    else:
        print("loads")
    interpreter.close()
"""
FAIL = ["numpy", "pandas", "pyarrow", "h5py", "joblib", "matplotlib", "sqlalchemy", "psutil", "zmq"]
LOADS = ["redis", "psycopg", "requests", "flask", "django", "celery", "tqdm", "rich", "PIL"]


def packages() -> None:
    """Of the packages that this guide uses, tried with the releases that it pins:

    NumPy, pandas, PyArrow, h5py, joblib, Matplotlib, SQLAlchemy, psutil, pyzmq | `ImportError`

    redis, psycopg, requests, Flask, Django, Celery, tqdm, rich, Pillow | can be imported

    The message is `ImportError: module numpy._core._multiarray_umath does not support loading in
    subinterpreters`, with the name of the module that does not.
    """
    if _here():
        for names, told in (FAIL, "True"), (LOADS, "loads"):
            there = [name for name in names if find_spec(name)]
            command = [sys.executable, "-c", LOAD, *there]
            ran = subprocess.run(command, capture_output=True, text=True, cwd=Path.home().anchor)
            assert ran.stdout.split() == [told] * len(there), (there, ran)


def not_in_one() -> None:
    """`os.fork()` raises `RuntimeError: fork not supported for isolated subinterpreters`, and
    `signal.signal()` raises `ValueError: signal only works in main thread of the main interpreter`.
    A `Process` can be started with `spawn` or `forkserver`. But a `Pool`, and `put()` of a
    `multiprocessing.Queue`, need a daemon thread, which raises `RuntimeError: daemon threads are
    disabled in this (sub)interpreter`, or the same without `(sub)`.
    """
    if _here():
        code = """
import os, signal
def start(method):
    import multiprocessing
    child = multiprocessing.get_context(method).Process(target=print, args=("apple",))
    child.start()
    child.join()
    return child.exitcode
def handle():
    import signal
    signal.signal(signal.SIGINT, signal.SIG_IGN)
def make(kind):
    import multiprocessing
    if kind == "queue":
        multiprocessing.Queue().put(1)
    else:
        multiprocessing.get_context("spawn").Pool(1)
with InterpreterPoolExecutor(1) as pool:
    if hasattr(os, "fork"):
        print(repr(pool.submit(os.fork).exception()))
    else:
        print("no fork")
    print(repr(pool.submit(handle).exception()))
    for kind in "queue", "pool":
        print(repr(pool.submit(make, kind).exception()).replace("(sub)", ""))
    print(pool.submit(start, "spawn").result())
    if hasattr(os, "fork"):
        print(pool.submit(start, "forkserver").result())
"""
        fork, handler, queue, pool, *child = _printed(code)
        assert fork in (
            "RuntimeError('fork not supported for isolated subinterpreters')",
            "no fork",
        )
        assert handler == "ValueError('signal only works in main thread of the main interpreter')"
        told = "RuntimeError('daemon threads are disabled in this interpreter')"
        assert (queue, pool) == (told, told)
        assert child in (["apple", "0"], ["apple", "0"] * 2)


def memory() -> None:
    """Each sub-interpreter takes about 3 MB, and 9 MB with `asyncio`, `json` and `re` imported."""
    if _here() and sys.platform == "linux":
        code = """
import resource
def used():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6
before = used()
ten = [interpreters.create() for _ in range(10)]
empty = (used() - before) / 10
for one in ten:
    one.exec("import asyncio, json, re")
print(2 < empty < 5, 7 < (used() - before) / 10 < 14)
for one in ten:
    one.close()
"""
        assert _printed(code) == ["True True"]


def closes_its_own() -> None:
    """An interpreter that you make with `interpreters.create()` and do not close leaves
    `RuntimeWarning: remaining subinterpreters; close them with Interpreter.close()` at the end; the
    executor closes its own.
    """
    if _here():
        text = "RuntimeWarning: remaining subinterpreters; close them with Interpreter.close()"
        ran = script(f"{IMPORTS}one = interpreters.create()\none.exec('1')\n")
        assert text in ran.stderr
        ran = script(f"{IMPORTS}with InterpreterPoolExecutor(1) as pool: pool.submit(abs, 1)\n")
        assert text not in ran.stderr
