"""What docs/examples/notebooks.md says."""

import signal
import subprocess
import sys
from multiprocessing import Pool, get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import ROOT, changed, no_fact, raises, script, shown

PRICES = """
def add_tax(price):
    return price * 107 // 100

def has_rate(_):
    import __main__
    return hasattr(__main__, "rate")

def finds(name):
    import importlib.util
    return importlib.util.find_spec(name) is not None
"""
TYPED = """
from multiprocessing import Pool
def add_tax(price):
    return price * 107 // 100
with Pool(1) as pool:
    def add_tax(price):
        return price * 120 // 100
    print(pool.map(add_tax, [100]))
"""
CELLS = """
import os
import pickle
import sys
from importlib import reload
from multiprocessing import Pool
from pathlib import Path

import prices
from prices import add_tax, finds, has_rate

rate = 7
os.mkdir("moved")
os.chdir("moved")
Path("rates.py").touch()
with Pool(1) as pool:
    print(pool.map(has_rate, [0]), pool.map(finds, ["rates"]), pool.map(add_tax, [100]))
    file = Path("../prices.py")
    file.write_text(file.read_text().replace("107", "1200"))
    print(pool.map(add_tax, [100]))
sys.path.insert(0, os.getcwd())
sys.path.append("..")
reload(prices)
try:
    pickle.dumps(add_tax)
except pickle.PicklingError:
    print("PicklingError")
from prices import add_tax, finds
with Pool(1) as pool:
    print(pool.map(finds, ["rates"]), pool.map(add_tax, [100]))
"""


def _run_cells(cells: str = CELLS) -> list[str]:
    """What the cells print, line by line."""
    with TemporaryDirectory() as folder:
        Path(folder, "prices.py").write_text(PRICES)
        run = subprocess.run(
            [sys.executable, "-c", cells], cwd=folder, capture_output=True, text=True
        )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def a_file_beside_it() -> None:
    """Put the functions for the workers into a file beside the notebook, such as `prices.py`, and
    import them: then the workers find them under every start method.

    In a notebook these are two cells.

    the first cell: `%%writefile prices.py`, and below it the function

    the second cell: `from prices import add_tax`, and below it the pool
    """
    shown(
        "notebooks/module_beside", "from prices import add_tax\n\nwith Proc", "Output\n[120, 300]"
    )
    shown("notebooks/module_beside", 'Path(folder, "prices.py").write_text(PRICES)')


def stands_for_a_notebook() -> None:
    """Each program on this page stands for a notebook: `CELLS` is what you type. `python -c` runs
    it without a file, as a notebook runs its cells.
    """
    shown("notebooks/module_beside", '[sys.executable, "-c", CELLS]')
    shown("notebooks/typed_in_cell", '[sys.executable, "-c", CELLS]')
    shown("notebooks/fork_in_cell", '[sys.executable, "-c", CELLS]')
    shown("notebooks/edited_module", '[sys.executable, "-c", CELLS]')
    run = subprocess.run(
        [sys.executable, "-c", "import __main__; print(hasattr(__main__, '__file__'))"],
        capture_output=True,
        text=True,
    )
    assert run.stdout == "False\n"


def a_whole_notebook() -> None:
    """A whole notebook of this kind is the tour. Its download contains its module,
    tour_workers.py.
    """
    docs = ROOT / "docs"
    assert "from tour_workers import" in (docs / "examples" / "tour.ipynb").read_text("utf-8")
    assert (docs / "examples" / "tour_workers.py").exists()
    hook = (docs / "_notebook" / "hook.py").read_text("utf-8")  # tests/test_notebooks.py runs it
    assert 'folder.iterdir() if path.suffix in {".ipynb", ".json", ".py"}' in hook


def only_a_module_can_be_imported() -> None:
    """The module `prices` can be imported. What you type into a cell is in no file that a worker
    could import.
    """
    shown("notebooks/module_beside", "Output\n[120, 300]")
    shown("notebooks/typed_in_cell", "AttributeError: module '__main__' has no attribute 'add_tax'")


def variables_and_versions() -> None:
    """Under `spawn` and `forkserver` a worker does not have the notebook's variables either.

    After `%cd` or `os.chdir`, a worker under `spawn` or `forkserver` does not find a module in the
    new folder if `multiprocessing` was imported before that. The fix is `sys.path.insert(0,
    os.getcwd())`, before you make the pool.

    A worker that has imported `prices` keeps that version as long as it runs.

    If you wrote `from prices import add_tax`, run that line again after `reload`: otherwise
    pickling the old function raises `PicklingError`.
    """
    forked = get_start_method() == "fork"
    first, last = f"[{forked}] [{forked}] [107]", "[True] [1200]"
    assert _run_cells() == [first, "[107]", "PicklingError", last]


