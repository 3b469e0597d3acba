"""Draws a timeline: a column for each lane, a row for each step, as an SVG for light and dark.

Only classes say how things look; `docs/assets/trace.css` has them.
"""

from collections.abc import Iterator
from html import escape

from examples._trace.steps import Lane, Run, Step

LEFT, COLUMN, ROW = 12, 24, 22
LETTER = 7  # the width of one, on average
BOLD = 1.15  # how much wider one is in bold type
COLORS = 6
TEXT = 12  # pixels between the last lane and the words


def drawing(run: Run, title: str) -> str:
    """The SVG element, with a title that a screen reader says."""
    return "".join(Drawing(run, title).parts())


class Drawing:
    """What is where."""

    def __init__(self, run: Run, title: str) -> None:
        self.run, self.title = run, title
        self.top = ROW * (len(run.lanes) + 0.6)
        self.place = {id(lane): LEFT + COLUMN * n for n, lane in enumerate(run.lanes)}
        self.color = {id(lane): f"l{n % COLORS}" for n, lane in enumerate(run.lanes)}
        self.words = LEFT + COLUMN * (len(run.lanes) - 1) + TEXT
        steps = run.steps
        words = [len(step.words) * (BOLD if is_trouble(step) else 1) for step in steps]
        names = [BOLD * len(lane.name) + 1 + len(lane.runs) for lane in run.lanes]
        longest = max([0, *words, *names])
        self.width = round(max(self.words + LETTER * longest + 8, 300))
        self.height = round(self.top + ROW * (len(steps) + 0.3))

    def x(self, lane: Lane) -> float:
        """Where the column of a lane is."""
        return self.place[id(lane)]

    def y(self, step: Step) -> float:
        """Where the row of a step is."""
        return self.top + ROW * (step.number - 0.5)

    def parts(self) -> Iterator[str]:
        """All elements, from the back to the front."""
        yield (
            f'<svg class="trace" role="img" xmlns="http://www.w3.org/2000/svg" '
            f'width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}"><title>{escape(self.title)}</title>'
        )
        for number, lane in enumerate(self.run.lanes):
            yield f'<g class="{self.color[id(lane)]}">{"".join(self.bars(lane, number))}</g>'
        for step in self.run.steps:
            for one in step.after:
                yield self.arrow(self.x(one.lane), self.y(one), self.x(step.lane), self.y(step))
            if step.held_up:
                yield self.held_up(step)
        for lane in self.run.lanes:
            dots = "".join(self.mark(step) for step in lane.steps)
            yield f'<g class="{self.color[id(lane)]}">{dots}</g>'
        for step in self.run.steps:
            kind = ' class="trouble"' if is_trouble(step) else ""
            yield f'<text{kind} x="{self.words}" y="{self.y(step):g}">{escape(step.words)}</text>'
        yield "</svg>"

    def bars(self, lane: Lane, number: int) -> Iterator[str]:
        """The name of a lane with a thin line down from it, and its bars."""
        x, header = self.x(lane), ROW * (number + 0.5)
        runs = f' <tspan class="runs">{escape(lane.runs)}</tspan>' if lane.runs else ""
        yield f'<text class="lane" x="{self.words}" y="{header:g}">{escape(lane.name)}{runs}</text>'
        yield f'<path class="guide" d="M{x + 4:g} {header:g}H{self.words - 5:g}"/>'
        yield f'<circle cx="{x:g}" cy="{header:g}" r="4"/>'
        if not lane.steps:
            return
        for step in lane.steps:
            guide = f"M{x + 7:g} {self.y(step):g}H{self.words - 5:g}"
            yield f'<path class="guide" d="{guide}"/>'
        first = self.y(lane.steps[0])
        yield f'<path class="guide" d="M{x:g} {header + 4:g}V{first:g}"/>'
        held: dict[str, Step] = {}
        for step in lane.steps:
            verb, _, thing = step.words.partition(" ")
            if verb == "acquires":
                held.setdefault(thing, step)
            elif verb == "releases" and thing in held:
                yield self.bar(x, self.y(held.pop(thing)), self.y(step), "holds")
        last = lane.steps[-1]
        bottom = self.height - 4 if last.endless else self.y(last)
        for since in held.values():
            yield self.bar(x, self.y(since), bottom, "holds")
        for one, other in zip(lane.steps, lane.steps[1:], strict=False):
            waits = (other.after and other.words != "begins") or other.waits
            yield self.bar(x, self.y(one), self.y(other), "waits" if waits else "")
        if last.endless:
            yield self.bar(x, self.y(last), bottom, "waits" if last.waits else "")

    def bar(self, x: float, top: float, bottom: float, kind: str) -> str:
        """A part of a lane."""
        told = f' class="{kind}"' if kind else ""
        return f'<path{told} d="M{x:g} {top:g}V{bottom:g}"/>'

    def arrow(self, x1: float, y1: float, x2: float, y2: float) -> str:
        """From a step to one that it lets happen."""
        side = 1 if x2 > x1 else -1
        end = x2 - side * 5
        curve = (
            f"M{x1:g} {y1:g}C{x1 + side * 14:g} {y1:g} {end - side * 14:g} {y2:g} {end:g} {y2:g}"
        )
        if abs(y2 - y1) > ROW * 2:  # leave at once, and arrive from beside
            middle = end - side * 6
            curve = (
                f"M{x1:g} {y1:g}L{middle:g} {y1 + 9:g}V{y2 - 6:g}Q{middle:g} {y2:g} {end:g} {y2:g}"
            )
            if abs(x2 - x1) > COLUMN:
                curve = (
                    f"M{x1:g} {y1:g}C{x1 + side * COLUMN:g} {y1 + 10:g} "
                    f"{middle:g} {y1 + 10:g} {middle:g} {y1 + ROW:g}"
                    f"V{y2 - 6:g}Q{middle:g} {y2:g} {end:g} {y2:g}"
                )
        tip = f"M{end + side * 1:g} {y2:g}l{-side * 6} -3.2v6.4z"
        return f'<path class="after" d="{curve}"/><path class="tip" d="{tip}"/>'

    def held_up(self, step: Step) -> str:
        """A dashed arrow from a lane that waits at the end to the one for which it waits."""
        assert step.held_up
        x1, x2, y = self.x(step.lane), self.x(step.held_up), self.y(step)
        side = 1 if x2 > x1 else -1
        tip = f"M{x2 - side * 4:g} {y:g}l{-side * 7} -4v8z"
        return (
            f'<path class="held-up" d="M{x1 + side * 5:g} {y:g}H{x2 - side * 10:g}"/>'
            f'<path class="held-up tip" d="{tip}"/>'
        )

    def mark(self, step: Step) -> str:
        """The dot of a step; a bar where a process ends, a cross where it is killed or fails."""
        x, y = self.x(step.lane), self.y(step)
        if step.words == "ends":
            return f'<path d="M{x - 6:g} {y:g}h12"/>'
        if is_end(step):
            return f'<path class="killed" d="M{x - 5:g} {y - 5:g}l10 10m0-10l-10 10"/>'
        return f'<circle cx="{x:g}" cy="{y:g}" r="4"/>'


def is_end(step: Step) -> bool:
    """Whether a process ends with a step."""
    return step.words.startswith(("ends", "is killed"))


def is_trouble(step: Step) -> bool:
    """Whether it is what a reader looks for."""
    failed = step.words.startswith("cannot") or (is_end(step) and step.words != "ends")
    return step.waits or failed
