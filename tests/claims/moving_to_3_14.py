"""What docs/moving-to-3.14.md says."""

import multiprocessing
import os
import sqlite3
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pipe, Process, context, get_context, get_start_method
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from multiprocessing.synchronize import SemLock
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import ROOT, changed, no_fact, on, raises, replaced, script, shown

NESTED_CHANGE = "orders = Manager().dict(apple=[])\norders['apple'].append('Ada')\n"

TRIAL = str(ROOT / "examples" / "moving-to-3.14" / "trial.py")
OWN_CLASSES = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, Process, Queue, get_start_method

class Price(int):
    pass

class SoldOut(Exception):
    pass

def buy(item):
    if item == "pear":
        raise SoldOut(item)
    return Price(5)

def put(queue):
    queue.put(Price(5))

def main():
    print(get_start_method(), __name__, sys.argv[1:])
    with Pool(1) as pool, ProcessPoolExecutor(1) as executor:
        for get in [
            lambda item: pool.apply(buy, [item]),
            lambda item: executor.submit(buy, item).result(),
        ]:
            print(type(get("apple")) is Price, end=" ")
            try:
                get("pear")
            except SoldOut as error:
                print(error)
    queue = Queue()
    process = Process(target=put, args=(queue,))
    process.start()
    print(type(queue.get()) is Price)
    process.join()

if __name__ == "__main__":
    main()
"""
ENDS_SLOWLY = """
import os
import signal
import time

try:
    os.killpg(0, signal.SIGINT)  # as Ctrl-C does, to this program and to the trial
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(1)  # what it still has to do
    print("saved")
"""
CHOOSES = """
from multiprocessing import Pool, get_start_method, set_start_method

rate = 1

def get_rate():
    return rate

if __name__ == "__main__":
    try:
        set_start_method("fork")
    except RuntimeError:
        pass
    rate = 2
    with Pool(1) as pool:
        print(get_start_method(), pool.apply(get_rate))
"""
RELIES_ON_FORK = """
from multiprocessing import Process, get_start_method

rates = {}

def work():
    print(rates["USD"])

if __name__ == "__main__":
    rates["USD"] = 2
    child = Process(target=work)
    child.start()
    child.join()
    print(get_start_method(), child.exitcode)
"""
OWN_SITECUSTOMIZE = """
import os
import subprocess
import sys
from pathlib import Path

Path("sitecustomize.py").write_text("print('mine')")
Path("empty.py").touch()
env = {**os.environ, "PYTHONPATH": os.getcwd()}
for trial in [[], [TRIAL]]:
    command = [sys.executable, *trial, "empty.py"]
    run = subprocess.run(command, env=env, capture_output=True, text=True)
    print([line for line in run.stdout.splitlines()])
"""
OF_THE_PROCESS = """
import os
from multiprocessing import Process, SimpleQueue

def report(answers):
    os.umask(mask := os.umask(0))
    answers.put((mask, os.nice(0), len(os.sched_getaffinity(0))))

def ask():
    answers = SimpleQueue()
    child = Process(target=report, args=(answers,))
    child.start()
    child.join()
    return answers.get()

if __name__ == "__main__":
    first = ask()
    os.umask(0o77)
    os.nice(1)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(ask() == first)
"""
MANY_PIPES = """
from multiprocessing import Pipe, Process

def count(pipes):
    pipes[0][1].send(len(pipes))

if __name__ == "__main__":
    for number in [124, 125, 126]:
        pipes = [Pipe() for _ in range(number)]
        child = Process(target=count, args=(pipes,))
        try:
            child.start()
        except (OSError, ValueError) as error:
            print(error)
        else:
            assert pipes[0][0].recv() == number
            child.join()
            print("works")
"""
SERVER_ENDS = """
import os
from multiprocessing import Pipe, Process, forkserver

def start(number):
    pipes = [Pipe() for _ in range(number)]
    child = Process(target=len, args=(pipes,))
    try:
        child.start()
    except (OSError, EOFError) as error:
        return type(error).__name__
    child.join()
    return "works"

