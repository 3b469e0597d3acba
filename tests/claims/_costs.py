"""What the checks of the pages on costs share: the recorded results, and the tool's parts."""

import json
import statistics
import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from tests.claims import ROOT

TOOL = ROOT / "examples" / "costs"
METHODS = "fork", "forkserver", "spawn"


@dataclass(frozen=True)
class Recorded:
    """A file of results, as it is stored."""

    about: dict[str, Any]
    values: dict[str, list[float]]
    """By the name of a case, seconds."""
    first: dict[str, list[float]]
    """The same of the very first loop of each process."""
    seconds: float
    """In which cases were timed, in all."""

    def median(self, case: str) -> float:
        """Seconds that a case takes."""
        return statistics.median(self.values[case])


@cache
def recorded(pinned: bool = False) -> list[Recorded]:
    """Our results, with processes pinned to one core or not."""
    found = []
    for path in sorted((ROOT / "docs" / "costs").glob("linux-*.json")):
        stored = json.loads(path.read_text("utf-8"))
        if ("cpu_affinity" in stored["metadata"]) == pinned:
            runs = {one["metadata"]["name"]: one["runs"] for one in stored["benchmarks"]}
            values = {name: [v for run in runs[name] for v in run["values"]] for name in runs}
            first = {name: [run["warmups"][0][1] for run in runs[name]] for name in runs}
            about = stored["metadata"] | stored["benchmarks"][0]["metadata"]
            found.append(Recorded(about, values, first, sum(map(_seconds, stored["benchmarks"]))))
    assert found, "no results are recorded"
    return found


@cache
def suites() -> list[Any]:
    """All our results, as the notebook reads them."""
    found: list[Any] = part("_tables").read_all(ROOT / "docs" / "costs")
    return found


def _seconds(benchmark: dict[str, Any]) -> float:
    """In which a case was timed, with its warm-ups."""
    total = 0.0
    for run in benchmark["runs"]:
        loops = (benchmark["metadata"] | run.get("metadata", {}))["loops"]
        total += loops * sum(run["values"]) + sum(n * value for n, value in run["warmups"])
    return total


def medians(*cases: str) -> list[float]:
    """The medians of some cases, in each run with processes that may move."""
    return [run.median(case) for run in recorded() for case in cases if case in run.values]


def cases(group: str) -> dict[str, list[Any]]:
    """The cases of a group by their tools, smallest first."""
    found: dict[str, list[Any]] = {}
    for case in part("_groups").GROUPS[group].cases:
        found.setdefault(case.tool, []).append(case)
    return found


def ratios(cost: str, of: str) -> list[float]:
    """How many times one case costs another, in each of these runs."""
    return [run.median(cost) / run.median(of) for run in recorded() if cost in run.values]


def part(name: str) -> Any:
    """A module of the tool that measures."""
    if str(TOOL) not in sys.path:
        sys.path.insert(0, str(TOOL))
    return import_module(name)
