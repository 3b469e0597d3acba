"""What a child process sees of what its parent has: tried, thing by thing and way by way.

python3 examples/what-the-child-sees list task spawn    one, with this Python
python3 examples/what-the-child-sees                    all, with this Python
python3 examples/what-the-child-sees --record PYTHON... all, with several; it is written down
"""

import csv
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from _things import THINGS

HERE = Path(__file__).parent
OUTCOMES = HERE / "_outcomes.csv"
METHODS = ["fork", "forkserver", "spawn"]
GLOBAL = {
    "top": "global, set at the top of the file",
    "guard": "global, set under the main guard",
    "changed": "global, changed after a first process",
}
GIVEN = {
    "argument": "argument of Process",
    "task": "argument of a Pool's task",
    "executor": "argument of an executor's task",
    "initializer": "argument of a Pool's initializer",
    "queue": "item of a Queue",
}
WAYS = GLOBAL | GIVEN
PYTHONS = ["3.11", "3.12", "3.13", "3.13.8", "3.14.1", "3.15"]
"""The first release of each span that has outcomes of its own; 3.14.0 was not tried."""
TIME_LIMIT = 60.0  # seconds
AT_ONCE = 6  # programs, which wait more than they compute
ERROR = re.compile(
    r"^((?:\w+\.)?[A-Z]\w*(?:Error|Exception)):[ \n]*(\S(?:.|\n(?!\n))*)", re.MULTILINE
)
WARNING = re.compile(r"\w+Warning: .*")
VARIES = re.compile(r"0x[0-9a-f]+|(?<=shutdown: )\{.*\}")
Case = tuple[str, str, str]
"""Thing, way and start method."""


def main() -> int:
    """Run what the command line says; give the exit status."""
    match sys.argv[1:]:
        case ["--record", *pythons] if pythons:
            if refused := record(pythons):
                print("Refused, as two runs differ:", *refused, sep="\n")
                return 1
        case [what, how, method] if what in THINGS and how in WAYS and method in METHODS:
            print(*try_out(sys.executable, what, [how], method))
        case [] | ["--start-method", _]:
            for row in everything(sys.executable, sys.argv[2:] or METHODS):
                print(*row, sep=", ")
        case _:
            print(__doc__, f"\n{', '.join(THINGS)}\n{', '.join(WAYS)}", file=sys.stderr)
            return 2
    return 0


def everything(python: str, methods: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    """Thing, way, start method and outcome of all that there is."""

    def run(program: tuple[str, list[str], str]) -> list[str]:
        return try_out(python, *program)

    programs = [(*one, method) for one, method in product(together(), methods)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for (what, ways, method), told in zip(programs, threads.map(run, programs), strict=True):
            for how, outcome in zip(ways, told, strict=True):
                yield what, how, method, outcome


def together() -> Iterator[tuple[str, list[str]]]:
    """Each thing with the ways that do not disturb each other in one program."""
    for what, thing in THINGS.items():
        for how in GLOBAL:
            yield what, [how]
        if thing.kind == "object":
            yield what, list(GIVEN)
        elif thing.kind == "module":
            for how in GIVEN:
                yield what, [how]


def try_out(python: str, what: str, ways: list[str], method: str) -> list[str]:
    """The outcome of each way."""
    with tempfile.TemporaryDirectory() as folder:
        program = subprocess.Popen(
            [python, str(HERE / "_sees.py"), what, ",".join(ways), method],
            env=clean() | {"SEES_FOLDER": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            told, errors = program.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            told, errors = program.communicate()
            told += "it hangs"
    lines = told.splitlines() or ["an error in the program, while a new process imports it: `?`"]
    return [finished(line, VARIES.sub("...", errors)) for line in lines]


def clean() -> dict[str, str]:
    """The environment without what changes Python, or how this site runs its programs."""
    named = os.environ.items()
    return {name: value for name, value in named if not name.startswith(("PYTHON", "EXAMPLE_"))}


def finished(outcome: str, errors: str) -> str:
    """The same, with what stands on standard error only."""
    outcome = VARIES.sub("...", outcome)
    error = ERROR.search(errors)
    words = f"{error[1]}: {' '.join(error[2].split())}" if error else ""
    if "`?`" in outcome:
        return outcome.replace("?", words)
    if outcome.startswith("lost"):
        return f"{outcome}; the parent prints `{words}`"
    if warning := WARNING.search(errors):
        outcome += f"; at the end: `{warning[0]}`"
    return outcome


def named(what: str, how: str) -> tuple[str, str]:
    """What a thing and a way are called; a setting is no global."""
    thing = THINGS[what]
    return thing.title, WAYS[how].removeprefix("global, " * (thing.kind == "setting"))


def span(release: str) -> str:
    """The span that a release is in, 3.13.8 for 3.13.18; nothing for 3.14.0."""
    _, minor, patch = map(int, release.split("."))
    firsts = [[*map(int, first.split(".")), 0][1:3] for first in PYTHONS]
    if minor > firsts[-1][0]:
        return PYTHONS[-1]  # until it is known better
    found = [n for n, first in enumerate(firsts) if first[0] == minor and first[1] <= patch]
    return PYTHONS[found[-1]] if found else ""


def record(pythons: list[str]) -> list[str]:
    """Write the outcomes; those that are the same on several Pythons stand once.

    If one has two outcomes in a span, nothing is written, and that is given.
    """
    found: dict[Case, dict[str, str]] = {}
    refused = []
    for python in pythons:
        ask = [python, "-c", "import platform; print(platform.python_version())"]
        release = subprocess.run(ask, capture_output=True, text=True, check=True).stdout
        for what, how, method, outcome in everything(python, METHODS):
            case = what, how, method
            known = found.setdefault(case, {}).setdefault(span(release), outcome)
            if known != outcome:
                refused.append(f"{case} on {release.strip()}: {outcome}; before: {known}")
        print(release, end="", flush=True)
    if refused:
        return refused
    with OUTCOMES.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["thing", "way", "start method", "pythons", "outcome"])
        for (what, how, method), outcomes in found.items():
            tried = [first for first in PYTHONS if first in outcomes]
            for outcome in dict.fromkeys(outcomes[first] for first in tried):
                here = [first for first in tried if outcomes[first] == outcome]
                table.writerow([*named(what, how), method, " ".join(here), outcome])
    return []


if __name__ == "__main__":
    sys.exit(main())
