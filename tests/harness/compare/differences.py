"""Holds a run of a program against what its page shows."""

import difflib
import doctest
import re
from dataclasses import dataclass

from examples._runner import Outcome
from tests.harness.read.model import Expectation, Program, Shown
from tests.harness.read.words import RECORDED_ON, SYSTEM, Words

DOTS = doctest.ELLIPSIS | doctest.DONT_ACCEPT_TRUE_FOR_1 | doctest.DONT_ACCEPT_BLANKLINE
STREAMS = {"stdout": "standard output", "stderr": "standard error"}
UNSHOWABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
SCREEN = 40  # lines of a difference that are shown
COLUMNS = 400  # of such a line


@dataclass(frozen=True)
class Difference:
    """One thing that is not as the page says."""

    what: str
    remedy: str = ""
    """What to do about it; empty where `nox -s update` can record it."""


def differences(expectation: Expectation, outcome: Outcome) -> list[Difference]:
    """What is not as the page says, one entry each; nothing where all is."""
    found = [Difference(fault, "Fix the program") for fault in outcome.faults]
    say_so = "Fix the program, or say over its last output how it ends"
    found += [Difference(how, say_so) for how in ending_differences(expectation, outcome)]
    for stream, name in STREAMS.items():
        shown, printed = expectation.stream(stream), getattr(outcome, stream)
        if shown is None and printed:
            what = f"the page shows no {name}, and it wrote:\n{printed}"
            found.append(Difference(what, f"Fix the program, or show its {name} on the page, too"))
        elif shown is not None and not matches(shown.words, shown.text, printed):
            what = f"not what {shown.path.name} says:\n{_diff(shown, printed)}"
            why = why_unshowable(printed)
            found.append(Difference(what, f"Fix the program: {why}" if why else ""))
    return found


def binds(expectation: Expectation | None = None, system: str = SYSTEM) -> bool:
    """Whether a difference fails the tests on a system, rather than being reported.

    It does where outputs are recorded, and where another one was recorded for the system.
    """
    own = expectation is not None and RECORDED_ON not in expectation.case.systems
    return own or system == RECORDED_ON


def failure(
    program: Program, expectation: Expectation, method: str, found: list[Difference]
) -> str:
    """What `differences` found, cut to a screenful, with the place on the page and the remedy."""
    where = f"{program.page}:{expectation.shown[0].fence.line}: {program.name} under {method}"
    record = f"Fix the program, or record what it prints: nox -s update -- {program.name}"
    remedies = dict.fromkeys(one.remedy for one in found if one.remedy) or [record]
    share = max(SCREEN // len(found) - 1, 1)  # and a line on what is left out
    told = "\n".join(cut(one.what, share) for one in found)
    return "\n".join([where, cut(told), *remedies])


def cut(text: str, lines: int = SCREEN) -> str:
    """A text of at most so many lines, none of them endless, and how much is left out."""
    every = text.splitlines()
    shown = [
        line if len(line) <= COLUMNS else f"{line[:COLUMNS]} ... and {len(line) - COLUMNS:,} more"
        for line in every[:lines]
    ]
    if more := len(every) - len(shown):
        shown.append(f"... and {more:,} more line{'s' if more > 1 else ''}")
    return "\n".join(shown)


def ending_differences(expectation: Expectation, outcome: Outcome) -> list[str]:
    """How it ended, if not as the page says."""
    if outcome.status == expectation.status:
        return []
    told = _ending(expectation.status, expectation.limit or 0)
    was = _ending(outcome.status, round(outcome.seconds, 1))
    return [] if outcome.faults and outcome.status is None else [f"it should be {told}, was {was}"]


def why_unshowable(text: str) -> str:
    """Why a page cannot show a text as an output; nothing if it can."""
    if not re.search(r"\w", text):
        return "it printed nothing, or nothing that is always the same"
    if text != text.lstrip("\n").rstrip() + "\n" or UNSHOWABLE.search(text):
        return (
            "it printed what a page cannot show: a tab or another control character, an empty "
            "line at the beginning or end, or no end of the last line"
        )
    return ""


def matches(words: Words, expected: str, printed: str) -> bool:
    """Whether `printed` is as the words over the output `expected` allow."""
    match words.comparison:
        case "exactly":
            return printed == expected
        case "in any order":
            return sorted(printed.split("\n")) == sorted(expected.split("\n"))
        case "with ... for what differs":
            return doctest.OutputChecker().check_output(expected, printed, DOTS)
        case _:  # "at most"
            number = re.compile(r"\d+(?=\D*$)")  # the last one
            found = number.search(printed)
            same_text = number.sub("", printed) == number.sub("", expected)
            return found is not None and same_text and int(found[0]) <= words.most


def _ending(status: int | None, seconds: float) -> str:
    if status is None:
        return f"still running after {seconds:g} s"
    return f"exit status {status}"


def _diff(shown: Shown, printed: str) -> str:
    lines = difflib.unified_diff(
        shown.text.splitlines(), printed.splitlines(), "the page", "this run", lineterm="", n=1
    )
    return "\n".join(lines) or "(they differ in line ends only)"
