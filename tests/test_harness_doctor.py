"""`python -m examples doctor` tells what of a machine matters; here, most machines are made up."""

import dataclasses
import importlib
import json
import math
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from mmap import PAGESIZE
from multiprocessing import util
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from examples import _command
from examples._doctor import cgroups, faults, limits, memory, processors, report, surroundings
from examples._doctor import machine as facts
from examples._doctor import python as of_python
from examples._doctor.machine import Line, Machine, count, size
from examples._pages import address
from tests.harness.read.checks import _anchors
from tests.harness.read.pages import read_fences
from tests.harness.read.versions import ROOT, after, named
from tests.harness.read.words import read_case

Item = Callable[[Machine], Iterator[Line]]
OLD = 1_000_000.0  # seconds since 1970, when files of made-up machines were changed
linux = pytest.mark.skipif(sys.platform != "linux", reason="about files of Linux")
V2 = "29 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = "".join(
    f"3{number} 29 0:3{number} {{0}} /sys/fs/cgroup/{name} rw - cgroup cgroup rw,{name}\n"
    for number, name in enumerate(["cpu,cpuacct", "memory", "pids"])
)
IN_V1 = "4:memory:{0}\n3:pids:{0}\n2:cpu,cpuacct:{0}\n1:name=systemd:/\n0::/\n"


def made(root: Path, files: Mapping[str, str] | None = None, **changed: Any) -> Machine:
    """A machine with these files: one of two processors, with the usual limits."""
    for name, text in (files or {}).items():
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        os.utime(path, (OLD, OLD))
    usual: dict[str, Any] = {
        "root": root, "system": "Linux", "user": 1000, "environment": {}, "now": OLD + 3600,
        "release": (3, 15, 2), "implementation": "cpython", "executable": "/usr/bin/python3",
        "frozen": False, "interactive": False, "without_gil": False, "gil": True,
        "start_methods": ["forkserver", "fork", "spawn"], "processors": 2, "usable": 2,
        "workers": 2, "libraries": [], "semaphores": -1, "temporary": "/tmp",
        "for_sockets": "/tmp", "limits": {"NOFILE": (1024, 4096), "NPROC": (math.inf, math.inf)},
    }  # fmt: skip
    return Machine(**(usual | changed))


def only(item: Item, machine: Machine) -> Line:
    """The one line of an item."""
    (line,) = item(machine)
    return line


def test_the_facts_are_those_of_this_machine() -> None:
    machine = Machine()
    assert machine.start_methods[0] == multiprocessing.get_all_start_methods()[0]
    assert machine.temporary == tempfile.gettempdir()
    assert machine.processors >= machine.usable >= 1
    assert machine.workers >= 1
    assert "numpy" in machine.libraries
    assert machine.read("/no/such/file") == ""


