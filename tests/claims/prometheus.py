"""What docs/frameworks/prometheus.md says."""

import os
import sys
from importlib import import_module
from multiprocessing import Process
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

from tests.claims import no_fact, shown

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def by_itself() -> None:
    """Each process counts for itself, and a scrape sees only the process that answers it.

    Silent. No error. A counter of `prometheus_client` jumps up and down from scrape to scrape when
    a server has several workers. What a child counts is missing in its parent.

    A `Counter` or a `Gauge` is an ordinary object in the memory of its process.
    """
    shown("prometheus/each_counts", "counts 3.0\na worker counts 5.0\nthe parent counts 0.0")


def added_up() -> None:
    """To add them up, empty a folder, set the environment variable `PROMETHEUS_MULTIPROC_DIR` to it
    before the program starts, and answer scrapes by a `MultiProcessCollector`.

    The counts of a worker remain when it is killed, since they are in its file, as the program
    above shows.
    """
    shown("prometheus/counts_added", "MultiProcessCollector(registry)", "worker.kill()")
    shown("prometheus/counts_added", "the total is 3.0\na worker is killed, the total is 8.0")


def _count() -> None:
    client = import_module("prometheus_client")
    client.Counter("answered", "Help").inc()
    client.values.close_all_multiprocess_files()


def files() -> None:
    """With the variable set, each process keeps its values in files of its own in that folder. The
    collector reads the files of all processes, in whichever process it is.

    The worker that replaces it has a file of its own, so there are more and more files, until the
    program ends and the folder is emptied.

    The files are not removed when the program ends.
    """
    with TemporaryDirectory() as folder:
        os.environ[VARIABLE] = folder
        workers = [Process(target=_count) for _ in range(2)]
        for worker in workers:
            worker.start()
            worker.join()
        found = {path.name for path in Path(folder).iterdir()}
    assert found == {f"counter_{worker.pid}.db" for worker in workers}
    shown("prometheus/counts_added", "the total is 8.0")


def _run(code: str, folder: str = "") -> str:
    """What Python prints that runs this code with the variable set to a folder, if it is given."""
    with TemporaryDirectory() as place:
        environment = {name: os.environ[name] for name in os.environ if name != VARIABLE}
        environment |= {VARIABLE: folder} if folder else {}
        command = [sys.executable, "-c", code]
        end = run(command, cwd=place, env=environment, capture_output=True, text=True)
        return end.stdout + (end.stderr.splitlines() or [""])[-1]


LATER = """
import prometheus_client, prometheus_client.multiprocess, os
os.environ["PROMETHEUS_MULTIPROC_DIR"] = "metrics"
os.mkdir("metrics")
prometheus_client.Counter("answered", "Help").inc()
registry = prometheus_client.CollectorRegistry()
prometheus_client.multiprocess.MultiProcessCollector(registry)
print(list(registry.collect()), os.listdir("metrics"))
"""


def later() -> None:
    """If a process sets it later, it writes no file, no error is reported, and the collector finds
    nothing of this process.
    """
    assert _run(LATER) == "[] []\n"


NO_FOLDER = """
import prometheus_client as p
labeled = p.Counter("labeled", "Help", ["shop"])
for make in lambda: p.Counter("answered", "Help"), lambda: labeled.labels("north"):
    try:
        make()
    except FileNotFoundError:
        print("no folder")
"""


MOVED = """
import os, prometheus_client as p
os.mkdir("metrics")
counter = p.Counter("answered", "Help")
os.mkdir("elsewhere")
os.chdir("elsewhere")
counter.inc()
if not os.fork():
    try:
        counter.inc()
    except FileNotFoundError:
        print("no folder", flush=True)
    os._exit(0)
os.wait()
"""


def absolute() -> None:
    """Let the variable have an absolute path: a relative one is looked up again in each new
    process, which may have another working directory.
    """
    if hasattr(os, "fork"):
        assert _run(MOVED, "metrics") == "no folder\n"


def no_folder() -> None:
    """The folder must exist when the first metric is made, or, for a metric with labels, at the
    first call of `labels()`; else that raises `FileNotFoundError`.

    The collector raises `ValueError: env PROMETHEUS_MULTIPROC_DIR is not set or not a directory`.
    """
    assert _run(NO_FOLDER, "missing") == 2 * "no folder\n"
    collector = "import prometheus_client.multiprocess as p; p.MultiProcessCollector(None)"
    message = "ValueError: env PROMETHEUS_MULTIPROC_DIR is not set or not a directory"
    assert _run(collector, "missing") == message
    assert _run(collector) == message


EMPTIED = """
import os, shutil, prometheus_client as p, prometheus_client.multiprocess
def collected():
    registry = p.CollectorRegistry()
    p.multiprocess.MultiProcessCollector(registry)
    return registry
counter, gauge = p.Counter("answered", "Help"), p.Gauge("busy", "Help", multiprocess_mode="sum")
gauge.set_function(lambda: 7)
with open("counter_1.db", "w"):
    try:
        collected().get_sample_value("answered_total")
    except Exception as error:
        print(error)
os.remove("counter_1.db")
counter.inc()
shutil.copy(f"counter_{os.getpid()}.db", "counter_other.db")
counter.inc()
own = p.generate_latest().decode()
print("answered_total 2.0" in own, collected().get_sample_value("answered_total"))
print(p.REGISTRY.get_sample_value("busy"), collected().get_sample_value("busy"))
for name in os.listdir():
    os.remove(name)
counter.inc()
print(os.listdir(), list(collected().collect()))
"""


