"""What each tool does when a process fails: one table of what the pages of tools show of it.

A line `<!-- what becomes of programs: raises, killed -->` becomes a table with a line for each
program that has one of its own, and a column for each of these faults. A program of a pitfall,
which survives the faults, is no tool and has no line. The page stands in the folder `docs` itself.
"""

import re
from collections.abc import Iterator
from os.path import relpath
from pathlib import Path

from markdown.extensions.toc import slugify

from tests.harness.read.faults import WORDS
from tests.harness.read.model import Program, Site
from tests.harness.read.words import Case

MARK = re.compile(r"<!-- what becomes of programs: (?P<faults>[\w, -]+) -->")
HEADING = re.compile(r"#+ (?P<words>.*)")
NOTHING = "-"  # the fault hits nothing in the program


def matrix(site: Site, page: Path, faults: list[str]) -> Iterator[str]:
    """The lines of the table, with links from `page` to where the programs stand.

    An outcome is a link by reference, `[hangs][]`: the page that has the table says where to.
    """
    yield from ("", f"| Program | {' | '.join(WORDS[fault] for fault in faults)} |")
    yield f"| --- |{' --- |' * len(faults)}"
    for program in site.programs.values():
        if program.table and Path(program.page).parent.name == "syntax":
            cells = [" · ".join(outcomes(program, fault)) or NOTHING for fault in faults]
            yield f"| {link(site, program, page)} | {' | '.join(cells)} |"
    yield ""


def outcomes(program: Program, fault: str) -> Iterator[str]:
    """What becomes of a program with a fault; in which case, where it differs."""
    for fate in program.table.fates if program.table else []:
        if fate.fault == fault:
            first, *rest = re.split(r"(?=, )", fate.outcome)
            where = f"{fate.case}: " * (fate.case != Case())
            yield f"{where}[{first}][]{''.join(rest)}"


def link(site: Site, program: Program, page: Path) -> str:
    """To the table of a program, with the first word or words of its page's title."""
    path = site.root / program.page
    lines = site.read(path).splitlines()
    above = [found["words"] for line in lines if (found := HEADING.fullmatch(line))]
    title = above[0].partition(":")[0]
    before = lines[: program.table.fence.line if program.table else 0]
    heading = [found["words"] for line in before if (found := HEADING.fullmatch(line))][-1]
    return f"[{title}]({relpath(path, page.parent)}#{slugify(heading, '-')})"
