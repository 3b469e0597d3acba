"""What docs/pitfalls/pool-at-import.md says."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, Queue, get_start_method
from threading import current_thread, main_thread

from tests.claims import no_fact, script, shown

IMPORTED = """
import os
import signal
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, Process, Queue, active_children
from threading import Thread, get_ident
from time import sleep


def price(weight=0):
    return 4 + 2 * weight


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

    The pool is in a function, so the import returns. `cache` keeps what it returns, so the pool
    does its work only once:
    """
    shown("pool-at-import/import_returns", "@cache\ndef prices():\n    with Pool", "[6, 8, 14]")


def it_hangs() -> None:
    """Silent. No error is reported. The `import` does not return, under every start method. Where
    it is not under a main guard, children under `spawn` and `forkserver` repeat it, and you can see
    other errors, too.

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

    But a pool in the `__init__.py` of a package hangs with the functions of all modules of this
    package.
    """
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
    have been imported completely: `pool.map(abs, ...)` returns.

    A `Process` pickles its target in the thread that starts it, and does not hang.
    """
    lines = "with Pool(1) as pool:\n        print(pool.map(abs, [-1]))\n    "
    lines += "process = Process(target=price)\n    process.start()\n    process.join()\n    "
    assert script(IMPORTED.format(lines=lines)).stdout == "[1]\n"


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
