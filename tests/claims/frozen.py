"""What docs/frameworks/frozen.md says."""

import multiprocessing
import os
import shutil
import sys
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_start_method
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

from tests.claims import ROOT, no_fact, script, shown

PROGRAMS = ROOT / "examples" / "frozen"
sys.path.append(str(PROGRAMS))
run_frozen = import_module("_frozen").run_frozen
WITHOUT, WITH = (import_module(name).APP for name in ("without", "with_support"))


def first_under_the_guard() -> None:
    """Call `freeze_support()` first under the main guard: without it, under `spawn` and
    `forkserver`, a frozen program that starts a child starts itself instead, again and again.

    Windows that open without end.

    It runs your script, whatever its arguments are, and your script starts a child.

    The child never runs.
    """
    shown("frozen/without", "The program has started itself")
    shown("frozen/with_support", "A child runs")


def works_as_a_script() -> None:
    """Run by `python app.py`, it works."""
    told = script(WITHOUT)
    assert told.stdout == "A child runs\n"


def a_new_run() -> None:
    """Under `spawn`, a child is a new run of `sys.executable`, with arguments that say what it is
    to do. Under `forkserver`, the fork server is such a run.
    """
    arguments = "import sys\nprint([a for a in sys.argv if 'multiprocessing' in a])\n"
    told = "".join(run_frozen(arguments + WITHOUT))
    assert ("multiprocessing.resource_tracker" in told) == (get_start_method() != "fork")
    assert ("multiprocessing.forkserver" in told) == (get_start_method() == "forkserver")
    assert ("--multiprocessing-fork" in told) == (get_start_method() == "spawn")


def _the_third(app: str) -> str:
    """The program, which ends in the third run, and not in the second."""
    first, rest = app.split('    if "STARTED"')
    last = '    os.environ["STARTED"] = "yes"\n'
    count = """    os.environ["STARTED"] = os.environ.get("STARTED", "") + "x"
    if os.environ["STARTED"] == "xxx":
        raise SystemExit(print("The third"))
"""
    return first + count + rest.partition(last)[2]


def the_next_one() -> None:
    """Without `STARTED`, each run would start the next one."""
    assert ("The third" in run_frozen(_the_third(WITHOUT))) == (get_start_method() != "fork")


def a_file_beside_them() -> None:
    """`run_frozen` is a function in a file beside the programs.

    `_frozen.py` stands for the build: it writes an executable file that runs the program whatever
    its arguments are, together with the file of PyInstaller that replaces `freeze_support()`.
    """
    text = (PROGRAMS / "_frozen.py").read_text("utf-8")
    assert '"pyi_rth_multiprocessing.py"' in text
    assert "executable.write_text(EXECUTABLE)" in text


def looks_at_the_arguments() -> None:
    """`freeze_support()` looks at the arguments. If they are those of a child, it runs what the
    child is to run, and then ends the process.
    """
    shown("frozen/with_support", "A child runs")
    below = WITH.replace("freeze_support()\n", "freeze_support()\n    print('below', flush=True)\n")
    lines = run_frozen(below.replace('"A child runs",', '"child", os.environ["STARTED"],'))
    assert lines == ["below", "child yes"]


def above_the_call() -> None:
    """What stands above the call runs in each child too: open windows, read files and parse
    arguments below it.
    """
    pid = "import os\nos.write(1, b'%d\\n' % os.getpid())\n"
    runs = run_frozen(pid + WITH)
    assert len(runs) == {"fork": 2, "spawn": 4, "forkserver": 4}[get_start_method()]


USED = """
from multiprocessing import Pool, freeze_support

def word(item):
    return json.dumps(item)

if __name__ == "__main__":
    freeze_support()
    import json
    with Pool(1) as pool:
        try:
            print(pool.map(word, [1]))
        except NameError as error:
            print(error)
        pool.close()
        pool.join()
"""


def imported_below() -> None:
    """A child has nothing of what stands below the call: its function would fail with `NameError`.

    A package can start a process when it is imported, as blosc2 did: import such a package below
    the call, too, and once more in each function that uses it in a child.
    """
    found = get_start_method() == "fork"
    assert run_frozen(USED) == ["['1']" if found else "name 'json' is not defined"]
    in_function = USED.replace("    return", "    import json\n    return")
    assert run_frozen(in_function) == ["['1']"]


BLOCK = """
import os
from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    if "STARTED" in os.environ:
        raise SystemExit(print("again"))
    os.environ["STARTED"] = "yes"
    block = SharedMemory(create=True, size=1)
    block.close()
    try:
        block.unlink()
    except BrokenPipeError:
        pass
"""

ANOTHER = """\
    from multiprocessing.resource_tracker import _resource_tracker as tracker
    import warnings
    warnings.showwarning = lambda warning, *_: print(warning)
    os.waitid(os.P_PID, tracker._pid, os.WEXITED | os.WNOWAIT)
    another = SharedMemory(create=True, size=1)
    for one in block, another:
        one.close()
    another.unlink()
"""
WARNING = "resource_tracker: process died unexpectedly, relaunching.  Some resources might leak."


