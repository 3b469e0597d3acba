"""Measures what the harness costs, as ratios within one run; `nox -s bench`.

Three figures: the whole suite against its programs alone; checking one page
against its programs alone; the build of the site with and without what is ours.
"""

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from examples import _interrupts, _runner
from examples._runner import STARTUP, TIME_LIMIT
from tests.harness import work
from tests.harness.read.model import Program
from tests.harness.read.site import ROOT, read_site
from tests.harness.read.words import METHODS

PAGE = "globals"
BUILDS = 5
PATIENCE = 1.0  # seconds in which a program that is told to end removes what it shares
INTERRUPTED = "what was not told is not measured, and nothing is written"
OURS = [  # in mkdocs.yml
    re.compile(r"^  - tests\.harness\.tell\.(?:pictures|stamps).*\n(?:      .*\n)*", re.MULTILINE),
    re.compile(r"^hooks:\n(?:  - .*\n)+", re.MULTILINE),
]


def main() -> int:
    """Print the three ratios."""
    site = read_site(ROOT)
    programs = list(site.programs.values())
    cores = os.cpu_count() or 1
    page = sum(bare_time(p) for p in programs if p.name.startswith(f"{PAGE}/"))
    rest = sum(bare_time(p) for p in programs if not p.name.startswith(f"{PAGE}/"))
    books = sum(bare_notebook_time(path) for path in site.notebooks)
    suite = wall("-m", "pytest", "-q")
    alone = page + rest + books
    ratio = suite / (alone / cores)
    print(
        f"suite: {suite:.1f} s; programs {page + rest:.1f} s and notebooks {books:.1f} s "
        f"on {cores} cores; ratio {ratio:.2f}"
    )
    one = wall("-m", "pytest", "-q", "-k", PAGE)
    print(f"page {PAGE}: {one:.1f} s; programs {page:.1f} s on {cores} cores; "
          f"{one - page / cores:+.1f} s, ratio {one / (page / cores):.2f}")  # fmt: skip
    with_ours, without = build_times()
    print(f"build: {with_ours:.1f} s; without our extensions {without:.1f} s; "
          f"ratio {with_ours / without:.2f}")  # fmt: skip
    return 0


def bare_time(program: Program) -> float:
    """Seconds of a program under all start methods, run as nothing but a script."""
    total, place = 0.0, _runner.temporary_folder()
    for method in METHODS:
        expectation = program.expectation(method)
        limit = (expectation.limit if expectation else None) or TIME_LIMIT
        with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
            _interrupts.check()
            started = time.perf_counter()
            own = {"PYTHONPATH": str(STARTUP), "EXAMPLE_START_METHOD": method, "TMPDIR": folder}
            process = subprocess.Popen(
                [sys.executable, "-X", "dev", str(program.path)],
                cwd=folder,
                env=os.environ | own,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                with suppress(subprocess.TimeoutExpired):
                    wait(process, limit)
                total += time.perf_counter() - started
            finally:
                end(process, Path(folder))
    return total


def wait(process: subprocess.Popen[bytes], limit: float) -> None:
    """Wait for the end. Raises TimeoutExpired after `limit` seconds, and Interrupted."""
    deadline = time.perf_counter() + limit
    while process.returncode is None:
        _interrupts.check()
        try:
            process.wait(min(work.PAUSE, deadline - time.perf_counter()))
        except subprocess.TimeoutExpired:
            if time.perf_counter() > deadline:
                raise


def end(process: subprocess.Popen[bytes], folder: Path) -> None:
    """End what is left of a program, and of all that it has started; by force if need be."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    deadline = time.perf_counter() + PATIENCE
    while (
        _runner._processes(process.pid, _runner.NO_RUN, folder) and time.perf_counter() < deadline
    ):
        time.sleep(work.PAUSE)
    _runner._kill_all(process, _runner.NO_RUN, folder)


def bare_notebook_time(path: Path) -> float:
    """Seconds of a notebook under all start methods, executed and not looked at."""
    code = "import nbclient, nbformat, sys; nbclient.execute(nbformat.read(sys.argv[1], 4))"
    total = 0.0
    for method in METHODS:
        started = time.perf_counter()
        work.run(
            [sys.executable, "-c", code, path.name],
            cwd=path.parent,
            env=os.environ | {"PYTHONPATH": str(STARTUP), "EXAMPLE_START_METHOD": method},
            stdout=None,
            stderr=None,
        ).check_returncode()
        total += time.perf_counter() - started
    return total


def wall(*arguments: str) -> float:
    """Seconds of a Python command, which must succeed."""
    started = time.perf_counter()
    command = [sys.executable, *arguments]
    work.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=None).check_returncode()
    return time.perf_counter() - started


def without_ours(config: str) -> str:
    """The text of mkdocs.yml, without our extensions. Raises AssertionError if it has none."""
    for ours in OURS:
        config, found = ours.subn("", config)
        assert found, f"mkdocs.yml has nothing like {ours.pattern!r} any more; correct OURS"
    return config


def build_times() -> tuple[float, float]:
    """Median seconds of a build with and without our extensions, taken in turn."""
    config = without_ours((ROOT / "mkdocs.yml").read_text("utf-8"))
    plain = ROOT / "mkdocs-without-ours.yml"  # MkDocs finds docs/ from where it stands
    times: dict[Path, list[float]] = {ROOT / "mkdocs.yml": [], plain: []}
    try:
        plain.write_text(config, "utf-8")
        with tempfile.TemporaryDirectory() as site:
            for _ in range(BUILDS):
                for path, seconds in times.items():
                    command = ["-m", "mkdocs", "build", "-q", "-f", str(path), "-d", site]
                    seconds.append(wall(*command))
    finally:
        plain.unlink(missing_ok=True)
    with_ours, without = (statistics.median(seconds) for seconds in times.values())
    return with_ours, without
