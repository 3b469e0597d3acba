"""What to record for an output, of all that its program printed; and what to refuse."""

import difflib
import re
from functools import reduce

from examples._runner import Outcome
from tests.harness import work
from tests.harness.compare.differences import cut, differences, matches, why_unshowable
from tests.harness.read.model import Expectation, Shown, Table, Trace

FRAMES = re.compile(r"(?<=^Traceback \(most recent call last\):\n)(?: .*\n)+", re.MULTILINE)


class Refused(Exception):
    """Why an output was not recorded."""


def texts(expectation: Expectation, outcomes: dict[str, Outcome]) -> list[tuple[Shown, str]]:
    """What to record for each output of one case. Raises Refused."""
    for case, outcome in outcomes.items():
        wrong = [one for one in differences(expectation, outcome) if one.remedy]
        if wrong:
            told = [f"{one.what}\n{one.remedy}." for one in wrong]
            told += [outcome.stderr] * (outcome.stderr not in "".join(told))
            raise Refused(cut("\n".join([f"under {case}: {told[0]}", *told[1:]]).rstrip()))
    return [
        (shown, text_of(shown, {c: getattr(o, shown.words.stream) for c, o in outcomes.items()}))
        for shown in expectation.shown
        if outcomes
    ]


def text_of(shown: Shown, printed: dict[str, str]) -> str:
    """One text for all that was printed, as the words over the output allow. Raises Refused."""
    if shown.text and all(matches(shown.words, shown.text, text) for text in printed.values()):
        return shown.text
    first_case, first = next(iter(printed.items()))
    if shown.words.comparison == "with ... for what differs":
        first = reduce(with_dots, map(without_frames, printed.values()))
    for case, text in printed.items():
        if not matches(shown.words, first, text):
            diff = difflib.unified_diff(
                first.splitlines(), text.splitlines(), first_case, case, lineterm="", n=1
            )
            raise Refused(
                f"{shown.path.name} is different in cases that the page shows as one; "
                "show a tab for each, or say so over the output:\n" + cut("\n".join(diff))
            )
    if why := why_unshowable(first):
        raise Refused(f"for {shown.path.name}, {why}")
    return first


def without_frames(text: str) -> str:
    """Leave out the stack of a traceback, whose paths and lines are those of one machine."""
    return FRAMES.sub("  ...\n", text)


def with_dots(template: str, text: str) -> str:
    """The common text of both, with `...` for what differs."""
    old, new = template.splitlines(keepends=True), text.splitlines(keepends=True)
    lines = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += old[a:b]
        elif b - a == d - c:
            lines += [dotted(*pair) for pair in zip(old[a:b], new[c:d], strict=True)]
        else:
            lines.append("...\n")
    return "".join(lines)


def dotted(one: str, other: str) -> str:
    """The words in which two lines agree at their ends, with `...` between."""
    ones, others = re.split(r"(\s+)", one), re.split(r"(\s+)", other)
    most = min(len(ones), len(others)) - 1
    head = next((n for n in range(most) if ones[n] != others[n]), most)
    tail = next((n for n in range(most - head) if ones[-1 - n] != others[-1 - n]), most - head)
    return "".join([*ones[:head], "...", *ones[len(ones) - tail :]])


def write(shown: Shown | Table | Trace, text: str) -> str:
    """Write an output, and give the difference to what was there."""
    old, name = shown.text, shown.path.name
    if text == old:
        return ""
    work.write(shown.path, text)
    diff = difflib.unified_diff(old.splitlines(), text.splitlines(), name, name, lineterm="", n=1)
    return "\n".join(["recorded", *diff])
