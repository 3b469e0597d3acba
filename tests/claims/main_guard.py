"""What docs/pitfalls/main-guard.md says."""

import subprocess
import sys
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import TIME_LIMIT, no_fact, on, script, shown

UNGUARDED = """
from multiprocessing import Manager, Process, Queue
from concurrent.futures import ProcessPoolExecutor
from queue import Empty

def work():
    pass

{lines}
"""
PROCESS = """
orders = Queue()
worker = Process(target=orders.put, args=("apple",))
worker.start()
worker.join()
try:
    print(worker.exitcode, orders.get(timeout=0.1 if worker.exitcode else 30))
except Empty:
    print(worker.exitcode, "no answer")
"""
LARGE = """
from multiprocessing import Pool

print("starting", flush=True)
{start}
print("started")
"""
LARGE_STARTS = [
    "Process(target=work, args=(bytes(1_000_000),)).start()",
    "Pool(1, len, (bytes(1_000_000),))",
    "ProcessPoolExecutor(1, None, len, (bytes(1_000_000),)).submit(work)",
]
EXECUTOR = """
with ProcessPoolExecutor(1) as executor:
    executor.submit(print, "ran", flush=True)
print("the block has ended")
with ProcessPoolExecutor(1) as executor:
    executor.submit(work).result()
"""
INDENTED = """
from multiprocessing import Process

for _ in range(1):
    try:
        if True:
            print("indented", __name__, flush=True)
    finally:
        pass

def work():
    print("in a function", __name__, flush=True)

if __name__ == "__main__":
    print("under the guard", __name__, flush=True)
    worker = Process(target=work)
    worker.start()
    worker.join()
"""
MADE_AGAIN = """
from multiprocessing import Array, Process, Queue, Value

visitors = Value("i", 0)
temperatures = Array("d", 1)
orders = Queue()

def work():
    visitors.value = 1
    temperatures[0] = 21.5
    orders.put("apple")

if __name__ == "__main__":
    worker = Process(target=work)
    worker.start()
    worker.join()
    print(visitors.value, temperatures[0], orders.empty())
"""
FROZEN = """
from multiprocessing import Manager, freeze_support

freeze_support()
Manager().shutdown()
"""
FREEZE_FIRST = """
from multiprocessing import freeze_support, set_start_method

if __name__ == "__main__":
    freeze_support()
    set_start_method("spawn")
"""
MESSAGE = "An attempt has been made to start a new process before the"
SERVER_ENDS = "Python 3.13.8 to 3.13 and 3.14.1 to 3.14"
ENDS_OF_THE_SERVER = (
    "EOFError: unexpected EOF",
    "ConnectionResetError: [Errno 104] Connection reset by peer",
    "BrokenPipeError: [Errno 32] Broken pipe",
)


