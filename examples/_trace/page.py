"""One HTML page for the timeline of a run that needs nothing else: pictures, waits, the list."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from examples._trace.drawing import COLORS, drawing
from examples._trace.steps import Lane, Run, Step
from examples._trace.text import text_of

STYLE = Path(__file__).parents[2] / "docs" / "assets" / "trace.css"
MOST_LANES, MOST_STEPS = 40, 600  # of a picture that somebody can read
LONGEST = 10  # waits that are listed
WIDE, BAR = 1000, 22  # of the picture to scale: its width, and the height of a lane
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem }}
body {{ padding: 0 1rem }}
table {{ border-collapse: collapse }} td, th {{ padding: 0.2rem 1.2rem 0.2rem 0; text-align: left }}
td.number {{ text-align: right; font-variant-numeric: tabular-nums }}
.trouble-told {{ border-left: 4px solid #d0342c; padding-left: 1.6rem }}
pre {{ overflow-x: auto }}
.trace .run {{ fill: var(--lane); opacity: 0.85 }}
.trace .wait {{ fill: var(--lane); opacity: 0.25 }}
{style}</style></head><body><script>
const dark = matchMedia("(prefers-color-scheme: dark)").matches
document.body.dataset.mdColorScheme = dark ? "slate" : "default"
</script>
<h1>{title}</h1>
{body}
</body></html>
"""


def page(run: Run, title: str, ending: str) -> str:
    """The page; `ending` says how the program ended."""
    body = "\n".join(parts(run, title, ending))
    return PAGE.format(title=escape(title), style=STYLE.read_text("utf-8"), body=body)


def waits(run: Run) -> list[Step]:
    """The steps for which a lane waited, the longest first."""
    found = [step for step in run.steps if step.time > step.began]
    return sorted(found, key=lambda step: step.began - step.time)


def waited(lane: Lane) -> int:
    """The nanoseconds that a lane waited."""
    return sum(step.time - step.began for step in lane.steps)


def span(lane: Lane) -> tuple[int, int]:
    """When a lane began, and when the last is known of it."""
    return lane.steps[0].began, lane.steps[-1].time


def hung(run: Run) -> Iterator[str]:
    """Who waits for whom at the end, a sentence each."""
    for lane in run.lanes:
        for step in lane.steps:
            if step.waits:
                on = f", which is held up by {step.held_up.name}" if step.held_up else ""
                yield f"{lane.name} {step.words}{on}."


def duration(nanoseconds: int) -> str:
    """A duration in words."""
    seconds = nanoseconds / 1e9
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.2f} ms"


def parts(run: Run, title: str, ending: str) -> Iterator[str]:
    """What stands on the page."""
    yield f"<p>{escape(ending)}</p>"
    if told := list(hung(run)):
        yield '<h2>Who waits for whom</h2><ul class="trouble-told">'
        yield from (f"<li>{escape(one)}</li>" for one in told)
        yield "</ul>"
    if run.overflown:
        yield "<p>A process did so much that only its beginning was noted.</p>"
    small = len(run.lanes) <= MOST_LANES and len(run.steps) <= MOST_STEPS
    yield "<h2>To scale</h2>"
    if len(run.lanes) <= MOST_LANES:
        yield "<p>Time goes to the right. A process waits where its bar is pale.</p>"
        yield "".join(to_scale(run, f"What the processes of {title} did, to scale in time"))
    else:
        yield (
            f"<p>No picture: {len(run.lanes):,} processes and threads took part, and a picture "
            f"shows {MOST_LANES} at most.</p>"
        )
    yield "<h2>Time lost by waiting</h2><table><tr><th>Process or thread<th>From<th>Lived<th>Waited"
    first = min((span(lane)[0] for lane in run.lanes), default=0)
    for lane in sorted(run.lanes, key=waited, reverse=True)[:MOST_LANES]:
        began, ended = span(lane)
        yield (
            f"<tr><td>{escape(lane.name)}<td class=number>{duration(began - first)}"
            f"<td class=number>{duration(ended - began)}<td class=number>{duration(waited(lane))}"
        )
    yield "</table>"
    yield "<h2>The longest waits</h2><table><tr><th>Process or thread<th>Waited<th>Until it"
    for step in waits(run)[:LONGEST]:
        yield (
            f"<tr><td>{escape(step.lane.name)}<td class=number>{duration(step.time - step.began)}"
            f"<td>{escape(step.words)}"
        )
    yield "</table>"
    yield "<h2>Step by step</h2>"
    if small:
        yield (
            "<p>Time goes down, in steps and not to scale: a step stands below all that had to "
            "come before it.</p>"
        )
        yield drawing(run, f"What the processes of {title} did, step by step")
    else:
        yield f"<p>No picture: it would have {len(run.steps):,} steps.</p>"
    text = text_of(run).splitlines()
    yield "<details><summary>The same as a list</summary><pre>"
    yield escape("\n".join(text[: 5 * MOST_STEPS]))
    if len(text) > 5 * MOST_STEPS:
        yield f"... and {len(text) - 5 * MOST_STEPS:,} more lines"
    yield "</pre></details>"


def to_scale(run: Run, title: str) -> Iterator[str]:
    """The picture in which the length of a bar is its time."""
    begins, ends = zip(*map(span, run.lanes), strict=True)
    first = min(begins)
    scale = (WIDE - 10) / max(max(ends) - first, 1)
    height = 2 * BAR * len(run.lanes) + BAR
    yield (
        f'<svg class="trace" role="img" width="{WIDE}" height="{height}" '
        f'viewBox="0 0 {WIDE} {height}"><title>{escape(title)}</title>'
    )
    for number, lane in enumerate(run.lanes):
        began, ended = span(lane)
        top = 2 * BAR * number + BAR
        yield f'<g class="l{number % COLORS}">'
        yield f'<text class="lane" x="4" y="{top - BAR / 2:g}">{escape(lane.name)}</text>'
        yield rectangle("run", (began - first) * scale + 4, (ended - began) * scale, top)
        for step in lane.steps:
            if step.time > step.began:
                left, width = (step.began - first) * scale + 4, (step.time - step.began) * scale
                yield f'<g fill="canvas">{rectangle("", left, width, top)}</g>'
                yield rectangle("wait", left, width, top, f"waits: {step.words}")
        yield "</g>"
    told = duration(max(ends) - first)
    yield f'<text x="{WIDE - 8}" y="{height - BAR / 2:g}" text-anchor="end">{told}</text></svg>'


def rectangle(kind: str, left: float, width: float, top: float, told: str = "") -> str:
    """A bar, with what a pointer over it tells."""
    inside = f"<title>{escape(told)}</title>" if told else ""
    return (
        f'<rect class="{kind}" x="{left:.1f}" y="{top}" width="{max(width, 0.5):.1f}" '
        f'height="{BAR - 6}">{inside}</rect>'
    )
