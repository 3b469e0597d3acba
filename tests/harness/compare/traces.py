"""Records what the processes of a program do, and holds it against what its page shows."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from examples._runner import run
from examples._trace.events import read_events
from examples._trace.steps import read_run
from examples._trace.text import text_of
from tests.harness.read.model import Expectation, Program, Trace
from tests.harness.read.traces import comparable
from tests.harness.run.limits import PATIENCE

BUSY = 3  # times its limit is time enough for one that hangs, on a busy machine
QUIET = 0.5  # seconds without an event, after which a program that should hang is looked at


def recorded(
    program: Program, expectation: Expectation, method: str | None, python: str = sys.executable
) -> str:
    """What its processes do in a run, as a text.

    One that should hang is not watched to its limit if it hangs as its page shows.
    """
    with tempfile.TemporaryDirectory(prefix="trace-") as folder:
        noted = Path(folder, "events")
        variables = {"EXAMPLE_TRACE": str(noted)}
        watch = as_shown(program.trace, noted) if expectation.limit else lambda _: False
        limit = BUSY * expectation.limit if expectation.limit else PATIENCE
        run(program.path, method, limit, python=python, variables=variables, watch=watch)
        return text_of(read_run(read_events(noted)))


def as_shown(trace: Trace | None, noted: Path) -> Callable[[int], bool]:
    """Tells, again and again, whether a run is quiet, and at the end that its page shows."""
    size, since = 0, time.monotonic()

    def look(_: int) -> bool:
        nonlocal size, since
        now = noted.stat().st_size if noted.exists() else 0
        if now != size:
            size, since = now, time.monotonic()
        if not trace or not trace.text or time.monotonic() < since + QUIET:
            return False
        since = time.monotonic()
        text = text_of(read_run(read_events(noted)))
        return comparable(text, trace.in_one_run) == comparable(trace.text, trace.in_one_run)

    return look