def emptied() -> None:
    """Only the collector adds up. What answers from the default `REGISTRY`, such as
    `generate_latest()` without an argument, `make_wsgi_app()` or `start_http_server()`, still tells
    the values of its own process.

    Some fail without an error: with `set_function()`, the value stays as it was.

    While the program runs, do not empty it: what a process counts after that is lost, and no error
    is reported.

    Remove the empty file.
    """
    from inspect import signature

    message = "unpack_from requires a buffer of at least 4 bytes"
    first, *others = _run(EMPTIED, ".").splitlines()
    assert first.startswith(message)
    assert others == ["True 3.0", "7.0 0.0", "[] []"]
    exposition = import_module("prometheus_client.exposition")
    for function in ["generate_latest", "make_wsgi_app", "start_http_server"]:
        parameters = signature(getattr(exposition, function)).parameters
        assert parameters["registry"].default is exposition.REGISTRY


def modes() -> None:
    """What a `Gauge` tells of a worker that has ended depends on its `multiprocess_mode`, and on
    whether `mark_process_dead` was called with the number of its process. In this program, one
    worker sets each gauge to 9, then another to 2, and the second is marked as dead:

    The modes with `live` forget a process that is marked as dead. The others keep its value.

    A worker that has ended or was killed without the call counts as living.
    """
    shown("prometheus/gauges", "mark_process_dead(workers[1].pid)", "for value in (9, 2)")
    shown("prometheus/gauges", "all: [2.0, 9.0], then [2.0, 9.0]\nliveall: [2.0, 9.0], then [9.0]")
    shown("prometheus/gauges", "sum: [11.0], then [11.0]\nlivesum: [11.0], then [9.0]")
    shown("prometheus/gauges", "min: [2.0], then [2.0]\nlivemin: [2.0], then [9.0]")
    shown("prometheus/gauges", "max: [9.0], then [9.0]\nlivemax: [9.0], then [9.0]")
    shown("prometheus/gauges", "mostrecent: [2.0], then [2.0]\nlivemostrecent: [2.0], then [9.0]")


DEFAULT = """
import prometheus_client, prometheus_client.multiprocess
prometheus_client.Gauge("busy", "Help").set(1)
prometheus_client.Gauge("made", "Help", multiprocess_mode="min")
collector = prometheus_client.multiprocess.MultiProcessCollector(None)
for sample in (sample for gauge in collector.collect() for sample in gauge.samples):
    print(sample.name, *sample.labels, sample.value)
prometheus_client.values.close_all_multiprocess_files()
"""


def the_default() -> None:
    """`all`, the default, keeps a value for each process, with a label `pid`.

    A process that makes a gauge, and does not set it, counts as 0: if the gauges are at module
    level, each process that imports them does.
    """
    shown("prometheus/gauges", "all: [2.0, 9.0], then [2.0, 9.0]")
    assert set(_run(DEFAULT, ".").splitlines()) == {"busy pid 1.0", "made 0.0"}


ONLY_SET = """
import prometheus_client
for mode in "mostrecent", "livemostrecent":
    gauge = prometheus_client.Gauge(mode, "Help", multiprocess_mode=mode)
    for change in gauge.inc, gauge.dec:
        try:
            change()
        except RuntimeError as error:
            print(error)
"""


def only_set() -> None:
    """A gauge with `mostrecent` or `livemostrecent` can only be set: `inc()` and `dec()` raise
    `RuntimeError`.
    """
    refused = [f"{change} must not be used with the mostrecent mode\n" for change in ("inc", "dec")]
    assert _run(ONLY_SET) == 2 * "".join(refused)


def at_the_end_of_the_lifespan() -> None:
    """Uvicorn has no such function: call `mark_process_dead(os.getpid())` at the end of the
    lifespan, which does not run when a worker is killed.
    """
    from inspect import signature

    shown("uvicorn/job_once", "await receive()  # the server ends")
    uvicorn = import_module("uvicorn")
    assert not [name for name in signature(uvicorn.Config).parameters if "exit" in name]


def in_progress() -> None:
    """For "requests in progress", use `livesum`: if a worker is killed between `inc()` and `dec()`,
    its part is gone once it is marked as dead.
    """
    shown("prometheus/gauges", "livesum: [11.0], then [9.0]")


def not_emptied() -> None:
    """If the folder is not emptied before the next start, the collector adds the counts of the last
    run to those of this one. Two programs must not share a folder.
    """
    shown("prometheus/second_start", "    start()\n    start()\n    shutil.rmtree")
    shown("prometheus/second_start", "is 1.0\none request, and the total is 2.0\none request")


def versions() -> None:
    """Run with prometheus-client 0.26.0."""
    from importlib.metadata import version

    assert version("prometheus-client") == "0.26.0"


def nothing_that_can_be_false() -> None:
    """If each process can be scraped by itself, as with one container for each worker, leave the
    variable out, and let Prometheus sum the values.

    Use `prometheus_client` in its place.
    """
    no_fact("advice")
