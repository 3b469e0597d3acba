"""A run that is not as its page says is found and told, on small made-up programs."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from examples import _interrupts, _runner
from examples._runner import run
from tests.harness.compare.differences import differences, failure, matches
from tests.harness.read.model import Program
from tests.harness.read.site import read_site
from tests.harness.read.words import read_title
from tests.test_harness_site import PAGE, RACE, make

AT_MOST = "Output, only checked to end at or below 100"
METHODS = multiprocessing.get_all_start_methods()
SLEEP = """from subprocess import Popen
import sys
code = [sys.executable, "-c", "import time; time.sleep(60)"]
child = Popen(code{})
child.returncode = 0  # keeps its destructor from complaining
"""
BLOCK = """from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
block = SharedMemory(create=True, size=1)
"""
UNTRACKED = 'resource_tracker.unregister(block._name, "shared_memory")\n'


def made_up(root: Path, code: str | bytes, title: str = "Output", printed: str = "4\n") -> Program:
    """The program of a site of one page, with `code` after its docstring."""
    code = code.encode() if isinstance(code, str) else code
    suffix = ".err" if title.startswith("Standard error") else ".out"
    page = PAGE.replace("Output", title).replace("fixed.out", f"fixed{suffix}")
    files = {
        RACE: page,
        "examples/race/fixed.py": b'"""Add."""\n\n' + code,
        "examples/race/fixed.out": None,
        f"examples/race/fixed{suffix}": printed,
    }
    site = read_site(make(root, files))
    assert not site.problems, site.problems[0]
    return site.programs["race/fixed"]


def found(program: Program, method: str = METHODS[0], time_limit: float = 20) -> str:
    """What the test of this program would say; nothing if it passed."""
    expectation = program.expectation(method)
    assert expectation is not None
    outcome = run(program.path, method, expectation.limit or time_limit)
    wrong = differences(expectation, outcome)
    return failure(program, expectation, method, wrong) if wrong else ""


@pytest.mark.parametrize(
    "code, what",
    [
        pytest.param("print(5)", "-4\n+5", id="prints something else"),
        pytest.param("import sys\nsys.stderr.write('4')", "shows no standard error", id="stderr"),
        pytest.param("print(4)\nexit(3)", "should be exit status 0, was exit status 3", id="exit"),
        pytest.param("print(4)\nopen('left', 'w').close()", "left a file behind: left", id="file"),
        pytest.param("print(4)\n" + SLEEP.format(""), "left a process behind: ", id="process"),
        pytest.param(
            "print(4)\n" + SLEEP.format(", start_new_session=True"), "left a process behind: ",
            id="grandchild in a session of its own",
        ),
        pytest.param(
            "print(4)\n" + SLEEP.format(", env={}, start_new_session=True"),
            "left a process behind: ", id="grandchild without our environment",
        ),
        pytest.param(
            "print(4)\n" + SLEEP.format(", env={}, cwd='/'"),
            "left a process behind: ", id="child in another folder",
        ),
        pytest.param("while 1: print('more' * 9999)", "printed more than 1,000,000", id="endless"),
        pytest.param(
            "import sys\nsys.stdout.buffer.write(b'4\\xff\\n')",
            "not UTF-8 to standard output, at byte 1", id="not UTF-8",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_place_and_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, what: str
) -> None:
    monkeypatch.setattr(_runner, "GRACE", 0.5)
    message = found(made_up(tmp_path, code))
    assert message.startswith(f"{RACE}:11: race/fixed under {METHODS[0]}\n")
    assert what in message
    assert "Fix the program" in message.splitlines()[-1]


def test_a_program_that_is_as_its_page_says_passes(tmp_path: Path) -> None:
    assert found(made_up(tmp_path, "print(4)")) == ""


def test_a_program_that_hangs_is_stopped(tmp_path: Path) -> None:
    message = found(made_up(tmp_path, "while True: pass"), time_limit=0.5)
    assert "should be exit status 0, was still running after" in message


@pytest.mark.skipif(sys.platform == "win32", reason="a block of shared memory ends with its user")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "code, what",
    [
        # Removed by the tracker, which complains to standard error.
        pytest.param(BLOCK, "leaked shared_memory", id="tracked"),
        pytest.param(BLOCK + UNTRACKED, "left a block of shared memory behind", id="untracked"),
    ],
)
def test_a_leaked_block_is_found(tmp_path: Path, method: str, code: str, what: str) -> None:
    assert what in found(made_up(tmp_path, "print(4)\n" + code), method)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /dev/shm")
def test_a_killed_run_leaves_no_semaphore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=7 << 96))
    code = "from multiprocessing import Lock\nlock = Lock()\nprint(4)\nwhile True: pass"
    program = made_up(tmp_path, code, "Output, still running after 3 s")
    assert found(program, "spawn") == ""
    assert list(Path("/dev/shm").glob("sem.mp-00000007-*")) == []


def test_runs_of_a_named_block_do_not_meet(tmp_path: Path) -> None:
    name = "name='tickets', create=True, size=1"
    code = f"""import time
