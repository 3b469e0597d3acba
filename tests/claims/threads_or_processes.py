"""What docs/decisions/threads-or-processes.md says."""

import asyncio
import os
import subprocess
import sys
import threading
from concurrent import futures
from importlib.util import find_spec
from multiprocessing import Process, active_children
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import _interpreters, no_fact, on, raises, script, shown
from tests.claims._costs import medians

INTERPRETERS = "Python 3.14 and later"


def which_one() -> None:
    """Use processes if your tasks compute in Python, threads if they wait or compute in libraries
    that release the GIL, and asyncio if one program waits for very many connections.

    tasks compute in Python code | `ProcessPoolExecutor`

    a task can crash, fill the memory, or must be killed | processes

    a task takes microseconds | a plain loop
    """
    no_fact("advice; the rest of the page proves it")


def their_own() -> None:
    """Processes have one GIL each, and so have sub-interpreters."""
    no_fact("a definition")


def in_one_thread() -> None:
    """All coroutines of asyncio run in one thread, so one that computes stops all others."""
    shown("asyncio-processes/loop_stands_still", "Output")

    async def in_thread() -> int:
        return threading.get_ident()

    async def both() -> set[int]:
        return set(await asyncio.gather(in_thread(), in_thread()))

    assert asyncio.run(both()) == {threading.get_ident()}


def what_they_cost() -> None:
    """a lock between threads | 0.1 to 0.5 microseconds

    a `Value` under its lock, between processes | 0.8 to 1.1 microseconds

    a message to a process, and its answer | 50 to 100 microseconds

    a message through a queue of sub-interpreters, and its answer | 11 to 16 milliseconds

    two worker processes and a first task, `fork`, or `forkserver` once the fork server runs | 7 to
    40 milliseconds
    """
    bounds = {
        "updates: threading.Lock, within a process": (0.1e-6, 0.5e-6),
        "updates: Value, under its lock": (0.8e-6, 1.1e-6),
        "messages: Pipe, 1 B": (50e-6, 100e-6),
        "messages: Queue, 1 B": (50e-6, 100e-6),
        "messages: queue of sub-interpreters, 1 B": (11e-3, 16e-3),
        "messages: queue of sub-interpreters, 1 KiB": (11e-3, 16e-3),
        "starts: ProcessPoolExecutor(2) and one task": (7e-3, 40e-3),
    }
    for case, (low, high) in bounds.items():
        assert all(low < seconds < high for seconds in medians(case)), case


def handed_over() -> None:
    """Threads hand over an object itself, and processes and sub-interpreters a copy of most
    objects.
    """
    item = ["apple"]
    with futures.ThreadPoolExecutor(1) as threads:
        assert threads.submit(_same, item).result() is item
    with futures.ProcessPoolExecutor(1) as processes:
        copy = processes.submit(_same, item).result()
        assert copy == item
        assert copy is not item
    if on(INTERPRETERS):
        kind: Any = futures.InterpreterPoolExecutor  # type: ignore[attr-defined,unused-ignore]
        with kind(1) as interpreters:
            copy = interpreters.submit(sorted, item).result()
            assert copy == item
            assert copy is not item


def _same(item: list[str]) -> list[str]:
    return item


def when_it_wins() -> None:
    """Two processes win over a plain loop only if a task takes more than twice what it costs to
    hand it out.
    """
    no_fact("arithmetic: two workers halve the time at best; the notebook computes it")


def who_sees_it() -> None:
    """Each kind of worker adds to a global of the program:

    Of the three, only threads share the program's objects. Processes and sub-interpreters
    have globals of their own, and need a tool to share data.
    """
    shown(
        "threads-or-processes/who_sees_it",
        "ThreadPoolExecutor: ['apple']\nInterpreterPoolExecutor: []\nProcessPoolExecutor: []",
    )


def a_lock_for_each() -> None:
    """Locks: threads need a `threading.Lock` where processes need a `multiprocessing.Lock`."""
    shown("thread-objects/queue_of_threads", "Output")


EXITS = """
import os
from concurrent.futures import KIND

if __name__ == "__main__":
    with KIND(1) as pool:
        pool.submit(os._exit, 3).result()
    print("goes on")
"""


