"""What the notebook of results draws: SVG in the color of the text around it.

Nothing is told by color: runs differ by the shape of their marks, so that a
plot reads in print, in light and in dark.
"""

import io
import logging
import re
from contextlib import AbstractContextManager
from typing import Any

logging.getLogger("matplotlib").setLevel(logging.ERROR)  # not that its first start takes long

import _results
import matplotlib.style
from _case import Case
from _groups import GROUPS
from _results import Spread
from _tables import label
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from pyperf import BenchmarkSuite as Suite

WIDTH = 4.6  # inches: with text of 10 points, it can be read on a phone
MARKS: list[dict[str, Any]] = [
    {"marker": "o", "markerfacecolor": "none"},
    {"marker": "D", "markerfacecolor": "black"},
    {"marker": "s", "markerfacecolor": "none"},
    {"marker": "^", "markerfacecolor": "black"},
    {"marker": "v", "markerfacecolor": "none"},
    {"marker": "p", "markerfacecolor": "black"},
]
APART = 0.12  # of the height of a row, from a run to the next
SPREAD: dict[str, Any] = {"color": "black", "alpha": 0.4, "linewidth": 3}
SETTINGS = {
    "font.size": 10,
    "svg.fonttype": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
}

NUMBER = re.compile(r"(?<![\w.#-])-?\d+(?:\.\d+)?(?![\w.])")
REFERENCE = re.compile(r'("#|url\(#)(\w+)')
ID = re.compile(r' id="([^"]+)"')


def settings() -> AbstractContextManager[None]:
    """How plots look, whatever the reader's own settings of matplotlib are."""
    return matplotlib.style.context(["default", SETTINGS])


def svg(figure: Figure, name: str, text: str) -> str:
    """The figure as it can stand within a page; `text` is what a screen reader says.

    `name` begins its ids; each figure of a page needs a name of its own.
    """
    buffer = io.StringIO()
    with settings():
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    drawn = buffer.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    for unwanted in r"<metadata>.*?</metadata>", r"<style.*?</style>", r"<!--.*?-->":
        drawn = re.sub(unwanted, "", drawn, flags=re.DOTALL)
    drawn = numbered(rounded(drawn), name).replace("#000000", "currentColor")
    size = re.compile(r'width="[\d.]+pt" height="[\d.]+pt"|height="[\d.]+pt" width="[\d.]+pt"')
    style = 'style="width: 100%; max-width: 36rem; height: auto" fill="currentColor"'
    drawn = size.sub(f'{style} role="img" aria-label="{text}"', drawn, count=1)
    return "<div>" + "\n".join(line for line in drawn.splitlines() if line.strip()) + "</div>"


def rounded(drawn: str) -> str:
    """The drawing with its numbers rounded to hundredths of a point, which cannot be seen.

    NumPy's logarithm has another last bit on another processor, and with it the
    sixth digit of a position may differ.
    """
    return re.sub(r"<[^>]+>", lambda tag: NUMBER.sub(_hundredths, tag[0]), drawn)


def _hundredths(number: re.Match[str]) -> str:
    # Many positions lie halfway, give or take a last bit; all of these are rounded up.
    return f"{round(float(number[0]) + 1e-5, 2) + 0:.9g}"


def numbered(drawn: str, name: str) -> str:
    """The drawing with only the ids that it refers to, numbered as they come.

    Those of matplotlib are hashes of all digits of what they stand for.
    """
    used = dict.fromkeys(REFERENCE.findall(drawn))
    names = {old: f"{name}-{number}" for number, (_, old) in enumerate(used, 1)}
    drawn = REFERENCE.sub(lambda found: found[1] + names[found[2]], drawn)
    return ID.sub(lambda found: f' id="{names[found[1]]}"' if found[1] in names else "", drawn)


def _log_times(axes: Axes, name: str) -> None:
    """A log scale whose ticks are times as people say them."""
    axis = getattr(axes, f"{name}axis")
    getattr(axes, f"set_{name}scale")("log")
    axis.set_major_locator(LogLocator(10, numticks=12))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: _results.time_text(value)))


