"""`python -m examples trace`: runs a program of the reader's own, and writes what it did."""

import argparse
import ast
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from examples import _interrupts
from examples._options import add_start_method, seconds
from examples._runner import STARTUP
from examples._trace.events import read_events
from examples._trace.page import hung, page
from examples._trace.steps import read_run

PAUSE = 0.01  # seconds between two looks at the running program
GRACE = 3.0  # seconds that a program has to end after Ctrl-C
INTERRUPTED = "It was stopped by a signal, such as Ctrl-C."


def trace(words: Sequence[str]) -> int:
    """Do what the command line says; the exit status is the program's, or 2 for bad input."""
    parser = argparse.ArgumentParser(
        prog="python -m examples trace",
        description="Run a Python program, and write what its processes did into one HTML file: "
        "when each started and ended, for what it waited and for how long, each message from put "
        "to get, and, if it hangs, who waits for whom. The program is not changed, and its exit "
        "status is passed on. Stop one that hangs with Ctrl-C.",
    )
    add_start_method(parser)
    parser.add_argument(
        "--time-limit", type=seconds, metavar="SECONDS",
        help="stop it, and all processes that it started, after so long; without it, never",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE",
        help="the file to write; without it, the program's name with -trace.html",
    )  # fmt: skip
    parser.add_argument("program", type=Path, metavar="PROGRAM", help="the file to run")
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="ARGS", help="what is passed to it"
    )
    options = parser.parse_args(words)
    program: Path = options.program
    output: Path = options.output or Path(f"{program.stem}-trace.html")
    if problem := why_not(program, output):
        print(problem, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="trace-") as folder:
        noted = Path(folder, "events")
        status, ending = run(program, options.arguments, noted, options.start_method,
                             options.time_limit)  # fmt: skip
        found = read_run(read_events(noted), how=True)
    if not found.lanes:
        print(f"Nothing was noted: {ending}", file=sys.stderr)
        return status
    try:
        output.write_text(page(found, program.name, ending), "utf-8")
    except OSError as error:
        print(
            f"{output} cannot be written: {error.strerror}. Name another with -o", file=sys.stderr
        )
        return 2
    for sentence in hung(found):
        print(f"[{sentence}]", file=sys.stderr)
    print(f"[{ending} See {output}]", file=sys.stderr)
    return status


def why_not(program: Path, output: Path) -> str:
    """Why a program cannot be run, or its timeline not be written, with the remedy."""
    try:
        ast.parse(program.read_bytes(), program.name)
    except FileNotFoundError:
        return f"There is no file {program}. Name the program to run"
    except IsADirectoryError:
        return f"{program} is a folder. Name the program in it to run"
    except OSError as error:
        return f"{program} cannot be read: {error.strerror}. Name another"
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        return f"{program} has a syntax error{f' in line {line}' if line else ''}. Correct it first"
    existed = output.exists()
    try:
        output.open("ab").close()
    except OSError as error:
        return f"{output} cannot be written: {error.strerror}. Name another with -o"
    if not existed:
        output.unlink()
    return ""


def run(
    program: Path, arguments: Sequence[str], noted: Path, method: str | None, limit: float | None
) -> tuple[int, str]:
    """Run a program as its user would; give its exit status, and how it ended."""
    before = os.environ.get("PYTHONPATH")
    variables = {
        "EXAMPLE_TRACE": str(noted),
        "EXAMPLE_START_METHOD": method or "",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(STARTUP), before])),
    }
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, str(program), *arguments], env=os.environ | variables
    )
    told = ""
    while (status := process.poll()) is None:
        if not told and limit and time.monotonic() > began + limit:
            told = f"It still ran after {limit:g} s, and was stopped."
            stop(process, noted)
        if not told and _interrupts.received:
            told = INTERRUPTED
            mark_stopped(noted)
            stop_at = time.monotonic() + GRACE
        if told and _interrupts.received and time.monotonic() > stop_at:
            stop(process, noted)
        time.sleep(PAUSE)
    if not told and _interrupts.received:  # the program ended before this looked
        told = INTERRUPTED
        mark_stopped(noted)
    if told:
        kill_rest(noted)
        return (128 + _interrupts.received if _interrupts.received else 1), told
    with noted.open("a", encoding="utf-8") as file:
        file.write(
            f'{{"e":"seen","t":{time.monotonic_ns()},"p":0,"c":{process.pid},"r":{status}}}\n'
        )
    if status < 0:
        return 128 - status, f"It was killed by {signal.Signals(-status).name}."
    return status, f"It ended with exit status {status}."


def mark_stopped(noted: Path) -> None:
    """What comes after this is no longer what the program does by itself."""
    with noted.open("a", encoding="utf-8") as file:
        file.write(f'{{"e":"stopped","t":{time.monotonic_ns()},"p":0}}\n')


def stop(process: subprocess.Popen[bytes], noted: Path) -> None:
    """Kill a program, and its processes."""
    mark_stopped(noted)
    process.kill()
    kill_rest(noted)


def kill_rest(noted: Path) -> None:
    """Kill those of a program's processes that have not ended."""
    events = read_events(noted)
    ended = {event.pid for event in events if event.name == "end"}
    ended |= {event["c"] for event in events if event.name == "seen"}
    for pid in {event.pid for event in events if event.name == "begin"} - ended:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