def _run(program: str, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run a program to the end of all that it started, which may tidy up after it."""
    with TemporaryDirectory(dir=".") as folder:
        Path(folder, "program.py").write_text(program, "utf-8")
        command = [sys.executable, *(options or ["program.py"])]
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=TIME_LIMIT, check=False
        )


def under_the_guard() -> None:
    """Put everything that starts a process, such as `Process(...).start()`, `Pool()`,
    `Manager()` or an executor, under the main guard, `if __name__ == "__main__":`, or into a
    function that is called there.
    """
    shown("main-guard/guarded", "def main():", '__name__ == "__main__":\n    main()', "apple 3")


def the_message() -> None:
    """Standard error has this text, in every version of Python:"""
    shown(
        "main-guard/unguarded", MESSAGE, "child processes and you have forgotten to use the proper"
    )


def read_the_first_error() -> None:
    """A second error may follow, from the parent. It says only that the child died, so read the
    first error.
    """
    shown("main-guard/unguarded", MESSAGE, "Traceback (most recent call last):\n  ...\nEOFError")


def the_last_line() -> None:
    """The last line of what you see comes from the parent, which was waiting for an answer from
    the process that died. Here the parent waits for a `Manager`:
    """
    shown(
        "main-guard/last_line",
        "with Manager() as manager:",
        'print(f"{type(error).__name__}: {error}"',
        "\nEOFError\n",
        "\nConnectionResetError: [Errno 104] Connection reset by peer\n",
    )


def what_the_parent_does() -> None:
    """What the parent does depends on what it started:

    `Manager()` | ends with `EOFError`

    `Process` | goes on: it waits forever for an answer of the child, or may end with exit status
    0, as if all were well

    `ProcessPoolExecutor` | ends with BrokenProcessPool when you ask for a result; if you never ask,
    it may end with exit status 0, although no task has run

    There are three exceptions:

    Under `forkserver` all four end with an error of `start()` in Python 3.13.8 and later
    releases of 3.13 and in Python 3.14.1 and later releases of 3.14, if you run `python
    program.py`.

    In these releases the fork server imports the program, and ends with the RuntimeError.

    Under `fork` the same program runs.
    """
    server_ends = get_start_method() == "forkserver" and on(SERVER_ENDS)
    for options in [[], ["-m", "program"]] if server_ends else [[]]:
        manager = _run(UNGUARDED.format(lines="Manager().shutdown()"), *options)
        process = _run(UNGUARDED.format(lines=PROCESS), *options)
        executor = _run(UNGUARDED.format(lines=EXECUTOR), *options)
        runs = [manager, process, executor]
        if get_start_method() == "fork":
            assert [(run.returncode, run.stderr) for run in runs] == [(0, "")] * 3
            assert process.stdout == "0 apple\n"
            assert executor.stdout == "ran\nthe block has ended\n"
        elif server_ends and not options:
            assert [run.returncode for run in runs] == [1, 1, 1]
            for run in runs:
                assert MESSAGE in run.stderr
                assert run.stderr.rstrip().endswith(ENDS_OF_THE_SERVER)
        else:
            assert [run.returncode for run in runs] == [1, 0, 1]
            assert all(MESSAGE in run.stderr for run in runs)
            assert "\nEOFError\n" in manager.stderr
            assert process.stdout == "1 no answer\n"
            assert "\nconcurrent.futures.process.BrokenProcessPool: " in executor.stderr
            assert executor.stdout == "the block has ended\n"


def large_arguments() -> None:
    """If the arguments of a `Process`, or the `initargs` of a pool or an executor, are larger than
    a pipe holds (64 KiB on Linux), the child may end before it has read them all. Then the start of
    the child raises `BrokenPipeError: [Errno 32] Broken pipe`, or, under `spawn` in Python 3.11 to
    3.13.7, it waits forever.
    """
    method = get_start_method()
    for start in LARGE_STARTS:
        program = UNGUARDED.format(lines=LARGE.format(start=start))
        if method == "spawn" and on("Python 3.11 to 3.13.7"):
            outcome = script(program, hangs_after="starting")
            assert outcome.status is None
            assert "started" not in outcome.stdout
        elif method == "spawn" or (method == "forkserver" and not on(SERVER_ENDS)):
            run = _run(program)
            assert run.returncode == 1 and "started" not in run.stdout
            assert "\nBrokenPipeError: [Errno 32] Broken pipe\n" in run.stderr


def python_3_14() -> None:
    """That is why a program that has worked for years can fail with Python 3.14: there the
    default on Linux changed from `fork` to `forkserver`.
    """
    shown("main-guard/unguarded", "fork", "0 [0.0, 0.0, 0.0, 0.0, 0.0] apple 3", MESSAGE)


def what_imports_the_program() -> None:
    """Under the start method `fork` the child is a copy of the running program, and does not
    import it.

    Under `forkserver` the fork server or the child imports it.

    An import runs all code at module level: everything outside a function, even if it is
    indented because it stands in a `with`, `for`, `try` or another `if`.

    What stands under the guard is skipped. What a `print` at module level writes appears again from
    each child, or once more from the fork server.
    """
    printed = script(INDENTED).stdout
    assert printed.count("indented __mp_main__") == (get_start_method() != "fork")
    assert printed.count("under the guard") == 1
    shown("main-guard/unguarded", "\nwith Manager() as manager:")


def without_end() -> None:
    """So the child itself comes to `Manager()` and would start a child of its own, which would
    start another, without end. Python stops this with the RuntimeError.
    """
    shown("main-guard/unguarded", "RuntimeError: \n", MESSAGE)


def value_array_and_queue() -> None:
    """`Value`, `Array` and `Queue` do not start your program again, so at module level they
    raise no error. But under `spawn` and `forkserver` the import makes another set of them, and
    the parent does not see what the children do with that set.
    """
    run = _run(MADE_AGAIN)
    assert (run.returncode, MESSAGE in run.stderr) == (0, False)
    expected = "1 21.5 False\n" if get_start_method() == "fork" else "0 0.0 True\n"
    assert run.stdout == expected


def create_them_under_the_guard() -> None:
    """Create them under the guard too, and pass them as arguments."""
    no_fact("advice")


def a_process_without_a_guard() -> None:
    """Here the parent does not notice the error unless it looks at the exit code of the
    child:
    """
    shown("main-guard/unguarded_process", "worker.exitcode", "Exit code of the worker: 1", MESSAGE)
    shown("main-guard/unguarded_process", "Standard error, with ... for what differs\n")


def freeze_support_is_named() -> None:
    """The message also names `freeze_support()`."""
    shown("main-guard/unguarded", 'The "freeze_support()" line can be omitted')


def it_does_not_replace_the_guard() -> None:
    """It does not replace the guard."""
    run = _run(FROZEN)
    assert (MESSAGE in run.stderr) == (get_start_method() != "fork")


def the_order_matters() -> None:
    """If the program calls `set_start_method` too, the order matters in some releases."""
    raised = "RuntimeError: context has already been set" in script(FREEZE_FIRST).stderr
    assert raised == on("Python 3.13.4 to 3.13.12 and 3.14.0 to 3.14.3")


WITHOUT_SPEC = """
from multiprocessing import Process, get_start_method
import sys

if __name__ == "__main__":
    del __spec__
    worker = Process(target=print, args=("started",))
    try:
        worker.start()
    except AttributeError as error:
        print(str(error).partition(".")[0], flush=True)
        sys.modules["__main__"].__spec__ = None
        worker = Process(target=print, args=("started",))
        worker.start()
    worker.join()
"""
IN_PDB = """
from multiprocessing import Process

{line}

if __name__ == "__main__":
    worker = Process(target=print, args=("started".upper(),), kwargs={{"flush": True}})
    worker.start()
    worker.join()
"""


def without_a_spec() -> None:
    """Under `spawn` and `forkserver`, starting a process reads the `__spec__` of the module
    `__main__`. If what runs your program has put a module without one there, `start()` raises
    `AttributeError: module '__main__' has no attribute '__spec__'`.

    In a console, run `sys.modules["__main__"].__spec__ = None` before you start the first process.
    """
    told = script(WITHOUT_SPEC).stdout.splitlines()
    error = "module '__main__' has no attribute '__spec__'"
    assert told == ([] if get_start_method() == "fork" else [error]) + ["started"]


def in_pdb() -> None:
    """This happens with:

    Python 3.13 does not have it.

    Write `__spec__ = None` at the top of the program.
    """
    has_it = sys.version_info < (3, 11, 8) or (3, 12) <= sys.version_info < (3, 12, 2)
    has_it = has_it and get_start_method() != "fork"
    options = "-m", "pdb", "-c", "continue", "-c", "quit", "program.py"
    outcome = _run(IN_PDB.format(line=""), *options)
    told = outcome.stdout
    if has_it:
        assert "no attribute '__spec__'" in told + outcome.stderr
        assert "STARTED" not in told
    if not has_it and (get_start_method() == "fork" or sys.version_info >= (3, 13)):
        assert "STARTED" in told
    assert "STARTED" in _run(IN_PDB.format(line="__spec__ = None"), *options).stdout
