"""What docs/pitfalls/function-not-found.md says."""

from __future__ import annotations

import importlib
import os
import pickle
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.claims import changed, no_fact, on, raises, script, shown

if TYPE_CHECKING:
    from examples._runner import Outcome

CHANGED = """
from multiprocessing import Pool

def age(item):
    return "old"

with Pool(1, maxtasksperchild=1) as pool:
    def age(item):
        return "new"
    print(pool.apply(age, [0]), pool.apply(age, [0]))
"""
LATE = """
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Pool, Process, get_start_method


def halve(price):
    return price / 2


if __name__ == "__main__":
    with Pool(1) as pool, ProcessPoolExecutor(1) as executor:
        def double(price):
            return price * 2

        lost = pool.apply_async(double, [3])
        print(pool.apply(abs, [-1]), lost.ready())
        try:
            print(executor.submit(double, 3).result())
        except BrokenProcessPool:
            print("broken")

        def halve(price):
            return price // 2

        with Pool(1) as new:
            print(new.apply(halve, [3]) == 1, pool.apply(halve, [3]))
        worker = Process(target=double, args=(3,))
        worker.start()
        worker.join()
        print(worker.exitcode)
"""

AT_THE_PROMPT = """\
import multiprocessing, os; exec("def double(): pass")
child = multiprocessing.get_context("spawn").Process(target=double)
child.start(); child.join(); os._exit(0)
"""

ON_STANDARD_INPUT = """
from multiprocessing import Process

print(__file__, flush=True)
worker = Process(target=int)
worker.start()
worker.join()
print(worker.exitcode)
"""


@cache
def _late() -> Outcome:
    """What the program came to."""
    return script(LATE)


def in_a_module() -> None:
    """Put the function into a module of its own (a `.py` file), import it, and create the pool
    after that.
    """
    shown("function-not-found/in_a_module", "from prices import double", "Output\n[6]")


def it_hangs() -> None:
    """A worker prints one of these messages, and then the program hangs: `Pool.map` waits forever.

    This program fails under every start method, including `fork`.
    """
    shown(
        "function-not-found/defined_too_late",
        "pool.map(double",
        "Process ForkPoolWorker-1:",
        "still running after 5 s",
        "AttributeError: Can't get attribute 'double' on <module '__main__' from",
        "AttributeError: module '__mp_main__' has no attribute 'double'",
    )


def an_executor() -> None:
    """A `ProcessPoolExecutor` does not hang: it raises BrokenProcessPool. Nor does a `Process`:
    under `forkserver` and `spawn`, the child ends with exit code 1, and the parent goes on, unless
    the arguments are larger than a pipe holds: then `start()` fails or waits forever.

    Under `fork`, the worker is a copy of the parent: it has the functions that were defined when
    it was forked, and none that are defined later. A `Pool` forks its workers when it is
    created, and an executor at its first `submit`.

    A function that is defined under the main guard is not found, either, nor is one in a
    `__main__.py` that is started with its package (`python -m prices`), its folder or its zip
    file.

    The program hangs because the error ends the worker, and the task is lost with it.

    If you change a function after the pool was created, no error is reported: under `fork`, the
    workers run the old function, and those that the pool starts later, such as with
    `maxtasksperchild`, the new one.
    """
    fork = get_start_method() == "fork"
    outcome = _late()
    told = ["1 False", "6", "True 1.5", "0"] if fork else ["1 False", "broken", "False 1.5", "1"]
    assert outcome.stdout.splitlines() == told
    later = outcome.stderr.count("AttributeError: ")
    assert later == (1 if fork else 3)
    if fork:
        assert script(CHANGED).stdout == "old new\n"


def whose_message() -> None:
    """The first message is from Python 3.11, the second from Python 3.12 and 3.13, and the third
    from Python 3.14 and later. If the main program is a file, the first two messages show its
    path instead of `(built-in)` or the class, and under `forkserver` and `spawn` the module is
    called `__mp_main__`. At the prompt of Python 3.13, the second message can look like that,
    too, with the path of Python's own `_pyrepl/__main__.py`.
    """
    shown(
        "function-not-found/typed",
        "on <module '__main__' (built-in)>",
        "on <module '__main__' (<class '_frozen_importlib.BuiltinImporter'>)>",
        "module '__main__' has no attribute 'double'",
    )
    error = _late().stderr
    module = "__main__" if get_start_method() == "fork" else "__mp_main__"
    if on("Python 3.14 and later"):
        assert f"module '{module}' has no attribute 'double'" in error
    else:
        assert f"Can't get attribute 'double' on <module '{module}' from '" in error
        assert "program.py'>\n" in error
    if get_start_method() == "spawn" and on("Python 3.13.5 to 3.13"):
        assert re.search(
            "attribute 'double' on <module '__mp_main__' from '.*/_pyrepl/__main__.py'>",
            _typed_at_the_prompt(),
        )


