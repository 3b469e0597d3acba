"""What the pages say, and what proves it: a file a page, a function a statement.

The docstring of a function quotes the page; its body proves what is said there, under
the start method that is the default while it runs. `nox -s tests -- -k claims` runs
them all; `python tests/harness/run/claims.py queue` those of one page.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from examples import _runner
from examples._runner import Outcome
from tests.harness.read.pages import Fence, read_fences
from tests.harness.read.versions import THIS, read_versions

ROOT = Path(__file__).parents[2]
TIME_LIMIT = 30.0  # seconds
SURE = 0.5  # seconds after which what has not gone on hangs
PAUSE = 0.01  # seconds between two looks at a program


def shown(place: str, *texts: str) -> None:
    """Each text stands in what a page shows.

    `queue/smallest` is a program, with its outputs and the words over them; `queue`
    stands for the fragments of that page.
    """
    page, _, program = place.partition("/")
    (path,) = (p for p in (ROOT / "docs").glob(f"**/{page}.*") if p.suffix in {".md", ".ipynb"})
    fences, _ = read_fences(path.read_text("utf-8").splitlines(), path.name)
    found = "\n".join(_text(fence) for fence in fences if _is_of(fence, place, program))
    for text in texts:
        assert text in found, f"{place} does not show {text!r}"


def _is_of(fence: Fence, place: str, program: str) -> bool:
    """Whether a fence shows something of a program, or if none is named, a fragment."""
    if program:
        return fence.include.startswith(f"{place}.")
    return fence.language == "python" and not fence.include


def _text(fence: Fence) -> str:
    if not fence.include:
        return fence.source
    return f"{fence.title}\n{(ROOT / 'examples' / fence.include).read_text('utf-8')}"


def no_fact(reason: str) -> None:
    """What is quoted cannot be true or false: it is advice, a definition, an introduction."""
    assert reason


def on(label: str) -> bool:
    """Whether this Python is one of a label as tabs have it: `Python 3.13.8 and later`."""
    return THIS in read_versions(label.removeprefix("Python "))


@contextmanager
def raises(*errors: type[BaseException], text: str = "") -> Iterator[None]:
    """What is in the block raises one of the errors, with the text in its message."""
    try:
        yield
    except errors as error:
        assert text in str(error), f"{error!r} does not say {text!r}"
    else:
        raise AssertionError(f"nothing raises {' or '.join(e.__name__ for e in errors)}")


def script(code: str, *options: str, module: bool = False, hangs_after: str = "") -> Outcome:
    """Run a program, in a file of its own, under the same start method.

    With `module` it is run as `python -m`. `hangs_after` is what it prints before it hangs:
    half a second later it is killed, with status None, as is all that a program has left running.
    """
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name).resolve()
        (folder / "program.py").write_text(code.lstrip("\n"), "utf-8")
        with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, *options, *(["-m", "program"] if module else ["program.py"])],
                cwd=folder, env={**os.environ, "TMPDIR": str(folder)},
                stdout=stdout, stderr=stderr, start_new_session=True,
            )  # fmt: skip
            deadline = time.monotonic() + TIME_LIMIT
            while hangs_after and time.monotonic() < deadline and process.poll() is None:
                if hangs_after in (folder / "stdout").read_text("utf-8"):
                    deadline = time.monotonic() + SURE
                    break
                time.sleep(PAUSE)
            outcome = Outcome()
            with suppress(subprocess.TimeoutExpired):
                outcome.status = process.wait(max(deadline - time.monotonic(), 0))
            _kill(process)
        outcome.stdout = (folder / "stdout").read_text("utf-8")
        outcome.stderr = (folder / "stderr").read_text("utf-8")
    return outcome


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a program and all that it has started; its resource tracker ends by itself.

    So what the tracker knows of is removed.
    """
    deadline = time.monotonic() + _runner.GRACE
    while (pids := _processes(process)) and time.monotonic() < deadline:
        for pid in pids:
            if "resource_tracker" not in _runner._command(pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(PAUSE)
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _processes(process: "subprocess.Popen[bytes]") -> list[int]:
    """The living processes of its session, where the system shows them."""
    return _runner._processes(process.pid, "of no run", Path("/nowhere"))
