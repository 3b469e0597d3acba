"""A soak runs the tests under strain, and counts what fails."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.harness import work
from tests.harness.read.site import ROOT
from tests.harness.tools import soak
from tests.test_harness_site import make_with_harness

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no sh")

SURROUNDINGS = """
import os, resource
print(os.environ["TZ"], os.environ["LC_ALL"], oct(os.umask(0)), hash("a"))
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""
ROOM = "import os; told = os.statvfs('/dev/shm'); print(told.f_blocks * told.f_frsize)"
FAILS_ONCE = """
from pathlib import Path

def test_it() -> None:
    runs = Path("runs")
    runs.write_text(runs.read_text() + "x" if runs.exists() else "x")
    assert runs.read_text() != "xx"
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site whose tests are one that fails in the second run."""
    root = make_with_harness(tmp_path / "site", {"tests/test_once.py": FAILS_ONCE})
    monkeypatch.setattr(soak, "ROOT", root)
    monkeypatch.setattr(soak, "FOLDER", root / "results")
    return root


def told(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["soak", *arguments])
    return soak.main()


def test_it_counts_what_fails_and_keeps_the_output(
    site: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told(monkeypatch, "3", "tests/test_once.py") == 1
    printed = capfd.readouterr().out
    assert [line.strip() for line in printed.splitlines() if " tests, " in line] == [
        "1 tests, 0 failed",
        "1 tests, 1 failed",
        "1 tests, 0 failed",
        "3 runs, 3 tests, 1 failed: 333.33 of 1,000",
    ]
    assert "\n    tests.test_once::test_it\n" in printed
    (kept,) = (site / "results").iterdir()
    assert str(kept) in printed
    assert kept.read_text("utf-8").startswith("TZ=Asia/Kathmandu LC_ALL=C PYTHONHASHSEED=")
    assert "assert runs.read_text() != " in kept.read_text("utf-8")


def test_a_soak_without_a_failure_ends_with_status_0(
    site: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told(monkeypatch, "1", "tests/test_once.py") == 0
    assert not (site / "results").exists()
    assert capfd.readouterr().out.endswith("1 runs, 1 tests, 0 failed: 0.00 of 1,000\n")


def test_a_run_that_does_not_begin_is_a_failure(
    site: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told(monkeypatch, "1", "--no-such-option") == 1
    printed = capfd.readouterr().out
    assert "\n    0 tests, 1 failed\n    pytest ended with exit status 4\n" in printed
    assert "--no-such-option" in next((site / "results").iterdir()).read_text("utf-8")


@pytest.mark.parametrize("number", ["0", "-1", "ten"])
def test_a_number_of_runs_that_is_none_is_refused(
    number: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        told(monkeypatch, number)
    assert number in capfd.readouterr().err


def test_a_run_has_the_surroundings_that_are_told() -> None:
    strain = soak.Strain("Asia/Kathmandu", "C", "077", "7", "200", "")
    assert str(strain) == "TZ=Asia/Kathmandu LC_ALL=C PYTHONHASHSEED=7 umask 077, 200 files"
    command = strain.command([sys.executable, "-c", SURROUNDINGS])
    ran = subprocess.run(
        command, env=strain.environment(), capture_output=True, text=True, check=True
    )
    seeded = [sys.executable, "-c", "print(hash('a'))"]
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    hashed = subprocess.run(seeded, env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout == f"Asia/Kathmandu C 0o77 {hashed.stdout}200\n"


@pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="only root can mount a small /dev/shm"
)
def test_a_small_shared_memory_is_that_of_the_run_alone() -> None:
    strain = soak.Strain("UTC", "C", "022", "0", "", "1m")
    assert str(strain).endswith("umask 022, 1m of /dev/shm")
    room = [sys.executable, "-c", ROOM]
    usual, small, again = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for command in (room, strain.command(room), room)
    )
    assert (int(small), again) == (2**20, usual)


def test_the_runs_differ() -> None:
    strains = [soak.strain_of(number) for number in range(6)]
    for field in "zone", "locale", "umask", "seed", "files":
        assert len({getattr(strain, field) for strain in strains}) > 1


def test_what_keeps_the_machine_busy_ends_with_it() -> None:
    code = "import os\nfrom tests.harness.tools import soak\nwith soak.busy() as loads:\n"
    code += "    print(*[load.pid for load in loads], flush=True)\n    os.kill(os.getpid(), 9)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    pids = [int(pid) for pid in ran.stdout.split()]
    assert len(pids) == (os.cpu_count() or 1) + 1
    while any(map(_is_there, pids)):
        time.sleep(work.PAUSE)


def _is_there(pid: int) -> bool:
    """Whether a process has not ended; that of an orphan is soon forgotten."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
