"""What docs/pitfalls/shadowed-module.md says."""

import os
import re
import subprocess
import sys
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import SURE, TIME_LIMIT, no_fact, on, shown

SHOP = """
import sys
from multiprocessing import get_context

if __name__ == "__main__":
    ctx = get_context(sys.argv[1])
    orders = ctx.Queue()
    orders.put("apple")
    orders.get()
    worker = ctx.Process(target=int)
    worker.start()
    worker.join()
"""
START = """
import sys
from multiprocessing import get_context

if __name__ == "__main__":
    worker = get_context(sys.argv[1]).Process(target=int)
    worker.start()
    worker.join()
    print(*sys.modules)
"""
# A pool that has replaced its worker, and has no result, goes on doing so.
STARTS = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context
from time import sleep

ctx = get_context(sys.argv[1])


def process():
    worker = ctx.Process(target=int)
    worker.start()
    worker.join()
    print("goes on")


def pool():
    with ctx.Pool(1) as pool:
        result = pool.apply_async(int)
        seen = set()
        while not result.ready() and len(seen) < 2:
            seen.update(worker.pid for worker in active_children())
            sleep(0.01)
        print("result" if result.ready() else "waits")


def executor():
    with ProcessPoolExecutor(1, mp_context=ctx) as executor:
        executor.submit(int).result()
        print("result")


def manager():
    ctx.Manager().shutdown()
    print("goes on")


if __name__ == "__main__":
    for start in [process, pool, executor, manager]:
        try:
            start()
        except Exception as error:
            print(type(error).__name__)
"""
# Whether a child that has ended without reading is noticed.
BIG = """
import os
import sys
from multiprocessing import get_context
from threading import Thread
from time import sleep


def start():
    try:
        get_context("spawn").Process(target=len, args=(bytes(5_000_000),)).start()
    except BrokenPipeError:
        print("BrokenPipeError", flush=True)
        os._exit(0)


if __name__ == "__main__":
    thread = Thread(target=start, daemon=True)
    thread.start()
    ended = None
    while not ended:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:  # it has not begun
            sleep(0.01)
    thread.join(float(sys.argv[1]))
    print("stands", flush=True)
    os._exit(0)