def a_crash() -> None:
    """A crash: a segmentation fault or `os._exit()` in a thread or a sub-interpreter ends the whole
    program. In a process it ends that process, and a `ProcessPoolExecutor` raises
    `BrokenProcessPool`.
    """
    kinds = ["ThreadPoolExecutor"]
    if on(INTERPRETERS):
        kinds.append("InterpreterPoolExecutor")
    for kind in kinds:
        assert script(EXITS.replace("KIND", kind)).status == 3
    with futures.ProcessPoolExecutor(1) as pool, raises(futures.process.BrokenProcessPool):
        pool.submit(os._exit, 3).result()


FILLS = """
from concurrent.futures import InterpreterPoolExecutor


def fill():
    return len(bytearray(10**17))


if __name__ == "__main__":
    with InterpreterPoolExecutor(1) as pool:
        print(pool.submit(fill).result())
"""


def fills_the_memory() -> None:
    """A task of an `InterpreterPoolExecutor` that raises `MemoryError` returns `None`."""
    if on(INTERPRETERS):
        assert script(FILLS).stdout == "None\n"


def from_outside() -> None:
    """An end from outside: a process can be terminated. A thread has no call for that."""
    child = Process(target=threading.Event().wait)
    assert callable(child.terminate)
    assert not {"terminate", "kill", "cancel", "stop"} & set(dir(threading.Thread))
    shown("stop-early/time_limit", "terminate()")


def not_every_module() -> None:
    """Libraries: a sub-interpreter cannot import every compiled module. NumPy 2.5, for example,
    raises `ImportError` there.
    """
    if on(INTERPRETERS) and find_spec("numpy"):
        from concurrent import interpreters  # type: ignore[attr-defined,unused-ignore]

        interpreter = interpreters.create()
        with raises(interpreters.ExecutionFailed, text="ImportError"):
            interpreter.exec("import numpy")
        interpreter.close()


def what_it_needs() -> None:
    """Arguments: processes need functions and arguments that can be pickled, and a main guard under
    `spawn` and `forkserver`. Threads need neither. Sub-interpreters need both for a function of the
    script that uses globals.
    """
    shown("main-guard/unguarded_process", "freeze_support()")
    shown("threads-or-processes/not_shareable", "NotShareableError: args not")
    with futures.ProcessPoolExecutor(1) as processes, raises(Exception, text="pickle"):
        processes.submit(threading.Lock().locked).result()
    with futures.ThreadPoolExecutor(1) as threads:
        assert threads.submit(lambda: 7).result() == 7
    code = EXITS.replace('__name__ == "__main__"', "True")
    code = code.replace("KIND", "ThreadPoolExecutor")
    assert script(code).status == 3, "without a main guard"


def both_together() -> None:
    """Both together: start the processes first, or use `spawn` or `forkserver`: a fork beside
    threads can hang. An executor starts no process before its first task.
    """
    shown("fork-with-threads/lock_held", "still running after 5 s")
    before = set(active_children())
    with futures.ProcessPoolExecutor(1) as processes:
        assert before.issuperset(active_children())
        processes.submit(abs, -1).result()
        assert not before.issuperset(active_children())


WITHOUT_GUARD = """
from concurrent.futures import InterpreterPoolExecutor


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


if True:
    with InterpreterPoolExecutor(1) as pool:
        print(pool.submit(fib, 5).result())
"""


def a_guard_for_interpreters() -> None:
    """Sub-interpreters need a main guard, too, and functions and arguments that can be copied. If
    the function is defined under the guard, or if that run fails, an `InterpreterPoolExecutor`
    raises `NotShareableError: args not shareable`.

    The fix is the usual main guard, with the function above it, or a function in a module that the
    script imports.
    """
    shown("threads-or-processes/not_shareable", "apple in a box\nNotShareableError: args not")
    shown("threads-or-processes/not_shareable", "__main__' has no attribute 'wrap'\n")
    if on(INTERPRETERS):
        told = script(WITHOUT_GUARD).stderr
        first = told.index("AttributeError: module '__main__' has no attribute 'fib'")
        second = told.index("NotShareableError: object could not be unpickled")
        assert first < second < told.index("NotShareableError: args not shareable")
        assert script(WITHOUT_GUARD.replace("True", '__name__ == "__main__"')).stdout == "5\n"


