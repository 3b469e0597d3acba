"""A command that is interrupted, at any moment, leaves nothing running and nothing half done.

With `INTERRUPT_MOMENTS=10` in the environment each is interrupted at ten moments of its
run, directly and through nox, by Ctrl-C and SIGTERM in turn; `-s` shows how each ended.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.harness.read.site import ROOT
from tests.test_harness_site import PAGE, make_with_harness
from tests.test_harness_update import NOTEBOOK

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")

MOMENTS = int(os.environ.get("INTERRUPT_MOMENTS", "0"))
Files = dict[str, bytes]
PATIENCE = 30  # seconds to end in
LONGEST = 60  # seconds of a run, of which moments are taken
HANGS = '''"""Wait, and share."""

import subprocess
import sys
import tempfile
import time
from multiprocessing import Lock, Process
from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    lock = Lock()
    block = SharedMemory("{}", create=True, size=1)
    Process(target=time.sleep, args=(600,)).start()
    code = [sys.executable, "-c", "import time; time.sleep(600)"]
    child = subprocess.Popen(code, start_new_session=True)
    print(4, flush=True)
    time.sleep(600)
'''
STARTS = '''"""Start."""

import time
from multiprocessing import Process

if __name__ == "__main__":
    worker = Process(target=time.sleep, args=(0.5,))
    worker.start()
    worker.join()
    print(4)
'''
SHOWN = PAGE.partition("\n\n")[2]
STARTS_SHOWN = SHOWN.replace("fixed", "starts")
HANGS_SHOWN = SHOWN.replace("fixed", "hangs").replace("Output", "Output, still running after 3 s")
PAGES = {
    "mkdocs.yml": """nav:
  - index.md
  - Pitfalls:
      - Lost:
          - pitfalls/race.md
          - pitfalls/print.md
          - pitfalls/tour.ipynb
""",
    "docs/pitfalls/race.md": "# Race\n\n" + "\n".join([SHOWN, STARTS_SHOWN, HANGS_SHOWN]),
    "docs/pitfalls/print.md": "# Print\n\n```python\nprint(5)\n#> 4\n```\n",
    "docs/pitfalls/tour.ipynb": NOTEBOOK.replace("CODE", "import time; time.sleep(2); print(5)"),
    "examples/race/fixed.py": '"""Add."""\n\nprint(5)\n',
    "examples/race/starts.py": STARTS,
    "examples/race/starts.out": "4\n",
    "examples/race/hangs.out": "4\n",
    "tests/addresses.txt": "/\n/pitfalls/print/\n/pitfalls/race/\n/pitfalls/tour/\n",
}
TEMPLATE = {
    "docs/_template/pitfalls/page.md": "# TITLE\n\n" + SHOWN.replace("race/", "PAGE/"),
    "docs/_template/pitfalls/fixed.py": '"""Wait."""\n\nimport time\ntime.sleep(2)\nprint(4)\n',
}
COMMANDS = {  # by the nox session that runs them
    "update": ["-m", "tests.harness", "update"],
    "new": ["-m", "tests.harness", "new"],
    "watch": ["-m", "tests.harness", "watch"],
    "mutate": ["-m", "tests.harness", "mutate"],
    "bench": ["-m", "tests.harness", "bench"],
    "tests": ["-m", "tests.harness", "tests"],
    "faults": ["-m", "tests.harness", "faults"],
    "programs": ["-m", "tests.harness", "programs"],
    "soak": ["-m", "tests.harness", "soak"],
    "costs": ["examples/costs", "measure", "--quick", "-o", "costs.json"],
}
ARGUMENTS = {"new": ["pitfalls/lost-update"], "tests": ["-n2"], "programs": [sys.executable]}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name, below which a socket can have its address."""
    with tempfile.TemporaryDirectory(prefix="i-") as name:
        folder = Path(name).resolve()
        yield folder
        for pid in processes(folder):  # where the test was ended itself
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def make_site(folder: Path) -> Path:
    """A small site, with a program that hangs and starts others, and with what runs it."""
    (folder / "temporary").mkdir(parents=True)
    hangs = HANGS.format(f"interrupts-{os.getpid()}")
    changes = {**PAGES, **TEMPLATE, "examples/race/hangs.py": hangs}
    root = make_with_harness(folder / "site", changes)
    shutil.copytree(ROOT / "examples" / "costs", root / "examples" / "costs")
    shutil.copy(ROOT / "noxfile.py", root)
    return root


