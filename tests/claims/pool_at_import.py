"""What docs/pitfalls/pool-at-import.md says."""

import pickle
from functools import cache
from multiprocessing import Pool, Queue, get_start_method
from threading import Barrier, Thread, current_thread, main_thread

from tests.claims import TIME_LIMIT, no_fact, on, script, shown

IMPORTED = """
import os
import signal
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Manager, Pool, Process, Queue, active_children
from threading import Thread, get_ident
from time import sleep


def price(weight=0):
    return 4 + 2 * weight


class Config:
    pass


def waits():
    threads = [at for thread, at in sys._current_frames().items() if thread != get_ident()]
    stacks = ["".join(traceback.format_stack(at)) for at in threads]
    return any("dumps(" in stack and "importlib" in stack for stack in stacks)


def end(text):
    print(text, flush=True)
    for child in active_children():
        child.kill()
        child.join()
    os._exit(0)


def press():
    while not waits():
        sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)
    sleep(0.5)  # by then, Ctrl-C would have ended it
    end("still runs")


if __name__ == "__main__":
    import program
elif __name__ == "program":
    {lines}
"""
POOL = "pool = Pool(1)\n    result = pool.apply_async(price)\n    "
EXECUTOR = "executor = ProcessPoolExecutor(1)\n    result = executor.submit(price)\n    "
ARGUMENT = "pool = Pool(1)\n    result = pool.apply_async(abs, [Config()])\n    "
MANAGER = """shared = Manager().dict()
    print("importing", flush=True)
    shared["x"] = Config()
    print("imported")
"""
REPEATED = """
from pathlib import Path
if __name__ == "__main__":
    lines = ["from multiprocessing import Pool", "with Pool(1) as pool:"]
    lines += ["    print(pool.map(abs, [-1]))"]
    Path("shop.py").write_text("\\n".join(lines))
    print("importing", flush=True)
import shop
"""
QUEUE = "queue = Queue()\n    queue.put(price)\n    "
PACKAGE = """
from pathlib import Path
if __name__ == "__main__":
    Path("shop").mkdir()
    Path("shop", "tasks.py").write_text("def price(weight=0):\\n    pass\\n")
    Path("shop", "__init__.py").write_text({package!r})
    import shop
"""
STUCK = "while not waits():\n        sleep(0.01)\n    sleep(0.5)\n    end(str({done}))"


class _Where:
    """Is pickled as whether that is done in another thread than the main one."""

    def __reduce__(self) -> tuple[type[bool], tuple[bool]]:
        return bool, (current_thread() is not main_thread(),)


def _same(item: object) -> object:
    return item