def test_the_facts_where_the_system_has_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows; and without a folder for temporary files."""

    def none() -> str:
        raise FileNotFoundError

    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delattr(os, "sysconf", raising=False)
    for name in "cpu_count", "process_cpu_count":
        monkeypatch.setattr(os, name, lambda: None, raising=False)
    monkeypatch.setattr(tempfile, "gettempdir", none)
    machine = Machine(start_methods=["spawn"])
    assert (machine.limits, machine.semaphores) == ({}, -1)
    assert (machine.processors, machine.usable) == (1, 1)
    assert (machine.temporary, machine.for_sockets) == ("", "")


def test_the_facts_of_a_build_without_semaphores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "multiprocessing.synchronize", None)
    assert facts._semaphores() is None


def test_the_facts_of_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {1: (1024, -1), 2: (0, 0)}
    limits = SimpleNamespace(
        RLIM_INFINITY=-1, RLIMIT_NOFILE=1, RLIMIT_MEMLOCK=2, getrlimit=values.__getitem__
    )
    monkeypatch.setitem(sys.modules, "resource", limits)
    assert facts._limits() == {"NOFILE": (1024, math.inf), "MEMLOCK": (0, 0)}


@pytest.mark.parametrize("chosen, told", [("/tmp", "/tmp"), (None, "/long")])
def test_the_facts_of_sockets(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, told: str
) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: "/long")
    monkeypatch.setattr(util, "_get_base_temp_dir", lambda _: chosen, raising=False)
    assert facts._for_sockets() == told
    monkeypatch.delattr(util, "_get_base_temp_dir")
    assert facts._for_sockets() == "/long"


@pytest.mark.parametrize(
    "number, text",
    [
        (0, "0 bytes"),
        (1023, "1,023 bytes"),
        (1536, "1.5 KiB"),
        (1000 * 1024**2, "1,000 MiB"),
        (65536, "64 KiB"),
        (64 * 1024**2, "64 MiB"),
        (25276502016, "23.5 GiB"),
        (5 * 1024**4, "5 TiB"),
    ],
)
def test_sizes(number: int, text: str) -> None:
    assert size(number) == text


def test_counts() -> None:
    assert [count(1024), count(math.inf)] == ["1,024", "no limit"]


@pytest.mark.parametrize(
    "files, time",
    [
        pytest.param({}, None, id="no cgroup"),
        pytest.param({"sys/fs/cgroup/cpu.max": "50000 100000\n"}, 0.5, id="no mountinfo"),
        pytest.param({"sys/fs/cgroup/cpu.max": "max 100000\n"}, None, id="max"),
        pytest.param({"sys/fs/cgroup/cpu.max": "\n"}, None, id="empty"),
        pytest.param(
            {
                "proc/self/mountinfo": V2,
                "proc/self/cgroup": "0::/a.slice/b\n",
                "sys/fs/cgroup/a.slice/b/cpu.max": "max 100000\n",
                "sys/fs/cgroup/a.slice/cpu.max": "150000 100000\n",
            },
            1.5,
            id="version 2, above",
        ),
        pytest.param(
            {
                "proc/self/mountinfo": V2,
                "proc/self/cgroup": "0::/a.slice/b\n",
                "sys/fs/cgroup/a.slice/b/cpu.max": "25000 100000\n",
                "sys/fs/cgroup/a.slice/cpu.max": "150000 100000\n",
            },
            0.25,
            id="version 2, the smallest",
        ),
        pytest.param(
            {
                "proc/self/mountinfo": V1.format("/"),
                "proc/self/cgroup": IN_V1.format("/a/b"),
                "sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us": "200000\n",
                "sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_period_us": "100000\n",
                "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
            },
            2,
            id="version 1",
        ),
        pytest.param(
            {
                "proc/self/mountinfo": V1.format("/docker/c0ffee"),
                "proc/self/cgroup": IN_V1.format("/docker/c0ffee"),
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "150000\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            },
            1.5,
            id="version 1, in a container that sees the path of the host",
        ),
        pytest.param(
            {
                "proc/self/mountinfo": V1.format("/../.."),
                "proc/self/cgroup": IN_V1.format("/"),
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "150000\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            },
            1.5,
            id="version 1, mounted elsewhere",
        ),
        pytest.param(
            {"proc/self/mountinfo": V1.format("/"), "proc/self/cgroup": "0::/\n"},
            None,
            id="version 1, without the controller",
        ),
    ],
)
def test_the_time_of_a_cgroup(tmp_path: Path, files: dict[str, str], time: float | None) -> None:
    assert cgroups.processors(made(tmp_path, files)) == time


@pytest.mark.parametrize(
    "files, most",
    [
        pytest.param({}, None, id="no cgroup"),
        pytest.param({"sys/fs/cgroup/memory.max": "max\n"}, None, id="max"),
        pytest.param({"sys/fs/cgroup/memory.max": "1048576\n"}, 1048576, id="version 2"),
        pytest.param(
            {
                "proc/self/mountinfo": V1.format("/"),
                "proc/self/cgroup": IN_V1.format("/a"),
                "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "1048576\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            },
            1048576,
            id="version 1",
        ),
    ],
)
def test_the_memory_of_a_cgroup(tmp_path: Path, files: dict[str, str], most: int | None) -> None:
    assert cgroups.memory(made(tmp_path, files)) == most


@pytest.mark.parametrize(
    "files, number",
    [
        pytest.param({}, 0, id="no cgroup"),
        pytest.param({"sys/fs/cgroup/memory.events": "oom 3\noom_kill 2\n"}, 2, id="version 2"),
        pytest.param({"sys/fs/cgroup/memory.events": "oom_kill \n"}, 0, id="cut off"),
        pytest.param(
            {
                "proc/self/mountinfo": V1.format("/"),
                "proc/self/cgroup": IN_V1.format("/a"),
                "sys/fs/cgroup/memory/a/memory.oom_control": "under_oom 0\noom_kill 4\n",
            },
            4,
            id="version 1",
        ),
    ],
)
def test_what_a_cgroup_has_killed(tmp_path: Path, files: dict[str, str], number: int) -> None:
    assert cgroups.killed(made(tmp_path, files)) == number


PIDS = {"sys/fs/cgroup/pids.max": "100\n", "sys/fs/cgroup/pids.current": "30\n"}


@pytest.mark.parametrize(
    "files, left",
    [
        pytest.param({}, None, id="no cgroup"),
        pytest.param({"sys/fs/cgroup/pids.max": "max\n"}, None, id="max"),
        pytest.param({"sys/fs/cgroup/pids.max": "100\n"}, 100, id="not known how many there are"),
        pytest.param(PIDS, 70, id="some"),
        pytest.param({**PIDS, "sys/fs/cgroup/pids.current": "101\n"}, 0, id="too many"),
    ],
)
def test_the_processes_of_a_cgroup(tmp_path: Path, files: dict[str, str], left: int | None) -> None:
    assert cgroups.processes(made(tmp_path, files)) == left


QUOTA = {"sys/fs/cgroup/cpu.max": "50000 100000\n"}


@pytest.mark.parametrize(
    "files, changed, found, do",
    [
        pytest.param({}, {}, "2 in all", "", id="all"),
        pytest.param(
            {}, {"usable": 1, "workers": 1}, "2 in all; this process may use 1", "", id="affinity"
        ),
        pytest.param(
            {},
            {"usable": 1, "release": (3, 12, 1)},
            "2 in all; this process may use 1",
            "Pass processes=1 to a Pool, and max_workers=1 to an executor",
            id="affinity, which a pool does not see",
        ),
        pytest.param(
            QUOTA,
            {},
            "2 in all; its cgroup has the time of 0.5",
            "Pass processes=1 to a Pool, and max_workers=1 to an executor; "
            "or set PYTHON_CPU_COUNT=1",
            id="quota",
        ),
        pytest.param(
            QUOTA, {"workers": 1}, "2 in all; its cgroup has the time of 0.5", "", id="already set"
        ),
    ],
)
def test_processors(
    tmp_path: Path, files: dict[str, str], changed: dict[str, Any], found: str, do: str
) -> None:
    line = only(processors.processors, made(tmp_path, files, **changed))
    assert (line.found, line.do) == (found, do)
    assert ("no more than 1 can run" in line.means) == bool(do)


def test_threads_of_libraries(tmp_path: Path) -> None:
    assert not [*processors.threads(made(tmp_path))]
    line = only(processors.threads, made(tmp_path, libraries=["numpy"]))
    assert line.found.startswith("numpy is installed; none of OPENBLAS_NUM_THREADS, ")
    assert line.means.endswith("2 threads: 2 workers up to 4, of which 2 can run at a time")
    assert not line.do
    line = only(processors.threads, made(tmp_path, QUOTA, libraries=["numpy", "torch"]))
    assert line.found.startswith("numpy and torch are installed; none of")
    assert line.do.startswith("Set OMP_NUM_THREADS=1")
    one = made(tmp_path / "one", usable=1, workers=1, libraries=["numpy"])
    assert only(processors.threads, one).means.endswith("up to 1 threads")
    variables = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "", "OPENBLAS_NUM_THREADS": "4"}
    line = only(processors.threads, made(tmp_path, environment=variables, libraries=["numpy"]))
    assert line.found == "numpy is installed; OPENBLAS_NUM_THREADS=4 and OMP_NUM_THREADS=1"
    assert not line.do


def room(monkeypatch: pytest.MonkeyPatch, total: int, free: int) -> None:
    """Let every file system be of this size, in bytes."""
    told = SimpleNamespace(f_frsize=4096, f_blocks=total // 4096, f_bavail=free // 4096)
    monkeypatch.setattr(os, "statvfs", lambda _: told, raising=False)


@pytest.mark.parametrize(
    "total, free, found, do",
    [
        (2**34, 2**33, "16 GiB, of which 8 GiB are free", ""),
        (2**34, 2**20, "16 GiB, of which 1 MiB are free", "See what takes the room: `ls -l "),
        (2**26, 2**26, "64 MiB, of which 64 MiB are free", "If you share more, start the"),
        (2**16, 2**13, "64 KiB, of which 8 KiB are free", "If you share more, start the"),
    ],
)
def test_shared_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, total: int, free: int, found: str, do: str
) -> None:
    room(monkeypatch, total, free)
    line = only(memory.shared_memory, made(tmp_path, {"dev/shm/x": ""}))
    assert line.found == found
    assert line.do.startswith(do) and bool(line.do) == bool(do)
    semaphores = only(limits.semaphores, made(tmp_path))
    assert semaphores.found == f"room in /dev/shm for {free // PAGESIZE:,}"


@linux
def test_no_shared_memory(tmp_path: Path) -> None:
    line = only(memory.shared_memory, made(tmp_path))
    assert line.found == "not there (No such file or directory)"
    assert line.do == "Use a Process with a Pipe"
    assert not [*limits.semaphores(made(tmp_path))]
    assert not [*memory.leftovers(made(tmp_path))]


def test_shared_memory_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, 2**34, 2**34)
    monkeypatch.setattr(os, "access", lambda *_: False)
    line = only(memory.shared_memory, made(tmp_path, {"dev/shm/x": ""}))
    assert "cannot write there" in line.means
    assert "chmod 1777 /dev/shm" in line.do


def test_what_only_linux_has(tmp_path: Path) -> None:
    """No line where it does not exist."""
    of_linux: list[Item] = [
        memory.shared_memory,
        memory.leftovers,
        memory.logout,
        memory.memory,
        limits.semaphores,
        surroundings.container,
        surroundings.windows_subsystem,
    ]
    for system in "macOS", "Windows":
        assert not [line for item in of_linux for line in item(made(tmp_path, system=system))]
    windows = made(tmp_path, system="Windows", limits={})
    of_both: list[Item] = [limits.files, limits.processes, limits.locked_memory]
    assert not [line for item in of_both for line in item(windows)]
    assert not [*limits.temporary_folder(windows)]


def process(
    root: Path, number: int, maps: str = "", files: Mapping[str, Path] | None = None
) -> None:
    """A process with these files mapped or open."""
    folder = root / "proc" / str(number)
    (folder / "fd").mkdir(parents=True)
    (folder / "maps").write_text(maps)
    for name, path in (files or {}).items():
        (folder / "fd" / name).symlink_to(path)


def mapping(path: Path) -> str:
    """A line of `maps`."""
    told = path.stat()
    device = f"{os.major(told.st_dev):02x}:{os.minor(told.st_dev):02x}"
    return (
        "55d8c0a00000-55d8c0a21000 rw-p 00000000 00:00 0                          [heap]\n"
        f"7f1e6ac00000-7f1e6ac01000 rw-s 00000000 {device} {told.st_ino}    /dev/shm/a b\n"
    )


@linux
def test_leftovers(tmp_path: Path) -> None:
    names = ["psm_dead", "psm_open", "psm_mapped", "sem.mp-dead", "sem.mp-mapped", "my block"]
    user = os.getuid()
    machine = made(tmp_path, {f"dev/shm/{name}": "x" for name in names}, user=user)
    shm = tmp_path / "dev" / "shm"
    (shm / "psm_folder").mkdir()
    (shm / "psm_link").symlink_to(shm / "psm_dead")
    (shm / "psm_\n").touch()
    (shm / "psm_new").touch()
    os.utime(shm / "psm_new", (OLD + 3599, OLD + 3599))
    process(tmp_path, 1, mapping(shm / "psm_mapped"), {"3": shm / "psm_open"})
    process(tmp_path, 8, mapping(shm / "sem.mp-mapped"), {"0": Path("/no/such/file")})
    (tmp_path / "proc" / "9").mkdir()  # it ends while it is looked at
    made_up, other = memory.leftovers(machine)
    assert made_up.found.startswith("2 files, ")
    assert "`rm /dev/shm/psm_dead /dev/shm/sem.mp-dead`" in made_up.do
    assert "No process has such a file open or mapped. " in made_up.means
    assert other.found.startswith("1 file, ")
    assert "`rm '/dev/shm/my block'`" in other.do
    assert not [*memory.leftovers(dataclasses.replace(machine, user=user + 1))]


@linux
def test_leftovers_where_all_is_used(tmp_path: Path) -> None:
    machine = made(tmp_path, {"dev/shm/psm_open": "x"}, user=os.getuid())
    process(tmp_path, 7, "", {"3": tmp_path / "dev" / "shm" / "psm_open"})
    assert not [*memory.leftovers(machine)]


@linux
def test_leftovers_that_vanish_while_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = made(tmp_path, {"dev/shm/psm_dead": "x", "dev/shm/psm_gone": "x"}, user=os.getuid())
    real = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        if path.name == "psm_gone":
            path.unlink()
        return real(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    assert only(memory.leftovers, machine).do.endswith("`rm /dev/shm/psm_dead`")


@linux
def test_leftovers_where_processes_cannot_be_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = made(tmp_path, {"dev/shm/psm_dead": "x"}, user=os.getuid())
    process(tmp_path, 7)

    def forbidden(*_: object) -> str:
        raise PermissionError

    monkeypatch.setattr(Path, "read_text", forbidden)
    line = only(memory.leftovers, machine)
    assert "mapped, as far as can be seen: 1 process of others could not be" in line.means


@linux
def test_leftovers_where_processes_are_hidden(tmp_path: Path) -> None:
    machine = made(tmp_path, {"dev/shm/psm_dead": "x"}, user=os.getuid())
    assert "those of other users are hidden" in only(memory.leftovers, machine).means
    process(tmp_path, 1)
    assert "hidden" not in only(memory.leftovers, machine).means


@linux
def test_many_leftovers(tmp_path: Path) -> None:
    files = {f"dev/shm/psm_{number:02}": "x" for number in range(22)}
    line = only(memory.leftovers, made(tmp_path, files, user=os.getuid()))
    assert line.do.endswith("/dev/shm/psm_19`, then run the doctor again: there are 2 more")
    assert "psm_20" not in line.do


@linux
def test_leftovers_on_this_machine() -> None:
    """A block and a semaphore that are used are none; a block that was closed is one."""
    machine = Machine(now=time.time() + 3600)

    def told() -> str:
        return " ".join(line.do for line in memory.leftovers(machine))

    block = SharedMemory(create=True, size=1)
    try:
        lock = multiprocessing.get_context("spawn").Lock()
        name: str = lock._semlock.name  # type: ignore[attr-defined]
        assert Path("/dev/shm", f"sem.{name[1:]}").exists()
        assert block.name not in told()
        assert name[1:] not in told()
        block.close()
        left = Path("/dev/shm", block.name)
        assert memory._identity(left.stat()) not in memory._used(machine)[0]
        (line,) = [line for line in memory.leftovers(machine) if line.about == "Left in /dev/shm"]
        assert block.name in line.do or "then run the doctor again" in line.do
    finally:
        block.unlink()


SYSTEMD = {"run/systemd/system/x": "", "run/systemd/seats/x": ""}


@pytest.mark.parametrize(
    "files, user, found",
    [
        pytest.param({}, 1000, "systemd removes it", id="default"),
        pytest.param({}, 999, "kept: user 999 is a system user", id="system user"),
        pytest.param({}, 0, "kept: user 0 is a system user", id="root"),
        pytest.param(
            {"etc/login.defs": "# SYS_UID_MAX 5\nSYS_UID_MAX\t499\n"},
            500,
            "systemd removes it",
            id="users begin earlier",
        ),
        pytest.param(
            {"etc/systemd/logind.conf": "[Login]\n#RemoveIPC=no\n"},
            1000,
            "systemd removes it",
            id="comment",
        ),
        pytest.param(
            {"etc/systemd/logind.conf": "[Login]\nRemoveIPC=no\n"},
            1000,
            "kept: RemoveIPC=no",
            id="no",
        ),
        pytest.param(
            {"usr/lib/systemd/logind.conf": "[Login]\n RemoveIPC = Off\n"},
            1000,
            "kept: RemoveIPC=no",
            id="file of the vendor",
        ),
        pytest.param(
            {
                "etc/systemd/logind.conf": "",
                "usr/lib/systemd/logind.conf": "[Login]\nRemoveIPC=no\n",
            },
            1000,
            "systemd removes it",
            id="first file alone",
        ),
        pytest.param(
            {
                "etc/systemd/logind.conf": "[Login]\nRemoveIPC=no\n",
                "usr/lib/systemd/logind.conf.d/10-a.conf": "[Login]\nRemoveIPC=yes\n",
            },
            1000,
            "systemd removes it",
            id="drop-in",
        ),
        pytest.param(
            {
                "etc/systemd/logind.conf.d/10-a.conf": "[Login]\nRemoveIPC=yes\n",
                "usr/lib/systemd/logind.conf.d/20-b.conf": "[Login]\nRemoveIPC=no\n",
            },
            1000,
            "kept: RemoveIPC=no",
            id="last name",
        ),
        pytest.param(
            {
                "etc/systemd/logind.conf.d/20-b.conf": "",
                "usr/lib/systemd/logind.conf.d/20-b.conf": "[Login]\nRemoveIPC=no\n",
            },
            1000,
            "systemd removes it",
            id="hidden drop-in",
        ),
    ],
)
def test_logout(tmp_path: Path, files: dict[str, str], user: int, found: str) -> None:
    assert only(memory.logout, made(tmp_path, {**SYSTEMD, **files}, user=user)).found == found


def test_logout_without_systemd(tmp_path: Path) -> None:
    assert not [*memory.logout(made(tmp_path / "a"))]
    assert not [*memory.logout(made(tmp_path / "b", {"run/systemd/seats/x": ""}))]
    assert not [*memory.logout(made(tmp_path / "c", {"run/systemd/system/x": ""}))]


TOTAL = {"proc/meminfo": "MemTotal:        4194304 kB\nMemFree: 1 kB\n"}


@pytest.mark.parametrize(
    "files, found, do",
    [
        pytest.param(TOTAL, "4 GiB in all", "", id="all"),
        pytest.param({}, "unknown", "", id="unknown"),
        pytest.param(
            {**TOTAL, "sys/fs/cgroup/memory.max": "1048576\n"},
            "4 GiB in all; this cgroup may use 1 MiB",
            "",
            id="limit",
        ),
        pytest.param(
            {"sys/fs/cgroup/memory.max": "1048576\n"},
            "unknown; this cgroup may use 1 MiB",
            "",
            id="limit of unknown",
        ),
        pytest.param(
            {**TOTAL, "sys/fs/cgroup/memory.max": "9223372036854771712\n"},
            "4 GiB in all",
            "",
            id="a limit that is none",
        ),
        pytest.param(
            {**TOTAL, "sys/fs/cgroup/memory.events": "oom_kill 2\n"},
            "4 GiB in all; 2 processes were killed in this cgroup",
            "Start fewer workers, or raise the limit",
            id="killed",
        ),
    ],
)
def test_memory(tmp_path: Path, files: dict[str, str], found: str, do: str) -> None:
    line = only(memory.memory, made(tmp_path, files))
    assert (line.found, line.do) == (found, do)


@pytest.mark.parametrize(
    "limit, found, do",
    [
        ((1024, 1024), "1,024 in a process", ""),
        ((1024, 4096), "1,024 in a process; ulimit -n can raise it (4,096)", ""),
        ((math.inf, math.inf), "no limit in a process", ""),
        ((64, 64), "64 in a process", "Use one queue for all workers"),
        (
            (256, math.inf),
            "256 in a process; ulimit -n can raise it without limit",
            "Use one queue for all workers; or run `ulimit -n 4096` before the program",
        ),
        (
            (256, 512),
            "256 in a process; ulimit -n can raise it (512)",
            "Use one queue for all workers; or run `ulimit -n 512` before the program",
        ),
    ],
)
def test_open_files(tmp_path: Path, limit: tuple[float, float], found: str, do: str) -> None:
    line = only(limits.files, made(tmp_path, limits={"NOFILE": limit}))
    assert (line.found, line.do) == (found, do)


@pytest.mark.parametrize(
    "files, most, user, found, few",
    [
        pytest.param({}, math.inf, 1000, "no limit for this user", False, id="no limit"),
        pytest.param({}, 4096, 1000, "4,096 for this user", False, id="many"),
        pytest.param({}, 100, 1000, "100 for this user", True, id="few"),
        pytest.param({}, 100, 0, "no limit for root", False, id="root"),
        pytest.param(
            PIDS, 4096, 1000, "4,096 for this user; 70 more in this cgroup", True, id="cgroup"
        ),
    ],
)
def test_processes(
    tmp_path: Path, files: dict[str, str], most: float, user: int, found: str, few: bool
) -> None:
    machine = made(tmp_path, files, limits={"NPROC": (most, most)}, user=user)
    line = only(limits.processes, machine)
    assert (line.found, bool(line.do)) == (found, few)


def test_locked_memory(tmp_path: Path) -> None:
    for limit, found in [(65536, "64 KiB"), (math.inf, "no limit")]:
        machine = made(tmp_path, limits={"MEMLOCK": (limit, limit)})
        assert only(limits.locked_memory, machine).found == found


def test_semaphores(tmp_path: Path) -> None:
    none = only(limits.semaphores, made(tmp_path, semaphores=None))
    few = only(limits.semaphores, made(tmp_path, semaphores=32, system="macOS"))
    many = only(limits.semaphores, made(tmp_path, semaphores=87381, system="macOS"))
    assert [none.found, none.do] == [
        "this Python was built without them",
        "Install another build of Python",
    ]
    assert [few.found, few.do] == ["32 in a process", "Use a Pool"]
    assert [many.found, many.do] == ["87,381 in a process", ""]


@pytest.mark.parametrize(
    "system, temporary, sockets, means, do",
    [
        pytest.param("Linux", "/tmp", "/tmp", "75 bytes are the most", False, id="short"),
        pytest.param("Linux", "/" + "x" * 74, "", "75 bytes are the most", False, id="fits"),
        pytest.param("Linux", "/" + "x" * 75, "", "they fail", True, id="too long"),
        pytest.param("Linux", "/" + "ö" * 40, "", "they fail", True, id="too many bytes"),
        pytest.param("macOS", "/" + "x" * 71, "", "they fail", True, id="macOS"),
        pytest.param("Linux", "/" + "x" * 99, "/tmp", "sockets into /tmp", False, id="replaced"),
        pytest.param("Linux", "", "", "need one", True, id="none"),
    ],
)
def test_temporary_folder(
    tmp_path: Path, system: str, temporary: str, sockets: str, means: str, do: bool
) -> None:
    found: dict[str, Any] = {
        "system": system,
        "temporary": temporary,
        "for_sockets": sockets or temporary,
    }
    line = only(limits.temporary_folder, made(tmp_path, **found))
    assert means in line.means
    assert bool(line.do) == do


@pytest.mark.parametrize(
    "files, variables, found, do",
    [
        pytest.param({}, {}, "none was noticed", False, id="none"),
        pytest.param({".dockerenv": ""}, {}, "yes: there is /.dockerenv", False, id="Docker"),
        pytest.param(
            {"run/.containerenv": ""}, {}, "yes: there is /run/.containerenv", False, id="Podman"
        ),
        pytest.param(
            {}, {"KUBERNETES_SERVICE_HOST": "x"}, "yes: KUBERNETES_SERVICE_HOST is set", False,
            id="Kubernetes",
        ),
        pytest.param(
            {"proc/1/cgroup": "0::/kubepods/x\n"}, {},
            "yes: the cgroup of process 1 has kubepods", False, id="cgroup",
        ),
        pytest.param(
            {".dockerenv": "", "proc/1/cmdline": "python3\0-m\0shop\0"}, {},
            "yes: there is /.dockerenv", True, id="PID 1",
        ),
    ],
)  # fmt: skip
def test_container(
    tmp_path: Path, files: dict[str, str], variables: dict[str, str], found: str, do: bool
) -> None:
    line = only(surroundings.container, made(tmp_path, files, environment=variables))
    assert (line.found, bool(line.do)) == (found, do)


def test_windows_subsystem(tmp_path: Path) -> None:
    kernel = "proc/sys/kernel/osrelease"
    linux = made(tmp_path, {kernel: "6.1.0-18-amd64\n"})
    assert not [*surroundings.windows_subsystem(linux)]
    wsl = made(tmp_path, {kernel: "5.15.90.1-microsoft-standard-WSL2\n"})
    assert only(surroundings.windows_subsystem, wsl).found.startswith("yes: the kernel is 5.15")


@pytest.mark.parametrize(
    "changed, found, do",
    [
        ({}, "cpython 3.15.2", False),
        ({"executable": r"C:\Python\pythonw.exe"}, "cpython 3.15.2", False),
        ({"implementation": "pypy"}, "pypy 3.15.2", False),
        ({"frozen": True}, "cpython 3.15.2, frozen", True),
        ({"executable": ""}, "cpython 3.15.2, embedded in another program", True),
        ({"executable": "/usr/bin/uwsgi"}, "cpython 3.15.2, embedded in another program", True),
        ({"interactive": True}, "cpython 3.15.2, interactive", False),
    ],
)
def test_interpreter(tmp_path: Path, changed: dict[str, Any], found: str, do: bool) -> None:
    line = only(of_python.interpreter, made(tmp_path, **changed))
    assert (line.found, bool(line.do)) == (found, do)


@pytest.mark.parametrize(
    "system, methods, means, do",
    [
        ("Linux", ["fork", "spawn", "forkserver"], "In Python 3.14 and later", False),
        ("Linux", ["forkserver", "fork", "spawn"], "A child imports the program", False),
        ("Linux", ["spawn", "fork", "forkserver"], "It would be forkserver", True),
        ("macOS", ["spawn", "fork", "forkserver"], "A child imports the program", False),
        ("Windows", ["spawn"], "A child imports the program", False),
    ],
)
def test_start_methods(
    tmp_path: Path, system: str, methods: list[str], means: str, do: bool
) -> None:
    line = only(of_python.start_methods, made(tmp_path, system=system, start_methods=methods))
    assert line.found.startswith(f"{methods[0]} is the default")
    assert line.means.startswith(means)
    assert bool(line.do) == do


@pytest.mark.parametrize(
    "build, gil, found",
    [(False, True, "no"), (True, True, "yes, but the GIL is on"), (True, False, "yes")],
)
def test_free_threading(tmp_path: Path, build: bool, gil: bool, found: str) -> None:
    line = only(of_python.threads, made(tmp_path, without_gil=build, gil=gil))
    assert line.found == found


def test_faults_of_a_release(tmp_path: Path) -> None:
    def told(release: tuple[int, int, int], system: str = "Linux", **changed: Any) -> list[Line]:
        methods = ["spawn"] if system == "Windows" else ["fork", "spawn", "forkserver"]
        changed = {"release": release, "system": system, "start_methods": methods} | changed
        return [*of_python.faults(made(tmp_path, **changed))]

    assert not told((3, 15, 2))
    assert not told((3, 13, 18))
    assert not told((3, 16, 0))
    (crash,) = [line for line in told((3, 11, 4)) if "crashes if it uses" in line.found]
    assert crash.about == "Fault of Python 3.11.4"
    assert crash.means == "Fixed in Python 3.11.5"
    assert crash.do == "Make the lock with the context of the process, or update Python"
    assert not [line for line in told((3, 11, 4), "Windows") if "crashes if it" in line.found]
    assert [line for line in told((3, 12, 1), "Windows") if "60 workers" in line.found]
    assert not [line for line in told((3, 12, 1)) if "60 workers" in line.found]
    (hang,) = [line for line in told((3, 14, 6)) if "can hang" in line.found]
    assert hang.means == "Fixed in Python 3.14.7"
    assert not told((3, 11, 4), implementation="pypy")


def test_labels_of_faults_can_be_read() -> None:
    for fault in faults.FAULTS:
        assert str(read_case(fault.label))
    assert len({(fault.what, fault.page) for fault in faults.FAULTS}) == len(faults.FAULTS)


def test_the_releases_of_faults_are_those_of_their_pages() -> None:
    """The last one that has a fault, or the first that has it no longer, stands on the page."""
    for fault in faults.FAULTS:
        page = (ROOT / "docs" / fault.page.partition("#")[0]).read_text("utf-8")
        for first, end in read_case(fault.label).pythons.ranges:
            last = (*end[:2], end[2] - 1) if end[2] else after(first)
            edges = {named(last), named(end), named(end).removesuffix(".0")}
            assert any(edge in page for edge in edges), f"{fault.what}: {edges}"
            assert first[2] == 0 or named(first) in page, f"{fault.what}: {first}"


def test_pages_and_headings_exist() -> None:
    """Wherever one is named: also in a line that no test above asks for."""
    pages = set()
    for path in sorted((ROOT / "examples" / "_doctor").glob("*.py")):
        text = path.read_text("utf-8").replace("{PAGE}", surroundings.PAGE)
        pages |= set(re.findall(r'"([\w./-]+\.md[^"]*)"', text))
    assert len(pages) > 25
    for page in pages:
        place, _, heading = page.partition("#")
        source = (ROOT / "docs" / place).read_text("utf-8")
        fences, _ = read_fences(source.splitlines(), place)
        assert not heading or heading in _anchors(source, fences), page


def test_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "ITEMS", [of_python.start_methods, limits.files])
    machine = made(tmp_path, limits={"NOFILE": (64, 64)})
    monkeypatch.delenv("SITE_URL", raising=False)
    assert report.doctor(as_json=False, machine=machine) == 1
    assert capfd.readouterr().out == (
        "  Start methods: forkserver is the default; fork and spawn can be chosen.\n"
        "  A child imports the program, and does not have what the parent has changed.\n"
        "  docs/syntax/start-methods.md#which-one-is-the-default\n"
        "\n"
        "! Open files: 64 in a process.\n"
        "  On Linux, each Queue, Pipe, SharedMemory and started Process has two.\n"
        "  Do: Use one queue for all workers.\n"
        "  docs/pitfalls/too-many-files.md\n"
        "\n"
        "1 of 2 ask for something: see the lines with !.\n"
    )
    assert report.doctor(as_json=False, machine=made(tmp_path)) == 0


def test_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "ITEMS", [limits.files])
    monkeypatch.setenv("SITE_URL", "https://example.org/guide/")
    assert report.doctor(as_json=True, machine=made(tmp_path)) == 0
    told = json.loads(capfd.readouterr().out)
    assert told.keys() == {"system", "python", "lines"}
    assert told["lines"][0]["page"] == "https://example.org/guide/pitfalls/too-many-files/"


def test_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org")
    assert address("errors.md#a-b") == "https://example.org/errors/#a-b"


@linux
def test_what_the_terminal_cannot_write_is_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(report, "ITEMS", [limits.temporary_folder])
    machine = made(tmp_path, temporary="/\udcff", for_sockets="/\udcff")
    assert report.doctor(as_json=False, machine=machine) == 0
    assert b"/\\udcff, 2 bytes" in capsysbinary.readouterr().out


def test_an_item_that_fails_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(machine: Machine) -> Iterator[Line]:
        raise ValueError(f"of {machine.system}")
        yield

    monkeypatch.setattr(report, "ITEMS", [broken, limits.files])
    first, _ = report.ask(made(tmp_path))
    assert first.about == "test_harness_doctor.broken"
    assert first.found == "could not be told: ValueError('of Linux')"


def test_every_item_is_asked() -> None:
    modules = "limits", "memory", "processors", "python", "surroundings"
    found = {
        thing
        for name in modules
        for thing in vars(importlib.import_module(f"examples._doctor.{name}")).values()
        if getattr(thing, "__annotations__", {}).get("return") == Iterator[Line]
    }
    assert found == set(report.ITEMS)


@pytest.mark.parametrize("arguments", [["doctor"], ["doctor", "--json"]])
def test_the_command(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["examples", *arguments])
    assert _command.main() in (0, 1)
    told = capfd.readouterr().out
    assert "could not be told" not in told
    assert told.startswith("{" if "--json" in arguments else "  Python: cpython 3.")


@pytest.mark.parametrize("arguments", [["--json"], ["list", "--json"], ["doctor", "x", "--json"]])
def test_json_is_not_for_all(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["examples", *arguments])
    with pytest.raises(SystemExit, match="2"):
        _command.main()
    assert "--json is not for this" in capfd.readouterr().err


WATCHED = """
import os, sys, tempfile

