"""Runs one program, and tells what it printed, how it ended and what it left.

The tests and `python -m examples` both come here. It needs Python alone.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from examples import _interrupts

TIME_LIMIT = 60.0  # seconds
MOST_OUTPUT = 1_000_000  # bytes, of each stream
GRACE = 5.0  # seconds for helpers such as the resource tracker to end
PAUSE = 0.01  # seconds between two looks at a running program
NO_RUN = "none"  # a mark that no process has: they are found by session and folder
STARTUP = Path(__file__).with_name("_startup")
LONGEST_FOLDER = 56  # bytes; a socket's path has at most 103 on macOS, 107 elsewhere


@dataclass
class Outcome:
    """What one run of a program came to."""

    status: int | None = None
    """Exit status; negative for a signal, None if it still ran at the limit."""
    stdout: str = ""
    stderr: str = ""
    faults: list[str] = field(default_factory=list)
    """What no page can ask for: things left behind, endless or unreadable output."""
    seconds: float = 0.0


def run(
    program: Path,
    start_method: str | None = None,
    time_limit: float = TIME_LIMIT,
    capture: bool = True,
    python: str = sys.executable,
    arguments: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    watch: Callable[[int], bool] = lambda _: False,
    prefix: Sequence[str] = (),
) -> Outcome:
    """Run `program` as a script, in a session and an empty folder of its own.

    Without `capture` its streams are the caller's, and `stdout` and `stderr`
    stay empty. `start_method` None leaves the default of the platform. After
    `time_limit` seconds, or when this process is interrupted, everything that
    the program started is killed. `variables` are added to its environment, and
    `watch` is called with its process id again and again while it runs; once that
    gives True, the run ends as at the limit. `prefix` is a command that runs the
    command after it, in the same process.
    """
    _interrupts.check()
    run_id = uuid.uuid4().hex[:8]
    outcome = Outcome()
    with (
        _interrupts.held(),
        tempfile.TemporaryDirectory(
            prefix="run-", dir=temporary_folder(), ignore_cleanup_errors=True
        ) as scratch,
    ):
        folder, block_log = (Path(scratch, "cwd"), Path(scratch, "blocks"))
        folder.mkdir()
        streams = [Path(scratch, "stdout"), Path(scratch, "stderr")] if capture else []
        handles = [stream.open("wb") for stream in streams]
        started = time.perf_counter()
        process = subprocess.Popen(
            [*prefix, python, "-X", "dev", str(program.resolve()), *arguments],
            cwd=folder,
            env=environment(folder, start_method)
            | {"EXAMPLE_RUN": run_id, "EXAMPLE_BLOCK_LOG": str(block_log), **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=handles[0] if capture else None,
            stderr=handles[1] if capture else None,
            start_new_session=True,
            umask=0o022,
        )
        try:
            outcome.status, fault = _wait(process, started + time_limit, streams, watch)
            outcome.seconds = time.perf_counter() - started
            if fault:
                outcome.faults.append(fault)
            elif outcome.status is not None:
                outcome.faults += _left_behind(process.pid, run_id, folder, block_log)
        finally:
            _kill_all(process, run_id, folder)
            _remove_shared(run_id, block_log)
            for handle in handles:
                handle.close()
        if capture:
            outcome.stdout = _read(streams[0], "standard output", outcome.faults)
            outcome.stderr = _read(streams[1], "standard error", outcome.faults)
    _interrupts.check()
    return outcome


def temporary_folder() -> str:
    """The folder for temporary files, or /tmp where its path is too long for sockets below it."""
    folder = tempfile.gettempdir()
    return folder if len(os.fsencode(folder)) <= LONGEST_FOLDER else "/tmp"


def environment(folder: Path, start_method: str | None) -> dict[str, str]:
    """All that a program finds in its environment, so that no machine adds to it.

    `folder` is where it may write.
    """
    found = {
        "EXAMPLE_START_METHOD": start_method or "",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONMALLOC": "default",  # `-X dev` would check each allocation, which takes long
        "PYTHONPATH": str(STARTUP),
        "PYTHONUTF8": "1",
        # Where 3.15 shows a traceback from a child, `-X dev` shows this too; no reader sees it.
        "PYTHONWARNINGS": "ignore:Module globals is missing a __spec__.loader:DeprecationWarning",
        "TMPDIR": str(folder),
        "TZ": "UTC",
    }
    if sys.platform == "win32":
        found |= {"SYSTEMROOT": os.environ["SYSTEMROOT"], "TEMP": str(folder)}
    return found


def _wait(
    process: subprocess.Popen[bytes],
    deadline: float,
    streams: list[Path],
    watch: Callable[[int], bool],
) -> tuple[int | None, str]:
    """Wait for the end; give the exit status, and what was wrong if it was stopped early."""
    while (status := process.poll()) is None and time.perf_counter() < deadline:
        _interrupts.check()
        if watch(process.pid):
            break
        if any(stream.stat().st_size > MOST_OUTPUT for stream in streams):
            return (None, f"printed more than {MOST_OUTPUT:,} bytes, and was stopped")
        time.sleep(PAUSE)
    return status, ""


def _left_behind(session: int, run_id: str, folder: Path, block_log: Path) -> list[str]:
    """What there is of the run after its program has ended."""
    deadline = time.perf_counter() + GRACE
    while (pids := _processes(session, run_id, folder)) and time.perf_counter() < deadline:
        _interrupts.check()
        time.sleep(PAUSE)
    found = [f"left a process behind: {_command(pid)}" for pid in pids]
    blocks = [name for name in _blocks(block_log) if _block_exists(name)]
    found += [f"left a block of shared memory behind: {_plain(b, run_id)}" for b in blocks]
    found += [f"left a semaphore behind: {path.name}" for path in _semaphores(run_id)]
    found += [f"left a file behind: {path.name}" for path in sorted(folder.iterdir())]
    return found


def _processes(session: int, run_id: str, folder: Path) -> list[int]:
    """The living processes of a run, as Linux shows them; elsewhere none are found.

    They are known by the session of the program; or, in a session of their own,
    by the run's mark in their environment or by their working directory.
    """
    mark = f"EXAMPLE_RUN={run_id}".encode()
    entries = os.listdir("/proc") if os.path.isdir("/proc") else []
    pids = []
    for entry in filter(str.isdecimal, entries):  # each run looks often: this is quick
        with suppress(OSError):  # it has ended, or is not ours to read
            with open(f"/proc/{entry}/stat", "rb", buffering=0) as stat:
                state, _, _, its_session = stat.read().rpartition(b")")[2].split()[:4]
            if int(its_session) != session:
                with open(f"/proc/{entry}/environ", "rb", buffering=0) as environ:
                    ours = mark in environ.read()
                if not ours and not Path(os.readlink(f"/proc/{entry}/cwd")).is_relative_to(folder):
                    continue
            if state != b"Z":
                pids.append(int(entry))
    return pids


def _command(pid: int) -> str:
    """The command line of a process, on one line."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "one that has ended since"
    return " ".join(" ".join(word.decode(errors="replace").split()) for word in words).strip()


