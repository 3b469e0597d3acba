"""Runs the cases, in rounds, and gathers what they came to."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from _case import Case
from _groups import GROUPS
from _plan import Plan
from tqdm import tqdm

WORKER = Path(__file__).with_name("_worker.py")


LOOKS = 100  # of 0.01 s, for what a worker has started to end
SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"]  # each system has some of them

interrupted = 0
"""The first signal that came; 0 before."""
running: subprocess.Popen[str] | None = None
"""The worker, while there is one."""


class WorkerFailed(Exception):
    """Raised when a worker ends before it has measured its group."""


def note_signals() -> None:
    """From now on, a signal ends the worker, and then the measurement."""
    for name in SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _note)


def _note(number: int, frame: FrameType | None) -> None:
    global interrupted
    if not interrupted:  # a second one changes nothing
        interrupted = number
        if running:
            tell_to_end(running)


def check() -> None:
    """Raise KeyboardInterrupt if a signal came."""
    if interrupted:
        raise KeyboardInterrupt


def measure(
    cases: list[Case],
    plan: Plan,
    start_method: str,
    core: str = "",
    look: Callable[[], object] = lambda: None,
) -> Iterator[dict[str, Any]]:
    """Give what each case came to, in each round, as it comes.

    With `core`, all processes run on that one. Before each group, while
    nothing is measured, it calls `look`.

    Shows how far it is, on standard error. Raises KeyboardInterrupt after a signal.
    """
    groups = defaultdict(list)
    for case in cases:
        groups[case.group].append(case)
    total = plan.rounds * sum(map(plan.weight_of, cases))
    form = "{percentage:3.0f}%|{bar}| {elapsed}, {remaining} left {postfix}"
    with tqdm(total=total, bar_format=form) as bar:
        for _ in range(plan.rounds):
            for members in groups.values():
                look()
                for case, line in lines_of(members, plan, start_method, core):
                    bar.update(plan.weight_of(case))
                    bar.set_postfix_str(case.name)
                    yield line


def lines_of(
    cases: list[Case], plan: Plan, start_method: str, core: str
) -> Iterator[tuple[Case, dict[str, Any]]]:
    """Each case of a group with what it came to; if the worker fails, with the reason."""
    waiting = list(cases)
    try:
        for line in lines_of_worker(cases[0].group, plan, start_method, core):
            yield waiting.pop(0), line
    except WorkerFailed as error:
        for case in waiting:
            yield case, {"name": case.name, "missing": str(error)}


def lines_of_worker(
    group: str, plan: Plan, start_method: str, core: str
) -> Iterator[dict[str, Any]]:
    """Start a worker, and give what it prints.

    It has a session and a folder for temporary files of its own, so
    that all it has started can be ended, and nothing is left of it.
    """
    global running
    check()
    numbers = [str(n) for n in (plan.rounds, plan.values, plan.seconds)]
    command = [sys.executable, str(WORKER), group, start_method, core, *numbers]
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            env={**os.environ, "TMPDIR": folder, "TEMP": folder},
            start_new_session=True,
        ) as worker,
    ):
        running = worker
        try:
            check()
            for line in worker.stdout or ():
                yield json.loads(line)
            check()
        except BaseException:
            end(worker)
            raise
        finally:
            running = None
        if worker.wait():
            errors.seek(0)
            last = errors.read().strip().rpartition("\n")[2]
            raise WorkerFailed(f"its process ended with {worker.returncode}. {last}".strip())


def end(worker: subprocess.Popen[str]) -> None:
    """End a worker and all that it has started, and wait for that."""
    tell_to_end(worker)
    worker.wait()
    if sys.platform == "win32":
        return
    with suppress(ProcessLookupError):  # nothing is left of its group
        for _ in range(LOOKS):
            os.killpg(worker.pid, 0)
            time.sleep(0.01)
        os.killpg(worker.pid, signal.SIGKILL)


def tell_to_end(worker: subprocess.Popen[str]) -> None:
    """Tell a worker and all that it has started to end.

    Not by kill: what the resource tracker knows is then removed.
    """
    if sys.platform == "win32":
        worker.terminate()
    elif worker.returncode is None:
        os.killpg(worker.pid, signal.SIGTERM)


def chosen(names: list[str]) -> list[Case]:
    """The cases of the groups named, each once; of all, if none is."""
    return [c for g in dict.fromkeys(names) or GROUPS for c in GROUPS[g].cases]