def the_run_fails() -> None:
    """The run fails if there is no guard, or if the script imports a package that a sub-interpreter
    cannot import, such as NumPy 2.5. The errors above it in the traceback are `object could not be
    unpickled`, and often an `AttributeError` with the name of the function; the error of the run
    itself is not shown.

    If the script has the guard, move the function into a module that does not import such a
    package.
    """
    if on(INTERPRETERS):
        assert _interpreters.cannot_run("if __name__ != '__main__': raise ImportError")
        if find_spec("numpy"):
            assert _interpreters.cannot_run("import numpy")


RUN_ONCE_MORE = """
from concurrent.futures import InterpreterPoolExecutor


def name():
    return __name__


print(__name__, flush=True)
if __name__ == "__main__":
    with InterpreterPoolExecutor(1) as pool:
        print(pool.submit(name).result())
"""


def another_name() -> None:
    """To find a function of the script that uses globals, a sub-interpreter runs the file of the
    script once more, under another name, so that what is under the main guard does not run.
    """
    if on(INTERPRETERS):
        first, second, third = script(RUN_ONCE_MORE).stdout.splitlines()
        assert first == "__main__"
        assert second == third != first


def no_file() -> None:
    """With `python -c`, there is no file that could be run again, and with `python -m`, a file with
    a relative import cannot be run again: a function that uses globals must then be in a module.
    """
    if on(INTERPRETERS):
        guarded = WITHOUT_GUARD.replace("True", '__name__ == "__main__"')
        with TemporaryDirectory() as folder:
            package = Path(folder, "package")
            package.mkdir()
            (package / "__init__.py").touch()
            for name, first in (
                ("absolute", "import package"),
                ("relative", "from . import absolute"),
            ):
                (package / f"{name}.py").write_text(f"{first}\n{guarded}", "utf-8")
            (package / "caller.py").write_text(
                f"from . import absolute\n{guarded.replace('fib, 5', 'absolute.fib, 5')}", "utf-8"
            )

            def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
                command = [sys.executable, *arguments]
                return subprocess.run(command, cwd=folder, capture_output=True, text=True)

            for arguments in ("-c", guarded), ("-m", "package.relative"):
                assert "NotShareableError: args not shareable" in ran(*arguments).stderr
            assert ran("-c", guarded.replace("fib, 5", "divmod, 5, 3")).stdout == "(1, 2)\n"
            assert ran("-m", "package.absolute").stdout == "5\n"
            assert ran("-m", "package.caller").stdout == "5\n"


def no_lock_for_interpreters() -> None:
    """An argument or result that cannot be pickled, such as a lock, raises `NotShareableError`,
    too, with `does not support cross-interpreter data`.
    """
    shown("threads-or-processes/not_shareable", "does not support cross-interpreter data")
    if on(INTERPRETERS):
        from concurrent import interpreters  # type: ignore[attr-defined,unused-ignore]

        text = "does not support cross-interpreter data"
        kind: Any = futures.InterpreterPoolExecutor  # type: ignore[attr-defined,unused-ignore]
        with kind(1) as pool:
            with raises(interpreters.NotShareableError, text=text):
                pool.submit(print, threading.Lock()).result()
            with raises(interpreters.NotShareableError, text=text):
                pool.submit(threading.Lock).result()


def a_class_of_the_script() -> None:
    """So does a result whose class is defined in the script, such as a dataclass: put the class,
    too, into a module.
    """
    if on(INTERPRETERS):
        assert _interpreters.returns_a_class_of_a_module_only()


ARRAY = """
import operator
from concurrent.futures import InterpreterPoolExecutor
import numpy

if __name__ == "__main__":
    with InterpreterPoolExecutor(1) as pool:
        pool.submit(operator.pos, numpy.arange(3)).result()
"""


def an_array_as_an_argument() -> None:
    """An argument whose library a sub-interpreter cannot import, such as an array of NumPy 2.5,
    raises `args not shareable`, too, with the `ImportError` above it, and a main guard does not
    help: use processes or threads.
    """
    if on(INTERPRETERS) and find_spec("numpy"):
        _, above, message = script(ARRAY).stderr.partition("ImportError: ")
        assert above and "NotShareableError: args not shareable" in message