def _kill_all(process: subprocess.Popen[bytes], run_id: str, folder: Path) -> None:
    """Kill what is alive of a run, until nothing is."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    while pids := _processes(process.pid, run_id, folder):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(PAUSE)


def _semaphores(run_id: str) -> list[Path]:
    """The named semaphores of a run, as Linux shows them."""
    return sorted(Path("/dev/shm").glob(f"sem.mp-{run_id}-*"))


def _blocks(block_log: Path) -> list[str]:
    """The names of the blocks that a run created."""
    return sorted(set(block_log.read_text("utf-8").splitlines())) if block_log.exists() else []


def _block_exists(name: str) -> bool:
    import _posixshmem

    try:
        os.close(_posixshmem.shm_open(name, os.O_RDONLY, mode=0))
    except FileNotFoundError:
        return False
    return True


def _plain(name: str, run_id: str) -> str:
    """The name of a block as the program knows it."""
    return name.removeprefix("/").removesuffix(f"-{run_id}")


def _remove_shared(run_id: str, block_log: Path) -> None:
    """Remove what a run left in shared memory, or could not remove because it was killed."""
    for name in _blocks(block_log):
        if _block_exists(name):
            import _posixshmem

            _posixshmem.shm_unlink(name)
    for semaphore in _semaphores(run_id):
        semaphore.unlink(missing_ok=True)


def _read(stream: Path, name: str, faults: list[str]) -> str:
    """The text of a stream; a fault where it is not UTF-8."""
    data = stream.read_bytes()[:MOST_OUTPUT]
    try:
        text = data.decode("utf-8")
        return text.replace("\r\n", "\n") if sys.platform == "win32" else text
    except UnicodeDecodeError as error:
        faults.append(f"printed bytes that are not UTF-8 to {name}, at byte {error.start}")
        return data.decode("utf-8", errors="replace")