def watch(event, arguments):
    name, *rest = arguments or [None]
    if event == "open" and isinstance(rest[1], int) and rest[1] & (os.O_WRONLY | os.O_RDWR):
        tell(event, name)
    elif event in CHANGES:
        tell(event, name)

def tell(event, name):
    if tempfile.tempdir not in (name, os.path.dirname(str(name))):
        print(event, name, file=sys.stderr)

CHANGES = {
    "_winapi.CreateProcess", "os.chmod", "os.chown", "os.exec", "os.fork", "os.forkpty",
    "os.kill", "os.killpg", "os.link", "os.mkdir", "os.posix_spawn", "os.putenv", "os.remove",
    "os.rename", "os.rmdir", "os.spawn", "os.startfile", "os.symlink", "os.system",
    "os.truncate", "os.unsetenv", "os.utime", "socket.bind", "subprocess.Popen",
}
tempfile.tempdir = None
tempfile.gettempdir()
import examples._command
sys.argv = ["examples", "doctor", *sys.argv[1:]]
sys.dont_write_bytecode = True
sys.addaudithook(watch)
status = examples._command.main()
print("end", file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_it_changes_nothing(option: list[str]) -> None:
    """But for a file in the folder for temporary files, which Python writes and removes."""
    line = [sys.executable, "-S", "-c", WATCHED, *option]
    ran = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    assert ran.stderr == "end\n"
    assert ran.returncode in (0, 1)
