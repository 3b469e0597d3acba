"""What the notebook of results shows as tables, in Markdown."""

from pathlib import Path

import _relations
import _results
from _groups import GROUPS
from _others import BUSY
from _results import Spread
from advice import PAIRS
from arrays import KEPT, MAPPED_ANEW, SUM
from pyperf import BenchmarkSuite as Suite


def read_all(folder: Path) -> list[Suite]:
    """The results files of a folder, oldest Python first, and first what was not pinned.

    Raises _results.Unreadable if there is none, or for the first that is not one.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise _results.Unreadable(f"{folder.resolve()}: no results here; measure into it")
    return sorted(map(_results.read, paths), key=_order)


def is_pinned(suite: Suite) -> bool:
    """Whether all processes ran on one core."""
    return "cpu_affinity" in suite.get_metadata()


def _order(suite: Suite) -> tuple[bool, list[int]]:
    version = suite.get_metadata()["python_version"].split(".")
    return is_pinned(suite), [int(n) for n in version if n.isdigit()]


def label(suite: Suite) -> str:
    """A run as the heads of tables name it."""
    about = suite.get_metadata()
    pinned = ", one core" if is_pinned(suite) else ""
    busy = ", busy" if about.get("costs_others", 0) > BUSY else ""
    return f"{about['python_version'].rpartition('.')[0]} {about['start_method']}{pinned}{busy}"


def markdown(head: list[str], body: list[list[str]]) -> str:
    """A table; numbers, which are all but the first column, to the right."""
    rule = ["---", *["--:" for _ in head[1:]]]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, rule, *body])


def machines(suites: list[Suite]) -> str:
    """On what each run was made."""
    keys = {
        "Python": "python_version",
        "Start method": "start_method",
        "System": "platform",
        "Processor": "cpu_model_name",
        "Virtual": "virtual",
        "Cores": "cpu_count",
        "Pinned to core": "cpu_affinity",
        "Load before": "load_avg_1min",
    }
    abouts = [suite.get_metadata() for suite in suites]
    body = [
        [title, *[str(a.get(key, "no" if key == "cpu_affinity" else "?")) for a in abouts]]
        for title, key in keys.items()
    ]
    others = [f"{a['costs_others']:.0%}" if "costs_others" in a else "?" for a in abouts]
    memory = [f"{a['mem_total'] / 2**30:.0f} GiB" if "mem_total" in a else "?" for a in abouts]
    dates = [f"{s.get_dates()[0]:%Y-%m-%d}" if s.get_dates() else "?" for s in suites]
    more = [["Used by other programs", *others], ["Memory", *memory], ["Date", *dates]]
    return markdown(["Run", *map(label, suites)], [*body, *more])


def costs(suites: list[Suite], group: str) -> str:
    """Time of each case of a group, with quartiles, and how many times the baseline that is."""
    found = [{(r.tool, r.size): r for r in _results.rows(s) if r.group == group} for s in suites]
    body = []
    for case in GROUPS[group].cases:
        size = "" if case.size is None else case.size_name
        cells = [f"{case.tool}, {size}" if size else case.tool]
        for rows in found:
            row = rows.get((case.tool, size))
            times = f", x&nbsp;{_results.rounded(row.multiple)}" if row and row.multiple else ""
            cells.append(_time(row.seconds if row else None) + times)
        body.append(cells)
    return markdown(["Median (quartiles), x baseline", *map(label, suites)], body)


def cost(suites: list[Suite], case: str) -> str:
    """What a case takes and how the tables name it: the medians of runs that may move.

    Raises KeyError if no such run has it.
    """
    found = [_results.spreads(suite) for suite in suites if not is_pinned(suite)]
    medians = sorted(spreads[case].median for spreads in found if case in spreads)
    if not medians:
        raise KeyError(case)
    return f"{_results.range_text(medians[0], medians[-1])}: {case.partition(': ')[2]}"


def advice(suites: list[Suite]) -> str:
    """The slow way and the fast way to do the same, and how many times as slow."""
    body = []
    for slow, fast in PAIRS:
        first, second = [slow], [fast]
        for found in map(_results.spreads, suites):
            more, less = found.get(f"advice: {slow}"), found.get(f"advice: {fast}")
            ratio = (
                f", x&nbsp;{_results.rounded(more.median / less.median)}" if more and less else ""
            )
            first.append(_time(more) + ratio)
            second.append(_time(less))
        body += [first, second]
    return markdown(["Slow (quartiles), x fast; fast (quartiles)", *map(label, suites)], body)


def small_tasks(suites: list[Suite]) -> str:
    """Below which time of one task a plain loop beats two workers, as far as can be said.

    A loop takes `t` for a task. Two workers take `t / 2`, and what it costs to
    hand the task out, so they win where `t` is more than twice that.
    """
    chunks = "1,000 small tasks, Pool.map, chunksize="
    ways = [
        ("A running Pool(2), chunksize=1", "1", 0),
        ("A running Pool(2), chunksize=250", "250", 0),
        ("A Pool(2) started for 1,000 tasks", "250", 1000),
        ("A Pool(2) started for 10 tasks", "250", 10),
    ]
    body = []
    for text, size, tasks in ways:
        cells = [text]
        for found in map(_results.spreads, suites):
            all_of_them = found.get(f"advice: {chunks}{size}")
            loop = found.get("advice: 1,000 small tasks, a plain loop")
            start = found.get("starts: Pool(2) and one task")
            if all_of_them and loop and start:
                cost = all_of_them.plus(loop, -1 / 2).plus(start, 1000 / tasks if tasks else 0)
                cells.append(_time(cost.times(2 / 1000)))
            else:
                cells.append(_time(None))
        body.append(cells)
    return markdown(["The loop wins below", *map(label, suites)], body)


def small_data(suites: list[Suite]) -> str:
    """Below which time of the work on an array a plain loop beats two workers.

    What it costs to hand the array out is the time of the case without that of the sum.
    """
    body = []
    for tool in "Pool.map", MAPPED_ANEW, KEPT:
        for case in GROUPS["arrays"].cases:
            if case.tool == tool:
                cells = [case.name.partition(": ")[2]]
                for found in map(_results.spreads, suites):
                    handed = found.get(case.name)
                    work = found.get(f"arrays: {SUM}, {case.size_name}")
                    if handed and work:
                        cells.append(_time(handed.plus(work, -1).times(2)))
                    else:
                        cells.append(_time(None))
                body.append(cells)
    return markdown(["The loop wins below", *map(label, suites)], body)


def _time(seconds: Spread | None) -> str:
    """A median with its quartiles; a cost that is no more than the noise cannot be told."""
    if seconds is None:
        return "not measured"
    return _results.spread_text(seconds) if seconds.low > 0 else "lost in the noise"


def relations(suites: list[Suite]) -> str:
    """What the site states of processes that may move, and what each such run measured."""
    suites = [suite for suite in suites if not is_pinned(suite)]
    body = []
    for relation in _relations.read():
        ratios = [relation.ratio(suite) for suite in suites]
        told = [_results.ratio_text(r) + ", " if r else "" for r in ratios]
        cells = [told + relation.verdict(r) for told, r in zip(told, ratios, strict=True)]
        body.append([relation.text, relation.bounds, *cells])
    return markdown(["Relation", "True within", *map(label, suites)], body)
