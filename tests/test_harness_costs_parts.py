"""What was measured is shown in tables and plots; here all is made up, and nothing measured."""

import importlib
import json
import multiprocessing
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import matplotlib
import numpy
import pytest

from tests.harness.read.site import ROOT
from tests.harness.tell import costs

COSTS = ROOT / "examples" / "costs"
PARTS = ["_case", "_measure", "_others", "_plan", "_plots", "_relations", "_results"]
PARTS += ["_tables", "_timing"]


@pytest.fixture(scope="module")
def parts() -> Iterator[SimpleNamespace]:
    """The modules of the measurement, which import each other as neighbors do."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(COSTS))
        modules: dict[str, ModuleType] = {n[1:]: importlib.import_module(n) for n in PARTS}
        yield SimpleNamespace(**modules)


def suite(parts: SimpleNamespace, seconds: dict[str, float], **about: Any) -> Any:
    """Results of a Python: the median of each case; a quarter is 10% below or above it."""
    lines = [
        {
            "name": n,
            "loops": 1,
            "warmups": [(1, t)],
            "values": [0.8 * t, 0.9 * t, t, 1.1 * t, 2 * t],
        }
        for n, t in seconds.items()
    ]
    return parts.results.suite(lines, "spawn", {"python_version": "3.15.2"} | about)


def table(text: str) -> list[list[str]]:
    """The cells of a Markdown table, without the line under its head."""
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines()]
    assert set("".join(rows[1])) <= set("-: ")
    return [rows[0], *rows[2:]]


MESSAGES = {
    "messages: os.write and os.read on a pipe, 1 B": 2e-6,
    "messages: Pipe, 1 B": 5e-6,
    "messages: Queue, 1 B": 3e-5,
    "messages: Queue, 1 MiB": 0.2,
}


def test_times_have_two_digits_and_the_unit_that_reads_best(parts: SimpleNamespace) -> None:
    seconds = 123.4, 1, 0.0456, 7.89e-5, 1.23e-7, 1e-10
    told = list(map(parts.results.time_text, seconds))
    assert told == ["120 s", "1 s", "46 ms", "79 µs", "120 ns", "0.1 ns"]


def test_a_spread_is_that_of_the_quartiles(parts: SimpleNamespace) -> None:
    spread = parts.results.spread([0.005, 0.001, 0.0009, 0.0002, 0.0012])
    assert parts.results.spread_text(spread) == "1 ms (0.9 to 1.2)"
    assert parts.results.spread_text(parts.results.spread([0.5])) == "500 ms (500 to 500)"
    assert parts.results.ratio_text(spread.over(spread)) == "1 (0.75 to 1.3)"


def test_costs_are_set_beside_the_baseline(parts: SimpleNamespace) -> None:
    some = suite(parts, {"messages: Pipe, 1 B": 5e-6}, python_version="3.9.1")
    head, *rows = table(parts.tables.costs([some, suite(parts, MESSAGES)], "messages"))
    assert head == ["Median (quartiles), x baseline", "3.9 spawn", "3.15 spawn"]
    assert ["Pipe, 1 B", "5 µs (4.5 to 5.5)", "5 µs (4.5 to 5.5), x&nbsp;2.5"] in rows
    assert ["Queue, 1 B", "not measured", "30 µs (27 to 33), x&nbsp;15"] in rows
    row = ["Queue, 1 MiB", "not measured", "200 ms (180 to 220)"]
    assert row in rows, "its baseline was not measured"
    starts = suite(parts, {"starts: Manager()": 0.02})
    assert ["Manager()", "20 ms (18 to 22)"] in table(parts.tables.costs([starts], "starts"))


def test_what_a_page_names_is_told_with_its_row(parts: SimpleNamespace) -> None:
    case = "messages: Pipe, 1 B"
    first, last = (suite(parts, {case: seconds}) for seconds in (5e-6, 0.9e-6))
    pinned = suite(parts, {case: 1e-3, "starts: Manager()": 0.02}, cpu_affinity="1")
    assert parts.tables.cost([first, last, pinned], case) == "0.9 to 5 µs: Pipe, 1 B"
    assert parts.tables.cost([last], case) == "900 ns: Pipe, 1 B"
    with pytest.raises(KeyError, match="Manager"):
        parts.tables.cost([first, pinned], "starts: Manager()")


def test_a_mark_becomes_what_was_measured(parts: SimpleNamespace) -> None:
    case = "updates: SQLite row"
    told = parts.tables.cost(parts.tables.read_all(ROOT / "docs" / "costs"), case)
    assert costs.told(f"| [<!-- cost of {case} -->](a.md) |") == f"| [{told}](a.md) |"
    assert costs.told("<!-- a comment -->") == "<!-- a comment -->"
    with pytest.raises(KeyError):
        costs.told("<!-- cost of updates: nothing -->")


def test_advice_is_told_with_the_gain(parts: SimpleNamespace) -> None:
    slow, fast = next(iter(parts.tables.PAIRS))
    both = suite(parts, {f"advice: {slow}": 0.05, f"advice: {fast}": 0.01})
    one = suite(parts, {f"advice: {fast}": 0.01})
    rows = table(parts.tables.advice([both, one]))
    assert rows[1] == [slow, "50 ms (45 to 55), x&nbsp;5", "not measured"]
    assert rows[2] == [fast, "10 ms (9 to 11)", "10 ms (9 to 11)"]


def test_it_is_told_what_is_too_small_to_hand_out(parts: SimpleNamespace) -> None:
    tasks = "advice: 1,000 small tasks, "
    seconds = {
        f"{tasks}Pool.map, chunksize=1": 0.11,
        f"{tasks}a plain loop": 0.02,
        "starts: Pool(2) and one task": 0.04,
        "arrays: Pool.map, 64 KiB": 0.003,
        "arrays: SharedMemory, by name, kept mapped, 64 KiB": 0.001,
    }
    rows = table(parts.tables.small_tasks([suite(parts, seconds)]))
    told = "200 µs (180 to 220)"
    assert rows[1] == ["A running Pool(2), chunksize=1", told], "2 * (0.11 - 0.02 / 2) / 1,000"
    assert [row[1] for row in rows[2:]] == ["not measured"] * 3
    seconds[f"{tasks}Pool.map, chunksize=250"] = 0.01
    rows = table(parts.tables.small_tasks([suite(parts, seconds)]))
    last = "80 µs (68 to 92)", "8 ms (7.2 to 8.8)"
    assert [row[1] for row in rows[1:]] == [told, "lost in the noise", *last]
    seconds["arrays: the sum itself, within a process, 64 KiB"] = 0.001
    head, *rows = table(parts.tables.small_data([suite(parts, seconds)]))
    assert head == ["The loop wins below", "3.15 spawn"]
    assert rows[:2] == [
        ["Pool.map, 64 KiB", "4 ms (3.2 to 4.8)"],
        ["Pool.map, 1 MiB", "not measured"],
    ]
    kept = "SharedMemory, by name, kept mapped, 64 KiB"
    assert [kept, "lost in the noise"] in rows, "it costs no more than the sum itself"


def test_machines_are_told_as_far_as_they_are_known(parts: SimpleNamespace) -> None:
    known = {"cpu_count": 2, "mem_total": 2**33, "date": "2026-11-23 10:00:00"}
    known |= {"cpu_affinity": "1", "virtual": "yes", "load_avg_1min": 1.25, "costs_others": 0.123}
    rows = table(parts.tables.machines([suite(parts, MESSAGES, **known), suite(parts, MESSAGES)]))
    assert ["Cores", "2", "?"] in rows
    assert ["Memory", "8 GiB", "?"] in rows
    assert ["Used by other programs", "12%", "?"] in rows
    assert ["Date", "2026-11-23", "?"] in rows
    assert rows[0] == ["Run", "3.15 spawn, one core, busy", "3.15 spawn"]
    assert ["Virtual", "yes", "?"] in rows
    assert ["Pinned to core", "1", "no"] in rows
    assert ["Load before", "1.25", "?"] in rows


def test_a_run_is_busy_by_what_others_used(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        moments.pop(0)

    # user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice
    moments = ["10 0 5 80 5 0 0 0 9 9", "12 1 6 115 9 1 1 1 9 9", "12 1 6 129 9 2 1 1 9 9"]
    monkeypatch.setattr(parts.others, "STAT", SimpleNamespace(
        is_file=lambda: True, read_text=lambda _: f"cpu  {moments[0]}\ncpu0 7 7 7 7 7 7 7 7\n",
    ))  # fmt: skip
    monkeypatch.setattr(parts.others.time, "sleep", sleep)
    others = parts.others.Others()
    others.look()
    assert (others.used, others.total) == (7, 46)
    others.look()
    assert others.share == 8 / 61
    for share, heading in (0.1, "3.15 spawn"), (0.11, "3.15 spawn, busy"):
        quiet = suite(parts, MESSAGES, costs_others=share, load_avg_1min=9.0)
        assert parts.tables.label(quiet) == heading, "the load may be that of the run before"
    monkeypatch.setattr(parts.others, "STAT", tmp_path / "stat")
    nothing_known = parts.others.Others()
    nothing_known.look()
    assert nothing_known.share is None
    assert len(slept) == 2


def test_before_each_group_the_others_are_looked_at(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def worker(group: str, *_: object) -> Iterator[dict[str, str]]:
        done.append(group)
        yield from ({"name": case.name} for case in cases if case.group == group)

    monkeypatch.setattr(parts.measure, "lines_of_worker", worker)
    cases, look = parts.measure.chosen(["updates", "starts"]), lambda: done.append("look")
    lines = list(parts.measure.measure(cases, parts.plan.QUICK, "spawn", look=look))
    assert len(lines) == 2 * len(cases)
    assert done == ["look", "updates", "look", "starts"] * 2


@pytest.mark.parametrize("used, told", [(40, "used 40% of the processors"), (9, "")])
def test_it_is_told_that_others_disturb(
    parts: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    used: int,
    told: str,
) -> None:
    def measured(cases: Any, plan: Any, method: str, core: str, look: Any) -> Iterator[Any]:
        look.__self__.used, look.__self__.total = used, 100
        yield {"name": "starts: Manager()", "loops": 1, "warmups": [(1, 0.1)], "values": [0.1]}

    main = runpy.run_path(str(COSTS / "__main__.py"), run_name="costs")["main"]
    path = tmp_path / "costs.json"
    monkeypatch.setattr(parts.measure, "measure", measured)
    monkeypatch.setattr(parts.measure, "note_signals", lambda: None)
    monkeypatch.setattr(sys, "argv", ["costs", "measure", "starts", "-o", str(path)])
    assert main() == 0
    printed = capsys.readouterr().out
    assert told in printed
    assert ("Other programs" in printed) == bool(told)
    assert parts.results.read(path).get_metadata()["costs_others"] == used / 100


def test_a_machine_is_known_without_its_name(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(parts.results, "CPUINFO", tmp_path / "cpuinfo")
    found = SimpleNamespace(get_metadata=lambda: {"cpu_count": 2, "hostname": "mine"})
    monkeypatch.setattr(parts.results.pyperf, "Run", lambda values, collect_metadata: found)
    monkeypatch.setattr(os, "sysconf", len, raising=False)  # of names of 12 and 13 letters
    assert parts.results.machine() == {"cpu_count": 2, "mem_total": 12 * 13}
    monkeypatch.delattr(os, "sysconf")
    assert parts.results.machine() == {"cpu_count": 2}
    for flags, virtual in ("fpu hypervisor", "yes"), ("fpu", "no"):
        (tmp_path / "cpuinfo").write_text(f"flags : {flags}\n", "utf-8")
        assert parts.results.machine() == {"cpu_count": 2, "virtual": virtual}


def test_a_system_that_cannot_pin_processes_says_so(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_setaffinity", None, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 3}, raising=False)
    assert parts.results.one_core() == "3"
    monkeypatch.delattr(os, "sched_setaffinity")
    with pytest.raises(parts.results.CannotPin, match="cannot be pinned to a core on this"):
        parts.results.one_core()


@pytest.mark.parametrize(
    "bounds, told, verdict",
    [
        ({"at_least": 2}, "at least 2", "true"),
        ({"at_most": 2}, "at most 2", "NOT TRUE"),
        ({"at_least": 4}, "at least 4", "NOT TRUE"),
        ({"at_least": 2, "at_most": 4}, "2 to 4", "true"),
        ({"at_least": 2.2, "at_most": 4}, "2.2 to 4", "too noisy"),
        ({"at_least": 2, "at_most": 3}, "2 to 3", "too noisy"),
    ],
)
def test_relations_are_told_with_their_bounds(
    parts: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    bounds: dict[str, float],
    told: str,
    verdict: str,
) -> None:
    names = {"cost": "messages: Pipe, 1 B", "of": "messages: os.write and os.read on a pipe, 1 B"}
    relation = parts.relations.Relation("A Pipe costs more", **names, **bounds)
    monkeypatch.setattr(parts.relations, "read", lambda: [relation])
    pipe, none = suite(parts, MESSAGES), suite(parts, {"starts: Manager()": 0.02})
    pinned = suite(parts, MESSAGES, cpu_affinity="1")
    assert relation.verdict(relation.ratio(pipe)) == verdict
    assert relation.verdict(relation.ratio(none)) == "not measured"
    head, row = table(parts.tables.relations([pipe, none, pinned]))
    assert head == ["Relation", "True within", "3.15 spawn", "3.15 spawn"]
    measured = f"2.5 (2 to 3.1), {verdict}"
    assert row == ["A Pipe costs more", told, measured, "not measured"]


def test_results_are_read_oldest_python_first(parts: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(parts.results.Unreadable, match="no results here; measure into it"):
        parts.tables.read_all(tmp_path)
    pinned = {"cpu_affinity": "1"}
    for name, about in ("a", {}), ("b", {"python_version": "3.9.1"}), ("c", pinned):
        parts.results.save(suite(parts, MESSAGES, **about), tmp_path / f"{name}.json")
    assert list(map(parts.tables.label, parts.tables.read_all(tmp_path))) == [
        "3.9 spawn",
        "3.15 spawn",
        "3.15 spawn, one core",
    ]


def test_results_that_cannot_be_kept_are_told(parts: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "gone" / "costs.json"
    with pytest.raises(parts.results.Unwritable, match=r"costs\.json: cannot be written \(No such"):
        parts.results.save(suite(parts, MESSAGES), path)


def texts_of(svg: str) -> set[str]:
    """The texts of a plot."""
    assert re.match(r'<div><svg [^>]*role="img" aria-label="Times"', svg)
    assert "#000000" not in svg
    assert "date" not in svg
    return set(re.findall(r">([^<>\n]+)</text>", svg))


def test_plots_name_what_was_measured(parts: SimpleNamespace) -> None:
    cases = parts.plots.GROUPS["starts"].cases
    seconds = {case.name: 0.0023 for case in cases if case.tool != "Process, fork"}
    both = [suite(parts, seconds), suite(parts, {"starts: Manager()": 0.05})]
    texts = texts_of(parts.plots.dots(both, "starts", "Times"))
    assert {"Manager()", "3.15 spawn", "baseline, 3.15 spawn", "quartiles"} < texts
    assert "Process, fork" not in texts
    names = [f"contention: Value, under its lock, {n} workers" for n in (2, 4, 8)]
    contention = dict(zip(names, [1e-6, 3e-6, 9e-6], strict=True))
    texts = texts_of(parts.plots.dots([suite(parts, contention)], "contention", "Times"))
    assert "Value, under its lock, 2 workers" in texts
    assert not any("baseline" in text for text in texts)


def test_each_tool_has_a_panel_of_its_own(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = parts.case.Group("messages", [1, 1024])
    for tool in "Pipe", "Queue", "SimpleQueue":
        group.case(tool)(lambda size: iter(()))
    group.case("os.write and os.read on a pipe", baseline=True)(lambda size: iter(()))
    monkeypatch.setitem(parts.plots.GROUPS, "messages", group)
    drawn = parts.plots.panels([suite(parts, MESSAGES)], "messages", "Times")
    assert {"Pipe", "Queue", "SimpleQueue", "baseline, 3.15 spawn", "quartiles"} < texts_of(drawn)
    assert drawn.count("<clipPath") == 3, "the place of a fourth is empty"


def page(parts: SimpleNamespace) -> str:
    """Two plots that stand on one page."""
    seconds = {case.name: 0.0023 for case in parts.plots.GROUPS["messages"].cases}
    both = [suite(parts, {"starts: Manager()": 0.05}), suite(parts, seconds | MESSAGES)]
    dots = parts.plots.dots(both, "starts", "Times")
    return str(dots + parts.plots.panels(both, "messages", "Times"))


@pytest.mark.parametrize("towards", [-1000, 1000])
def test_the_last_bit_of_a_logarithm_does_not_change_a_plot(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, towards: float
) -> None:
    drawn, log10, called = page(parts), numpy.log10, []

    def off_by_a_bit(values: Any) -> Any:
        called.append(values)
        return numpy.nextafter(log10(values), towards)

    monkeypatch.setattr(numpy, "log10", off_by_a_bit)
    assert page(parts) == drawn
    assert called


@pytest.mark.parametrize(
    "drawn, rounded",
    [
        ('<path d="M 192.458052 0.1, -1.234567"/>', '<path d="M 192.46 0.1, -1.23"/>'),
        ('<use x="0.124999" y="0.125001"/>', '<use x="0.13" y="0.13"/>'),
        ('<g transform="rotate(-0 7 -0.000001)"/>', '<g transform="rotate(0 7 0)"/>'),
        ('<text style="font: 9.123px">3.1415</text>', '<text style="font: 9.123px">3.1415</text>'),
        ('<svg version="1.1" id="a-1.234" fill="#123456">', None),
    ],
)
def test_positions_are_rounded_and_nothing_else(
    parts: SimpleNamespace, drawn: str, rounded: str | None
) -> None:
    assert parts.plots.rounded(drawn) == (rounded or drawn)


def test_ids_are_those_that_are_used_and_differ_between_plots(parts: SimpleNamespace) -> None:
    drawn = page(parts)
    ids = re.findall(r'\bid="(.*?)"', drawn)
    assert len(ids) == len(set(ids))
    assert set(ids) == set(re.findall(r"#([\w-]+)", drawn))
    assert {"starts-1", "messages-1"} < set(ids)


def test_settings_of_the_reader_do_not_change_a_plot(parts: SimpleNamespace) -> None:
    drawn = page(parts)
    with matplotlib.rc_context({"font.size": 30, "axes.grid": True, "svg.fonttype": "path"}):
        assert page(parts) == drawn


def made_up(parts: SimpleNamespace) -> Any:
    """A group of one case that works, and of two that do not."""

    def adds() -> Iterator[Any]:
        total = 0

        def run(loops: int) -> None:
            nonlocal total
            total += loops

        yield run, lambda: total

    def needs() -> Iterator[Any]:
        yield

    def fails() -> Iterator[Any]:
        raise ValueError("too late")
        yield

    group = parts.case.Group("updates")
    group.case("adds")(adds)
    group.case("needs", needs="lost")(needs)
    group.case("fails")(fails)
    return group


def test_a_worker_tells_what_it_measured_and_why_not(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(multiprocessing, "set_start_method", lambda method: None)
    monkeypatch.setitem(parts.timing.GROUPS, "updates", made_up(parts))
    monkeypatch.setattr(sys, "argv", ["worker", "updates", "spawn", "3", "1", "2", "0"])
    cores: list[set[int]] = []
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, c: cores.append(c), raising=False)
    parts.timing.main()
    assert cores == [{3}]
    adds, needs, fails = map(json.loads, capsys.readouterr().out.splitlines())
    assert adds["name"] == "updates: adds"
    assert len(adds["values"]) in (1, 2)
    assert needs == {"name": "updates: needs", "missing": "lost is not installed"}
    assert fails == {"name": "updates: fails", "missing": "ValueError: too late"}


def test_a_group_shows_what_its_cases_do(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    group = made_up(parts)
    del group.cases[2]
    large = parts.case.Case("updates", "large", None, 1_000_000)
    group.cases.append(large)
    group.show()
    assert capsys.readouterr().out.splitlines() == [
        "updates: adds: 3",
        "updates: needs: lost is not installed",
    ]


def test_a_case_asks_for_shared_memory_before_it_takes_it(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def statvfs(path: str) -> SimpleNamespace:
        if not free:
            raise FileNotFoundError("none here")
        return SimpleNamespace(f_bavail=free[0], f_frsize=1000)

    free = [2]
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "statvfs", statvfs, raising=False)
    parts.case.need_shared_memory(2000)
    with pytest.raises(parts.case.CannotMeasure, match="only 2,000 bytes are free in /dev/shm"):
        parts.case.need_shared_memory(2001)
    free.clear()
    with pytest.raises(parts.case.CannotMeasure, match="no shared memory: none here"):
        parts.case.need_shared_memory(1)
    monkeypatch.setattr(sys, "platform", "darwin")
    parts.case.need_shared_memory(1)


def test_an_interrupt_between_two_steps_leaves_no_traceback(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(path: Path) -> None:
        raise KeyboardInterrupt

    main = runpy.run_path(str(COSTS / "__main__.py"), run_name="costs")["main"]
    monkeypatch.setattr(parts.results, "read", interrupted)
    monkeypatch.setattr(sys, "argv", ["costs", "check", "results.json"])
    assert main() == 130
    assert capsys.readouterr().out == "\nInterrupted.\n"


def test_a_signal_before_a_worker_starts_ends_the_measurement(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts.measure, "interrupted", 0)
    parts.measure._note(signal.SIGTERM, None)
    parts.measure._note(signal.SIGINT, None)
    assert parts.measure.interrupted == signal.SIGTERM
    cases = parts.measure.chosen(["starts"])
    with pytest.raises(KeyboardInterrupt):
        next(parts.measure.measure(cases, parts.plan.QUICK, "spawn"))


@pytest.mark.skipif(sys.platform == "win32", reason="ends a worker by its process group")
def test_what_a_worker_leaves_is_killed(
    parts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts.measure, "LOOKS", 1)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True)"
    code = f"import subprocess as s, sys; s.run([sys.executable, '-c', '{deaf}; time.sleep(60)'])"
    command = [sys.executable, "-c", code]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    with worker:
        assert worker.stdout
        assert worker.stdout.readline()
        parts.measure.end(worker)
        assert worker.stdout.read() == "", "it is closed by the last that had it"
        with suppress(ProcessLookupError):  # once what was killed is waited for, too
            for _ in range(1000):
                os.killpg(worker.pid, 0)
                time.sleep(0.01)
        parts.measure.end(worker)
