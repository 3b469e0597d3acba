"""What a page shows of a program with a fault put in: a table in a file beside it.

`a worker is killed   hangs` is a line of it: what is put in, two or more spaces, what becomes
of the program. Where that differs, it stands below each other, after `fork: ` or another case.
"""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from tests.harness.read.words import Case, read_case

TITLE = "If something fails"
"""The words over such a table."""
SUFFIX = ".faults"
"""How the name of its file ends."""
WORDS = {
    "raises": "a worker raises",
    "raises-later": "a worker raises, later",
    "exits": "a worker calls sys.exit(3)",
    "killed": "a worker is killed",
    "killed-later": "a worker is killed, later",
    "killed-idle": "an idle worker is killed",
    "killed-holding": "killed while it holds a lock",
    "stopped": "a worker is stopped",
    "interrupted": "Ctrl-C",
    "interrupted-twice": "Ctrl-C, twice",
    "terminated": "SIGTERM to the parent",
    "parent-killed": "the parent is killed",
    "unpicklable-result": "a result is not picklable",
    "unpicklable-argument": "an argument is not picklable",
    "manager-killed": "the manager is killed",
    "fork-server-killed": "the fork server is killed",
    "no-files": "no more file descriptors",
    "shared-memory-full": "/dev/shm is full",
}
"""Each fault by its name, as `nox -s faults` has it, and as a table has it."""
NAMES = {words: name for name, words in WORDS.items()}
LINE = re.compile(r"(?P<words>\S.*?)? {2,}(?:(?P<case>[^:]+): )?(?P<outcome>\S.*)")
WIDTH = max(map(len, WORDS.values())) + 2


@dataclass(frozen=True)
class Fate:
    """What becomes of a program with a fault, in one case."""

    fault: str
    """Its name."""
    outcome: str
    case: Case = field(default_factory=Case)


def applies(fault: str, method: str) -> bool:
    """Whether there is under a start method what a fault hits."""
    return fault != "fork-server-killed" or method == "forkserver"


def read_table(text: str) -> list[Fate]:
    """The lines of a table. Raises ValueError, with line, what is wrong there, and the remedy."""
    table: list[Fate] = []
    for number, line in enumerate(text.splitlines(), 1):
        found = LINE.fullmatch(line)
        above = WORDS[table[-1].fault] if table else ""
        words = found["words"] or above if found else line
        if not found or words not in NAMES:
            near = "".join(f" (there is {one!r})" for one in get_close_matches(words, NAMES, 1))
            raise ValueError(number, f"no fault and its outcome, {line!r}", f"Correct it{near}")
        try:
            case = read_case(found["case"]) if found["case"] else Case()
        except ValueError as error:
            what, _, remedy = str(error).partition("; ")
            raise ValueError(number, what, remedy[0].upper() + remedy[1:]) from None
        table.append(Fate(NAMES[words], found["outcome"], case))
    return table


def text_of(table: list[Fate]) -> str:
    """The table as it stands in its file, in the order of the faults."""
    lines = []
    for fault, words in WORDS.items():
        for fate in [fate for fate in table if fate.fault == fault]:
            told = f"{fate.case}: {fate.outcome}" if fate.case != Case() else fate.outcome
            lines.append(f"{words:{WIDTH}}{told}\n")
            words = ""
    return "".join(lines)