if __name__ == "__main__":
    end, full = os.pipe()  # the server cannot end: nothing reads its traceback
    os.set_blocking(full, False)
    try:
        while True:
            os.write(full, bytes(1000))
    except BlockingIOError:
        os.set_blocking(full, True)
    stderr = os.dup(2)
    os.dup2(full, 2)
    print(start(1))
    os.dup2(stderr, 2)
    server = forkserver._forkserver._forkserver_pid
    print(start(125))
    while (told := start(1)) not in ["works", "ConnectionRefusedError"]:
        pass
    print(told)
    os.close(full)
    os.close(end)
    while told != "works":
        told = start(1)
    print(forkserver._forkserver._forkserver_pid == server)
"""
OTHER_USER = """
import os
from multiprocessing import Process

if __name__ == "__main__":
    child = Process(target=int)
    child.start()
    child.join()
    os.setuid(65534)
    try:
        Process(target=int).start()
    except PermissionError:
        print("PermissionError")
    os._exit(0)
"""


def run_it_once() -> None:
    """Run your program once under `forkserver`, with the small program below.

    Save this program as `trial.py` in the folder of your own program:

    Then insert `trial.py` after `python` into the command that starts your program:

    Run your program with real input, and all of it, because a short run may not reach the part
    that fails.

    Use one queue for several purposes, or the queues of a manager.

    Do the same with a database connection.
    """
    no_fact("advice")


def _is_first_run() -> bool:
    """The trial sets the start method by itself, so its checks run under one only."""
    return get_start_method() == "fork"


def as_before() -> None:
    """If it works as before, the new default changes nothing for it.

    You do not need a new Python for the test.

    Without arguments, the trial runs `SAMPLE`, to show that it works:

    The trial replaces the default, as Python 3.14 does, and does not call `set_start_method`. So
    your program runs in its own main module, and Ctrl-C ends it, as always.
    """
    shown("moving-to-3.14/trial", "forkserver <class '__main__.Price'> 5")
    if _is_first_run():
        expected = "forkserver __main__ []\nTrue pear\nTrue pear\nTrue\n"
        for module in [False, True]:
            run = script(OWN_CLASSES, TRIAL, module=module)
            assert (run.status, run.stdout) == (0, expected)
        run = script(ENDS_SLOWLY, TRIAL)
        assert (run.status, run.stdout) == (0, "saved\n"), run


def it_fails() -> None:
    """If it fails, one line brings `fork` back for now, and each kind of failure has its fix."""
    if _is_first_run():
        assert script(RELIES_ON_FORK).stdout == "2\nfork 0\n"
        run = script(RELIES_ON_FORK, TRIAL)
        assert run.stdout == "forkserver 1\n"
        assert "KeyError: 'USD'" in run.stderr
        line = '    __import__("multiprocessing").set_start_method("fork")\n    rates["USD"] = 2'
        fixed = RELIES_ON_FORK.replace('    rates["USD"] = 2', line)
        assert script(fixed, TRIAL).stdout == "2\nfork 0\n"


def it_chooses() -> None:
    """If it calls `set_start_method` itself, it gets the start method that it asks for, and the
    new default does not affect it.
    """
    if _is_first_run():
        assert script(CHOOSES, TRIAL).stdout == "fork 2\n"


def private() -> None:
    """The attribute `_default_context` is private, but it exists in Python 3.11 to 3.15."""
    assert context._default_context._default_context.get_start_method()  # type: ignore[attr-defined]


def limits() -> None:
    """The trial has limits.

    If you have a `sitecustomize` of your own, Python does not import that during the trial.
    """
    if _is_first_run():
        run = script(OWN_SITECUSTOMIZE.replace("TRIAL", repr(TRIAL)))
        assert run.stdout == "['mine']\n['mine']\n"  # printed by the Python that runs trial.py


def which_methods() -> None:
    """The next program runs its work under each start method of the system, and shows that it
    needs `fork`:
    """
    shown("moving-to-3.14/affected", "fork: works\nforkserver: fails\nspawn: fails")


def what_a_child_has() -> None:
    """`fork` copies the parent, with all that it has in memory. `forkserver` and `spawn` start from
    a new Python, which imports your program but does not execute what stands under the main
    guard. So a child does not have what the parent has done before. Start methods lists what a
    child inherits.
    """
    shown(
        "moving-to-3.14/global_set_late",
        '    rates["USD"] = 2',
        "Output\n[20, 40]",
        "Output\n[0, 0]",
    )
    shown(
        "start-methods/what_the_child_sees", "fork: EUR, 7", "forkserver: EUR, 19", "spawn: EUR, 19"
    )


def set_first() -> None:
    """Call `set_start_method` first under the main guard:"""
    shown("moving-to-3.14/back_to_fork", '"__main__":\n    set_start_method("fork")', "[20, 40]")


AT_MODULE_LEVEL = """
from multiprocessing import Lock, Process

