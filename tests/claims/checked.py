"""What docs/checked.md says."""

import json
import os
import subprocess
import sys
import tempfile
from multiprocessing import get_start_method
from pathlib import Path
from typing import TYPE_CHECKING

from tests.claims import ROOT, TIME_LIMIT, no_fact

if TYPE_CHECKING:
    from examples._runner import Outcome


RUN = """
import json
import sys
from dataclasses import asdict
from pathlib import Path

from examples import _runner

_runner.GRACE = 0.5  # seconds; what is left behind here does not end
print(json.dumps(asdict(_runner.run(Path(sys.argv[1]), sys.argv[2]))))
"""

SURROUNDINGS = """
import multiprocessing
import os
import sys

print(__name__, sys.flags.dev_mode, os.listdir(), multiprocessing.get_start_method())
"""

LEAVES = """
import os
import sys
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory

open("left.txt", "w").close()
block = SharedMemory(create=True, size=1)
resource_tracker.unregister(block._name, "shared_memory")
block.close()
if sys.platform == "linux":
    open(f"/dev/shm/sem.mp-{os.environ['EXAMPLE_RUN']}-left", "w").close()
    os.fork() or os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(60)"])
"""


def _run(code: str) -> "Outcome":
    """Run a program as the tests do, from a process of which they have changed nothing."""
    from examples._runner import Outcome

    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program.py"
        program.write_text(code, "utf-8")
        command = [sys.executable, "-c", RUN, str(program), get_start_method()]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("EXAMPLE_")}
        environment["PYTHONPATH"] = str(ROOT)
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=TIME_LIMIT,
            check=True,
        )  # fmt: skip
    return Outcome(**json.loads(done.stdout))


def every_block() -> None:
    """The tests of this site execute every block of Python on it. They compare what each block
    prints with what its page shows, except for one program.

    Only one block is executed and not compared: the unsafe counter, whose result can be another one
    in each run. The tests check only that it is at most 100.
    """
    from tests.claims._pages import already_read, read_pages
    from tests.harness.compare.differences import matches
    from tests.harness.read.words import read_title

    if already_read():
        return
    site = read_pages()
    programs = {f"{name}.py" for name in site.programs}
    fragments = {(one.page, one.fence.line) for one in site.fragments}
    python = [
        (page, fence)
        for page, fences in site.fences.items()
        for fence in fences
        if fence.language == "python"
    ]
    assert len(python) > 200
    assert all(f.include in programs or (page, f.line) in fragments for page, f in python)
    comparisons: dict[str, set[str]] = {}
    for name, program in site.programs.items():
        for shown in (shown for one in program.expectations for shown in one.shown):
            comparisons.setdefault(shown.words.comparison, set()).add(name)
    assert comparisons.keys() <= {"exactly", "in any order", "with ... for what differs", "at most"}
    assert comparisons["at most"] == {"race/unsafe"}
    words = read_title("Output, only checked to end at or below 100")
    assert matches(words, "In the end: 97\n", "In the end: 100\n")
    assert not matches(words, "In the end: 97\n", "In the end: 101\n")


def the_tables() -> None:
    """The tables on this page are generated from the results of these tests."""
    from tests.claims._pages import already_read, read_pages
    from tests.harness.tell import stamps
    from tests.harness.tell.results import Run

    if already_read():
        return
    setattr(stamps, "read_site", read_pages)  # noqa: B010 - which is much faster
    lines = (ROOT / "docs" / "checked.md").read_text("utf-8").splitlines()
    assert stamps.LIST_MARK in lines
    runs = [Run("7 blocks", read_pages().hash, "3.15.2", "Linux", "2026-01-01", [])]
    assert "| 3.15.2 | Linux |  | 7 blocks |" in stamps.what_was_checked(runs)


def definitions() -> None:
    """A block is a program, a fragment, or a cell of a notebook. Executed means that it ran to the
    end that its page shows. Compared means that its output was compared with the page.

    The program passes if all of the following are true:
    """
    no_fact("definitions, and an introduction")


def how_it_runs() -> None:
    """A program runs as a script in a new Python process, in an empty folder, with `-X dev`, once
    under each start method of the system.
    """
    outcome = _run(SURROUNDINGS)
    assert outcome.stdout == f"__main__ True [] {get_start_method()}\n"
    tests = (ROOT / "tests" / "test_programs.py").read_text("utf-8")
    assert '("method", multiprocessing.get_all_start_methods())' in tests


def what_it_prints() -> None:
    """It prints exactly what the page shows, unless the title of the output names another
    comparison. If the title says so, `...` matches any text.

    It writes nothing to standard error, unless the page shows what it writes.

    It ends as the page says. If the page does not say how, the exit status is 0.
    """
    from examples._runner import Outcome
    from tests.claims._pages import already_read, read_pages
    from tests.harness.compare.differences import differences, matches
    from tests.harness.read.words import read_title

    if already_read():
        return
    programs = read_pages().programs
    (first,) = programs["index/first"].expectations
    printed = "Files downloaded: 100\n"
    assert differences(first, Outcome(0, printed)) == []
    assert differences(first, Outcome(0, printed.strip()))
    assert differences(first, Outcome(0, printed, "a warning"))
    assert differences(first, Outcome(3, printed))
    assert differences(first, Outcome(None, printed))
    failing = programs["main-guard/unguarded"].expectation("spawn")
    assert failing is not None
    assert failing.status == 1
    assert differences(failing, Outcome(0, "", (failing.shown[0].text)))
    assert matches(read_title("Output, in any order"), "a\nb\n", "b\na\n")
    assert matches(read_title("Output, with ... for what differs"), "a ... c\n", "a b c\n")


def what_it_leaves() -> None:
    """It leaves no block of shared memory behind, and no file in its folder. On Linux, it also
    leaves no process and no semaphore behind.
    """
    from tests.claims._pages import already_read

    if already_read() or sys.platform == "win32":
        return
    faults = _run(LEAVES).faults
    kinds = {" ".join(fault.split()[:4]).rstrip(":") for fault in faults}
    expected = {"left a file behind", "left a block of"}
    if sys.platform == "linux":
        expected |= {"left a process behind", "left a semaphore behind"}
    assert kinds == expected, faults


def the_line_under_an_output() -> None:
    """The line under an output names the Python versions, systems and start methods for which this
    program passed with this output. If the program or its output changes, the line disappears until
    the tests have run again.
    """
    from tests.claims._pages import already_read, read_pages
    from tests.harness.read.model import digest
    from tests.harness.tell.results import Checked, Run
    from tests.harness.tell.stamps import latest, sentence

    if already_read():
        return
    program = read_pages().programs["index/first"]
    (expectation,) = program.expectations
    code = program.path.read_text("utf-8")
    (shown,) = expectation.shown
    text = digest(code, shown.fence.title, shown.text)
    assert program.hash(expectation) == text
    others = [digest(code + "#", shown.fence.title, shown.text)]
    others += [digest(code, shown.fence.title, shown.text + "x")]
    assert text not in others
    runs = [
        Run("", "", "3.15.2", "Linux", f"2026-01-0{day}", [checked])
        for day, checked in enumerate(
            [
                Checked(program.name, text, "spawn", True, True, 0.1),
                Checked(program.name, text, "fork", True, False, 0.1),
                Checked(program.name, others[1], "fork", True, False, 0.1),
            ],
            1,
        )
    ]
    passed = latest(runs)
    assert passed.keys() == {text}
    assert sentence(passed[text]).startswith("Checked: CPython 3.15.2 on Linux under spawn.")