"""
# Tells that it was imported, and gives the module of Python in its place.
SHADOW = """
import sys
print("mine:", __name__, flush=True)
folder = sys.path.pop(0)
del sys.modules[__name__]
__import__(__name__)
sys.path.insert(0, folder)
"""
NAMES = ["queue", "signal", "socket", "pickle", "random"]


def _run(files: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Write the files into a folder, and run Python there; the environment does not matter."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).parent.mkdir(exist_ok=True)
            Path(folder, name).write_text(text, "utf-8")
        command = [sys.executable, "-E", *arguments]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def rename_it() -> None:
    """If your program, or a file in its folder or in the current folder, has the name of a module
    of the standard library (`multiprocessing.py`, `queue.py`, `signal.py`, `socket.py`), rename it.
    """
    shown("shadowed-module/file_beside", '"queue.py"', "ImportError: cannot import name 'Empty'")
    shown("shadowed-module/file_renamed", '"order_queue.py"', "Output\napple")
    assert {"multiprocessing", "queue", "signal", "socket"} <= sys.stdlib_module_names


def something_is_missing() -> None:
    """The program fails in an import or when it first uses `multiprocessing`, and the message says
    that something is missing that the module has always had.
    """
    shown("shadowed-module/file_beside", "orders = Queue()", "cannot import name 'Empty'")
    shown("shadowed-module/every_message", "from multiprocessing import Process", "name 'Process'")


def up_to() -> None:
    """Up to Python 3.13.0 you see:"""
    outcome = _run({"shop.py": SHOP, "queue.py": ""}, "shop.py", "fork")
    assert "cannot import name 'Empty' from 'queue' (" in outcome.stderr
    assert ("consider renaming" in outcome.stderr) != on("Python 3.11 to 3.13.0")
    shown("shadowed-module/file_beside", "ImportError: cannot import name 'Empty' from 'queue' ...")


def not_in_other_folders() -> None:
    """In Python 3.13.1 and later, the message also says why, and what to do, if your file is in the
    folder of the program or, with `python -m`, in the current folder, and does not use
    `multiprocessing` itself:
    """
    program = "import sys; sys.path.insert({}, 'other'); from queue import Empty"
    for options in ["shop.py"], ["-m", "shop"]:
        files = {"shop.py": "from queue import Empty", "queue.py": ""}
        hint = "consider renaming" in _run(files, *options).stderr
        assert hint == on("Python 3.13.1 and later")
    outcome = _run({"shop.py": program.format(1), "other/queue.py": ""}, "shop.py")
    assert outcome.stderr.endswith("queue.py)\n")


def the_program_itself() -> None:
    """If the program itself is named `multiprocessing.py`, you see a message such as these.

    A program named `multiprocessing.py` imports itself. The message depends on how it imports;
    the program below shows three ways.
    """
    shown(
        "shadowed-module/every_message",
        '"from multiprocessing import Process"',
        '"import multiprocessing as m; m.Process()"',
        '"from multiprocessing.pool import Pool"',
        "ImportError: cannot import name 'Process' from partially initialized module",
        "ImportError: cannot import name 'Process' from 'multiprocessing' (consider renaming",
        "AttributeError: partially initialized module 'multiprocessing' has no attribute 'Process'",
        "AttributeError: module 'multiprocessing' has no attribute 'Process' (consider renaming",
        "ModuleNotFoundError: No module named 'multiprocessing.pool'; 'multiprocessing' is not a",
    )


def another_name() -> None:
    """The first also comes, on every Python, from a program named `socket.py`, `signal.py` or
    `pickle.py` that imports a name from `multiprocessing`:

    A program named `socket.py`, which `multiprocessing` imports, is run a second time by that
    import. Its message names Python's own `multiprocessing`, and does not tell you to rename
    anything.
    """
    program = "print('run')\nfrom multiprocessing import Process"
    for name in "socket", "signal", "pickle":
        outcome = _run({f"{name}.py": program}, f"{name}.py")
        assert outcome.stdout.count("run") >= 2  # a traceback may import it, too
        message = outcome.stderr.splitlines()[-1]
        assert message.startswith(
            "ImportError: cannot import name 'Process' from partially initialized module "
            "'multiprocessing' (most likely due to a circular import) ("
        )
        theirs = Path("multiprocessing", "__init__.py")
        assert message.endswith(f"{theirs})")
        assert "rename" not in outcome.stderr


def finds_yours() -> None:
    """So `import queue` finds your `queue.py`. This happens even if your program does not import
    it: `multiprocessing` itself imports `queue`, `signal`, `socket`, `pickle`, `random` and
    others, and gets your file.

    A folder with an `__init__.py` does so, too. Nothing shadows a module that is compiled into
    Python, such as `sys` or `time`.
    """
    files = {"shop.py": SHOP, **{f"{name}.py": SHADOW for name in NAMES}}
    outcome = _run(files, "shop.py", get_start_method())
    told = {line for line in outcome.stdout.splitlines() if line.startswith("mine: ")}
    assert told == {f"mine: {name}" for name in NAMES}
    files = {f"{name}.py": SHADOW for name in ["queue", "sys", "time"]}
    files |= {"shop.py": "import queue, random, sys, time", "random/__init__.py": SHADOW}
    assert _run(files, "-m", "shop").stdout == "mine: queue\nmine: random\n"


def in_the_current_folder() -> None:
    """A child under `spawn`, the fork server and the resource tracker are started as `python -c`,
    and look in the current folder first, wherever your program is. A child does so only until it
    has the parent's `sys.path`, so a `queue.py` there does no harm. But because of a file that
    `multiprocessing` needs before that, such as `socket.py` or `pickle.py`, and on Linux and macOS
    `signal.py`, each child under `spawn` ends with the error. After a `Process`, the parent goes
    on; but with an argument that does not fit into a pipe, `start()` raises `BrokenPipeError` or,
    in older releases, never returns. A `Pool` replaces its workers and waits for results
    forever; an executor raises BrokenProcessPool, and `Manager()` raises `EOFError`. Under
    `forkserver`, starting any of them raises an error such as `EOFError` or `ConnectionResetError`.
    """
    method = get_start_method()
    no_harm = _run({"shop/start.py": STARTS, "queue.py": ""}, "shop/start.py", method)
    assert no_harm.stdout == "goes on\nresult\nresult\ngoes on\n"
    if method == "spawn":
        for name in ["pickle"] if os.name == "nt" else ["pickle", "signal"]:
            files = {"shop/shop.py": SHOP, f"{name}.py": ""}
            assert "Error: " in _run(files, "shop/shop.py", method).stderr
    if method == "spawn" and os.name != "nt":
        raises_it = on("Python 3.13.18 and later")
        files = {"shop/big.py": BIG, "signal.py": ""}
        printed = _run(files, "shop/big.py", str(TIME_LIMIT if raises_it else SURE)).stdout
        assert printed == "BrokenPipeError\n" or (printed == "stands\n" and not raises_it)
    outcome = _run({"shop/start.py": STARTS, "socket.py": ""}, "shop/start.py", method)
    assert outcome.returncode == 0
    told = outcome.stderr.count("module 'socket' has no attribute")
    assert told == 0 if method == "fork" else told >= 2
    if method == "fork":
        assert outcome.stdout == "goes on\nresult\nresult\ngoes on\n"
    elif method == "spawn":
        assert outcome.stdout == "goes on\nwaits\nBrokenProcessPool\nEOFError\n"
    else:
        assert re.fullmatch(
            r"((EOF|Connection(Reset|Refused)|BrokenPipe)Error\n){4}", outcome.stdout
        )


def for_the_fork_server_alone() -> None:
    """In Python 3.11 to 3.13, a `random.py` in the current folder has the same effect under
    `forkserver`, but not under `spawn`; a `tempfile.py` makes a `Pool` wait forever under
    `forkserver`.
    """
    method = get_start_method()
    if method == "fork" or not on("Python 3.11 to 3.13"):
        return
    for name in "random", "tempfile":
        files = {"shop/start.py": STARTS, f"{name}.py": ""}
        printed = _run(files, "shop/start.py", method).stdout
        if method == "spawn":
            assert printed == "goes on\nresult\nresult\ngoes on\n"
        elif name == "tempfile":
            assert printed.startswith("goes on\nwaits\n")
        else:
            assert re.fullmatch(r"((EOF|Connection(Reset|Refused)|BrokenPipe)Error\n){4}", printed)


def shadows() -> None:
    """Your file is said to shadow the module of Python.

    It often begins with a tutorial program about queues that is saved as `queue.py`, or with one
    about processes that is saved as `multiprocessing.py`.
    """
    no_fact("a definition, and an example")


def what_it_does() -> None:
    """The program writes a `shop.py` and a `queue.py` into a folder, runs `shop.py`, and prints the
    last line of its output.
    """
    shown("shadowed-module/file_beside", '"shop.py")', '"queue.py")', "stdout.splitlines()[-1]")


def your_folder() -> None:
    """Use the folder of your program, the current folder, and each folder of `PYTHONPATH` instead
    of `shop` here:
    """
    shown("shadowed-module", "as shop:", "file.stem in sys.stdlib_module_names:\n", "#> queue.py")


def where_it_came_from() -> None:
    """After `import queue`, `print(queue.__file__)` shows where the module came from."""
    code = "import queue\nprint(queue.__file__)"
    mine = _run({"shop.py": code, "queue.py": ""}, "shop.py").stdout
    theirs = _run({"shop.py": code}, "shop.py").stdout
    assert mine != theirs
    assert Path(mine.strip()).name == Path(theirs.strip()).name == "queue.py"


def rarely_a_fix() -> None:
    """But `-P` is rarely a fix, because your own modules beside the program are not found
    then, either.
    """
    files = {"shop.py": "import queue, stock", "queue.py": "print('mine')", "stock.py": ""}
    assert _run(files, "shop.py").stdout == "mine\n"
    outcome = _run(files, "-P", "shop.py")
    assert outcome.stdout == ""
    assert "No module named 'stock'" in outcome.stderr


def an_executor_does_not_help() -> None:
    """`ProcessPoolExecutor` from `concurrent.futures` does not help, because it uses
    `multiprocessing`:
    """
    program = "from concurrent.futures import ProcessPoolExecutor"
    outcome = _run({"multiprocessing.py": program}, "multiprocessing.py")
    assert outcome.returncode == 1
    assert "ImportError: " in outcome.stderr or "AttributeError: " in outcome.stderr


def more_than_fork() -> None:
    """Which modules `multiprocessing` imports depends on the version of Python and on the start
    method: `forkserver` and `spawn` import more than `fork`.
    """
    if get_start_method() != "fork":
        fork, other = (
            set(_run({"start.py": START}, "start.py", method).stdout.split())
            for method in ["fork", get_start_method()]
        )
        assert len(fork) > 1
        assert fork < other


def for_years() -> None:
    """So a file can do no harm for years, and then break the program when the default changes
    from `fork` to `forkserver`, or when Python is updated:
    """
    shown(
        "shadowed-module/child_only",
        "Output, on Linux and macOS\npacked apple",
        "AttributeError: module 'signal' has no attribute 'SIGINT'",
    )
