"""Applies the rules to a program. The browser begins here, too."""

from __future__ import annotations

from examples._checker.finding import Finding
from examples._checker.program import Program
from examples._checker.rules import RULES

SILENCE = "check:ignore["


def findings(program: Program) -> list[Finding]:
    """What the rules find, in the order of the lines, without what a comment silences."""
    found = []
    pinned = program.start_methods()
    lines = program.text.splitlines()
    for rule in RULES:
        name = rule.__name__.rpartition(".")[2].replace("_", "-")
        for finding in rule.check(program):
            finding.rule, finding.page = name, rule.PAGE
            if pinned and not pinned & finding.under:
                continue
            if not any(name in silenced(line) for line in lines[finding.line - 1 : finding.end]):
                found.append(finding)
    return sorted(found, key=lambda finding: (finding.line, finding.column, finding.rule))


def silenced(line: str) -> list[str]:
    """The rules that a comment in a line silences."""
    comments = [comment.replace(" ", "") for comment in line.split("#")[1:]]
    names = [c.removeprefix(SILENCE).partition("]")[0] for c in comments if c.startswith(SILENCE)]
    return ",".join(names).split(",")