PLACE = "    return price * 120 // 100\n"


def _with_a_fault(program: str, *lines: str, ends: str = "    main()\n") -> str:
    """A program with more lines in its task, and with another end."""
    task = "".join(f"    {line}\n" for line in lines) + PLACE
    return changed(f"notebooks/{program}", (PLACE, task), ("    main()\n", ends))


def the_cell_ends() -> None:
    """If a task fails or its worker is killed, the cell ends with the error; for long work, use the
    form for production.

    If a task raises an exception, `list` raises it again in the cell. If a worker is killed, `list`
    raises `BrokenProcessPool`, except in some cases in which the executor waits. After a
    `sys.exit(3)` in a task, it raises `SystemExit`.
    """
    for fault, told in [
        ("raise ValueError('no tax')", "ValueError: no tax\n"),
        ("import os; os._exit(7)", "BrokenProcessPool: "),
        ("import sys; sys.exit(3)", "returned non-zero exit status 3."),
    ]:
        for program in "module_beside", "in_production":
            outcome = script(_with_a_fault(program, fault))
            assert (outcome.status, outcome.stdout) == (1, "")
            assert told in outcome.stderr


WORKS = [
    "import fcntl, os, signal, time",
    "from multiprocessing import parent_process",
    "file = open('../works', 'w')",
    "fcntl.flock(file, fcntl.LOCK_SH)",
]
LOOKS = """    import fcntl, os
    Path("pid").write_text(str(os.getpid()))
    try:
        main()
    except (subprocess.CalledProcessError, SystemExit) as error:
        print("has ended:", error, flush=True)
    with open("works", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
    print("no worker is left")
"""
KILLED = "os.kill(parent_process().pid, signal.SIGKILL)"


def the_kernel_is_killed() -> None:
    """If the kernel, the process that runs the cells, is killed, for example because memory ran
    out, the workers of the program above go on, and keep their memory.

    `start_worker` runs once in each worker, when it starts. Its thread ends the worker with its
    parent, the kernel, even in the middle of a task. `spawn` is there because a fork of the kernel,
    which has threads, can hang. `main` stands for Jupyter: when it gets SIGTERM, it kills the
    kernel.
    """
    shown("notebooks/in_production", "(2, spawn, start_worker)", "os._exit(1)", "[120, 300]")
    shown("fork-with-threads/lock_held", "still running after 5 s")
    if sys.platform == "win32":
        return
    stays = _with_a_fault("module_beside", *WORKS, KILLED, "time.sleep(300)", ends=LOOKS)
    assert script(stays, hangs_after="has ended").status is None
    for fault, told in [
        (KILLED, "SIGKILL: 9>"),
        (
            "if price == 100: os.kill(int(open('../pid').read()), signal.SIGTERM)",
            "has ended: terminated\n",
        ),
    ]:
        ended = script(_with_a_fault("in_production", *WORKS, fault, "time.sleep(300)", ends=LOOKS))
        assert told in ended.stdout and ended.stdout.endswith("\nno worker is left\n"), ended


