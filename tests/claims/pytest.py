"""What docs/frameworks/pytest.md says."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir
from importlib import import_module
from multiprocessing import Lock, Process, Queue, SimpleQueue, Value, get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import ROOT, TIME_LIMIT, changed, no_fact, raises, script, shown

PROGRAMS = ROOT / "examples" / "pytest"
sys.path.append(str(PROGRAMS))
helper = import_module("_run")
run: Callable[..., list[str]] = helper.run


def _run(source: str, *options: str) -> list[str]:
    """What pytest prints for a file with these lines."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "test_made_up.py")
        file.write_text(source)
        return run(str(file), *options)


def once_in_each() -> None:
    """Each worker of pytest-xdist runs a session fixture of its own.

    Silent. With `pytest -n 2`, a database is created twice, or a second server finds the port
    taken.
    """
    shown("pytest/per_worker", '"-n", "2"', "set up: 2")


def once_for_all() -> None:
    """To set something up once for all workers, let the first one do it under a `FileLock`, and
    write what the others need to a file.
    """
    shown("pytest/once", "with FileLock(", "set-ups: 1")


def introduction() -> None:
    """If your tests start processes themselves: the child cannot import the test, `monkeypatch` has
    no effect, coverage is missing, a test hangs, pytest does not end, a queue that is not empty
    says it is.
    """
    no_fact("links")


def not_inherited() -> None:
    """So you cannot pass it a `Value`, a `Lock` or a `Queue`."""
    inherited: list[object] = [Value("i"), Lock(), Queue()]
    for shared in inherited:
        with raises(RuntimeError, text="inheritance"):
            pickle.dumps(shared)


def beside_them() -> None:
    """The programs on this page run pytest on themselves by `run`, a function in a file beside
    them.

    `_run.py` copies the program into `tests/` in an empty folder, and runs `python -m pytest` on it
    from another folder, with the options that the program names.
    """
    text = (PROGRAMS / "_run.py").read_text("utf-8")
    assert '[sys.executable, "-m", "pytest"' in text
    assert 'Path(folder, "tests")' in text
    assert "shutil.copy(file, tests)" in text
    assert "*options, copied]" in text
    assert "cwd" not in text


def advice() -> None:
    """You need only what is above `main`, without the import of `run`.

    All above the test belongs in `conftest.py`.

    In your project, run the command alone:
    """
    no_fact("advice")


def ended_worker() -> None:
    """The first test ends its worker, as a crash would."""
    shown("pytest/once", "signal.SIGTERM", "1 failed, 2 passed", "set-ups: 1")


KILLED = """
import os, pytest
from pathlib import Path
from filelock import FileLock
@pytest.fixture(scope="session")
def database(tmp_path_factory):
    folder = tmp_path_factory.getbasetemp().parent
    with FileLock(folder / "lock"):
        if not Path(folder, "begun").exists():
            Path(folder, "begun").touch()
            os.kill(os.getpid(), 9)
        Path(folder, "done").touch()
def test_first(database): pass
def test_second(database, tmp_path_factory):
    assert (tmp_path_factory.getbasetemp().parent / "done").exists()
"""


def killed_in_the_middle() -> None:
    """If a worker is killed while it sets up, the system releases the lock, and the next worker
    sets up.
    """
    assert _run(KILLED, "-p", "xdist", "-n", "1")[-1] == "1 failed, 1 passed"


def the_end_of_each() -> None:
    """A `yield` does not help with the end: as the first program shows, what stands after it runs
    in each worker.
    """
    shown("pytest/per_worker", "ended: 2")


