"""Measures the programs of this page, one after the other, and writes _measured.json.

Four minutes on two idle cores: python examples/growth/_measure.py
With a number behind it, the programs run that often at most, and at least twice.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = ["one_process", "a_pool", "shared_totals", "on_dask"]
ROUNDS = {1: 7, 10: 7, 100: 5, 1000: 3}
"""How often each program is run with files of that many MB; in turn, as a machine has moods."""


def seconds(program: str, megabytes: int) -> float:
    """What the program says that it took. Raises CalledProcessError if it failed."""
    command = [sys.executable, str(HERE / f"{program}.py"), str(megabytes)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return float(run.stdout.splitlines()[-1].removesuffix(" s"))


def main() -> None:
    """Write all times, in seconds, by program and size, and on what they were measured."""
    at_most = max(2, int(sys.argv[1])) if sys.argv[1:] else max(ROUNDS.values())
    times: dict[str, dict[str, list[float]]] = {program: {} for program in PROGRAMS}
    for megabytes, rounds in ROUNDS.items():
        for _ in range(min(rounds, at_most)):
            for program in PROGRAMS:
                took = seconds(program, megabytes)
                times[program].setdefault(str(megabytes), []).append(took)
                print(f"{megabytes} MB, {program}: {took} s", flush=True)
        write(times)


def write(times: dict[str, dict[str, list[float]]]) -> None:
    """Keep what is measured so far: a measurement that is stopped has whole sizes."""
    about = {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
    }
    text = json.dumps({"about": about, "seconds": times}, indent=1)
    (HERE / "_measured.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
