"""A command that is interrupted, at any moment, leaves nothing running and nothing half done.

With `INTERRUPT_MOMENTS=10` in the environment each is interrupted at ten moments of its
run, directly and through nox; without, once while programs run.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.site import ROOT
from tests.test_harness_site import PAGE, make_with_harness
from tests.test_harness_update import NOTEBOOK

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")

MOMENTS = int(os.environ.get("INTERRUPT_MOMENTS", "0"))
PATIENCE = 30  # seconds to end in
HANGS = '''"""Wait, and share."""

import subprocess
import sys
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
SHOWN = PAGE.partition("\n\n")[2]
HANGS_SHOWN = SHOWN.replace("fixed", "hangs").replace("Output", "Output, still running after 3 s")
TITLES = {
    "mkdocs.yml": """nav:
  - index.md
  - Pitfalls:
      - Lost:
          - pitfalls/race.md
          - pitfalls/print.md
          - pitfalls/tour.ipynb
""",
    "docs/pitfalls/race.md": "# Race\n\n" + SHOWN + "\n" + HANGS_SHOWN,
    "docs/pitfalls/print.md": "# Print\n\n```python\nprint(5)\n#> 4\n```\n",
    "docs/pitfalls/tour.ipynb": NOTEBOOK.replace("CODE", "import time; time.sleep(2); print(5)"),
    "examples/race/fixed.py": '"""Add."""\n\nprint(5)\n',
    "examples/race/hangs.out": "4\n",
    "tests/addresses.txt": "/\n/pitfalls/print/\n/pitfalls/race/\n/pitfalls/tour/\n",
}
TEMPLATE = {
    "docs/_template/pitfalls/page.md": "# TITLE\n\n" + SHOWN.replace("race/", "PAGE/"),
    "docs/_template/pitfalls/fixed.py": '"""Wait."""\n\nimport time\ntime.sleep(2)\nprint(4)\n',
}
COMMANDS = {
    "update": ["-m", "tests.harness", "update"],
    "new": ["-m", "tests.harness", "new", "pitfalls/lost-update"],
    "watch": ["-m", "tests.harness", "watch"],
    "mutate": ["-m", "tests.harness", "mutate"],
    "bench": ["-m", "tests.harness", "bench"],
    "tests": ["-m", "pytest", "-n2"],
    "tests in one process": ["-m", "pytest", "-n0"],
    "examples": ["-m", "examples", "race/hangs"],
    "costs": ["examples/costs", "measure", "--quick", "-o", "costs.json"],
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site, with a program that hangs and starts others, and with what runs it."""
    name = f"interrupts-{tmp_path.name[-20:]}-{os.getpid()}"
    changes = {**TITLES, **TEMPLATE, "examples/race/hangs.py": HANGS.format(name)}
    root = make_with_harness(tmp_path / "site", changes)
    for name in "noxfile.py", "environments.py":
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "examples" / "costs", root / "examples" / "costs")
    (tmp_path / "temporary").mkdir()
    return root


def state(root: Path) -> dict[str, bytes]:
    """All files but those that any run may write."""
    ours = (p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    kept = (p for p in ours if not {".pytest_cache", "results"} & set(p.parts))
    return {str(p.relative_to(root)): p.read_bytes() for p in kept}


def processes(folder: Path) -> dict[int, str]:
    """Those that know a folder: by environment, command line or where they are."""
    found, name = {}, str(folder).encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes()
            known = (entry / "environ").read_bytes() + words + os.readlink(entry / "cwd").encode()
            alive = (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
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
    with (site.parent / "told").open("w") as told:
        return subprocess.Popen(
            [sys.executable, *command], cwd=site, env=environment, text=True,
            stdout=told, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def wait_for(true: Callable[[], object], seconds: float) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while not (found := bool(true())) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def interrupt(site: Path, process: "subprocess.Popen[str]", number: signal.Signals) -> str:
    """Send a signal as a terminal, or as `kill` does; give what is wrong afterwards."""
    runs = {
        mark.partition(b"=")[2].decode()
        for pid in processes(site.parent)
        for mark in environment_of(pid)
        if mark.startswith(b"EXAMPLE_RUN=")
    }
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    began = time.monotonic()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        left = processes(site.parent)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return f"still running after {PATIENCE} s: {left}"
    took = time.monotonic() - began
    wrong = []
    if left := processes(site.parent):
        time.sleep(0.3)
        later = processes(site.parent)
        wrong.append(f"processes left {left}, later {later}")
        for pid in later:
            os.kill(pid, signal.SIGKILL)
    shared = [p.name for p in Path("/dev/shm").iterdir() if any(r in p.name for r in runs)]
    temporary = [p.name for p in (site.parent / "temporary").iterdir()]
    temporary = [name for name in temporary if not name.startswith("pytest-of-")]
    told = (site.parent / "told").read_text()
    if shared:
        wrong.append(f"shared memory left {shared}")
    if temporary:
        wrong.append(f"temporary files left {temporary}")
    if "Traceback" in told:
        wrong.append("a traceback")
    print(
        f"    {number.name} ended after {took:.1f} s with {process.returncode}:",
        (told.strip().splitlines() or [""])[-1],
        wrong,
    )
    return "; ".join(wrong)


def environment_of(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