def in_the_controller() -> None:
    """Start and stop a server in the controller, the process that you start yourself. It hands the
    address to the workers:

    Without `-n`, where pytest itself runs the tests, this works too. Where pytest-xdist is not
    installed or is turned off, write `@pytest.hookimpl(optionalhook=True)` over
    `pytest_configure_node`: otherwise, pytest ends with `unknown hook`. With
    `--import-mode=importlib`, set `pythonpath`, because the server's process imports `conftest.py`,
    too. The server is a manager, which holds a dict for all workers.
    """
    lines = run(PROGRAMS / "from_controller.py", "-p", "xdist", conftest=True)
    assert lines[-2:] == ["in the dict: ['master']", "2 passed"]
    with raises(SystemExit, text="unknown hook 'pytest_configure_node'"):
        run(PROGRAMS / "from_controller.py", conftest=True)
    hook = "def pytest_configure_node"
    code = changed("pytest/from_controller", (hook, f"@pytest.hookimpl(optionalhook=True)\n{hook}"))
    with TemporaryDirectory() as folder:
        path = Path(folder, "optional.py")
        path.write_text(code.replace(", worker_id", "").replace("[worker_id]", "[n]"), "utf-8")
        assert run(path, conftest=True)[-2:] == ["in the dict: [0, 1]", "2 passed"]
    importlib = ["-p", "xdist", "-n", "1", "--import-mode=importlib"]
    program = PROGRAMS / "from_controller.py"
    with TemporaryDirectory() as folder, chdir(folder):  # has no tests of its own
        lines = run(program, *importlib, "-o", "pythonpath=.", conftest=True)
    assert lines[-2:] == ["in the dict: ['gw0']", "2 passed"]
    shown(
        "pytest/from_controller",
        'node.workerinput["address"]',
        "in the dict: ['gw0', 'gw1']\n2 passed",
    )


def not_importable() -> None:
    """Under `forkserver` and `spawn`, a child of the test then cannot import the function that it
    is to run, unless the root folder of your project is in `sys.path`:
    """
    shown(
        "pytest/not_imported",
        "--import-mode=importlib\nModuleNotFoundError: No module named 'tests'\n1 failed",
    )


def importable() -> None:
    """Write `pythonpath = .` into the settings of pytest, or put the function in an installed
    module.
    """
    shown("pytest/not_imported", "pythonpath=.\n1 passed")


EXECUTOR = """
from concurrent.futures import ProcessPoolExecutor

def double(number):
    return 2 * number

def test_executor():
    with ProcessPoolExecutor(1) as executor:
        assert executor.submit(double, 2).result() == 4
"""


def in_a_pool() -> None:
    """A `Pool` hangs in such a test, and a `ProcessPoolExecutor` raises `BrokenProcessPool`."""
    from concurrent.futures.process import BrokenProcessPool

    shown("function-not-found/defined_too_late", "Can't get attribute", "still running after")
    lines = _run(EXECUTOR, "--import-mode=importlib")
    broken = any(BrokenProcessPool.__name__ in line for line in lines)
    assert broken == (get_start_method() != "fork")


def imported_anew() -> None:
    """Under `forkserver` and `spawn`, a child imports the module anew, without what `monkeypatch`
    has replaced. Pass the value as an argument, or patch in the child:
    """
    shown("pytest/patched", "Output\n2 passed", "E   assert 10 == 99\n1 failed, 1 passed")


def _put_variable(queue: "SimpleQueue[str | None]") -> None:
    queue.put(os.environ.get("PRICE"))


def variables() -> None:
    """An environment variable, set by `monkeypatch.setenv`, does reach a spawned child. A fork
    server keeps the environment that it was started with.
    """
    queue: SimpleQueue[str | None] = SimpleQueue()
    seen = []
    for price in ("10", "99"):
        os.environ["PRICE"] = price
        child = Process(target=_put_variable, args=(queue,))
        child.start()
        seen.append(queue.get())
        child.join()
    assert seen == (["10", "10"] if get_start_method() == "forkserver" else ["10", "99"])


def only_spawned() -> None:
    """With `patch = subprocess`, which the changes of pytest-cov name, only spawned children are
    measured. In the section `[run]` of `.coveragerc`, set `concurrency = multiprocessing`, and
    `sigterm = true` for children that are terminated:
    """
    assert 'f"[run]\\ndata_file = {data}\\n{settings}' in (PROGRAMS / "_run.py").read_text("utf-8")
    shown(
        "pytest/covered",
        "patch = subprocess\n  ends: False\n  is_terminated: False\n",
        "patch = subprocess\n  ends: True\n  is_terminated: False\n",
        "concurrency = multiprocessing, sigterm = true\n  ends: True\n  is_terminated: True\n",
    )


