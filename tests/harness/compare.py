"""Holds a run of a program against what its page shows."""

import difflib
import doctest
import re

from examples._runner import Outcome
from tests.harness.model import Expectation, Program, Shown
from tests.harness.words import RECORDED_ON, SYSTEM, Words

DOTS = doctest.ELLIPSIS | doctest.DONT_ACCEPT_TRUE_FOR_1 | doctest.DONT_ACCEPT_BLANKLINE
STREAMS = {"stdout": "standard output", "stderr": "standard error"}


def differences(expectation: Expectation, outcome: Outcome) -> list[str]:
    """What is not as the page says, one entry each; nothing where all is."""
    found = [*outcome.faults, *ending_differences(expectation, outcome)]
    for stream, name in STREAMS.items():
        shown, printed = expectation.stream(stream), getattr(outcome, stream)
        if shown is None and printed:
            found.append(f"the page shows no {name}, and it wrote:\n{printed}")
        elif shown is not None and not matches(shown.words, shown.text, printed):
            found.append(f"not what {shown.path.name} says:\n{_diff(shown, printed)}")
    return found


def binds(expectation: Expectation | None = None, system: str = SYSTEM) -> bool:
    """Whether a difference fails the tests on a system, rather than being reported.

    It does where outputs are recorded, and where another one was recorded for the system.
    """
    own = expectation is not None and RECORDED_ON not in expectation.case.systems
    return own or system == RECORDED_ON


def failure(program: Program, expectation: Expectation, method: str, found: list[str]) -> str:
    """What `differences` found, with the place on the page and the remedy."""
    where = f"{program.page}:{expectation.shown[0].fence.line}: {program.name} under {method}"
    remedy = f"Mend the program, or record what it prints: nox -s update -- {program.name}"
    return "\n".join([where, *found, remedy])


def ending_differences(expectation: Expectation, outcome: Outcome) -> list[str]:
    """How it ended, if not as the page says."""
    if outcome.status == expectation.status:
        return []
    told = _ending(expectation.status, expectation.limit or 0)
    was = _ending(outcome.status, round(outcome.seconds, 1))
    return [] if outcome.faults and outcome.status is None else [f"it should be {told}, was {was}"]


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