def the_tracker() -> None:
    """Under `fork` the call is needed as well: the first `SharedMemory` starts the resource
    tracker, which is another run of the program. Without the call, that run is no tracker: it
    starts the next run at its own first `SharedMemory`, again and again. When it has ended, the
    next `SharedMemory` warns: `resource_tracker: process died unexpectedly, relaunching`.
    """
    assert run_frozen(BLOCK) == ["again"]
    assert run_frozen(_the_third(BLOCK)) == ["The third"]
    another = BLOCK.replace("    block.close()\n", ANOTHER)
    assert run_frozen(another) == ["again", WARNING]
    imported = "from multiprocessing import freeze_support\n"
    supported = BLOCK.replace("    if", "    freeze_support()\n    if", 1)
    assert run_frozen(imported + supported) == []


def elsewhere() -> None:
    """Join the children first, or build with `--onedir`.

    Use a Python of the same version, which can import the modules of your functions.
    """
    no_fact("advice")


def not_run() -> None:
    """These were not run here.

    Windows was not tried.
    """
    no_fact("what was not done")


def another_python() -> None:
    """The children, the fork server and the resource tracker are then run by it."""
    if get_start_method() == "fork":
        return
    with TemporaryDirectory() as folder:
        log, python = Path(folder, "log"), Path(folder, "python")
        python.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {sys.executable} "$@"\n')
        python.chmod(0o700)
        code = (
            "import multiprocessing\n"
            "if __name__ == '__main__':\n"
            f"    multiprocessing.set_executable({str(python)!r})\n"
            "    child = multiprocessing.Process(target=print, args=('a child',))\n"
            "    child.start()\n"
            "    child.join()\n"
        )
        assert script(code).stdout == "a child\n"
        told = log.read_text("utf-8")
    assert "resource_tracker" in told
    assert ("forkserver" if get_start_method() == "forkserver" else "spawn_main") in told


def no_file() -> None:
    """`python - < app.py`, or a here-document: workers under `spawn` and `forkserver`, or the fork
    server itself, fail with `FileNotFoundError`, since no file is named `<stdin>`.

    `python -c`: a function that is defined there is not found under `spawn` and `forkserver`. A
    function of a module is.
    """
    shown("function-not-found/on_standard_input", "FileNotFoundError", "<stdin>")
    shown("notebooks/typed_in_cell", '"-c", CELLS', "BrokenProcessPool")
    shown("notebooks/module_beside", '"-c", CELLS', "[120, 300]")


def really_built() -> None:
    """The tests also build such a program, with and without the call, where Python comes with its
    shared library, and see the same:
    """
    if sys.platform != "linux" or get_start_method() != "fork" or not shutil.which("objdump"):
        return  # one build runs them all; PyInstaller needs objdump
    with TemporaryDirectory() as folder:
        either = WITH.replace(
            "    freeze_support()", "    'with' in os.environ and freeze_support()"
        )
        Path(folder, "app.py").write_text(either)
        method = (
            "import multiprocessing, os\nmultiprocessing.set_start_method(os.environ['METHOD'])"
        )
        Path(folder, "method.py").write_text(method)
        given = {**os.environ, "PYINSTALLER_CONFIG_DIR": folder, "PYTHONUNBUFFERED": ""}
        build = [sys.executable, "-m", "PyInstaller", "--onedir", "--runtime-hook", "method.py"]
        built = run(
            [*build, "app.py"], cwd=folder, env=given, check=False, capture_output=True, text=True
        )
        if "Python shared library" in built.stderr and "was not found" in built.stderr:
            return
        assert built.returncode == 0, built.stderr
        app = Path(folder, "dist", "app", "app")
        for name in multiprocessing.get_all_start_methods():
            for support, line in [
                ({"with": "yes"}, "A child runs"),
                ({}, "A child runs" if name == "fork" else "The program has started itself"),
            ]:
                variables = {**given, **support, "METHOD": name}
                ran = run([app], env=variables, capture_output=True, text=True, timeout=60)
                assert set(ran.stdout.splitlines()) == {line}, (name, support, ran)


def versions() -> None:
    """Run with PyInstaller 6.22.3 on Linux."""
    from importlib.metadata import version

    assert version("pyinstaller") == "6.22.3"


def an_argument_without_a_name() -> None:
    """`ValueError: not enough values to unpack (expected 2, got 1)` in `_freeze_support`: an
    argument that follows `--multiprocessing-fork` has no `=`.
    """
    spec = find_spec("PyInstaller")
    assert spec is not None and spec.submodule_search_locations is not None
    hook = Path(spec.submodule_search_locations[0], "hooks/rthooks/pyi_rth_multiprocessing.py")
    code = (
        "import multiprocessing\n"
        + hook.read_text("utf-8")
        + "\nmultiprocessing.freeze_support()\n"
    )
    command = [sys.executable, "-c", code, "--multiprocessing-fork", "868"]
    told = run(command, capture_output=True, text=True, check=False)
    assert "ValueError: not enough values to unpack (expected 2, got 1)" in told.stderr
    assert "in _freeze_support" in told.stderr


def one_process_only() -> None:
    """For one process only, build with `--onedir`."""
    no_fact("advice; the source of the sentence before it says so")


def write_to_a_file() -> None:
    """Write to a file instead."""
    no_fact("advice")


def an_absolute_path() -> None:
    """Call `multiprocessing.set_executable(os.path.abspath(sys.executable))` before
    `os.chdir()`.
    """
    no_fact("advice")
