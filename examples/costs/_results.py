"""Results of a measurement: kept, read, and set beside the baseline.

The file is one of pyperf, so that pyperf's own commands work on it too.
"""

import json
import os
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyperf
from _groups import GROUPS

FORMAT = "2"
"""Goes up when cases change, so that old results are not compared."""
ABOUT_MACHINE = {
    "cpu_count",
    "cpu_model_name",
    "date",
    "load_avg_1min",
    "mem_total",
    "platform",
    "python_implementation",
    "python_version",
}


CPUINFO = Path("/proc/cpuinfo")


class Unreadable(Exception):
    """Raised for a results file that cannot be used; says the remedy."""


class Unwritable(Exception):
    """Raised where results cannot be kept; says the remedy."""


class CannotPin(Exception):
    """Raised where a system has no way to keep processes on one core."""


def check_free(path: Path) -> None:
    """Raise Unwritable if there is a file already, or none can be written.

    Asked before the measurement, which may take minutes.
    """
    if path.is_dir():
        raise Unwritable(f"{path}: is a folder; give the name of a file with -o")
    if path.exists():
        raise Unwritable(f"{path}: is there already; give another name with -o, or delete it")
    beside = _beside(path)
    try:
        beside.touch()
        beside.unlink()
    except OSError as error:
        raise Unwritable(f"{path}: cannot be written ({error.strerror})") from error


def machine() -> dict[str, Any]:
    """What pyperf says of this machine and Python, without its name."""
    found = pyperf.Run([1.0], collect_metadata=True).get_metadata()
    about = {k: v for k, v in found.items() if k in ABOUT_MACHINE}
    if hasattr(os, "sysconf"):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        about["mem_total"] = memory
    if CPUINFO.is_file():
        about["virtual"] = "yes" if " hypervisor" in CPUINFO.read_text("utf-8") else "no"
    return about


def one_core() -> str:
    """The core to which all processes are pinned, if they are: the last that there is.

    Raises CannotPin.
    """
    if not hasattr(os, "sched_setaffinity"):
        raise CannotPin("processes cannot be pinned to a core on this system")
    return str(max(os.sched_getaffinity(0)))


def suite(
    lines: list[dict[str, Any]],
    start_method: str,
    about: dict[str, Any],
) -> pyperf.BenchmarkSuite:
    """All that was measured, as pyperf keeps it: a run for each round.

    Raises ValueError if nothing was.
    """
    runs = defaultdict(list)
    measured = {line["name"] for line in lines if "values" in line}
    reasons = {x["name"]: x["missing"] for x in lines if x["name"] not in measured}
    common = {
        **about,
        "costs_format": FORMAT,
        "costs_missing": json.dumps(reasons),
        "start_method": start_method,
        "unit": "second",
    }
    for line in lines:
        if "values" in line:
            own = {"name": line["name"], "loops": line["loops"]}
            warmups = [tuple(warmup) for warmup in line["warmups"]]
            run = pyperf.Run(
                line["values"],
                warmups=warmups,
                metadata={**common, **own},
                collect_metadata=False,
            )
            runs[line["name"]].append(run)
    return pyperf.BenchmarkSuite(list(map(pyperf.Benchmark, runs.values())))


def save(results: pyperf.BenchmarkSuite, path: Path) -> None:
    """Write the file, whole or not at all. Raises Unwritable."""
    beside = _beside(path)
    try:
        results.dump(str(beside), replace=True)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Unwritable(f"{path}: cannot be written ({error.strerror})") from error


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def read(path: Path) -> pyperf.BenchmarkSuite:
    """Read a file. Raises Unreadable."""
    if not path.is_file():
        raise Unreadable(f"{path}: there is no such file")
    try:
        results = pyperf.BenchmarkSuite.load(str(path))
        form = results.get_metadata().get("costs_format")
    except Exception as error:
        raise Unreadable(f"{path}: not a file of results ({error}); measure again") from error
    if form != FORMAT:
        raise Unreadable(
            f"{path}: results of another version of the cases "
            f"({form or 'none'}, not {FORMAT}); measure again"
        )
    return results


