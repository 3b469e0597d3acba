"""Runs the tests again and again under strain, and counts what fails; `nox -s soak -- 10`.

All cores and the disk are kept busy meanwhile, and each run has other surroundings: time zone,
locale, umask, hash seed, in every second few file descriptors, and where root runs this on Linux,
in every third a small /dev/shm. What follows the number of runs goes to pytest. The output of a run
that failed is kept beside the results.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.harness import work
from tests.harness.read.site import ROOT
from tests.harness.tell.results import FOLDER

INTERRUPTED = "the run that was stopped is not counted"
RUNS = 10
ZONES = ["UTC", "Asia/Kathmandu", "America/St_Johns"]
LOCALES = ["C.UTF-8", "C"]
UMASKS = ["022", "077", "002"]
FEW_FILES = "256"
SMALL = "64m"  # as Docker gives it
WHILE = "import os, sys\nwhile os.getppid() == int(sys.argv[1]):\n    "
COMPUTE = WHILE + "sum(range(1_000_000))"
WRITE = WHILE + "print('x' * 1_000_000, flush=True); os.fsync(1); os.ftruncate(1, 0)"


@dataclass(frozen=True)
class Strain:
    """What is different in one run; `files` and `memory` are empty if they are as usual."""

    zone: str
    locale: str
    umask: str
    seed: str
    files: str
    memory: str

    def __str__(self) -> str:
        told = f"TZ={self.zone} LC_ALL={self.locale} PYTHONHASHSEED={self.seed} umask {self.umask}"
        told += f", {self.files} files" if self.files else ""
        return told + (f", {self.memory} of /dev/shm" if self.memory else "")

    def command(self, command: list[str]) -> list[str]:
        """What runs a command so."""
        lines, apart = [f"umask {self.umask}"], list[str]()
        if self.files:
            lines += [f"ulimit -S -n {self.files}"]
        if self.memory:
            apart = ["unshare", "--mount"]
            lines += [f"mount -t tmpfs -o size={self.memory},mode=1777 soak /dev/shm"]
        return [*apart, "sh", "-ec", "\n".join([*lines, 'exec "$@"']), "sh", *command]

    def environment(self) -> dict[str, str]:
        """All variables of a command that runs so."""
        ours = {"TZ": self.zone, "LC_ALL": self.locale, "PYTHONHASHSEED": self.seed}
        return os.environ | ours


def main() -> int:
    """Tell of each run, and of all; the exit status is 1 if a test or a run failed."""
    parser = argparse.ArgumentParser(prog="nox -s soak --", description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=RUNS, help=f"{RUNS} without")
    options, arguments = parser.parse_known_args()
    if options.runs < 1:
        parser.error(f"{options.runs} runs: give 1 or more")
    tests = failures = 0
    with busy():
        for number in range(options.runs):
            strain = strain_of(number)
            print(f"run {number + 1} of {options.runs}: {strain}", flush=True)
            ran, failed = run(strain, arguments)
            print(f"    {ran} tests, {len(failed)} failed", *failed, sep="\n    ", flush=True)
            tests, failures = tests + ran, failures + len(failed)
    share = 1000 * failures / max(tests, 1)
    print(f"{options.runs} runs, {tests:,} tests, {failures} failed: {share:.2f} of 1,000")
    return 1 if failures else 0


def strain_of(number: int) -> Strain:
    """The surroundings of a run, by its number from 0."""
    root = sys.platform == "linux" and os.getuid() == 0
    return Strain(
        zone=ZONES[number % len(ZONES)],
        locale=LOCALES[number % len(LOCALES)],
        umask=UMASKS[number % len(UMASKS)],
        seed=str(random.randrange(2**32)),
        files=FEW_FILES if number % 2 == 1 else "",
        memory=SMALL if number % 3 == 2 and root else "",
    )


def run(strain: Strain, arguments: list[str]) -> tuple[int, list[str]]:
    """How many tests were run, and the names of those that failed.

    A run that comes to no end counts as a failure, too.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told.xml")
        tests = [sys.executable, "-m", "tests.harness", "tests", f"--junitxml={told}", *arguments]
        ended = work.run(
            strain.command(tests), cwd=ROOT, env=strain.environment(), errors="replace",
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        cases = [*ElementTree.parse(told).iter("testcase")] if told.exists() else []
    failed = [f"{case.get('classname')}::{case.get('name')}" for case in cases if wrong(case)]
    if ended.returncode and not failed:
        failed = [f"pytest ended with exit status {ended.returncode}"]
    if failed:
        kept = FOLDER / f"soak-{strain.seed}.log"
        FOLDER.mkdir(parents=True, exist_ok=True)
        work.write(kept, f"{strain}\n{ended.stdout}")
        print(f"    its output is kept: {kept}")
    return len(cases), failed


def wrong(case: ElementTree.Element) -> bool:
    """Whether a test failed, or could not be run."""
    return case.find("failure") is not None or case.find("error") is not None


@contextmanager
def busy() -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Keep all cores and the disk busy; what does so ends with this process, however it ends."""
    with tempfile.TemporaryFile() as file:
        python, us = [sys.executable, "-I", "-c"], str(os.getpid())
        codes = [*[COMPUTE] * (os.cpu_count() or 1), WRITE]
        loads = [subprocess.Popen([*python, code, us], stdout=file) for code in codes]
        try:
            yield loads
        finally:
            for process in loads:
                process.kill()
                process.wait()
