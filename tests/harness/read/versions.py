"""The releases of CPython that an output is for, as a tab names them.

A version without a patch release stands for all of its releases. A range that
is open, "3.13.8 and later", goes on to the newest; where another one follows it,
"3.13.8 and later and 3.14.1 and later", it ends with the releases of its version.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

Release = tuple[int, int, int]

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CLASSIFIER = re.compile(r"^Programming Language :: Python :: (3\.\d+)$", re.MULTILINE)
PYTHONS = CLASSIFIER.findall("\n".join(PROJECT["project"]["classifiers"]))
"""The supported versions, oldest first: "3.11" and so on."""
VERSION = r"3\.[1-9][0-9]*(?:\.(?:0|[1-9][0-9]*))?"
RANGE = re.compile(rf"(?P<first>{VERSION})(?: (?P<later>and later)| to (?P<last>{VERSION}))?")
HELP = (
    'write "Python 3.12", "Python 3.11 to 3.13", "Python 3.13.0 to 3.13.7", '
    '"Python 3.13.8 and later", or several of these with "and": "Python 3.12 and 3.14"'
)


def numbers(version: str) -> Release:
    """A version as numbers: "3.13" as (3, 13, 0), "3.15.0rc1" as (3, 15, 0)."""
    major, minor, patch = [*map(int, re.findall(r"\d+", version)), 0][:3]
    return major, minor, patch


def named(release: Release) -> str:
    """A release as it is written: "3.13.8"."""
    return ".".join(map(str, release))


THIS: Release = sys.version_info[:3]
"""The release that runs."""
MINORS = [numbers(version) for version in PYTHONS]
NEWEST = [numbers(version) for version in PROJECT["tool"]["pythons"]["newest"]]
"""The newest known release of each."""


def after(release: Release) -> Release:
    """The first release of the next version: (3, 14, 0) after any of 3.13."""
    return release[0], release[1] + 1, 0


START, END = MINORS[0], after(MINORS[-1])


@dataclass(frozen=True)
class Versions:
    """Ranges of releases, ascending, each from its first to before its second."""

    ranges: tuple[tuple[Release, Release], ...]

    def __contains__(self, release: Release) -> bool:
        # A release of a version that is not known yet is as the newest that is.
        known = min(release, (*MINORS[-1][:2], sys.maxsize))
        return any(first <= known < end for first, end in self.ranges)

    def __and__(self, other: "Versions") -> "Versions":
        pairs = (
            (max(mine[0], theirs[0]), min(mine[1], theirs[1]))
            for mine in self.ranges
            for theirs in other.ranges
        )
        return Versions(joined(pair for pair in pairs if pair[0] < pair[1]))

    def __sub__(self, other: "Versions") -> "Versions":
        firsts = [START, *(end for _, end in other.ranges)]
        ends = [*(first for first, _ in other.ranges), END]
        outside = zip(firsts, ends, strict=True)
        return self & Versions(joined(pair for pair in outside if pair[0] < pair[1]))

    def __str__(self) -> str:
        """As a tab names them, without the word Python."""
        *before, last = self.ranges
        return " and ".join([*(range_named(pair, True) for pair in before), range_named(last)])

    @property
    def edges(self) -> set[Release]:
        """Where a range begins, and where the next one could."""
        return {edge for pair in self.ranges for edge in pair if edge != END}


EVERY = Versions(((START, END),))
"""All supported releases."""


def joined(ranges: Iterable[tuple[Release, Release]]) -> tuple[tuple[Release, Release], ...]:
    """The ranges in order; those that touch or overlap are one."""
    found: list[tuple[Release, Release]] = []
    for first, end in sorted(ranges):
        if found and found[-1][1] >= first:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((first, end))
    return tuple(found)


def range_until(release: Release, others: Iterable[Release]) -> tuple[Release, Release]:
    """From a release to before the next of others, or to the end of its version."""
    return release, min([after(release), *(other for other in others if other > release)])


def range_named(pair: tuple[Release, Release], goes_on: bool = False) -> str:
    """One range as a tab names it; `goes_on` where another one follows it."""
    first, end = pair
    if pair == (first, after(first)) and first[2] == 0:
        return f"{first[0]}.{first[1]}"
    begins_version = first[2] == 0 and end >= after(first)
    name = f"{first[0]}.{first[1]}" if begins_version else named(first)
    if end == END or (goes_on and first[2] and end == after(first)):
        return f"{name} and later"
    last = named((*end[:2], end[2] - 1)) if end[2] else f"{end[0]}.{end[1] - 1}"
    return name if last == name else f"{name} to {last}"


def read_versions(text: str) -> Versions:
    """Read what a tab says after "Python "; ValueError, with the remedy, if that is wrong."""
    parts = [RANGE.fullmatch(part) for part in re.split(r" and (?=\d)", text)]
    ranges: list[tuple[Release, Release]] = []
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        if not part:
            raise ValueError(f"unknown words in {text!r}; {HELP}")
        first, last = check(part["first"]), part["last"] or part["first"]
        if part["later"]:
            end = END if following is None else (*check(following["first"])[:2], 0)
        else:
            check(last)
            end = after(numbers(last)) if last.count(".") == 1 else next_patch(numbers(last))
        if first >= end or (ranges and first < ranges[-1][1]):
            what = f"ranges that overlap or run backwards in {text!r}"
            raise ValueError(f"{what}; name each release once, oldest first")
        ranges.append((first, end))
    return Versions(joined(ranges))


def is_known(release: Release) -> bool:
    """Whether a release is one of those that had come out when the pages were written."""
    return any(release[:2] == newest[:2] and release <= newest for newest in NEWEST)


def next_patch(release: Release) -> Release:
    """The release after one."""
    return (*release[:2], release[2] + 1)


def check(version: str) -> Release:
    """A version as numbers; ValueError, with the remedy, for one that is not known."""
    release = numbers(version)
    if (*release[:2], 0) not in MINORS:
        raise ValueError(
            f"a Python that is not supported, {version}; write one of {', '.join(PYTHONS)}, "
            "or a release of one"
        )
    newest = next((known for known in NEWEST if known[:2] == release[:2]), release)
    if release > newest:
        raise ValueError(
            f"a release that does not exist, {version}; the newest known is {named(newest)}. "
            "Correct it, or if it has come out since, add it to [tool.pythons] in pyproject.toml"
        )
    return release