@dataclass(frozen=True)
class Spread:
    """What many values came to: a quarter of them lies below `low`, a quarter above `high`."""

    low: float
    median: float
    high: float

    def plus(self, other: "Spread", times: float) -> "Spread":
        """The sum with so many times another, between its own lowest and highest."""
        first, last = sorted([other.low * times, other.high * times])
        return Spread(self.low + first, self.median + other.median * times, self.high + last)

    def times(self, factor: float) -> "Spread":
        """All of it, multiplied by a positive number."""
        return Spread(self.low * factor, self.median * factor, self.high * factor)

    def over(self, other: "Spread") -> "Spread":
        """The ratio to another, between its own lowest and highest."""
        return Spread(self.low / other.high, self.median / other.median, self.high / other.low)


def spreads(results: pyperf.BenchmarkSuite) -> dict[str, Spread]:
    """By the name of a case, seconds for one loop."""
    return {b.get_name(): spread(b.get_values()) for b in results.get_benchmarks()}


def spread(values: Sequence[float]) -> Spread:
    """The quartiles of some values; of a single one, itself."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    return Spread(*statistics.quantiles(values, method="inclusive"))


@dataclass(frozen=True)
class Row:
    """A case in the table of its group."""

    group: str
    tool: str
    size: str
    seconds: Spread
    """For one update, round trip, hand-over or start."""
    multiple: float | None
    """Of the baseline, at the same size, by the medians; None where there is none."""


def rows(results: pyperf.BenchmarkSuite) -> list[Row]:
    """What was measured, in the order of the cases."""
    found = spreads(results)
    table = []
    for group in GROUPS.values():
        baselines = {c.size: found.get(c.name) for c in group.cases if c.baseline}
        for case in group.cases:
            if case.name in found:
                seconds = found[case.name]
                baseline = baselines.get(case.size)
                size = "" if case.size is None else case.size_name
                multiple = seconds.median / baseline.median if baseline else None
                row = Row(group.name, case.tool, size, seconds, multiple)
                table.append(row)
    return table


def missing(results: pyperf.BenchmarkSuite) -> dict[str, str]:
    """By the name of a case, why it was not measured."""
    reasons: dict[str, str] = json.loads(results.get_metadata()["costs_missing"])
    return reasons


def time_text(seconds: float) -> str:
    """Seconds with two digits, in the unit that people read best."""
    return "{} {}".format(*_in_unit(seconds, seconds))


def spread_text(spread: Spread) -> str:
    """A median and, in brackets, its quartiles in the same unit."""
    middle, unit = _in_unit(spread.median, spread.median)
    ends = [_in_unit(seconds, spread.median)[0] for seconds in (spread.low, spread.high)]
    return f"{middle} {unit} ({' to '.join(ends)})"


def range_text(first: float, last: float) -> str:
    """From so many seconds to so many, in the unit of the last."""
    (low, _), (high, unit) = (_in_unit(seconds, last) for seconds in (first, last))
    return f"{high} {unit}" if low == high else f"{low} to {high} {unit}"


def ratio_text(ratio: Spread) -> str:
    """The same for a ratio."""
    return f"{rounded(ratio.median)} ({rounded(ratio.low)} to {rounded(ratio.high)})"


def _in_unit(seconds: float, of: float) -> tuple[str, str]:
    """Seconds in the unit in which `of` is read best, and that unit."""
    units = ["s", "ms", "µs", "ns"]
    while of < 1 and len(units) > 1:
        seconds, of = seconds * 1000, of * 1000
        del units[0]
    return rounded(seconds), units[0]


def rounded(number: float) -> str:
    """A number with two digits."""
    return f"{float(f'{number:.2g}'):,.10g}"
