"""The timeline as a text: a block for each lane, a line for each step; and what it says, read back.

`  7  gets 'apple' from orders, after 6` is a line: the step's place in an order that is possible,
what was done, and the steps of other lanes that had to come before. In the last step of a lane
that still waits, `, held up by NAME` says for whom.
"""

import re

from examples._trace.steps import Lane, Run, Step

LINE = re.compile(
    r" *(?P<number>\d+)  (?P<words>.*?)(?:, after (?P<after>\d+(?: and \d+)*))?"
    r"(?:, held up by (?P<lane>.+))?"
)


def text_of(run: Run) -> str:
    """The text of a run."""
    width = len(str(max((step.number for step in run.steps), default=0))) + 2
    blocks = []
    for lane in run.lanes:
        lines = [f"{lane.name}{f', {lane.runs}' if lane.runs else ''}"]
        for step in lane.steps:
            after = " and ".join(str(n) for n in sorted(one.number for one in step.after))
            line = f"{step.number:{width}}  {step.words}{f', after {after}' if after else ''}"
            lines.append(line + (f", held up by {step.held_up.name}" if step.held_up else ""))
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def read_text(text: str) -> Run:
    """The lanes and steps of such a text. Raises ValueError for a line that is none."""
    lanes: list[Lane] = []
    steps: dict[int, Step] = {}
    after: list[tuple[Step, list[int], str]] = []
    for line in text.splitlines():
        if not line:
            continue
        if not line.startswith(" "):
            name, _, runs = line.partition(", runs ")
            lanes.append(Lane(name, f"runs {runs}" if runs else ""))
            continue
        found = LINE.fullmatch(line)
        if not found or not lanes:
            raise ValueError(f"no step of a timeline, {line!r}")
        step = Step(lanes[-1], found["words"], 0, 0, number=int(found["number"]))
        step.waits = step.words.startswith("still waits")
        lanes[-1].steps.append(step)
        steps[step.number] = step
        numbers = [int(n) for n in (found["after"] or "").split(" and ") if n]
        after.append((step, numbers, found["lane"] or ""))
    for step, numbers, name in after:
        step.after = [steps[n] for n in numbers if n in steps]
        step.held_up = next((lane for lane in lanes if lane.name == name), None)
    return Run(lanes)