lock = Lock()
name = "as imported"

def work():
    with lock:
        print(name)

if __name__ == "__main__":
    name = "as in the parent"
    child = Process(target=work)
    child.start()
    child.join()
    print(child.exitcode)
"""
SET_FORK = """if __name__ == "__main__":
    from multiprocessing import set_start_method
    set_start_method("fork")
"""


def made_before_that() -> None:
    """If a `Lock`, a `Value` or a queue is made at module level before that, in the program or in a
    module that it imports, the call raises RuntimeError. Then make the call at the top of the
    program, before the other imports, under a main guard of its own. Under `fork`, children do
    not import the program, so they lack nothing.
    """
    if _is_first_run():
        under_guard = AT_MODULE_LEVEL[AT_MODULE_LEVEL.index("if __name__") :]
        too_late = replaced(AT_MODULE_LEVEL, (under_guard, SET_FORK + under_guard))
        error = "RuntimeError: context has already been set"
        assert error in script(too_late, TRIAL).stderr
        assert script(SET_FORK + AT_MODULE_LEVEL, TRIAL).stdout == "as in the parent\n0\n"


TESTED = """
import subprocess
import sys
from pathlib import Path

TEST = '''
from multiprocessing import Pool, get_start_method

rates = {}

def get_rate():
    return rates["USD"]

def test_rate():
    rates["USD"] = 2
    with Pool(1) as pool:
        assert pool.apply(get_rate) == 2
    assert get_start_method() == "fork"
'''
CALL = "from multiprocessing import set_start_method\\nset_start_method('fork')\\n"
Path("test_rates.py").write_text(TEST)
for conftest in ["", CALL]:
    Path("conftest.py").write_text(conftest)
    command = [sys.executable, TRIAL, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=."]
    print(subprocess.run(command, stdout=subprocess.DEVNULL).returncode)
"""


def in_a_test_run() -> None:
    """For a test run with pytest, which has no main guard, make the call at the top of the first
    `conftest.py`.
    """
    if _is_first_run():
        outcome = script(TESTED.replace("TRIAL", repr(TRIAL)))
        assert outcome.stdout == "1\n0\n", outcome


late = ""


def _get_late() -> str:
    return late


def only_a_pool() -> None:
    """To change only a pool, use `get_context("fork").Pool(...)`; to change only an executor, pass
    `mp_context=get_context("fork")`.
    """
    global late
    late = "set late"
    fork = get_context("fork")
    with fork.Pool(1) as pool:
        assert pool.apply(_get_late) == "set late"
    with ProcessPoolExecutor(1, mp_context=fork) as executor:
        assert executor.submit(_get_late).result() == "set late"


def on_windows() -> None:
    """On Windows there is no `fork`, and asking for it raises ValueError."""
    shown("start-methods", 'get_context("forked")', "ValueError: cannot find context")


def the_risk() -> None:
    """The risk: if the parent has threads, which a library may have started, a child under `fork`
    can hang on a lock.
    """
    shown("fork-with-threads/lock_held", "log_lock", "still running after 5 s")


def what_breaks() -> None:
    """RuntimeError about the bootstrapping phase | No main guard

    NameError, or an old value of a global | Globals, and below

    a lambda or local function cannot be pickled | Local function: define it at module level

    "Can't get attribute", or "module `__main__` has no attribute" | Function not found, notebooks,
    `python -m package`

    "cannot pickle" a lock, file, connection or generator | Below

    FileNotFoundError in `SemLock._rebuild`, or missing lines | Children not joined

    "A SemLock created in a fork context" | Objects of another context

    no log lines from workers | Below, and logging

    all workers draw the same random numbers | Random numbers

    a patch of a test (`mock.patch`) has no effect | Below

    an environment variable (`os.environ`) that was set late is missing, or old | Below

    a module of Python "has no attribute" | Your file hides it

    ValueError "too many fds" | Below

    children start slowly, with many imports | Preload

    each worker reads a big table again | Read-only model, NumPy array
    """
    shown("main-guard/unguarded", "before the", "bootstrapping phase")
    shown("globals/under_guard", "NameError: name 'tax_percent' is not defined")
    shown("globals/changed_in_parent", "The worker sees 19")
    shown("local-function/as_target", "local object")
    shown("local-function/as_target_works", "\ndef ")
    shown("function-not-found/typed", "Can't get attribute", "module '__main__' has no attribute")
    shown("moving-to-3.14/lock_inside", "cannot pickle")
    shown("moving-to-3.14/open_file", "cannot pickle")
    shown("moving-to-3.14/generator", "cannot pickle")
    shown("children-not-joined/lock_gone", "FileNotFoundError")
    with raises(FileNotFoundError):
        SemLock.__new__(SemLock).__setstate__((0, 0, 1, "/gone"))  # type: ignore[attr-defined]
    shown("mixed-contexts/lock_of_fork", "A SemLock created in a fork context")
    shown("moving-to-3.14/settings_lost", "Standard error\nOrder taken", "Output\nExit code")
    shown("random-numbers/shared_state", "Output")
    shown("start-methods/settings", "textwrap.dedent = repr", "monkeypatch: lost")
    shown("moving-to-3.14/environment_late", "Wanted: 1 - the worker has: 0")
    shown("shadowed-module/child_only", "has no attribute")
    shown("too-many-files/many_arguments", "ValueError: too many fds")
    shown("start-methods/preload", "forkserver: statistics is imported: True")
    shown("read-only-model/inherited", "Output")


def ends_on_terminate() -> None:
    """a handler for SIGTERM that the parent has set no longer runs when a child is ended with
    `terminate()` | Signal handlers
    """
    code = """
import os
import signal
import time
from multiprocessing import Process, SimpleQueue

def handle(*_):
    os._exit(7)

def work(line):
    line.put("up")
    while True:  # not signal.pause(): a signal just before it would not end it
        time.sleep(0.1)

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, handle)
    line = SimpleQueue()
    child = Process(target=work, args=(line,))
    child.start()
    line.get()
    child.terminate()
    child.join()
    print(child.exitcode)
