"""What docs/costs/results.ipynb says, held against the recorded results."""

import json
import os
import stat
import sys
from datetime import datetime
from itertools import pairwise
from multiprocessing import Pipe, get_start_method

from tests.claims import ROOT, no_fact, on, script, shown
from tests.claims._costs import TOOL, cases, medians, part, ratios, recorded, suites

PAGE = ROOT / "docs" / "costs" / "results.ipynb"
SHARED = ["Value, under its lock", "Array, under its lock", "ShareableList and a Lock"]
SHARED += [
    "NumPy array in shared memory and a Lock",
    "RawValue, no lock",
    "Value, its lock not held",
]
MANAGED = [f"Manager().{kind}() and a Lock" for kind in ("dict", "list", "Value")]
PICKLED = ["Pool.map", "Queue", "Pipe", "Pipe, pickle protocol 5 out of band"]
TWO_CHILDREN = """
from multiprocessing import Process

print("imported", flush=True)

if __name__ == "__main__":
    for _ in range(2):
        process = Process(target=abs, args=(-1,))
        process.start()
        process.join()
"""
KEPT = "arrays: SharedMemory, by name, kept mapped"
ANEW = "arrays: SharedMemory, by name, mapped anew"


def _cells() -> list[tuple[str, str]]:
    """The kind and the source of each cell."""
    cells = json.loads(PAGE.read_text("utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def _drawn(text: str) -> str:
    """The output that has a text in it."""
    for cell in json.loads(PAGE.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            for lines in output["data"].values():
                if text in "".join(lines):
                    return "".join(lines)
    raise AssertionError(f"no cell shows {text!r}")


def first_sentence() -> None:
    """On one virtual machine with two cores, a change of a `Value` under its lock costs about
    a microsecond or less, a short message to another process and its answer about 50 to 300
    microseconds, and a new process about 2 to 90 milliseconds.

    All results come from one virtual machine with two cores, and from two Pythons, each under
    its own default start method.
    """
    for run in recorded():
        assert (run.about["virtual"], run.about["cpu_count"]) == ("yes", 2)
    assert {r.about["python_version"][:6] + " " + r.about["start_method"] for r in recorded()} == {
        "3.11.7 fork", "3.15.2 forkserver",
    }  # fmt: skip
    assert max(medians("updates: Value, under its lock")) < 1.2e-6
    tools = {t for t, (case, *_) in cases("messages").items() if not case.baseline}
    tools -= {"queue of sub-interpreters"}
    short = medians(*(f"messages: {tool}, 1 B" for tool in tools))
    assert 45e-6 < min(short) < 100e-6
    assert 130e-6 < max(short) < 310e-6
    starts = medians(*(f"starts: Process, {way}" for way in ("fork", "forkserver", "spawn")))
    assert 1.8e-3 < min(starts) < 5e-3
    assert 30e-3 < max(starts) < 92e-3


def what_the_page_is() -> None:
    """This page is a benchmark of the overhead of `multiprocessing`.

    A message goes to another process and comes back.

    For a short message, compare the columns of one tool before you compare two tools: with all
    processes on one core, the system has no choice where to wake the other process. A difference
    between tools that is smaller than the one between these columns says nothing about the tools.

    Tools whose quartiles overlap may change places on your machine.

    Absolute times differ between machines, and between days on the same machine: rely on the
    ratios.
    """
    no_fact("an introduction, a definition, advice")


def median_and_quartiles() -> None:
    """Each time is a median, with its quartiles: half of the measured times lie between the two."""
    results = part("_results")
    spread = results.spread([1, 2, 3, 4, 5, 6, 7, 8])
    assert (spread.low, spread.median, spread.high) == (2.75, 4.5, 6.25), "4 of 8 are between"
    table = _drawn("| RawValue, no lock |")
    for suite in suites():
        one = results.spreads(suite)["updates: RawValue, no lock"]
        assert results.spread_text(one) in table
    assert _drawn('aria-label="Time of one update').count(">quartiles</text>") == 1


def baselines() -> None:
    """Beside it stands how many times the baseline it is: what the same job costs without the
    sharing that Python does around it. A baseline is not a bound: a row can be below it.

    The baseline is the same under a `threading.Lock`, within one process.

    The baseline is the same round trip with bare `os.write` and `os.read` on a pair of pipes.

    The baseline is the sum itself, within one process.

    The baseline is `os.posix_spawn` of an empty program.

    The baseline is a `threading.Lock` that no other thread wants.
    """
    groups = part("_groups").GROUPS.values()
    assert {case.tool for group in groups for case in group.cases if case.baseline} == {
        "threading.Lock, within a process",
        "os.write and os.read on a pipe",
        "the sum itself, within a process",
        "os.posix_spawn of an empty program",
        "threading.Lock, one thread",
    }
    assert "x&nbsp;1 |" in _drawn("| threading.Lock, within a process |")
    below = ratios("updates: RawValue, no lock", "updates: threading.Lock, within a process")
    assert min(below) < 0.9


def measured_twice() -> None:
    """Each case is measured twice: with processes that the system may move between the two
    cores, and with all processes pinned to one core.
    """
    for free, pinned in zip(recorded(), recorded(pinned=True), strict=True):
        assert set(free.values) == set(pinned.values)
        assert free.about["python_version"] == pinned.about["python_version"]


def busy() -> None:
    """The head of a column says "busy" if other programs used more than a tenth of the processor
    time in the pauses of the measurement: do not rely on such a column.
    """
    tables = part("_tables")
    assert part("_others").BUSY == 0.1
    table = _drawn("| Used by other programs |")
    for suite in suites():
        share = suite.get_metadata().get("costs_others", 0)
        assert tables.label(suite).endswith(", busy") == (share > 0.1)
        assert f"| {tables.label(suite)} |" in table


def load_before() -> None:
    """Their files do not say what other programs used: they are older than that measurement. The
    four runs followed each other, so the load before each of the last three includes that of the
    run before it.
    """
    runs = sorted(recorded() + recorded(pinned=True), key=lambda run: str(run.about["date"]))
    assert len(runs) == 4
    assert not any("costs_others" in run.about for run in runs)
    assert runs[0].about["load_avg_1min"] < 0.5
    for one, following in pairwise(runs):
        began, ended = (datetime.fromisoformat(run.about["date"]) for run in (one, following))
        rest = (ended - began).total_seconds() - one.seconds
        assert 0 < rest < 60, "seconds in which no case was timed"


def what_lies_beside_it() -> None:
    """The page is a notebook: it reads the results that lie beside it, such as those of your
    own machine.

    The tables are computed from the times above.
    """
    sources = [source for kind, source in _cells() if kind == "code"]
    assert sources[0].endswith("runs = _tables.read_all(Path())")
    assert all("(runs" in source for source in sources[1:])
    paths = list(PAGE.parent.glob("*.json"))
    assert len(suites()) == len(paths)


def one_update() -> None:
    """Each tool adds 1 to a number that no other process uses meanwhile."""
    shown("costs/updates", "numbers[key] += 1", "number.value += 1", "SQLite row: 3")


def three_kinds_of_cost() -> None:
    """There are three kinds of cost: shared memory is at the left, a message to the process of
    a manager in the middle, and a file or a database at the right.
    """
    for run in recorded():
        shared, managed, stored = (
            [run.median(f"updates: {tool}") for tool in tools]
            for tools in (SHARED, MANAGED, ["file and a Lock", "SQLite row"])
        )
        assert 10 * max(shared) < min(managed)
        assert max(managed) < min(stored)
        assert max(stored) == run.median("updates: SQLite row")


def logarithmic() -> None:
    """The scale is logarithmic: from one tick to the next, the time is ten times as long."""
    drawing = _drawn('aria-label="Time of one update for each tool')
    assert all(f">{tick}</text>" in drawing for tick in ("100 ns", "1 µs", "10 µs", "100 µs"))


def without_a_lock() -> None:
    """The two tools without a lock are there for comparison: they lose updates when two
    processes add at the same time.
    """
    shown("race/unsafe_every_time", "sold.value = count + 1", "Tickets sold by 4 sellers: 1")
    shown("costs/updates", "RawValue, no lock: 3", "Value, its lock not held: 3")


def size_of_a_message() -> None:
    """A message of 64 KiB through a `Pipe` costs less than three times as much as one of a single
    byte, so send fewer and bigger messages. A `SimpleQueue` already costs more than twice as much
    for 64 KiB as for 1 KiB. From 64 KiB to 1 MiB, the time grows more than threefold for every
    tool that connects two processes.
    """
    assert max(ratios("messages: Pipe, 64 KiB", "messages: Pipe, 1 B")) < 3
    assert min(ratios("messages: SimpleQueue, 64 KiB", "messages: SimpleQueue, 1 KiB")) > 2
    for tool in set(cases("messages")) - {"queue of sub-interpreters"}:
        assert min(ratios(f"messages: {tool}, 1 MiB", f"messages: {tool}, 64 KiB")) > 3, tool


def a_pair_of_sockets() -> None:
    """On Linux and macOS, `Pipe()` is a pair of sockets, so it does not contain the pipes of the
    baseline.
    """
    shown("costs/messages", "ours, theirs = Pipe()")
    if sys.platform != "win32":
        for connection in Pipe():
            with connection:
                assert stat.S_ISSOCK(os.fstat(connection.fileno()).st_mode)


def an_array_to_a_worker() -> None:
    """A NumPy array reaches a worker, which reads all of it and answers with its sum."""
    shown("costs/arrays", "return float(array.sum())", "kept mapped, 64 KiB: 33550336.0")


def pickled_or_by_name() -> None:
    """An array that is pickled costs more than three times the baseline at every size. An array
    in a block whose name is sent costs less than that from 1 MiB on.
    """
    for size in "64 KiB", "1 MiB", "8 MiB", "64 MiB":
        baseline = f"arrays: the sum itself, within a process, {size}"
        for tool in PICKLED:
            pickled = f"arrays: {tool}, {size}"
            assert min(ratios(pickled, baseline)) > 3, (tool, size)
            if size != "64 KiB":
                assert min(ratios(pickled, f"{ANEW}, {size}")) > 1, (tool, size)
                assert min(ratios(pickled, f"{KEPT}, {size}")) > 1, (tool, size)


def kept_mapped() -> None:
    """A worker that keeps the block mapped reads 64 MiB faster than one that maps it anew for
    each message, because the pages of a new mapping are mapped by page faults.
    """
    assert min(ratios(f"{ANEW}, 64 MiB", f"{KEPT}, 64 MiB")) > 1


def a_start() -> None:
    """A process that does nothing is started and has ended."""
    shown(
        "costs/starts", "Process(target=abs, args=(-1,))", "process.join()", "fork: exit status 0"
    )


def start_methods() -> None:
    """`fork` is the cheapest here, where the parent is small. `spawn` starts a Python and
    imports your program each time. `forkserver` is between the two: it starts one Python, and
    that one forks.
    """
    for run in recorded():
        fork, server, spawn = (
            run.median(f"starts: Process, {way}") for way in ("fork", "forkserver", "spawn")
        )
        assert fork < server < spawn


def children_of_the_server() -> None:
    """In some releases, among them the 3.11 of our results, each child that it forks imports your
    program as well.
    """
    if get_start_method() == "forkserver":
        each = on("Python 3.11 to 3.13.7 and 3.14.0")
        assert script(TWO_CHILDREN).stdout == "imported\n" * (3 if each else 2)
        assert on("Python 3.11") <= each


def several_workers() -> None:
    """The same update comes from 1, 2, 4 and 8 workers at once; the time is that of one update."""
    assert [case.size for case in cases("contention")["Value, under its lock"]] == [1, 2, 4, 8]
    shown("costs/contention", "connection.send((loops + n) // number)", "8 workers: 3")


def little_or_nothing() -> None:
    """More workers on one lock bring little or nothing. On two cores, an update of a `Value`
    costs more with a second worker, because the workers wait for the lock. An update of a
    manager's dict costs much more, and more workers change its time by less than half.
    """
    value, managed = (
        f"contention: {t}" for t in ("Value, under its lock", "Manager().dict() and a Lock")
    )
    for tool in value, managed:
        for many in 2, 4, 8:
            assert min(ratios(f"{tool}, {many} workers", f"{tool}, 1 worker")) > 0.5
    assert min(ratios(f"{value}, 2 workers", f"{value}, 1 worker")) > 1
    for many in 2, 4, 8:
        assert max(ratios(f"{managed}, {many} workers", f"{managed}, 1 worker")) < 1.5
    assert min(ratios(f"{managed}, 1 worker", f"{value}, 1 worker")) > 50


def pairs() -> None:
    """Each pair does the same work the slow way and the fast way. Pay less has a program for
    each pair.
    """
    pairs = part("advice").PAIRS
    pay_less = (ROOT / "docs" / "costs" / "pay-less.md").read_text("utf-8")
    assert len(pairs) == 5
    for program in "batch", "one_message", "chunks", "local_copy", "fill":
        assert f'--8<-- "pay-less/{program}.py"' in pay_less
    for slow, fast in pairs[:4]:
        assert min(ratios(f"advice: {slow}", f"advice: {fast}")) > 1
    shown("costs/advice", "one at a time: 499500", "summed first: 499500", "as one list: 499500")


def when_a_loop_wins() -> None:
    """At best, two workers halve the time of all tasks and add what it costs to hand each task
    out, so they win only if a task takes more than twice that cost.

    Tasks with plain numbers as arguments that are shorter than this are faster in a plain loop:

    An array is better worked on in a plain loop if the work on it takes less time than this:
    """
    loop, cost = 10.0, 4.0
    assert loop / 2 + cost < loop, "a task of 10 is more than twice 4"
    assert not 7.0 / 2 + cost < 7.0, "a task of 7 is not"
    head, *rows = _drawn("| A running Pool(2), chunksize=1 |").splitlines()
    assert head.startswith("| The loop wins below |")
    assert len(rows) == 1 + 4


def relations() -> None:
    """These are the relations that this site states, the bounds within which each is true, and
    what was measured: the ratio of the medians, and the ratios that the quartiles allow.
    """
    module, results, tables = part("_relations"), part("_results"), part("_tables")
    free = [suite for suite in suites() if not tables.is_pinned(suite)]
    table = _drawn("| Relation | True within |")
    for relation in module.read():
        found = list(filter(None, map(relation.ratio, free)))
        assert found, relation.text
        assert f"| {relation.text} | {relation.bounds} |" in table
        for ratio in found:
            assert results.ratio_text(ratio) in table
            assert relation.verdict(ratio) != "NOT TRUE", relation.text
        for bound in relation.at_least, relation.at_most:
            if 0 < bound < float("inf"):
                assert f" {results.rounded(bound)} " in relation.text
        lowest, highest = min(r.low for r in found), max(r.high for r in found)
        tight = f"{relation.text} Measured: {lowest:.2g} to {highest:.2g}"
        assert relation.at_least == 0 or relation.at_least * 2 >= lowest, tight
        assert relation.at_most == float("inf") or relation.at_most <= highest * 2, tight


def too_noisy() -> None:
    """`python examples/costs check` judges your own results by the same bounds, and says `too
    noisy` where the quartiles lie on both sides of a bound.
    """
    module, results = part("_relations"), part("_results")
    relation = module.Relation("", "", "", at_least=2, at_most=4)
    assert relation.verdict(results.Spread(1, 3, 3)) == "too noisy"
    assert relation.verdict(results.Spread(3, 3, 5)) == "too noisy"
    assert relation.verdict(results.Spread(2, 3, 4)) == "true"
    assert "_relations.read()" in (TOOL / "__main__.py").read_text("utf-8")


def two_pythons() -> None:
    """The two Pythons use different C libraries, so a difference between their columns says
    little about the versions.
    """
    one, other = (run.about["platform"].rpartition("-")[2] for run in recorded())
    assert one.startswith("glibc")
    assert other.startswith("glibc")
    assert one != other


def extremes() -> None:
    """Quartiles leave out the extremes: for some cases, the longest time is more than twice the
    shortest.
    """
    for run in recorded():
        wide = [name for name, values in run.values.items() if max(values) > 2 * min(values)]
        assert 3 < len(wide) < len(run.values) / 2
