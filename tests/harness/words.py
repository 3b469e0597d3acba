"""The words that stand over an output: they are the contract that the tests enforce."""

import platform
import re
from dataclasses import dataclass
from typing import Any, Literal

PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]
START_METHODS = ["fork", "forkserver", "spawn"]
SYSTEMS = {"Linux": START_METHODS, "macOS": START_METHODS, "Windows": ["spawn"]}
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
VERSIONS = re.compile(r"Python (3\.\d+)(?: (and later)| to (3\.\d+))?")

TITLE_HELP = (
    'write "Output" or "Standard error"; then, if need be, ", in any order", '
    '", with ... for what differs" or ", only checked to end at or below 100"; '
    'then, if need be, ", exit status 1" or ", still running after 5 s"; '
    'then, if it runs there only, ", on Linux" or ", on Linux and macOS"'
)
CASE_HELP = (
    'write start methods ("fork", "forkserver and spawn"), versions ("Python 3.12", '
    '"Python 3.11 to 3.13", "Python 3.14 and later"), systems ("Linux and macOS"), '
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
    """The start methods, Pythons and systems that an output is for."""

    methods: frozenset[str] = frozenset(START_METHODS)
    pythons: frozenset[str] = frozenset(PYTHONS)
    systems: frozenset[str] = frozenset(SYSTEMS)

    def covers(self, method: str, python: str, system: str = SYSTEM) -> bool:
        """Whether the case is for a start method on a Python, "3.11" to "3.15"."""
        return method in self.methods and python in self.pythons and system in self.systems

    def __and__(self, other: "Case") -> "Case":
        return Case(
            self.methods & other.methods,
            self.pythons & other.pythons,
            self.systems & other.systems,
        )


def read_case(label: str) -> Case:
    """Read the label of a tab; ValueError, with the remedy, for an unknown word."""
    case = Case()
    for part in label.split(", "):
        if found := VERSIONS.fullmatch(part):
            first, later, last = found.groups()
            last = PYTHONS[-1] if later else last or first
            if not {first, last} <= set(PYTHONS):
                what = f"a Python that is not supported in the tab {label!r}"
                raise ValueError(f"{what}; {CASE_HELP}")
            case &= Case(pythons=frozenset(PYTHONS[PYTHONS.index(first) : PYTHONS.index(last) + 1]))
        elif LISTED.fullmatch(part) and set(part.split(" and ")) <= set(START_METHODS):
            case &= Case(methods=frozenset(part.split(" and ")))
        elif LISTED.fullmatch(part) and set(part.split(" and ")) <= set(SYSTEMS):
            case &= Case(systems=frozenset(part.split(" and ")))
        else:
            raise ValueError(f"unknown words in the tab {label!r}; {CASE_HELP}")
    return case