def the_form_for_production() -> None:
    """On Linux and macOS, an interrupt of the kernel reaches the workers, too, and can hit one in
    the middle of something. The short form is for trying something out. In production, let the
    workers ignore the interrupt, and end with the kernel:

    A task that never ends is waited for: set a time limit.
    """
    shown("notebooks/in_production", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("ctrl-c/clean_end", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("stop-early/time_limit", "worker.join(timeout=0.5)", "worker.kill()")


def as_they_were() -> None:
    """Make the pool below the functions, in the cell that uses it: a forked worker has them as they
    were when it started. A pool from an earlier cell does not find a function that you typed
    later, and it runs the old version of one that you have changed since then, without an error.
    """
    shown("function-not-found/defined_too_late", "Pool(1) as pool:", "still running")
    if get_start_method() == "fork":
        assert _run_cells(TYPED) == ["[107]"]


def pass_them() -> None:
    """Pass what it needs as arguments."""
    no_fact("advice")


def no_main_guard() -> None:
    """A cell does not need the main guard, `if __name__ == "__main__":`, which programs in a file
    need: a worker cannot import the cell, and so does not run it again.
    """
    shown("notebooks/module_beside", "\nwith ProcessPoolExecutor(2) as pool:\n", "[120, 300]")


def it_depends() -> None:
    """Whether a worker finds the function depends on the start method:"""
    shown("notebooks/typed_in_cell", "Output\n[120, 300]", "Output\nBrokenProcessPool: ")


def fork_copies() -> None:
    """`fork` copies the notebook's process with all cells that have been run so far."""
    shown("notebooks/typed_in_cell", "Output\n[120, 300]")
    shown("notebooks/fork_in_cell", 'get_context("fork")', "[120, 300]")
    shown("function-not-found/defined_too_late", "Pool(1) as pool:", "still running")


def a_new_python() -> None:
    """`spawn` starts a new Python, which does not have what you typed. `forkserver` forks a helper
    process, which does not have it either.
    """
    shown("notebooks/typed_in_cell", "AttributeError: Can't get attribute 'add_tax' on <module")


def with_a_pool() -> None:
    """With a `Pool` the same mistake raises no error in the notebook: the worker dies, `map` waits
    forever, and the cell never finishes. The worker prints a traceback that ends with the
    `AttributeError` above, under the cell or in the terminal.
    """
    shown("function-not-found/typed", "Answered: False\nAttributeError: ", "run.stderr.splitlines(")
    shown(
        "function-not-found/defined_too_late", "still running after 5 s", "Traceback", "pool.map("
    )


def see() -> None:
    """See Can't get attribute."""
    no_fact("a pointer")


def prefer_an_executor() -> None:
    """So prefer a `ProcessPoolExecutor` in a notebook: it raises `BrokenProcessPool`."""
    shown("notebooks/typed_in_cell", "with ProcessPoolExecutor(1)", "Output\nBrokenProcessPool: ")


def ask_for_fork() -> None:
    """On Linux you can ask for `fork`. Then the workers find what you typed into cells, on every
    version of Python:
    """
    shown("notebooks/fork_in_cell", 'get_context("fork")', "on Linux and macOS\n[120, 300]")


def a_module_instead() -> None:
    """If a cell never finishes, use a module and `get_context("spawn")`, as the form for production
    does.

    If the cell still does not end, interrupt it once more.
    """
    no_fact("advice")


WINDOW = """
import multiprocessing
from pathlib import Path

__file__ = "app.py"
Path(__file__).write_text("print('imported', flush=True)\\ndef price(): return 120")
def price(): return 107
with multiprocessing.Pool(1) as pool:
    print(pool.apply(price))
"""


def has_a_file() -> None:
    """Then a worker under `spawn` or `forkserver` imports that file, and runs all of it that is not
    under the main guard. It finds the functions that are in the file, as it was saved.
    """
    forked = get_start_method() == "fork"
    assert _run_cells(WINDOW) == (["107"] if forked else ["imported", "120"])


def save_it() -> None:
    """So save the file first, and put the pool under the guard. The window itself was not run
    here.
    """
    no_fact("advice, and what was not done")


def imported_once() -> None:
    """Python imports a module once. After you edit `prices.py`, the notebook still has the old
    version, and so has a worker that is forked. Under `spawn` and `forkserver` a new worker reads
    the new file. So after an edit call `reload`, and then make a new pool:
    """
    shown("notebooks/edited_module", "Edited: 107\nReloaded: 119", "Edited: 119\nReloaded: 119")


def in_the_cell_that_uses_it() -> None:
    """So make the pool in the cell that uses it, in a `with` statement."""
    no_fact("advice")


def return_the_text() -> None:
    """Do not rely on it: return the text and print it in the cell, or use logging or a progress
    bar.
    """
    no_fact("advice")


def interrupted() -> None:
    """The `with` statement of a `Pool` then usually terminates the workers."""
    with raises(KeyboardInterrupt), Pool(1, initializer=signal.pause) as pool:
        (worker,) = pool._pool  # type: ignore[attr-defined]
        raise KeyboardInterrupt
    assert worker.exitcode == -signal.SIGTERM


def the_reason() -> None:
    """Then look for the reason: a function that was not found, a queue that was not read, a worker
    that was killed.
    """
    no_fact("advice")


def it_does_not_say_why() -> None:
    """That error does not say why the worker has ended."""
    no_fact("the same error has many causes, as the page on killed workers shows")


def a_script_instead() -> None:
    """Put the code into a script, under a main guard, and run the script with `%run` or
    `!python`.
    """
    no_fact("advice")
