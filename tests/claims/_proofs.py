"""What the checks of statements need and their child processes do not."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from examples import _runner
from examples._runner import Outcome
from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, replaced
from tests.harness.read.pages import Fence, read_fences


def exhibit(place: str) -> str:
    """All that a page shows of a program, `queue/smallest`, or of its fragments, `queue`."""
    page, _, program = place.partition("/")
    (path,) = (p for p in (ROOT / "docs").glob(f"**/{page}.*") if p.suffix in {".md", ".ipynb"})
    fences, _ = read_fences(path.read_text("utf-8").splitlines(), path.name)
    return "\n".join(_text(fence) for fence in fences if _is_of(fence, place, program))


def _is_of(fence: Fence, place: str, program: str) -> bool:
    """Whether a fence shows something of a program, or if none is named, a fragment."""
    if program:
        return fence.include.startswith(f"{place}.")
    return fence.language == "python" and not fence.include


def _text(fence: Fence) -> str:
    if not fence.include:
        return fence.source
    return f"{fence.title}\n{(ROOT / 'examples' / fence.include).read_text('utf-8')}"


def changed(program: str, *changes: tuple[str, str]) -> str:
    """As `tests.claims.changed` says. Raises AssertionError where there is no such place."""
    return replaced((ROOT / "examples" / f"{program}.py").read_text("utf-8"), *changes)


def run(code: str, *options: str, module: bool, hangs_after: str) -> Outcome:
    """As `script` says."""
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name).resolve()
        (folder / "program.py").write_text(code.lstrip("\n"), "utf-8")
        semaphores = _semaphores()
        with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
            arguments = [*options, *(["-m", "program"] if module else ["program.py"])]
            process = start(folder, arguments, stdout, stderr)
            deadline = time.monotonic() + TIME_LIMIT
            while hangs_after and time.monotonic() < deadline and process.poll() is None:
                if hangs_after in (folder / "stdout").read_text("utf-8"):
                    deadline = time.monotonic() + SURE
                    break
                time.sleep(PAUSE)
            outcome = Outcome()
            with suppress(subprocess.TimeoutExpired):
                outcome.status = process.wait(max(deadline - time.monotonic(), 0))
            end(process, folder)
            if outcome.status is None:
                # One killed between making a semaphore and telling the tracker of it leaves it.
                for semaphore in _semaphores() - semaphores:
                    semaphore.unlink(missing_ok=True)
        outcome.stdout = (folder / "stdout").read_text("utf-8")
        outcome.stderr = (folder / "stderr").read_text("utf-8")
    return outcome


def _semaphores() -> set[Path]:
    return set(_runner._semaphores(os.environ.get("EXAMPLE_RUN", _runner.NO_RUN)))


def start(
    folder: Path, arguments: list[str], stdout: IO[bytes] | int, stderr: IO[bytes] | int
) -> "subprocess.Popen[bytes]":
    """Start Python in a folder, which is its only one, and in a session of its own."""
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env={**os.environ, "TMPDIR": str(folder)},
        stdout=stdout, stderr=stderr, start_new_session=True,
    )  # fmt: skip


def end(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Kill a program and all that it has started; its resource tracker ends by itself.

    So what the tracker knows of is removed.
    """
    deadline = time.monotonic() + _runner.GRACE
    while (
        pids := _runner._processes(process.pid, _runner.NO_RUN, folder)
    ) and time.monotonic() < deadline:
        for pid in pids:
            command = _runner._command(pid)  # empty for a moment when a process begins
            if command and "resource_tracker" not in command:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(PAUSE)
    if pids:
        _runner._kill_all(process, _runner.NO_RUN, folder)
    process.wait()
