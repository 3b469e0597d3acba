"""What docs/beyond/growth.md says."""

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import ONCE, ROOT, TIME_LIMIT, no_fact, shown
from tests.claims._beside import beside

PROGRAMS = ROOT / "examples" / "growth"
STEPS = "one_process", "a_pool", "shared_totals", "on_dask"
RUNS_HERE = sys.platform == "linux"
_beside = partial(beside, PROGRAMS)


def _times() -> dict[str, dict[str, list[float]]]:
    recorded: Any = json.loads((PROGRAMS / "_measured.json").read_text("utf-8"))
    times: dict[str, dict[str, list[float]]] = recorded["seconds"]
    return times


def _run(program: str, *arguments: str) -> str:
    """The first line that a program prints."""
    run = subprocess.run(
        [sys.executable, str(PROGRAMS / f"{program}.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=2 * TIME_LIMIT,
        check=True,
    )
    return run.stdout.splitlines()[0]


def begin_with_one() -> None:
    """Begin with one process, and keep the function that does the work: each step from there
    changes a few lines around it.

    All programs import the function that does the work, `count(path)`, from a file beside them,
    `_words.py`.

    It returns `Counter(Path(path).read_text("ascii").split())`, and stays as it is in every step.
    """
    text = (PROGRAMS / "_words.py").read_text("utf-8")
    assert 'return Counter(Path(path).read_text("ascii").split())' in text
    for step in STEPS:
        assert "_words" in (PROGRAMS / f"{step}.py").read_text("utf-8")
        shown(f"growth/{step}", "different words")


def if_a_worker_is_killed() -> None:
    """The steps with a pool then wait forever, as every `map` of a `Pool` does."""
    shown("killed-worker/pool_hangs", "pool.map(", "still running after 5 s")
    shown("growth/a_pool", "in pool.imap_unordered(")
    shown("growth/shared_totals", "in pool.imap_unordered(")


def dask_goes_on() -> None:
    """Dask runs the task of that worker once more, in another one."""
    shown("dask/worker_killed", "the job has run, times: 2")


def advice() -> None:
    """On one machine, Dask is not there to be faster than a pool: use it when one machine is too
    small.

    The job is to count the words in a folder of files.

    This program reads the recorded times, and draws them:

    Measure it on your own machine, in a clone of the site:
    """
    no_fact("advice, and introductions")


def from_the_results() -> None:
    """On our machine with two cores, no step was faster at 10 MB, and every step was at 1 GB: see
    the results.
    """
    from statistics import median, quantiles

    alone, *steps = (_times()[step] for step in STEPS)
    assert all(median(step["10"]) > median(alone["10"]) for step in steps)
    low, *_ = quantiles(alone["1000"], method="inclusive")
    assert all(quantiles(step["1000"], method="inclusive")[2] < low for step in steps)


def files_of_a_size() -> None:
    """Every program makes the files itself, and takes their size in MB as an argument:
    `python a_pool.py 100`.

    Without one, it makes 0.3 MB.

    The time is taken after the files are made, and includes the start of the workers.
    """
    for step in STEPS:
        text = (PROGRAMS / f"{step}.py").read_text("utf-8")
        start = text.index("started = perf_counter()")
        assert text.index("files() as paths") < start
        for starts in "with Pool(", "with Client(":
            assert starts not in text[:start]
    words, before = _beside("_words"), sys.argv
    try:
        for arguments, size in ([], 300_000), (["1"], 1_000_000):
            sys.argv = ["program", *arguments]
            with words.files() as paths:
                made = sum(os.path.getsize(path) for path in paths)
            assert 0.98 * size < made <= size
    finally:
        sys.argv = before


def the_pool() -> None:
    """A line for the pool is new, and `map(count, paths)` becomes
    `pool.imap_unordered(count, paths)`.

    The workers read the files, so the text is never sent; only paths and counts are.
    """
    shown("growth/one_process", "for counts in map(count, paths):")
    shown("growth/a_pool", "with Pool(2) as pool:", "in pool.imap_unordered(count, paths):")
    with TemporaryDirectory() as folder:
        path = Path(folder, "text")
        path.write_text("a b a", "ascii")
        assert _beside("_words").count(str(path)) == Counter(a=2, b=1)


def shared() -> None:
    """The totals are now an `Array`, to which the workers add, so they send back nothing but
    `None`.

    This needs a fixed list of words.

    This step is a side road: the array does not reach other machines, so the next step goes on
    from the pool.
    """
    shown("growth/shared_totals", 'Array("q", len(WORDS))', "for _ in pool.imap_unordered(add")
    assert "return" not in (PROGRAMS / "shared_totals.py").read_text("utf-8")


def with_dask() -> None:
    """The pool becomes a `Client`, and `pool.imap_unordered` becomes `client.map` with
    `as_completed`.

    `LOCAL` and `own_folder()` are those of the page of Dask.

    `upload_file()` gives the workers the module with the function.
    """
    shown("growth/on_dask", "with Client(**cluster) as client:", "client.map(_words.count, paths)")
    shown("growth/on_dask", "as_completed(futures", "client.upload_file(_words.__file__)")
    local, scratch = _beside("_local"), sys.modules["_scratch"]
    assert local.LOCAL is scratch.LOCAL and local.own_folder is scratch.own_folder
    assert Path(str(scratch.__file__)).parent == ROOT / "examples" / "dask"


def a_cluster() -> None:
    """No line changes.

    Start a scheduler and workers on several hosts, and give the program the address of the
    scheduler as its second argument:

    The workers open the files by their paths, so the folder must be one that all hosts share.

    Set `TMPDIR` to such a folder, because the program makes its files there.
    """
    from tests.claims._dask import started

    shown("growth/on_dask", 'cluster = {"address": sys.argv[2]} if sys.argv[2:] else HERE')
    if get_start_method() != ONCE:
        return  # Dask starts its processes in the same way under all of them
    if not RUNS_HERE:
        return
    with _beside("_local").own_folder() as folder, ExitStack() as stack:
        file = Path(folder, "scheduler.json")
        where = ["--scheduler-file", str(file)]
        scheduler = stack.enter_context(started("scheduler", "--port", "0", *where))
        for _ in range(2):
            stack.enter_context(started("worker", "--no-nanny", *where))
        address = _address(file, scheduler)
        assert _run("on_dask", "0.3", address) == _run("one_process", "0.3")


def _address(file: Path, scheduler: "subprocess.Popen[bytes]") -> str:
    """Where the scheduler listens, once it has written so."""
    for _ in range(int(TIME_LIMIT * 10)):
        try:
            return str(json.loads(file.read_text("utf-8"))["address"])
        except (FileNotFoundError, ValueError):
            try:
                scheduler.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
    raise AssertionError("no scheduler")


def what_was_measured() -> None:
    """It is not in our measurement.

    The times are from a virtual machine with two cores, and each program ran with two workers.

    For each size, the programs ran in turn.

    A step pays from the size at which its upper quartile is below the lower quartile of one
    process, at this size and at all larger ones.

    A cluster adds cores; we have not measured one.
    """
    from statistics import quantiles

    recorded = json.loads((PROGRAMS / "_measured.json").read_text("utf-8"))
    assert recorded["about"]["cores"] == 2
    times = _times()
    assert tuple(times) == STEPS
    output = (PROGRAMS / "results.out").read_text("utf-8")
    for step in STEPS[1:]:
        pays = "-"
        for size in reversed(list(times[step])):
            low = quantiles(times["one_process"][size], method="inclusive")[0]
            if quantiles(times[step][size], method="inclusive")[2] >= low:
                break
            pays = size
        says = f"pays from {pays} MB on" if pays != "-" else "pays at no size"
        assert f"{step} {says}" in output
    shown("growth/a_pool", "Pool(2)")
    shown("growth/shared_totals", "Pool(2,")
    shown("growth/on_dask", '"n_workers": 2')


def the_drawing() -> None:
    """The bars are on a logarithmic scale, on which 12 characters more are ten times the time."""
    column = _beside("results").column
    assert column(1) - column(0.1) == column(10) - column(1) == 12


def what_they_say() -> None:
    """The files are read from the cache of the system, as they were written just before.

    With two workers, the time can be halved at best, however large the data is.

    The first command takes minutes, and needs 1 GB in the temporary folder.
    """
    assert max(_beside("_measure").ROUNDS) == 1000
    assert min(_times()["a_pool"]["10"]) > min(_times()["one_process"]["10"]) / 2.5
