"""What docs/check.md says."""

import ast
import json
import os
import subprocess
import sys
from importlib import import_module
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import ONCE, ROOT, changed, no_fact, shown

UNGUARDED = "from multiprocessing import Pool\n\nPool()\n"
NESTED = """from multiprocessing import Manager

if __name__ == "__main__":
    manager = Manager()
    orders = manager.dict(apple=[])
    orders["apple"].append("Ada")
"""
LOCK = """from multiprocessing import Lock, Pool

lock = Lock()

def work(number):
    with lock:
        print(number)

if __name__ == "__main__":
    with Pool() as pool:
        pool.map(work, range(3))
"""


def _told(*arguments: str, **files: str) -> subprocess.CompletedProcess[str]:
    """What the command tells of these files, in a folder of their own, on a Python alone."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name.replace("__", "/")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        command = [sys.executable, "-I", "-S", str(ROOT / "examples"), "check", *arguments]
        environment = {**os.environ, "PYTHONPATH": "", "SITE_URL": ""}
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )


def each_finding() -> None:
    """Each finding names the line, what goes wrong there under which start methods, and the page of
    this site that has the cure.
    """
    run = _told("program.py", program=UNGUARDED)
    assert run.stdout.startswith("program.py:3:1: main-guard: This starts a pool"), run
    assert "and on Linux with Python 3.14 and later" in run.stdout
    assert "docs/pitfalls/main-guard.md" in run.stdout


def as_text() -> None:
    """The program is not run, and it stays in your browser.

    It reads them as text, and does not import or run them:
    """
    assert (
        _told(
            "program.py", program=f"{UNGUARDED}open('made', 'w')\nraise SystemExit(9)\n"
        ).returncode
        == 1
    )
    assert _told("made", program="open('made', 'w')\n").returncode == 2
    for name in "check.js", "checker.js":
        script = (ROOT / "docs" / "assets" / name).read_text("utf-8")
        assert not any(word in script for word in ("fetch(", "XMLHttpRequest", "sendBeacon"))


def one_command() -> None:
    """In a copy of the site's source, one command checks files, folders and notebooks.

    It needs nothing but Python 3.11 or later.
    """
    cells = {"cells": [{"cell_type": "code", "source": [NESTED]}]}
    run = _told("program.py", "folder", program=NESTED, folder__one=NESTED)
    assert "2 findings in 2 files" in run.stdout
    with TemporaryDirectory() as folder:
        Path(folder, "n.ipynb").write_text(json.dumps(cells), "utf-8")
        assert "cell 1:6" in _told(folder).stdout


def three_programs() -> None:
    """This program lets it check three programs of this site:"""
    shown("check/finds", "race/unsafe.py", "race/fixed.py", "unguarded_process.py")


def exit_status() -> None:
    """The exit status is 0 if nothing is found, 1 if something is, and 2 if a file cannot be read,
    for example because it has a syntax error.
    """
    assert _told("program.py", program="print(1)\n").returncode == 0
    assert _told("program.py", program=NESTED).returncode == 1
    assert _told(".", "other.py", program=NESTED, other="x = (\n").returncode == 2


def in_folders() -> None:
    """In a folder, only files are looked at that mention `multiprocessing`, `concurrent.futures` or
    `shared_memory`, and none in hidden folders or in environments with installed packages.
    """
    futures = "from concurrent.futures import ProcessPoolExecutor\n"
    memory = "from torch.multiprocessing import shared_memory\n"
    files = {"one": UNGUARDED, "two": futures, "three": memory, "four": "x = (\n"}
    hidden = {".git__one": NESTED, "site-packages__one": NESTED}
    run = _told(".", **files, **hidden)
    assert "1 finding in 3 files" in run.stdout, run


def moving() -> None:
    """`--moving-to 3.14` | tells only what works under `fork` and can go wrong under the new
    default start method
    """
    run = _told("--moving-to", "3.14", ".", one=UNGUARDED, two=NESTED, three=LOCK)
    assert "2 findings in 3 files" in run.stdout
    assert "main-guard" in run.stdout
    assert "globals" in run.stdout


def as_json() -> None:
    """`--json` | prints one line of JSON"""
    (line,) = _told("--json", ".", one=UNGUARDED).stdout.splitlines()
    assert json.loads(line)["findings"][0]["rule"] == "main-guard"


def as_annotations() -> None:
    """`--github` | prints commands that GitHub shows as annotations at the lines"""
    run = _told("--github", "one.py", one=UNGUARDED)
    assert run.stdout.startswith("::error file=one.py,line=3,col=1,title=main-guard::")


def silenced() -> None:
    """A comment at the end of the line silences a rule there."""
    without = changed("check/silenced", ("  # check: ignore[race] it is only shown", ""))
    assert "race" in _told("one.py", one=without).stdout
    commented = changed("check/silenced")
    assert _told("one.py", one=commented).returncode == 0


def what_it_finds() -> None:
    """array-rebound | The name of shared memory that is bound to something new, where its
    elements were meant

    children-not-joined | Children that are left behind with a lock or queue that the parent
    lets go

    closed-shared-memory | An array or a slice of a block of shared memory that outlives the
    block

    context-already-set | A start method that is set a second time, too late, or again in each
    worker

    ctrl-c | A loop in a worker that goes on after Ctrl-C

    daemon-children | A daemonic process, such as the worker of a pool, that starts processes
    of its own

    fork-with-threads | Processes that are started while the program has threads

    globals | A global that only the parent sets and a worker reads, or a shared object made
    at import

    inherited | A connection, a socket or a file of the parent that a forked worker uses

    killed-worker | A task that ends the worker of its pool

    leaked-shared-memory | A block of shared memory that the file makes and nobody unlinks

    local-function | A lambda, a local function, or an object that cannot be pickled, that is
    given to a process

    lock-holder-killed | A lock or queue that is used after a process that uses it was
    terminated

    logging-workers | Logging that is set up in the parent, while the workers log

    main-guard | A process, a pool or a manager that is started while the file is imported

    manager | A proxy to which nothing refers when its receiver gets it

    manager-ended | A proxy that is used when its manager has ended

    missing-comma | `args=(x)` without the comma that makes a tuple, and `target=f()` that
    calls the function

    nested-list | A change of what lies in a list, dict or namespace of a manager

    ordinary-objects | An ordinary object that a worker changes, and that the parent reads
    afterwards

    pool-argument | A lock, queue or value, or an object that holds a pool, that is given to a
    worker's task

    pool-not-running | Tasks and results that come after the end of their pool

    queue | An item that is changed after it was put into a queue

    queue-deadlock | A process that is joined before the items that it has put are read

    queue-empty | A loop that ends when the queue happens to be empty

    race | A shared value that several processes read and then write, without a lock around
    both

    random-numbers | Random numbers that are the same in each process

    remote-manager | The path of a socket that is longer than the system takes

    shadowed-module | A program whose own name hides a module that multiprocessing imports

    started-twice | A block of shared memory with a fixed name, which only one start at a time
    can make

    thread-objects | A queue, lock or event for threads that is given to a process, or used in
    several

    unseen-error | Tasks whose result, and so whose error, nobody asks for
    """
    from examples._checker.check import findings
    from examples._checker.program import Program
    from examples._checker.rules import RULES

    if get_start_method() != ONCE:
        return  # it starts no process

    for rule in RULES:
        name = rule.__name__.rpartition(".")[2]
        programs = [Program(text) for text in import_module(f"tests.checker.{name}").FOUND]
        if name == "shadowed_module":
            programs = [Program("import multiprocessing\n", name="queue")]
        found = [{finding.rule for finding in findings(program)} for program in programs]
        assert found and all(name.replace("_", "-") in rules for rules in found), name


def other_modules() -> None:
    """It looks at one file at a time.

    A queue that comes from another module is any object to it, and so is what a function of another
    module does with it.
    """
    loop = "while not queue.empty():\n    print(queue.get())\n"
    here = f"from multiprocessing import Queue\nqueue = Queue()\n{loop}"
    assert "queue-empty" in _told("one.py", one=here).stdout
    there = f"from multiprocessing import Process\nfrom other import queue\n{loop}"
    assert _told("one.py", one=there).returncode == 0


def said_otherwise() -> None:
    """Paste a program here.

    Try it:

    To keep it, name a copy of this site's repository, a commit of it, and that hook in
    `.pre-commit-config.yaml`.

    In a workflow of GitHub, clone it beside your code, and run the command by its path:

    Add the reason for the next reader:

    Where it is not sure, it says nothing, so it misses mistakes.
    """
    no_fact("advice, and how the rules are meant; tests/test_checker.py holds them to it")


def the_hook() -> None:
    """The hook `processes` for pre-commit does the same before each commit."""
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    assert "id: processes" in hooks
    assert "entry: examples/__main__.py check" in hooks
    assert ast.parse((ROOT / "examples" / "__main__.py").read_text("utf-8"))
