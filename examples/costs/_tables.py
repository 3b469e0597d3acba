"""What the notebook of results shows as tables, in Markdown."""

from pathlib import Path

import _relations
import _results
from _groups import GROUPS
from advice import PAIRS
from pyperf import BenchmarkSuite as Suite


def read_all(folder: Path) -> list[Suite]:
    """The results files of a folder, oldest Python first.

    Raises _results.Unreadable if there is none, or for the first that is not one.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise _results.Unreadable(f"{folder.resolve()}: no results here; measure into it")
    return sorted(map(_results.read, paths), key=_version)


def _version(suite: Suite) -> list[int]:
    return [int(n) for n in suite.get_metadata()["python_version"].split(".") if n.isdigit()]


def label(suite: Suite) -> str:
    """A run as the heads of tables name it."""
    about = suite.get_metadata()
    return f"{about['python_version'].rpartition('.')[0]} {about['start_method']}"


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
        "Cores": "cpu_count",
    }
    abouts = [suite.get_metadata() for suite in suites]
    body = [[title, *[str(a.get(key, "?")) for a in abouts]] for title, key in keys.items()]
    memory = [f"{a['mem_total'] / 2**30:.0f} GiB" if "mem_total" in a else "?" for a in abouts]
    dates = [f"{s.get_dates()[0]:%Y-%m-%d}" if s.get_dates() else "?" for s in suites]
    return markdown(["", *map(label, suites)], [*body, ["Memory", *memory], ["Date", *dates]])


def costs(suites: list[Suite], group: str) -> str:
    """Time of each case of a group, and how many times the limit that is."""
    found = [{(r.tool, r.size): r for r in _results.rows(s) if r.group == group} for s in suites]
    body = []
    for case in GROUPS[group].cases:
        size = "" if case.size is None else case.size_name
        cells = [f"{case.tool}, {size}" if size else case.tool]
        for rows in found:
            row = rows.get((case.tool, size))
            times = f" ({_results.rounded(row.multiple)})" if row and row.multiple else ""
            cells.append(_time(row.seconds if row else None) + times)
        body.append(cells)
    return markdown(["(times the limit)", *map(label, suites)], body)


def advice(suites: list[Suite]) -> str:
    """The slow way and the fast way to do the same, and how many times as slow."""
    body = []
    for slow, fast in PAIRS:
        first, second = [slow], [fast]
        for found in map(_results.medians, suites):
            more, less = found.get(f"advice: {slow}"), found.get(f"advice: {fast}")
            ratio = f" ({_results.rounded(more / less)})" if more and less else ""
            first.append(_time(more) + ratio)
            second.append(_time(less))
        body += [first, second]
    return markdown(["Slow (times the fast), fast", *map(label, suites)], body)


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
        for found in map(_results.medians, suites):
            all_of_them = found.get(f"advice: {chunks}{size}")
            loop = found.get("advice: 1,000 small tasks, a plain loop")
            start = found.get("starts: Pool(2) and one task")
            if all_of_them and loop and start:
                overhead = (all_of_them - loop / 2) / 1000 + (start / tasks if tasks else 0)
                cells.append(_time(2 * overhead))
            else:
                cells.append(_time(None))
        body.append(cells)
    return markdown(["The loop wins below", *map(label, suites)], body)


def small_data(suites: list[Suite]) -> str:
    """Below which time of the work on an array a plain loop beats two workers."""
    ways = [("Pool.map", "Pool.map"), ("SharedMemory, already in, by name", "shared, by name")]
    head = ["Array"]
    for suite in suites:
        head += [f"{label(suite)}: {name}" for _, name in ways]
    body = []
    for case in GROUPS["arrays"].cases:
        if case.limit:
            cells = [case.size_name]
            for found in map(_results.medians, suites):
                for tool, _ in ways:
                    seconds = found.get(f"arrays: {tool}, {case.size_name}")
                    cells.append(_time(seconds and 2 * seconds))
            body.append(cells)
    return markdown(head, body)


def _time(seconds: float | None) -> str:
    return "not measured" if seconds is None else _results.time_text(seconds)


def relations(suites: list[Suite]) -> str:
    """What the site states, and what each run measured."""
    body = []
    for relation in _relations.read():
        ratios = [relation.ratio(suite) for suite in suites]
        measured = ["not measured" if r is None else _results.rounded(r) for r in ratios]
        body.append([relation.text, f"{' / '.join(measured)} ({relation.bounds})"])
    return markdown(["Relation", f"{' / '.join(map(label, suites))} (true within)"], body)