def of_an_executor() -> None:
    """The workers of an executor are measured if `shutdown()` or a `with` block ends it."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "test_made_up.py")
        file.write_text(EXECUTOR)
        line = EXECUTOR.splitlines().index("    return 2 * number") + 1
        assert line in helper.covered(str(file), "concurrency = multiprocessing")


def lost() -> None:
    """Without `sigterm = true`, what a terminated child has covered is lost."""
    shown("pytest/covered", "patch = subprocess\n  ends: True\n  is_terminated: False\n")


def ended() -> None:
    """pytest itself can end it, and show where each thread waits:

    With `-n`, only the worker ends, and the other tests are run.
    """
    shown(
        "pytest/hangs",
        '"faulthandler_exit_on_timeout=true"',
        "Timeout (0:00:02)!\nin test_hangs\nworker 'gw0' crashed",
        "1 failed, 1 passed",
    )


HANGS = """
import time
from multiprocessing import Process
child = Process(target=time.sleep, args=(600,), daemon=True)
child.start()  # before the time of the test begins, however long it takes
with open("log", "w") as log:
    log.write(f"{child.pid}")
def test_hangs(): child.join()
def test_after(): pass
"""


def all_ends() -> None:
    """Without `-n`, all of pytest ends. Either way nothing is cleaned up: the children of that test
    remain.
    """
    settings = ["-o", "faulthandler_timeout=0.1", "-o", "faulthandler_exit_on_timeout=true"]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist"]
    with TemporaryDirectory() as folder:
        Path(folder, "test_hangs.py").write_text(HANGS)
        done = subprocess.run(
            [*command, *settings, "test_hangs.py"],
            cwd=folder, env={**os.environ, "TMPDIR": folder},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=TIME_LIMIT,
        )  # fmt: skip
        child = int(Path(folder, "log").read_text())
        os.kill(child, signal.SIGKILL)  # which has not ended
    assert done.returncode == 1


REMAINS = """
import time
from multiprocessing import Process, active_children
import pytest
def test_fails():
    Process(target=time.sleep, args=(600,)).start()
    assert 1 == 2
def test_after():
    assert len(active_children()) == 1
if __name__ == "__main__":
    pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "program.py"])
"""


def goes_on() -> None:
    """If a test fails before it joins a child, the child goes on. Without `-n`, pytest waits for it
    after the last line of its report.
    """
    outcome = script(REMAINS, hangs_after="1 failed, 1 passed in")
    assert outcome.status is None
    assert "1 failed, 1 passed in" in outcome.stdout


def ended_by_a_fixture() -> None:
    """A fixture ends the child after a failure, too, and kills one that is still there five seconds
    after `terminate()`:
    """
    shown("pytest/cleaned_up", "yield start", "child.terminate()", "1 failed, 1 passed")
    shown("pytest/cleaned_up", "join(timeout=5)", "child.kill()")
    program = changed(
        "pytest/cleaned_up",
        ("import pytest\n", "import pytest\nimport signal\n"),
        (
            "    start(serve)\n",
            "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    start(serve)\n",
        ),
        ("timeout=5", "timeout=0.1"),
    )
    assert _run(program)[-1] == "1 failed, 1 passed"


def versions() -> None:
    """Run with pytest 9.2.0, pytest-xdist 3.8.0, pytest-cov 7.1.0, coverage 7.17.3 and filelock
    4.2.11.
    """
    from importlib.metadata import version

    names = ["pytest", "pytest-xdist", "pytest-cov", "coverage", "filelock"]
    assert [version(name) for name in names] == ["9.2.0", "3.8.0", "7.1.0", "7.17.3", "4.2.11"]


def one_copy_for_all() -> None:
    """If what is set up is big, each worker that reads the file has a copy in its memory. Let the
    first worker write an array by `np.save`, and let all of them map the file by `np.load(path,
    mmap_mode="r")`: they share its memory.
    """
    no_fact("the page that is linked proves it")
