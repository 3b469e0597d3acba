"""Runs the cases, in rounds, and gathers what they came to."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from _case import Case
from _groups import GROUPS
from _plan import Plan
from tqdm import tqdm

WORKER = Path(__file__).with_name("_worker.py")


class WorkerFailed(Exception):
    """Raised when a worker ends before it has measured its group."""


def measure(cases: list[Case], plan: Plan, start_method: str) -> Iterator[dict[str, Any]]:
    """Give what each case came to, in each round, as it comes.

    Shows how far it is, on standard error.
    """
    groups = defaultdict(list)
    for case in cases:
        groups[case.group].append(case)
    total = plan.rounds * sum(map(plan.weight_of, cases))
    form = "{percentage:3.0f}%|{bar}| {elapsed}, {remaining} left {postfix}"
    with tqdm(total=total, bar_format=form) as bar:
        for _ in range(plan.rounds):
            for members in groups.values():
                for case, line in lines_of(members, plan, start_method):
                    bar.update(plan.weight_of(case))
                    bar.set_postfix_str(case.name)
                    yield line


def lines_of(
    cases: list[Case], plan: Plan, start_method: str
) -> Iterator[tuple[Case, dict[str, Any]]]:
    """Each case of a group with what it came to; if the worker fails, with the reason."""
    waiting = list(cases)
    try:
        for line in lines_of_worker(cases[0].group, plan, start_method):
            yield waiting.pop(0), line
    except WorkerFailed as error:
        for case in waiting:
            yield case, {"name": case.name, "missing": str(error)}


def lines_of_worker(group: str, plan: Plan, start_method: str) -> Iterator[dict[str, Any]]:
    """Start a worker, and give what it prints.

    It has a session and a folder for temporary files of its own, so
    that all it has started can be ended, and nothing is left of it.
    """
    numbers = [str(n) for n in (plan.rounds, plan.values, plan.seconds)]
    command = [sys.executable, str(WORKER), group, start_method, *numbers]
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
        try:
            for line in worker.stdout or ():
                yield json.loads(line)
        except BaseException:
            end(worker)
            raise
        if worker.wait():
            errors.seek(0)
            last = errors.read().strip().rpartition("\n")[2]
            raise WorkerFailed(f"its process ended with {worker.returncode}. {last}".strip())


def end(worker: subprocess.Popen[str]) -> None:
    """End a worker and all that it has started.

    Not by kill: what the resource tracker knows is then removed.
    """
    if sys.platform == "win32":
        worker.terminate()
    else:
        os.killpg(worker.pid, signal.SIGTERM)
    worker.wait()


def chosen(names: list[str]) -> list[Case]:
    """The cases of the groups named, each once; of all, if none is."""
    return [c for g in dict.fromkeys(names) or GROUPS for c in GROUPS[g].cases]