"""
    expected = "7\n" if get_start_method() == "fork" else "-15\n"
    assert script(code).stdout == expected


def of_the_process() -> None:
    """`umask`, `nice`, CPU affinity or a limit (`resource.setrlimit`) that the parent set late has
    no effect | Below

    Children inherit other properties of the process from the fork server in the same way: its
    `umask`, its priority (`os.nice`), its CPU affinity and its resource limits.
    """
    kept = get_start_method() == "forkserver"
    assert script(OF_THE_PROCESS).stdout == f"{kept}\n"


def made_at_module_level() -> None:
    """What your program makes at module level, such as a NumPy generator, an open file or a
    connection, is made once, in the fork server, and each child has a copy of it. Up to Python
    3.13.7, in Python 3.14.0, and in all releases if the program is started with `python -m` or
    calls `set_forkserver_preload` with a list that lacks `"__main__"`, each child makes its own,
    except in a module that the fork server has imported from that list.

    It depends on the release whether the fork server or each child imports your program, so
    repeat the test with Python 3.14 when you have it.
    """
    code = """
import os
from multiprocessing import Process

log = open(f"log {os.getpid()}", "w")

def work():
    print(log.name == f"log {os.getpid()}", flush=True)

if __name__ == "__main__":
    child = Process(target=work)
    child.start()
    child.join()