def _typed_at_the_prompt() -> str:
    """What is shown on a terminal when `AT_THE_PROMPT` is typed."""
    import pty

    ours, theirs = pty.openpty()
    environment = os.environ | {"PYTHON_HISTORY": os.devnull, "TERM": "xterm"}
    python = subprocess.Popen(
        [sys.executable], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    os.write(ours, AT_THE_PROMPT.encode())
    told = b""
    try:
        while data := os.read(ours, 65_536):
            told += data
    except OSError:  # nobody has the terminal open
        pass
    os.close(ours)
    python.wait()
    return told.decode()


def on_standard_input() -> None:
    """If Python reads the program from standard input (`python - < prices.py`, a pipe, a
    here-document), then under `forkserver` and `spawn` each worker of a `Pool` fails with another
    error, which shows a path that ends with `<stdin>`. It is printed again and again, because
    the pool replaces each worker:

    The program below prints the error without the name of the folder.
    """
    shown(
        "function-not-found/on_standard_input",
        'set(re.findall("FileNotFoundError.*"',
        "Answered: False\nFileNotFoundError: [Errno 2] No such file or directory: '<stdin>'",
        "Answered: True",
    )


def its_file_name() -> None:
    """Here the main module has the file name `<stdin>`. No file has this name, so under `spawn` and
    `forkserver` each worker dies before its first task, or the fork server does.

    Under `forkserver` in Python 3.13.8 and later releases of 3.13 and in Python 3.14.1 and later
    releases of 3.14, the fork server fails instead of the workers. The error is printed once, and
    what starts a process raises an error such as `EOFError` or `ConnectionResetError`.
    """
    command = [sys.executable, "-"]
    run = subprocess.run(command, input=ON_STANDARD_INPUT, capture_output=True, text=True)
    method = get_start_method()
    server = method == "forkserver" and on("Python 3.13.8 to 3.13 and 3.14.1 to 3.14")
    assert run.stdout == ("<stdin>\n" if server else f"<stdin>\n{int(method != 'fork')}\n")
    assert run.stderr.count("FileNotFoundError: ") == (method != "fork")
    raised = re.search(r"\n(EOF|ConnectionReset|BrokenPipe)Error: .+\n\Z", run.stderr)
    assert bool(raised) == server


def looked_up() -> None:
    """A task is pickled and sent to a worker. The worker looks the name up in its own copy of the
    module.
    """
    prices = sys.modules["prices"] = ModuleType("prices")
    exec("def double(price): return price * 2", prices.__dict__)
    sent = pickle.dumps(prices.double)
    assert b"prices" in sent
    assert b"double" in sent
    assert b"price * 2" not in sent
    sys.modules["prices"].double = lambda price: price + price  # type: ignore[attr-defined]
    assert pickle.loads(sent) is prices.double
    del prices.double
    with raises(AttributeError, text="double"):
        pickle.loads(sent)
    del sys.modules["prices"]


def how_it_got_them() -> None:
    """How the worker got its functions depends on the start method:"""
    no_fact("an introduction")


def from_an_import() -> None:
    """Under `spawn` and `forkserver`, the functions come from an import of your program. What you
    typed in a notebook, at the prompt or after `python -c` is in no file, so it cannot be
    imported.

    `python -c` runs it as a notebook does: the main module has no file. The typed program waits
    only three seconds, where `map()` would wait forever. The output ends with the last line of
    its standard error.
    """
    shown(
        "function-not-found/typed",
        "wait(timeout=3)",
        "run.stderr.splitlines(True)[-1:]",
        "Answered: False\nAttributeError: ",
        "Answered: True\n",
    )
    shown("function-not-found/defined_first", "[6]")
    code = "print('__file__' in globals())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "False\n"


def in_a_notebook() -> None:
    """The same happens in a notebook if you run the cell with the function after the cell with
    the pool.
    """
    shown("function-not-found/defined_too_late", "pool:\n\n        def double(price)")


def the_warning() -> None:
    """The `DeprecationWarning` under `fork` is about the new worker, which the pool forks among
    threads.
    """
    shown("function-not-found/defined_too_late", "DeprecationWarning: ", "self.pid = os.fork()")


def typed() -> None:
    """`TYPED` is what you would type."""
    no_fact("an introduction")


def what_you_type() -> None:
    """The function is in the file `prices.py`, in the folder in which you run Python or the
    notebook. What you type only imports it.
    """
    shown(
        "function-not-found/in_a_module", '"prices.py"', "cwd=folder", "from prices import", "[6]"
    )


def its_folder() -> None:
    """Here the module is not found, because its folder was in `sys.path` only while the parent
    imported it.

    If it is a `ModuleNotFoundError`, see below.

    Leave the folder in `sys.path`, and add it before you create the pool:
    """
    shown(
        "function-not-found/path_removed",
        'prices = import_module("prices")\n        sys.path.remove(folder)',
        "ModuleNotFoundError: No module named 'prices'",
    )
    shown(
        "function-not-found/path_kept",
        'import_module("prices")\n        with Process',
        "Output\n6\n",
    )


def which_path() -> None:
    """A forked worker has the modules that the parent had imported. Under `forkserver` and `spawn`,
    a worker imports them itself, and searches the `sys.path` that the parent had when it started
    the worker. What the parent adds later does not reach a worker that is running.
    """
    is_fork = get_start_method() == "fork"
    with TemporaryDirectory() as folder, ProcessPoolExecutor(1) as early:
        Path(folder, "late_prices.py").write_text("def double(price): return 2 * price")
        assert folder not in early.submit(_path).result()
        sys.path.append(folder)
        assert folder not in early.submit(_path).result()
        with ProcessPoolExecutor(1) as late:
            assert folder in late.submit(_path).result()
            imported = late.submit(_has, "late_prices").result()
            assert not imported
            prices = importlib.import_module("late_prices")
            assert late.submit(prices.double, 3).result() == 6
        with ProcessPoolExecutor(1) as forked:
            assert forked.submit(_has, "late_prices").result() == is_fork
        sys.path.remove(folder)
        del sys.modules["late_prices"]


def _path() -> list[str]:
    return sys.path


def _has(module: str) -> bool:
    return module in sys.modules


def the_variable() -> None:
    """Or add it to the environment variable `PYTHONPATH` before you start the program: each process
    reads it when it starts.
    """
    with TemporaryDirectory() as folder:
        Path(folder, "prices.py").write_text("def double(price): return 2 * price")
        code = changed(
            "function-not-found/path_removed",
            ('Path(folder, "prices.py").write_text(PRICES)', ""),
            ("sys.path.append(folder)", ""),
            ("sys.path.remove(folder)", ""),
        )
        path = os.pathsep.join([folder, *filter(None, [os.environ.get("PYTHONPATH")])])
        with patch.dict(os.environ, PYTHONPATH=path):
            assert script(code).stdout == "6\n"


def save_it() -> None:
    """Save the program to a file and run that."""
    no_fact("advice")


RUN_AGAIN = """
import pickle
import sys
from types import ModuleType

SCRIPT = "def square(number):\\n    return number * number"
runs = []
for _ in range(2):
    sys.modules["__main__"] = ModuleType("__main__")
    exec(SCRIPT, vars(sys.modules["__main__"]))
    runs.append(sys.modules["__main__"].square)
assert pickle.loads(pickle.dumps(runs[1])) is runs[1]
try:
    pickle.dumps(runs[0])
except pickle.PicklingError as error:
    print(error)
"""


def in_streamlit() -> None:
    """If another run begins before a task is sent, the task fails with a `PicklingError` that ends
    with `it's not the same object as __main__.square`: the function is no longer the one of
    `__main__`.
    """
    assert script(RUN_AGAIN).stdout.endswith(": it's not the same object as __main__.square\n")


def modules_and_a_guard() -> None:
    """Put the functions into a module of their own, so that each run finds the same one.

    Put the rest of the script under the main guard, because under `spawn` and `forkserver` each
    worker imports the script, too.
    """
    no_fact("advice; the page that is linked shows the import")


def tried() -> None:
    """Tried by hand with Streamlit 1.67.0, without `st.navigation`."""
    no_fact("what was done")


def no_main_module() -> None:
    """Under `spawn` and `forkserver`, `start()` looks it up there, and raises:

    Put an empty module in its place before you start a process.
    """
    shown(
        "function-not-found/no_main_module", 'sys.modules.pop("__main__")', "KeyError: '__main__'"
    )
    shown("function-not-found/no_main_module", 'ModuleType("__main__")', "Exit code: 0")


def in_another_module() -> None:
    """The function must be in a module that the worker can import."""
    no_fact("what the worker imports of an empty main module is nothing")


def no_guard_in_a_page() -> None:
    """There, put no guard into the page; keep the functions, and what starts the processes, in
    the other module.
    """
    no_fact("advice")
