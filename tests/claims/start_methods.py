"""What docs/syntax/start-methods.md says."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import (
    Array,
    Lock,
    Manager,
    Pipe,
    Pool,
    Process,
    Queue,
    SimpleQueue,
    Value,
    active_children,
    get_all_start_methods,
    get_context,
    get_start_method,
    set_forkserver_preload,
    set_start_method,
)
from multiprocessing.connection import Connection
from multiprocessing.forkserver import ForkServer
from multiprocessing.queues import Queue as QueueType
from multiprocessing.sharedctypes import Synchronized, SynchronizedArray
from multiprocessing.synchronize import Lock as LockType
from pathlib import Path
from pickle import PicklingError
from runpy import run_path
from tempfile import TemporaryDirectory
from typing import Any
from zipapp import create_archive

from tests.claims import PRELOADED, no_fact, on, raises, script, shown
from tests.claims._starts import default_not_set, in_a_child

IMPORTED = """
import multiprocessing
import os
from multiprocessing import Process, SimpleQueue

{first}
by = os.getpid()
reached = "above"
if __name__ == "__main__":
    reached = "under the guard"

def report(started, answers):
    started.get()
    kind = "own" if by == os.getpid() else "parent" if by == os.getppid() else "other"
    answers.put(f"{{__name__}} {{reached}} {{by}} {{os.getppid()}} {{kind}}")

