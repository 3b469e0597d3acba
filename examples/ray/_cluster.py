"""Starts Ray on this machine alone, in a folder of its own, and ends it, whatever happens.

It is imported before Ray, which reads these variables then.
"""

import logging
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import active_children
from pathlib import Path
from subprocess import STDOUT, run
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # no other hosts: listen on 127.0.0.1
os.environ["RAY_AUTH_MODE"] = "token"
os.environ["RAY_DEDUP_LOGS_SKIP_REGEX"] = "."  # do not print what a raylet tells of killed workers

import ray

HEAD = ["start", "--head", "--num-cpus=2", "--object-store-memory=200000000"]
HEAD += ["--include-dashboard=false", "--include-log-monitor=false", "--no-monitor", "--port=0"]
PORTS = ["dashboard-agent-listen", "metrics-export", "runtime-env-agent"]
DRIVER: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
SLOW = {  # seconds, and milliseconds: the machine may be busy
    "RAY_agent_register_timeout_ms": "120000",
    "RAY_gcs_server_port_wait_time_s": "120",
    "RAY_worker_register_timeout_seconds": "120",
}
TRIES = 3  # Ray gives up a start that takes 30 seconds
PLACE = None if sys.platform == "win32" else "/tmp"  # the path of a socket has to be short
ENDS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def own_folder() -> Iterator[str]:
    """A folder for Ray, and what else it has to know; afterwards nothing of it is left."""
    program = os.getpid()
    ended: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        if os.getpid() == program:
            ended.append(number)
            for each in ENDS:
                signal.signal(each, signal.SIG_IGN)
            raise KeyboardInterrupt  # Ray may abort at a SystemExit
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    before = {number: signal.signal(number, end) for number in ENDS}
    try:
        with TemporaryDirectory("", "ray-", PLACE, ignore_cleanup_errors=True) as folder:
            variables = SLOW | {
                "RAY_AUTH_TOKEN": secrets.token_hex(32),  # else Ray keeps one in the user's home
                "RAY_TMPDIR": folder,
                "RAY_USAGE_STATS_ENABLED": "0",  # Ray would tell its makers
            }
            old = dict(os.environ)
            os.environ |= variables
            try:
                yield folder
            finally:
                for name in variables:
                    os.environ.pop(name, None)
                os.environ |= {name: old[name] for name in variables if name in old}
                for child in active_children():  # it may be about to start Ray
                    child.kill()
                    child.join()
                kill_left(folder)
    except KeyboardInterrupt:
        if ended:
            raise SystemExit(128 + ended[0]) from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def cluster(*options: str, **driver: Any) -> Iterator[str]:
    """Ray with two workers on this machine, and its folder."""
    with own_folder() as folder:
        try:
            connect(start(*options), **driver)
            yield folder
        finally:
            ray.shutdown()


def start(*options: str) -> str:
    """Start a head in the folder of `own_folder`, and give its address; or SystemExit."""
    folder = os.environ["RAY_TMPDIR"]
    written, log = Path(folder, "ray_current_cluster"), Path(folder, "start.log")
    line = [sys.executable, "-m", "ray.scripts.scripts", *HEAD, f"--temp-dir={folder}", *options]
    for _ in range(TRIES):
        kill_left(folder)
        written.unlink(missing_ok=True)
        ports = [f"--{name}-port={number}" for name, number in free_ports().items()]
        with log.open("w") as file:
            done = run([*line, *ports], cwd=folder, stdout=file, stderr=STDOUT)
        if not done.returncode:
            return written.read_text("utf-8").strip()
    lines = [line for line in log.read_text(errors="replace").splitlines() if line]
    print(f"Ray does not start: {lines[-1] if lines else 'it says nothing'}", file=sys.stderr)
    raise SystemExit(2)


def connect(address: str, **options: Any) -> None:
    """Connect this program to Ray."""
    ours = {number: signal.getsignal(number) for number in ENDS}
    ray.init(address, **DRIVER | options)
    for number, handler in ours.items():  # Ray has a handler of its own
        signal.signal(number, handler)


def free_ports() -> dict[str, int]:
    """Ports of this machine that nobody uses."""
    with ExitStack() as stack:
        sockets = {name: stack.enter_context(socket.socket()) for name in PORTS}
        for one in sockets.values():
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in sockets.items()}


def kill_left(folder: str) -> None:
    """Kill what Ray has started there and not ended, until nothing is left (on Linux)."""
    while found := processes(folder):
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.01)  # until they have ended


def processes(folder: str, name: str = "") -> list[int]:
    """The living processes of Ray that were started in this folder (on Linux).

    A process that gives itself a title, as workers do, may write it over its environment.
    """
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (entry / "cmdline").read_bytes()
            there = os.readlink(entry / "cwd") == folder
            there |= f"RAY_TMPDIR={folder}\0".encode() in (entry / "environ").read_bytes()
            if there and b"multiprocessing" not in line and named(line, name):
                found.append(int(entry.name))
    return found


def named(line: bytes, name: str) -> bool:
    """Whether a command has that name, if there is one; all have none as a zombie."""
    command = line.partition(b"\0")[0].decode(errors="replace")
    return bool(command) and (not name or Path(command).name == name)


def process_of(name: str) -> int:
    """The number of a process that Ray has started here: `gcs_server` or `raylet`."""
    (found,) = processes(os.environ["RAY_TMPDIR"], name)
    return found