from multiprocessing.shared_memory import SharedMemory
block = SharedMemory({name})
time.sleep(0.5)  # the other run has its own by now
print(4, block.name)
block.close()
block.unlink()
"""
    program = made_up(tmp_path, code, printed="4 tickets\n")
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(found, [program, program])) == ["", ""]


SURROUNDINGS = """import os, random, signal, sys, time
print(4, sys.flags.optimize, sys.flags.utf8_mode)
print(sys.stdin.read(), time.tzname[0], oct(os.umask(0)))
print(signal.getsignal(signal.SIGHUP) == signal.SIG_DFL)
print(signal.getsignal(signal.SIGINT) == signal.SIG_IGN)
print([name for name in sorted(os.environ) if "PYTHON" in name])
"""
USUAL = """4 0 1
 UTC 0o22
True
False
['PYTHONDONTWRITEBYTECODE', 'PYTHONMALLOC', 'PYTHONPATH', 'PYTHONUTF8', 'PYTHONWARNINGS']
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no umask, and no SIGHUP")
def test_the_surroundings_of_the_caller_stay_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "LC_ALL": "C",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONOPTIMIZE": "2",
        "PYTHONPATH": str(tmp_path),
        "PYTHONUTF8": "0",
        "TZ": "Pacific/Kiritimati",
    }.items():
        monkeypatch.setenv(name, value)
    program = made_up(tmp_path, SURROUNDINGS, printed=USUAL)
    (tmp_path / "random.py").write_text("raise SystemExit('not the module of Python')\n", "utf-8")
    old = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGHUP, signal.SIGINT)
    }
    umask = os.umask(0o077)
    try:
        _interrupts.pass_on_no_ignored_signal()
        os.kill(os.getpid(), signal.SIGHUP)  # is still of no effect here
        assert found(program) == ""
    finally:
        os.umask(umask)
        for number, handler in old.items():
            signal.signal(number, handler)


LISTENER = """from multiprocessing.connection import Client, Listener
with Listener(family='AF_UNIX') as listener, Client(listener.address):
    print(4)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no such sockets")
@pytest.mark.parametrize("name", ["with spaces and \u00e4", "long" * 20])
def test_any_folder_for_temporary_files_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with tempfile.TemporaryDirectory() as short:
        folder = Path(short, name)
        folder.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        assert found(made_up(tmp_path, LISTENER)) == ""
        assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_name_of_another_process_that_is_not_text_does_no_harm(tmp_path: Path) -> None:
    code = "open('/proc/self/comm', 'wb').write(b'\\xff'); print(flush=True); input()"
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as other:
        assert other.stdout and other.stdout.readline()
        assert found(made_up(tmp_path, "print(4)")) == ""
        other.communicate(b"\n")


@pytest.mark.parametrize("method", METHODS)
def test_the_start_method_is_the_default(tmp_path: Path, method: str) -> None:
    code = "from multiprocessing import get_start_method\nprint(get_start_method())"
    assert found(made_up(tmp_path, code, printed=f"{method}\n"), method) == ""


def test_a_program_may_still_set_a_start_method(tmp_path: Path) -> None:
    code = "from multiprocessing import set_start_method\nset_start_method('spawn')\nprint(4)"
    assert found(made_up(tmp_path, code)) == ""


def test_a_failure_that_the_page_shows_passes(tmp_path: Path) -> None:
    title, printed = "Standard error, exit status 1", "No\n"
    assert found(made_up(tmp_path, "exit('No')", title, printed)) == ""


def test_a_hang_that_the_page_shows_passes(tmp_path: Path) -> None:
    code = "print(4)\nwhile True: pass"
    assert found(made_up(tmp_path, code, "Output, still running after 3 s")) == ""


def test_a_hang_that_ends_is_told(tmp_path: Path) -> None:
    message = found(made_up(tmp_path, "print(4)", "Output, still running after 5 s"))
    assert "it should be still running after 5 s, was exit status 0" in message


@pytest.mark.parametrize(
    "title, expected, printed, same",
    [
        ("Output", "4\n", "4\n", True),
        ("Output", "4\n", "4", False),
        ("Output", "...\n", "4\n", False),
        ("Output, in any order", "a\nb\n", "b\na\n", True),
        ("Output, in any order", "a\nb\n", "a\na\n", False),
        ("Output, with ... for what differs", "a ... b\n", "a 1 b\n", True),
        ("Output, with ... for what differs", "a ... b\n", "a 1 c\n", False),
        ("Output, with ... for what differs", "True\n", "1\n", False),
        (AT_MOST, "In the end: 97\n", "In the end: 100\n", True),
        (AT_MOST, "In the end: 97\n", "In the end: 101\n", False),
        (AT_MOST, "In the end: 97\n", "At last: 97\n", False),
        (AT_MOST, "In the end: 97\n", "In the end:\n", False),
    ],
)
def test_words_are_the_contract(title: str, expected: str, printed: str, same: bool) -> None:
    assert matches(read_title(title), expected, printed) == same


def test_a_process_that_has_ended_since_has_no_command() -> None:
    assert _runner._command(2**30) == "one that has ended since"