if __name__ == "__main__":
    started, answers = SimpleQueue(), SimpleQueue()
    children = [Process(target=report, args=(started, answers)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        started.put(1)
    for child in children:
        print(answers.get())
        child.join()
"""
IN_A_PACKAGE = """
from multiprocessing import Process

def work():
    print("worked", flush=True)

if __name__ == "__main__":
    child = Process(target=work)
    child.start()
    child.join()
    print(child.exitcode)
"""
FAILING = """
from multiprocessing import Process

def work():
    pass

if __name__ == "__main__":
    child = Process(target=work)
    try:
        child.start()
    except (EOFError, OSError):
        print("start() raises")
    else:
        child.join()
        print(child.exitcode)
else:
    raise {error}
"""
PRELOADING = """
import sys
from multiprocessing import Process, set_forkserver_preload
from pathlib import Path

if __name__ == "__main__":
    Path("listed.py").write_text({code!r})
    set_forkserver_preload(["listed"])
    try:
        for child in [Process(target=int), Process(target=int)]:
            child.start()
            child.join()
            print(child.exitcode)
    except (EOFError, OSError):
        print("start() raises")
"""
LISTED = """
from multiprocessing import get_context

def report():
    import listed
    print(listed.where, flush=True)

if __name__ == "__main__":
    ctx = get_context("forkserver")
    ctx.set_forkserver_preload(["listed"])
    child = ctx.Process(target=report)
    child.start()
    child.join()
"""
INHERITED = """
import json
import os
import resource
import signal
import sys
import threading
from multiprocessing import Process, SimpleQueue

rate = "imported"

def file_behind(descriptor):
    try:
        return os.fstat(descriptor).st_ino
    except OSError:
        return None

def handle(*_):
    pass

def state(descriptor, path):
    os.umask(mask := os.umask(0))
    return {
        "global": rate,
        "handler": signal.getsignal(signal.SIGUSR1) is handle,
        "file": file_behind(descriptor) == os.stat(path).st_ino,
        "standard streams": all(map(file_behind, range(3))),
        "standard error": file_behind(2) == os.stat(path).st_ino,
        "arguments": sys.argv[1:],
        "path": "late" in sys.path,
        "directory": os.getcwd(),
        "environment": os.environ.get("LATE"),
        "mask": mask,
        "priority": os.nice(0),
        "processors": sorted(os.sched_getaffinity(0)),
        "limit": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        "ignored": signal.getsignal(signal.SIGUSR2) is signal.SIG_IGN,
        "threads": threading.active_count(),
    }

def report(answers, *file):
    answers.put(state(*file))

def state_of_child(*file):
    answers = SimpleQueue()
    child = Process(target=report, args=(answers, *file))
    child.start()
    answer = answers.get()
    child.join()
    return answer

def main():
    global rate
    file = os.open("log", os.O_CREAT), os.path.abspath("log")
    first = state_of_child(*file)
    rate = "changed"
    signal.signal(signal.SIGUSR1, handle)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    sys.argv.append("late")
    sys.path.append("late")
    os.chdir("/")
    os.environ["LATE"] = "yes"
    os.umask(0o77)
    os.nice(1)
    os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    os.dup2(file[0], 2)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    print(json.dumps([first, state(*file), state_of_child(*file)]))
    end.set()
    thread.join()

if __name__ == "__main__":
    main()
"""


def _use(
    lock: LockType,
    queue: "QueueType[str]",
    value: "Synchronized[int]",
    array: "SynchronizedArray[int]",
    line: "Connection[Any, Any]",
) -> None:
    with lock:
        queue.put("apple")
        value.value += 1
        array[0] += 2
    line.send("sent")


def _say_imported(line: "Connection[Any, Any]", name: str) -> None:
    line.send(name in sys.modules)


def three_methods() -> None:
    """A start method is how Python makes a new process: `fork` copies the parent, `spawn` starts
    a new Python that imports your program, and `forkserver` asks a helper process, the fork
    server, to fork.

    `fork` | the operating system copies the parent

    `spawn` | a new Python starts and imports your program

    `forkserver` | the fork server, a Python that is started once, forks; the fork server or the
    child imports your program

    "Imports your program" means that Python executes the main file again, with `__name__` set to
    `"__mp_main__"`. So everything at module level is executed, but not what stands under the
    main guard.

    3.13.8 and later, 3.14.1 and later | the fork server, once; the children are copies of it
    """
    method = get_start_method()
    first, second = (line.split() for line in _children(IMPORTED.format(first="")))
    if method == "fork":
        assert first == second
        assert " ".join(first[:4]) == "__main__ under the guard"
        assert first[-1] == "parent"
        return
    assert first[:2] == second[:2] == ["__mp_main__", "above"]
    assert first[3] == second[3]  # one parent: the fork server, or the program
    shared = method == "forkserver" and on(PRELOADED)
    assert first[-1] == second[-1] == ("parent" if shared else "own")


def _children(code: str, *, module: bool = False) -> list[str]:
    """What the children of a program say."""
    return script(code, module=module).stdout.splitlines()


def not_imported_by_the_server() -> None:
    """In later releases, too, the fork server does not import the program, and each child does,
    in two cases: if the program is started with `python -m program`, and if `"__main__"` is
    missing in the list of `set_forkserver_preload`.
    """
    if get_start_method() == "forkserver":
        first = "multiprocessing.set_forkserver_preload(['json'])"
        for lines in [
            _children(IMPORTED.format(first=""), module=True),
            _children(IMPORTED.format(first=first)),
        ]:
            assert [line.split()[-1] for line in lines] == ["own", "own"]


def in_a_package() -> None:
    """A file `__main__.py` that is started with `python -m package`, `python folder` or
    `python app.pyz` is an exception: it is not imported, and a child under `forkserver` or
    `spawn` does not find the functions that are defined there, nor those that are typed in a
    notebook or at the prompt.
    """
    shown("function-not-found/typed", '"-c", TYPED', "Answered: True", "Answered: False")
    with TemporaryDirectory() as folder:
        package = Path(folder, "package")
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(IN_A_PACKAGE, "utf-8")
        create_archive(package, app := Path(folder, "app.pyz"))
        for path in [package, app]:  # by this name a child knows what it must not import
            assert run_path(str(path))["__spec__"].name == "__main__"
        command = [sys.executable, "-m", "package"]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if get_start_method() == "fork":
        assert run.stdout == "worked\n0\n"
    else:
        assert run.stdout == "1\n"
        assert "AttributeError" in run.stderr


def on_every_system() -> None:
    """If your program must behave the same on Linux, macOS and Windows, use
    `get_context("spawn")`.

    If your program broke with 3.14, read Moving to 3.14.

    Put them into another module.

    So pass the child's values as arguments, and do not rely on globals.

    Repeat such settings at the start of the child's function, or in the initializer of a pool.
    """
    no_fact("advice")


def a_context() -> None:
    """A context is an object with the same calls as the module `multiprocessing`, such as
    `Process`, `Pool`, `Queue`, `Lock`, `Value` and `Manager`, bound to one start method.

    `get_context(method=None)` | returns a context and changes nothing else. Without `method`:
    returns the context of the default start method, and sets the default

    `get_start_method(allow_none=False)` | returns the name of the default start method, and sets
    the default. With `allow_none=True`: sets nothing, and returns `None` while the default is
    not set
    """
    names = {"Process", "Pool", "Queue", "Lock", "Value", "Manager"}
    with default_not_set():
        for method in get_all_start_methods():
            assert names <= set(dir(get_context(method)))
            assert get_context(method).get_start_method() == method
        assert get_start_method(allow_none=True) is None
        assert get_context().get_start_method() == get_start_method(allow_none=True)
        set_start_method(None, force=True)
        assert get_start_method() == get_start_method(allow_none=True) is not None


def set_once() -> None:
    """`set_start_method(method, force=False)` | sets the default start method of the program,
    once; `force=True` allows it again

    After the default is set, it cannot be changed without `force=True`.

    A second call raises "context has already been set".

    A second call of `set_start_method`, or a call that comes too late, raises "context has
    already been set".
    """
    with default_not_set():
        set_start_method("spawn")
        for method in ["spawn", "fork"]:
            with raises(RuntimeError, text="context has already been set"):
                set_start_method(method)
        assert get_start_method() == "spawn"
        set_start_method("fork", force=True)
        assert get_start_method() == "fork"
        set_start_method(None, force=True)
        assert get_context().get_start_method()
        with raises(RuntimeError, text="context has already been set"):
            set_start_method("spawn")


def by_a_variable() -> None:
    """To choose the start method when you start the program, give it an environment variable of
    its own: `set_start_method(os.environ.get("SHOP_START_METHOD"))`. If the variable is not set,
    the program has the usual default.
    """
    usual = get_start_method()
    for chosen in [{}, *({"SHOP_START_METHOD": method} for method in get_all_start_methods())]:
        os.environ.update(chosen)
        with default_not_set():
            set_start_method(os.environ.get("SHOP_START_METHOD"))
            assert [get_start_method()] == list(chosen.values() or [usual])
    del os.environ["SHOP_START_METHOD"]


def needed_first() -> None:
    """The first call that needs the default also sets it."""
    with default_not_set():
        Lock()
        assert get_start_method(allow_none=True)
    shown("context-already-set/what_sets_it", "Queue()                  sets it")


def all_of_this_system() -> None:
    """`get_all_start_methods()` | returns the start methods of this system, the one that is its
    default first
    """
    code = "import multiprocessing; print(*multiprocessing.get_all_start_methods())"
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    default = "forkserver" if on("Python 3.14 and later") else "fork"
    assert run.stdout.split()[0] == default
    assert sorted(get_all_start_methods()) == sorted(run.stdout.split())


def unknown() -> None:
    """If you ask for a start method that the system does not have, or misspell its name, Python
    raises ValueError:
    """
    shown("start-methods", "ValueError: cannot find context for 'forked'")
    with default_not_set(), raises(ValueError, text="cannot find context for 'forked'"):
        set_start_method("forked")


def introductions() -> None:
    """This program has three values: one that is set at module level, one that is changed under
    the main guard, and an argument.

    The next program changes some of these in the parent, and asks the child for them:

    Whether the fork server imports your program depends on the release:
    """
    no_fact("an introduction")


def what_the_child_sees() -> None:
    """`currency` is the same everywhere, because nothing changes it. `tax_percent`, which `main`
    changes, has the new value only under `fork`. The argument arrives under every start method.

    A global that the parent has changed has its old value in the child under `forkserver` and
    `spawn`.
    """
    shown(
        "start-methods/what_the_child_sees",
        'args=(answers, "order 5")',
        "    tax_percent = 7\n",
        "fork: EUR, 7, order 5\nforkserver: EUR, 19, order 5\nspawn: EUR, 19, order 5",
    )


def inherited() -> None:
    """This holds on Linux and macOS; on Windows there is only `spawn`:

    globals, imported modules, settings of libraries | those of the parent at `start()` | those
    that an import of the program makes

    `sys.argv`, `sys.path`, current directory | those of the parent at `start()` | the same

    environment, `umask`, priority, CPU affinity, resource limits, ignored signals | those of the
    parent at `start()` | the same under `spawn`; those of the fork server under `forkserver`

    open files and pipes | all of the parent's | the standard streams, and what its arguments
    contain

    signal handlers | those of the parent at `start()` | those that an import of the program sets

    threads | a copy of the one that called `start()` | none of the parent's

    The fork server starts with the first child, and keeps the environment, the `umask`, the
    priority, the CPU affinity, the limits and the ignored signals of that moment. It also keeps
    standard output and standard error: if the parent redirects them later with `os.dup2`, the
    children still write to the old ones. Standard input is empty in every child.

    What the parent changes later does not reach the children:
    """
    first, parent, child = json.loads(script(INHERITED).stdout)
    method = get_start_method()
    kept = [] if method == "fork" else ["global", "handler", "file"]
    if method == "forkserver":
        kept += ["environment", "mask", "priority", "limit", "ignored", "standard error"]
        kept += ["processors"] if len(first["processors"]) > 1 else []
    assert child == {**parent, "threads": 1, **{name: first[name] for name in kept}}
    assert parent["standard streams"]
    assert parent["threads"] == 2
    assert all(parent[name] != first[name] for name in kept)
    shown("start-methods/state", "sys.argv: as in the parent", "current folder: as in the parent")
    shown("start-methods/late_environment", "forkserver: first not set, then not set")
    shown("input-in-worker/asked_in_worker", "EOFError", "Exit code: 1")


def arguments() -> None:
    """arguments | the parent's objects, not pickled | pickled

    Under `forkserver` and `spawn`, all other arguments must be picklable; under `fork` they need
    not be.

    A lambda or local function cannot be pickled, so under `forkserver` and `spawn` it cannot be
    the `target`.
    """

    def local(*_: object) -> None:
        pass

    attempts: list[tuple[Callable[..., object], object]] = [(repr, local), (local, 7)]
    for target, argument in attempts:
        if get_start_method() == "fork":
            assert in_a_child(target, argument) == 0
        else:
            with raises(PicklingError, AttributeError, text="local object"):
                in_a_child(target, argument)


def children_too() -> None:
    """The workers of a pool and the process of a `Manager()` are children, too."""
    with Manager(), Pool(1):
        names = [child.name for child in active_children()]
    assert any("PoolWorker" in name for name in names)
    assert any("SyncManager" in name for name in names)


def settings() -> None:
    """Libraries such as `logging` and `decimal` keep their settings in variables of their own.
    What `main` sets there reaches the child only under `fork`. The same is true of a monkeypatch,
    a function of a module that `main` has replaced:
    """
    shown(
        "start-methods/settings",
        "decimal.getcontext().prec = 5",
        "textwrap.dedent = repr",
        "logging: as in the parent",
        "monkeypatch: as in the parent",
        "logging: lost",
        "decimal: lost",
        "monkeypatch: lost",
    )


def chosen_first() -> None:
    """Call it before anything else under the main guard:

    A library should not call `set_start_method`, because the choice is the program's. Give your
    function a parameter for a context, and ask for the default only when the function is called:

    Call it before the first child is started, and keep `"__main__"` in the list.

    `spawn` | the program must run the same on Windows and macOS, too
    """
    no_fact("advice")


def preloaded() -> None:
    """The fork server imports the modules in this list once, before it forks, and each child has
    them from its start. Without the call the list is `["__main__"]`, which stands for your
    program.
    """
    shown("start-methods/preload", "forkserver: statistics is imported: True")
    assert ForkServer()._preload_modules == ["__main__"]  # type: ignore[attr-defined]
    if get_start_method() == "forkserver":
        code = "print('imported', flush=True)"
        run = script(PRELOADING.format(code=code))
        assert run.stdout == "imported\n0\n0\n"


def preloaded_too_late() -> None:
    """A later call does not reach a fork server that is running, and other start methods ignore
    the list.
    """
    assert in_a_child(int) == 0
    set_forkserver_preload(["__main__", "tabnanny"])
    near, far = Pipe()
    assert in_a_child(_say_imported, far, "tabnanny") == 0
    assert near.recv() is False
    set_forkserver_preload(["__main__"])
    near.close()
    far.close()
    shown("start-methods/preload", "spawn: statistics is imported: False")


def left_out() -> None:
    """A module that is missing, or whose import raises `ImportError`, is left out silently.

    A module that it does not find is imported by the children, which is only slower.
    """
    if get_start_method() == "forkserver":
        run = script(PRELOADING.format(code="import not_there"))
        assert (run.stdout, run.stderr) == ("0\n0\n", "")
        shown("start-methods/preload_fails", "The child works")


def another_module_of_that_name() -> None:
    """But if another module of the same name is there, the children get that one. So start the
    program in its own folder.
    """
    if get_start_method() != "forkserver":
        return
    with TemporaryDirectory() as folder:
        own, current = Path(folder, "own"), Path(folder, "current")
        for place in own, current:
            place.mkdir()
            (place / "listed.py").write_text(f"where = {place.name!r}")
        (own / "program.py").write_text(LISTED, "utf-8")
        command = [sys.executable, str(own / "program.py")]
        run = subprocess.run(command, cwd=current, capture_output=True, text=True)
    lacks_path = on("Python 3.11 to 3.12.7 and 3.13.0")
    assert run.stdout == ("current\n" if lacks_path else "own\n")


def reported() -> None:
    """In Python 3.15 and later, `on_error="fail"` reports it, and `on_error="warn"` does with
    `-X dev` or `-W default`.

    With `on_error="warn"`, in Python 3.15 and later, the fork server warns of a module that it
    cannot import. Python hides this warning by default; `-X dev` or `-W default` shows it. The
    program redirects standard error to a file, to show what the fork server writes there:
    """
    shown(
        "start-methods/preload_fails",
        'on_error="warn"',
        "got an unexpected keyword argument 'on_error'",
        "ImportWarning: Failed to preload module 'misspelled'",
    )
    if get_start_method() == "forkserver" and on("Python 3.15 and later"):
        code = PRELOADING.format(code="import not_there")
        warns = code.replace('["listed"]', '["listed"], on_error="warn"')
        assert script(warns).stderr == ""
        assert "Failed to preload module 'listed'" in script(warns, "-W", "default").stderr
        fails = script(code.replace('["listed"]', '["listed"], on_error="fail"'))
        assert fails.stdout == "start() raises\n"
        assert "No module named 'not_there'" in fails.stderr


def another_exception() -> None:
    """Then `start()` raises an exception such as `EOFError` or `ConnectionResetError`. The cause
    is in the traceback that the fork server writes to standard error; it writes none for
    `SystemExit`.
    """
    if get_start_method() == "forkserver":
        run = script(PRELOADING.format(code="1 / 0"))
        assert run.stdout == "start() raises\n"
        assert "ZeroDivisionError" in run.stderr
        run = script(PRELOADING.format(code="raise SystemExit"))
        assert (run.stdout, run.stderr) == ("start() raises\n", "")


def made_by_the_import() -> None:
    """What the import makes is made once, or once in each child: a random number, an open file, a
    lock.
    """
    shown("globals/made_at_import", "\nseed = random.getrandbits(64)", "3 workers: 3")
    shown("lock/module_level", "got it as well: False", "got it as well: True")


def arguments_during_the_import() -> None:
    """In these releases and in older ones, the same is true of the other modules in the list."""
    if get_start_method() == "forkserver":
        run = script(PRELOADING.format(code="import sys; print(sys.argv, flush=True)"))
        has_them = on("Python 3.13.12 and later and 3.14.3 and later")
        assert run.stdout.startswith("['program.py']" if has_them else "['-c']")


def the_import_fails() -> None:
    """If the import of the program raises an exception, the fork server ends, as described above,
    in Python 3.13.8 and later releases of 3.13 and in Python 3.14.1 and later releases of 3.14.
    Python 3.15 and later ignore the exception, unless it is `SystemExit` or `KeyboardInterrupt`,
    or you have set `on_error="fail"`. If it is ignored, the child imports the program again, as in
    the older releases, and ends with exit code 1.
    """
    if get_start_method() == "forkserver":
        is_passed_over = on("Python 3.15 and later") or not on(PRELOADED)
        expected = "1\n" if is_passed_over else "start() raises\n"
        assert script(FAILING.format(error="ImportError")).stdout == expected
        expected = "start() raises\n" if on(PRELOADED) else "1\n"
        assert script(FAILING.format(error="SystemExit(1)")).stdout == expected
        if on("Python 3.15 and later"):
            assert script(FAILING.format(error="KeyboardInterrupt")).stdout == expected
            fail = "import multiprocessing as mp\n" + FAILING.format(error="ImportError")
            preload = "mp.set_forkserver_preload(['__main__'], on_error='fail')\n    try:"
            assert script(fail.replace("try:", preload)).stdout == expected


def passed_on() -> None:
    """Under every start method you can pass a `Lock`, `Queue`, `Value`, `Array` or connection to
    a `Process` as an argument.

    Keep each lock and queue in a variable until you have joined the process: except under `fork`,
    a child may not find one that is only an argument.
    """
    shown("children-not-joined/lock_gone", "Invoices(source), lock)", "FileNotFoundError")
    queue: QueueType[str] = Queue()
    lock, value, array = Lock(), Value("i"), Array("i", 1)
    near, far = Pipe()
    child = Process(target=_use, args=(lock, queue, value, array, far))
    child.start()
    assert queue.get() == "apple"
    assert near.recv() == "sent"
    child.join()
    assert (value.value, array[0]) == (1, 2)
    queue.close()
    near.close()
    far.close()


def of_a_library() -> None:
    """A library can have made it, such as the queue of a logger of loguru: then a program that uses
    `get_context("spawn")` works where `spawn` is the default, and not where `fork` is, as on Linux
    up to Python 3.13.
    """
    shown("logging/loguru_worker", "context=", "enqueue=True")
    queue: SimpleQueue[int] = SimpleQueue()  # of the default, as a library makes it
    child = get_context("spawn").Process(target=print, args=(queue,))
    if get_start_method() == "spawn":
        child.start()
        child.join()
        assert child.exitcode == 0
    elif get_start_method() == "fork" and on("Python 3.11.5 and later"):
        with raises(RuntimeError, text="A SemLock created in a fork context"):
            child.start()


def of_another_context() -> None:
    """If you pass a `Lock` of a `fork` context to a `spawn` or `forkserver` process, `start()`
    raises RuntimeError in Python 3.11.5 and later.

    An object of another context may not be accepted.
    """
    if on("Python 3.11.5 and later"):
        lock = get_context("fork").Lock()
        for method in ["spawn", "forkserver"]:
            process = get_context(method).Process  # type: ignore[attr-defined]
            child = process(target=print, args=(lock,))
            with raises(RuntimeError, text="A SemLock created in a fork context"):
                child.start()


def unguarded() -> None:
    """Without a main guard, a program fails under `forkserver` and `spawn`, because the import
    executes it again.
    """
    shown("main-guard/unguarded_process", "freeze_support()", "Standard error")


def with_threads() -> None:
    """Under `fork`, the child of a process with threads may hang.

    `fork` copies everything: also a lock that another thread holds at that moment, but not the
    thread that would release it.
    """
    shown("fork-with-threads/lock_held", "log_lock", "still running after 5 s")


def mistakes() -> None:
    """This program asks for a start method that does not exist, sets the start method of a
    context, and passes a module instead of its name to set_forkserver_preload.
    """
    shown(
        "start-methods/every_message",
        'get_context("forked")',
        'spawn.set_start_method("fork")',
        "set_forkserver_preload([json])",
        "TypeError: module_names must be a list of strings",
    )


def no_environment_of_its_own() -> None:
    """`Process` has no parameter for the environment of a child: change `os.environ` at the
    beginning of the function that the child runs.
    """
    from inspect import signature

    parameters = {*signature(Process).parameters}
    assert parameters == {"group", "target", "name", "args", "kwargs", "daemon"}