def _sizes(axes: Axes, sizes: list[int], names: list[str]) -> None:
    axes.set_xscale("log")
    axes.set_xticks(sizes, names, fontsize=8)
    axes.xaxis.set_minor_locator(NullLocator())


def dots(suites: list[Suite], group: str, text: str) -> str:
    """A row for each case of a group, its name above it; the baseline is a line across.

    Beside each median stands a bar from the lower quartile to the upper.
    """
    spreads = list(map(_results.spreads, suites))
    cases = [c for c in GROUPS[group].cases if any(c.name in found for found in spreads)]
    with settings():
        figure = Figure((WIDTH, 0.9 + 0.5 * len(cases)), layout="constrained")
        axes = figure.add_subplot()
        _log_times(axes, "x")
        for row, case in enumerate(cases):
            axes.axhline(row, color="black", alpha=0.25, linewidth=0.6)
            size = "" if case.size is None else f", {case.size_name}"
            axes.annotate(
                case.tool + size, (0, row), (0, 6), ("axes fraction", "data"), "offset points"
            )
            if case.baseline and case.name in spreads[0]:
                baseline = spreads[0][case.name].median
                axes.axvline(baseline, color="black", linestyle=":", linewidth=1)
            for number, (found, mark) in enumerate(zip(spreads, MARKS, strict=False)):
                if case.name in found:
                    one, height = found[case.name], row + APART * number
                    axes.plot([one.low, one.high], [height, height], **SPREAD)
                    axes.plot(one.median, height, color="black", zorder=3, **mark)
        axes.set_yticks([])
        axes.spines.left.set_visible(False)
        axes.set_ylim(len(cases) - 0.5, -0.8)
        _legend(figure, suites, any(c.baseline and c.name in spreads[0] for c in cases))
    return svg(figure, group, text)


def panels(suites: list[Suite], group: str, text: str) -> str:
    """A small plot for each tool: time by size; the baseline is the dotted line in each.

    Through each median goes a bar from the lower quartile to the upper.
    """
    spreads = list(map(_results.spreads, suites))
    cases = GROUPS[group].cases
    tools = list(dict.fromkeys(c.tool for c in cases if not c.baseline))
    baseline = [c for c in cases if c.baseline]
    with settings():
        rows = (len(tools) + 1) // 2
        figure = Figure((WIDTH, 0.6 + 1.6 * rows), layout="constrained")
        grid = list(figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False).flat)
        for axes, tool in zip(grid, tools, strict=False):
            axes.set_title(tool.replace(", ", ",\n"), fontsize=9, loc="left")
            _log_times(axes, "y")
            names = [c.size_name.replace(" ", "\n") for c in baseline]
            _sizes(axes, [c.size for c in baseline if c.size], names)
            _line(axes, baseline, spreads[0], linestyle=":", linewidth=1)
            members = [case for case in cases if case.tool == tool]
            for found, mark in zip(spreads, MARKS, strict=False):
                _line(axes, members, found, linewidth=0.8, markersize=5, **mark)
                for case in members:
                    if case.name in found:
                        one = found[case.name]
                        axes.plot([case.size, case.size], [one.low, one.high], **SPREAD)
        for axes in grid[len(tools) :]:
            axes.set_visible(False)
        _legend(figure, suites, True)
    return svg(figure, group, text)


def _line(axes: Axes, cases: list[Case], found: dict[str, Spread], **style: Any) -> None:
    points = [(c.size, found[c.name].median) for c in cases if c.name in found]
    if points:
        axes.plot(*zip(*points, strict=True), color="black", **style)


def _legend(figure: Figure, suites: list[Suite], baseline: bool) -> None:
    """What the marks and the dotted line stand for, above the plot."""
    axes = figure.axes[0]
    handles = [
        axes.plot([], [], color="black", linestyle="", label=label(suite), **mark)[0]
        for suite, mark in zip(suites, MARKS, strict=False)
    ]
    handles += axes.plot([], [], label="quartiles", **SPREAD)
    if baseline:
        text = f"baseline, {label(suites[0])}"
        handles += axes.plot([], [], color="black", linestyle=":", label=text)
    figure.legend(handles=handles, loc="outside upper left", ncols=2, frameon=False, fontsize=8)