"""
    shown("read-only-model/preload", "Preloaded: ['my_model']\nInherited: True")
    if get_start_method() == "forkserver":
        own = not on("Python 3.13.8 and later and 3.14.1 and later")
        assert script(code).stdout == f"{own}\n"
        assert script(code, module=True).stdout == "True\n"
        for names, made in (["json"], True), (["json", "__main__"], own):
            call = f"    import multiprocessing as m; m.set_forkserver_preload({names})\n"
            listed = replaced(code, ("    child = P", f"{call}    child = P"))
            assert script(listed).stdout == f"{made}\n"


def captions() -> None:
    """Before:

    These bugs were fixed in several versions at once, so look at the third number of your
    version, too:
    """
    no_fact("an introduction")


def by_an_initializer() -> None:
    """After: each worker calls an initializer once."""
    shown("moving-to-3.14/global_by_initializer", "initializer=", "[20, 40]")


def logging_and_others() -> None:
    """Logging that is set up under the main guard is set up only in the parent. The same is true
    of warning filters, the precision of `decimal` and patched functions. `sys.argv`, `sys.path`
    and the current directory still reach the child.

    After: the worker sets up logging, too.
    """
    shown("start-methods/settings", "warnings: lost\ndecimal: lost\nmonkeypatch: lost")
    shown("start-methods/state", "sys.argv: as in the parent\nsys.path: as", "current folder: as")
    shown("moving-to-3.14/settings_lost", "    logging.basicConfig(", "Output\nExit code")
    shown("moving-to-3.14/settings_in_worker", "    set_up()", "Standard error\nOrder taken")


def environment() -> None:
    """The fork server starts with the first child, and keeps the environment of that moment for
    all later children. A variable that the parent sets or changes in `os.environ` after that
    does not reach them.
    """
    shown(
        "moving-to-3.14/environment_late",
        "Wanted: 0 - the worker has: 0\nWanted: 1 - the worker has: 0",
        "Wanted: 0 - the worker has: 0\nWanted: 1 - the worker has: 1",
    )
    shown("start-methods/late_environment", "forkserver: first not set, then not set")


def another_user() -> None:
    """If the parent changes its user after the first child (`os.setuid`), `start()` raises
    `PermissionError`.
    """
    if os.geteuid() == 0 and get_start_method() == "forkserver":
        assert script(OTHER_USER).stdout == "PermissionError\n"


def _parents(line: "Connection[Any, Any]") -> None:
    parent = multiprocessing.parent_process()
    line.send((os.getppid(), parent and parent.pid))


def its_parent() -> None:
    """In a child `os.getppid()` is the process ID of the fork server; `parent_process().pid` is
    that of your program.
    """
    near, far = Pipe()
    child = Process(target=_parents, args=(far,))
    child.start()
    by_system, by_python = near.recv()
    child.join()
    assert by_python == os.getpid()
    assert (by_system == os.getpid()) == (get_start_method() != "forkserver")
    near.close()
    far.close()


def set_in_the_worker() -> None:
    """After: the worker sets the variable, before anything in it reads it. If the value is the
    same for all workers, you can also set it in the parent, before the first child.
    """
    shown("moving-to-3.14/environment_in_worker", 'os.environ["CUDA_VISIBLE_DEVICES"] = ', "Output")
    shown("moving-to-3.14/environment_late", "Wanted: 0 - the worker has: 0")


def _cannot_be_pickled(thing: object) -> None:
    with raises(TypeError, text="cannot pickle"):
        ForkingPickler.dumps(thing)


def pickled() -> None:
    """Under `forkserver` and `spawn` arguments are pickled. A `threading.Lock`, an SQLite
    connection or a generator cannot be pickled, nor can an object that contains one.

    Under `forkserver` and `spawn` the `Process` object itself is pickled, with all its
    attributes.
    """
    connection = sqlite3.connect(":memory:")
    for thing in [threading.Lock(), connection, (n for n in [1]), {"lock": threading.Lock()}]:
        _cannot_be_pickled(thing)
    connection.close()
    child = Process(target=int)
    child.lock = threading.Lock()  # type: ignore[attr-defined]
    if get_start_method() == "fork":
        child.start()
        child.join()
    else:
        with raises(TypeError, text="cannot pickle"):
            child.start()
    shown("moving-to-3.14/lock_inside", "cannot pickle")
    shown("moving-to-3.14/process_with_lock", "cannot pickle")


def after() -> None:
    """After: `__getstate__` leaves the lock out, and `__setstate__` makes another one in the child.
    All other attributes are copied.

    After: pass the name, and open the file in the worker.

    After: pass what the generator is made from, and make it in the worker. Or pass a list of its
    items.

    After: `run` makes what cannot be pickled.
    """
    shown("moving-to-3.14/lock_left_out", "def __setstate__(self, state)", "Output\nShop: north")
    kiosk = changed(
        "moving-to-3.14/lock_left_out",
        ("\n\ndef work(shop):\n", "\n\nclass Kiosk(Shop):\n    pass\n\n\ndef work(shop):\n"),
        ('"Shop:", shop.name', "type(shop).__name__, vars(shop).keys(), shop.stock"),
        (
            "    worker = Process(",
            '    shop = Kiosk("north")\n    shop.stock = 5\n    worker = Process(',
        ),
        ('(Shop("north"),)', "(shop,)"),
    )
    assert script(kiosk).stdout in [
        f"Kiosk dict_keys({names}) 5\n"
        for names in (["name", "lock", "stock"], ["name", "stock", "lock"])
    ]
    shown("moving-to-3.14/file_by_name", "open(", "Output\nLog: ready")
    shown("moving-to-3.14/generator_in_worker", "Output\nTotal: 3.75")
    shown("moving-to-3.14/process_makes_lock", "def run(self):\n        lock = ", "Shop: north")


def too_many() -> None:
    """Under `forkserver` on Linux, the arguments of one process may contain at most 249 file
    descriptors, and a `Queue` or a `Pipe` with both of its ends has two. With 250 or 251,
    `start()` raises `OSError: [Errno 22] Invalid argument`, and with more `ValueError: too many
    fds`.
    `fork` and `spawn` have no such limit.
    """
    limited = "works\n[Errno 22] Invalid argument\ntoo many fds\n"
    expected = limited if get_start_method() == "forkserver" else "works\n" * 3
    assert script(MANY_PIPES).stdout == expected


def the_server_ends() -> None:
    """In Python 3.11 to 3.13, 250 or 251 also end the fork server. Until it has ended, `start()`
    can raise other errors, such as `ConnectionRefusedError`; then Python starts another fork
    server.
    """
    if get_start_method() == "forkserver":
        ends = "ConnectionRefusedError\nFalse" if on("Python 3.11 to 3.13") else "works\nTrue"
        assert script(SERVER_ENDS).stdout == f"works\nOSError\n{ends}\n"


def the_checker_reads_them() -> None:
    """For the parts that do not run, check the files: `--moving-to 3.14` tells what works under
    `fork` only, as far as it can be seen without running it.
    """
    from examples._checker.report import in_file

    with TemporaryDirectory() as folder:
        path = Path(folder, "program.py")
        path.write_text(
            "from multiprocessing import Manager, Pool\nPool()\n" + NESTED_CHANGE, "utf-8"
        )
        assert [told["rule"] for told in in_file(path, moving=True)] == ["main-guard"]
        assert "nested-list" in [told["rule"] for told in in_file(path, moving=False)]


def the_doctor_names_them() -> None:
    """The doctor names those that your release of Python has, and more that are on other pages of
    this site.
    """
    from examples._doctor.faults import FAULTS

    names = [
        "max_tasks",
        "made for fork",
        "does not import",
        "sys.argv",
        "get_context",
        "-X options",
    ]
    for name in names:
        assert [fault for fault in FAULTS if name in fault.what]
    assert len(FAULTS) > len(names)


def new_calls() -> None:
    """This program shows which of the new calls your Python has:"""
    shown("moving-to-3.14/new_calls", "Lock().locked(): no", "Lock().locked(): yes")