def state(root: Path) -> Files:
    """All files but those that any run may write."""
    ours = (p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    kept = (p for p in ours if not {".pytest_cache", "results", "costs.json"} & set(p.parts))
    return {str(p.relative_to(root)): p.read_bytes() for p in kept}


def processes(folder: Path) -> dict[int, str]:
    """Those that know a folder: by environment, command line or where they are."""
    found, name = {}, str(folder).encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes()
            known = (entry / "environ").read_bytes() + words + os.readlink(entry / "cwd").encode()
            alive = (entry / "stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
        except OSError:
            continue
        if name in known and alive and int(entry.name) != os.getpid():
            found[int(entry.name)] = words.replace(b"\0", b" ").decode()
    return found


def start(site: Path, command: list[str]) -> "subprocess.Popen[str]":
    """Start a command as a shell does, in a group of its own, with its output in a file."""
    environment = {
        **os.environ,
        "TMPDIR": str(site.parent / "temporary"),
        "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
        "PYTHONUNBUFFERED": "1",
    }
    with (site.parent / "told").open("w") as output:
        return subprocess.Popen(
            [sys.executable, *command], cwd=site, env=environment, text=True,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def wait_for(true: Callable[[], object], seconds: float) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while not (found := bool(true())) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def interrupt(site: Path, process: "subprocess.Popen[str]", number: signal.Signals) -> list[str]:
    """Send a signal as a terminal, or as `kill` does; give what is wrong afterwards."""
    runs = {run for pid in processes(site.parent) for run in run_of(pid)}
    with suppress(ProcessLookupError):  # it had ended before
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
    wrong = []
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        wrong.append(f"still running after {PATIENCE} s")
    left = processes(site.parent)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    wrong += [f"left a process: {pid} {command}" for pid, command in left.items()]
    shared = [path.name for path in Path("/dev/shm").iterdir()]
    marks = [*runs, f"interrupts-{os.getpid()}"]
    wrong += [f"left {name} in shared memory" for name in shared if any(m in name for m in marks)]
    names = [path.name for path in (site.parent / "temporary").iterdir()]
    wrong += [f"left {name}" for name in names if not name.startswith("pytest-of-")]
    # While Python or nox itself begins, it gives a traceback, in which nothing is ours.
    if "KeyboardInterrupt\n" in told(site)[-20:] and str(site) in told(site):
        wrong.append("a traceback")
    return wrong


def told(site: Path) -> str:
    """What the command has printed."""
    return (site.parent / "told").read_text("utf-8")


def run_of(pid: int) -> list[str]:
    """The mark that the runner gave to a program's process."""
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
    return [v.decode()[12:] for v in variables if v.startswith(b"EXAMPLE_RUN=")]


def wrong_files(before: Files, after: Files, done: Files) -> list[str]:
    """The files that are neither as before nor as the command leaves them in the end."""
    changed = sorted(n for n in before.keys() | after.keys() if before.get(n) != after.get(n))
    return [f"{name} is half done" for name in changed if after.get(name) != done.get(name)]


def runs_a_program(site: Path) -> bool:
    """Whether the runner has started a program of the site."""
    return any(run_of(pid) for pid in processes(site.parent))


@pytest.mark.parametrize(
    "name, number",
    [
        ("update", signal.SIGTERM),
        ("new", signal.SIGINT),
        ("mutate", signal.SIGTERM),
        ("tests", signal.SIGTERM),
    ],
)
def test_a_command_that_runs_programs_ends_them(
    folder: Path, name: str, number: signal.Signals
) -> None:
    site = make_site(folder)
    before = state(site)
    process = start(site, [*COMMANDS[name], *ARGUMENTS.get(name, [])])
    assert wait_for(lambda: runs_a_program(site), 60), told(site)
    assert interrupt(site, process, number) == [], told(site)
    assert process.returncode == 128 + number
    assert "Interrupted" in told(site)
    assert wrong_files(before, state(site), {"examples/race/fixed.out": b"5\n"}) == []


SESSIONS = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import nox
from noxfile import run

ENDS_WELL = '''
import os, signal, time
os.kill(os.getppid(), signal.SIGINT)
time.sleep(0.5)
'''

@nox.session
def first(session):
    run(session, sys.executable, "-c", ENDS_WELL)

@nox.session
def second(session):
    run(session, sys.executable, "-c", "print('went on')")
"""


def test_nothing_follows_a_command_that_ended_well_when_ctrl_c_came(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "noxfile.py").write_text(SESSIONS, "utf-8")
    command = [sys.executable, "-m", "nox", "--no-venv", "-s", "first", "second"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    told = ran.stdout + ran.stderr
    assert "Session first was successful" in told
    assert "went on" not in told
    assert ran.returncode == 130


@pytest.mark.skipif(not MOMENTS, reason="takes long; see the top of this file")
@pytest.mark.parametrize("through", ["directly", "nox"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_can_be_interrupted_at_any_moment(folder: Path, name: str, through: str) -> None:
    command = [*COMMANDS[name], *ARGUMENTS.get(name, [])]
    if through == "nox":
        # In this environment, which the session would otherwise make.
        command = ["-m", "nox", "--no-venv", "-s", name, "--", *ARGUMENTS.get(name, [])]
    site = make_site(folder / "whole")
    process, started = start(site, command), time.monotonic()
    wait_for(lambda: process.poll() is not None or "Ctrl-C ends it." in told(site), LONGEST)
    seconds = time.monotonic() - started
    wrong = [] if process.poll() is not None else interrupt(site, process, signal.SIGINT)
    done = state(site)
    heard = 0
    for moment in range(MOMENTS):
        site = make_site(folder / str(moment))
        before, at = state(site), seconds * (moment + 0.5) / MOMENTS
        process = start(site, command)
        with suppress(subprocess.TimeoutExpired):
            process.wait(at)
        number = [signal.SIGINT, signal.SIGTERM][moment % 2]
        found = interrupt(site, process, number) + wrong_files(before, state(site), done)
        last = told(site).strip().rpartition("\n")[2]
        print(f"{name}, {through}, {number.name} after {at:.1f} s: {last}", *found, sep="\n  ")
        wrong += [f"after {at:.1f} s: {what}" for what in found]
        heard += "nterrupted" in told(site)
    assert wrong == []
    assert heard > MOMENTS / 2, "it had ended before"
