"""The words that stand over an output: they are the contract that the tests enforce."""

import platform
import re
from dataclasses import dataclass
from typing import Any, Literal

from tests.harness.read.versions import EVERY, THIS, Release, Versions, read_versions

START_METHODS = ["fork", "forkserver", "spawn"]
SYSTEMS = {"Linux": START_METHODS, "macOS": START_METHODS, "Windows": ["spawn"]}
RECORDED_ON = "Linux"
"""The system whose outputs stand for all, until another one's are recorded."""
SYSTEM = {"Darwin": "macOS"}.get(platform.system(), platform.system())
"""The one that this is, as pages name it."""
METHODS = SYSTEMS.get(SYSTEM, START_METHODS)
"""The start methods that it has."""

Comparison = Literal["exactly", "in any order", "with ... for what differs", "at most"]

TITLE = re.compile(
    r"(?P<stream>Output|Standard error)"
    r"(?:, (?:(?P<comparison>in any order|with \.\.\. for what differs)"
    r"|only checked to end at or below (?P<most>\d+)))?"
    r"(?:, (?:exit status (?P<status>\d+)|still running after (?P<limit>\d+) s))?"
    r"(?:, on (?P<systems>\w+(?: and \w+)*))?"
)
LISTED = re.compile(r"\w+(?: and \w+)*")
VERSIONS = re.compile(r"Python (\d.*)")

TITLE_HELP = (
    'write "Output" or "Standard error"; then, if need be, ", in any order", '
    '", with ... for what differs" or ", only checked to end at or below 100"; '
    'then, if need be, ", exit status 1" or ", still running after 5 s"; '
    'then, if it runs there only, ", on Linux" or ", on Linux and macOS"'
)
CASE_HELP = (
    'write start methods ("fork", "forkserver and spawn"), versions ("Python 3.12", '
    '"Python 3.11 to 3.13.7", "Python 3.13.8 and later"), systems ("Linux and macOS"), '
    "or several of these with a comma between"
)


@dataclass(frozen=True)
class Words:
    """How an output is compared, and how its program ended."""

    stream: Literal["stdout", "stderr"]
    comparison: Comparison = "exactly"
    most: int = 0
    """With "at most": what the last number may be."""
    status: int | None = None
    """The exit status, if the words name one."""
    limit: int | None = None
    """The seconds after which the program still ran, if the words name them."""
    systems: frozenset[str] = frozenset(SYSTEMS)
    """Those on which it is to run."""

    @property
    def names_ending(self) -> bool:
        """Whether they say how the program ended."""
        return self.status is not None or self.limit is not None


def read_title(title: str) -> Words:
    """Read the title of an output; ValueError, with the remedy, for an unknown word."""
    found = TITLE.fullmatch(title)
    systems = found["systems"].split(" and ") if found and found["systems"] else list(SYSTEMS)
    if not found or not set(systems) <= set(SYSTEMS):
        raise ValueError(f"unknown words over an output, {title!r}; {TITLE_HELP}")
    given: dict[str, Any] = found.groupdict()
    comparison: Comparison = given["comparison"] or "exactly"
    return Words(
        stream="stdout" if found["stream"] == "Output" else "stderr",
        comparison="at most" if found["most"] else comparison,
        most=int(found["most"] or 0),
        status=int(found["status"]) if found["status"] else None,
        limit=int(found["limit"]) if found["limit"] else None,
        systems=frozenset(systems),
    )


@dataclass(frozen=True)
class Case:
    """The start methods, releases of Python and systems that an output is for."""

    methods: frozenset[str] = frozenset(START_METHODS)
    pythons: Versions = EVERY
    systems: frozenset[str] = frozenset(SYSTEMS)

    def covers(self, method: str, release: Release = THIS, system: str = SYSTEM) -> bool:
        """Whether the case is for a start method on a release and a system."""
        return method in self.methods and release in self.pythons and system in self.systems

    def __and__(self, other: "Case") -> "Case":
        return Case(
            self.methods & other.methods,
            self.pythons & other.pythons,
            self.systems & other.systems,
        )

    def __sub__(self, other: "Case") -> list["Case"]:
        """What is left of it without another one, as cases that do not overlap."""
        inside = self & other
        rest = [
            Case(self.methods - inside.methods, self.pythons, self.systems),
            Case(inside.methods, self.pythons - inside.pythons, self.systems),
            Case(inside.methods, inside.pythons, self.systems - inside.systems),
        ]
        return [case for case in rest if case.methods and case.pythons.ranges and case.systems]

    def __str__(self) -> str:
        """As the label of a tab."""
        parts = [
            listed(START_METHODS, self.methods),
            f"Python {self.pythons}" * (self.pythons != EVERY),
            listed(list(SYSTEMS), self.systems),
        ]
        return ", ".join(filter(None, parts))


def listed(names: list[str], chosen: frozenset[str]) -> str:
    """Those chosen, with "and" between; nothing where all are."""
    return " and ".join(name for name in names if name in chosen) * (chosen != frozenset(names))


def read_case(label: str) -> Case:
    """Read the label of a tab; ValueError, with the remedy, for an unknown word."""
    case = Case()
    for part in label.split(", "):
        if found := VERSIONS.fullmatch(part):
            case &= Case(pythons=read_versions(found[1]))
        elif LISTED.fullmatch(part) and set(part.split(" and ")) <= set(START_METHODS):
            case &= Case(methods=frozenset(part.split(" and ")))
        elif LISTED.fullmatch(part) and set(part.split(" and ")) <= set(SYSTEMS):
            case &= Case(systems=frozenset(part.split(" and ")))
        else:
            raise ValueError(f"unknown words in the tab {label!r}; {CASE_HELP}")
    return case
