"""What a rule finds."""

from __future__ import annotations

import ast

EVERYWHERE = frozenset({"fork", "forkserver", "spawn"})
NOT_FORK = frozenset({"forkserver", "spawn"})
FORK = frozenset({"fork"})
SPAWN = frozenset({"spawn"})

WHERE = {
    EVERYWHERE: "It happens under every start method",
    NOT_FORK: "It happens on macOS and Windows, and on Linux with Python 3.14 and later, and not "
    "under fork",
    SPAWN: "It happens under spawn, the default on macOS and Windows, and under forkserver in some "
    "releases of Python, or if the program is started with python -m",
    FORK: "It happens under fork, the default on Linux before Python 3.14",
}


class Finding:
    """A place in a program, what will happen there, and the start methods under which it does.

    `told` is one sentence or two, without a full stop at the end.
    """

    def __init__(self, node: ast.AST, told: str, under: frozenset[str] = EVERYWHERE) -> None:
        self.line: int = getattr(node, "lineno", 1)
        self.column: int = getattr(node, "col_offset", 0) + 1
        self.end: int = getattr(node, "end_lineno", None) or self.line
        self.told, self.under = told, under
        self.rule = self.page = ""

    def text(self) -> str:
        """What will happen, and where."""
        return f"{self.told}. {WHERE[self.under]}"