def put_it_into_a_function() -> None:
    """Do not wait for a pool while a module is imported: put the call into a function, and call the
    function after the import.

    The pool is in a function, so the import returns. `cache` keeps what it returns, so in each
    process, the pool does its work only once, unless two threads call the function at the same
    time:
    """
    both = Barrier(2, timeout=TIME_LIMIT)
    calls = []

    @cache
    def prices() -> list[int]:
        calls.append(both.wait())
        return [6, 8, 14]

    threads = [Thread(target=prices) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert prices() == [6, 8, 14]
    assert len(calls) == 2
    shown("pool-at-import/import_returns", "@cache\ndef prices():\n    with Pool", "[6, 8, 14]")


def it_hangs() -> None:
    """Silent. No error is reported. The `import` does not return, under every start method. Where
    it is not under a main guard, children under `spawn` and `forkserver` repeat it: they print
    other errors, and the import may end with one.

    The program imports its own file, as another program would. So the file runs a second time, as
    a module, and waits for the pool:

    The last three lines run only in that import.
    """
    shown(
        "pool-at-import/import_hangs",
        "Output, still running after 5 s",
        "Importing",
        "    import import_hangs",
        'elif __name__ == "import_hangs":',
    )
    shown("main-guard/unguarded_process", "freeze_support()", "Standard error")
    if get_start_method() == "forkserver" and on("Python 3.13.8 to 3.13 and 3.14.1 to 3.14"):
        ends = script(REPEATED)
        assert (ends.status, ends.stdout) == (1, "importing\n")
        assert "freeze_support()" in ends.stderr
        assert "Error" in ends.stderr.splitlines()[-1]


def as_a_program() -> None:
    """If you run the file of the module as a program, it works under `fork`, and with a main guard
    under every start method.
    """
    code = IMPORTED.format(lines="pass").partition("if __name__")[0]
    guard = "True" if get_start_method() == "fork" else "__name__ == '__main__'"
    code += f"if {guard}:\n    with Pool(1) as pool:\n        "
    assert script(code + "print(pool.map(price, [1, 2, 5]))").stdout == "[6, 8, 14]\n"


def not_by_ctrl_c() -> None:
    """One Ctrl-C does not end the import: the end of the `with` statement then waits for a thread
    of the pool, which itself waits for the import.
    """
    block = "with Pool(1) as pool:\n            pool.map(price, [1])"
    lines = f"Thread(target=press, daemon=True).start()\n    try:\n        {block}\n"
    lines += "    finally:\n        end('ended')"
    assert script(IMPORTED.format(lines=lines)).stdout == "still runs\n"


def in_a_thread() -> None:
    """A `Pool` and a `ProcessPoolExecutor` pickle their tasks in a thread of their own.

    So it waits for the lock, while the import waits for the result.

    An argument whose class is in the module that is being imported hangs. So does a pool in the
    `__init__.py` of a package with the functions of all modules of this package.
    """
    from concurrent.futures import ProcessPoolExecutor

    lines = ARGUMENT + STUCK.format(done="result.ready()")
    assert script(IMPORTED.format(lines=lines)).stdout == "False\n"
    assert pickle.loads(pickle.dumps(_Where())) is False
    with Pool(1) as pool:
        assert pool.map(_same, [_Where()]) == [True]
    with ProcessPoolExecutor(1) as executor:
        assert executor.submit(_same, _Where()).result() is True
    lines = POOL + STUCK.format(done="result.ready()")
    assert script(IMPORTED.format(lines=lines)).stdout == "False\n"
    lines = "from shop.tasks import price\n    "
    lines += EXECUTOR + STUCK.format(done="result.done()")
    package = IMPORTED.format(lines=lines).replace('"program"', '"shop"')
    assert script(PACKAGE.format(package=package)).stdout == "False\n"


def other_functions() -> None:
    """A function of another module can be a task, if that module and the packages that contain it
    have been imported completely: `pool.map(abs, ...)` returns, unless the children repeat the
    import.

    A `Process` pickles its target in the thread that starts it, and does not hang.
    """
    lines = "with Pool(1) as pool:\n        print(pool.map(abs, [-1]))\n    "
    lines += "process = Process(target=price)\n    process.start()\n    process.join()\n    "
    assert script(IMPORTED.format(lines=lines)).stdout == "[1]\n"
    if get_start_method() == "fork":
        assert script(REPEATED).stdout == "importing\n[1]\n"
    if get_start_method() == "spawn":
        hangs = script(REPEATED, hangs_after="importing\n")
        assert (hangs.status, hangs.stdout) == (None, "importing\n")


def a_manager() -> None:
    """The server of a `Manager` imports the module when it unpickles an object of one of its
    classes. So `Manager().dict()["x"] = Config()` hangs the import, too: under `fork`, the server
    waits for the lock, which it has as a copy, and under `spawn` and `forkserver`, its import
    starts another manager, and so on without end.
    """
    line = "importing\n"
    copied = get_start_method() == "fork"
    outcome = script(IMPORTED.format(lines=MANAGER), hangs_after=line if copied else line * 3)
    assert outcome.status is None
    assert outcome.stdout == line if copied else outcome.stdout.startswith(line * 3)
    assert "imported" not in outcome.stdout


def queues() -> None:
    """`put()` of a `Queue` also pickles in a thread, so a `get()` in the same import waits forever
    for such a function.
    """
    queue: Queue[object] = Queue()
    queue.put(_Where())
    assert queue.get() is True
    lines = QUEUE + STUCK.format(done="not queue.empty()")
    assert script(IMPORTED.format(lines=lines)).stdout == "False\n"


def called_otherwise() -> None:
    """A worker that runs the file under `spawn` or `forkserver` calls it `__mp_main__`."""
    no_fact("the page that is linked proves it")
