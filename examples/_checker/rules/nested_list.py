"""A change of what lies in a list or dict of a manager."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.finding import Finding
from examples._checker.program import Program

PAGE = "pitfalls/nested-list.md"
PROXIES = {"manager.dict", "manager.list"}
CHANGES = set("append extend insert remove pop clear sort reverse update add discard".split())


def check(program: Program) -> Iterator[Finding]:
    """What a proxy gives is a copy, and a change of it is lost, unless it is a proxy, too."""
    for node in program.nodes:
        changed = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in CHANGES:
                changed = node.func.value
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.Delete)):
            targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
            for target in targets:
                if isinstance(target, (ast.Subscript, ast.Attribute)):
                    changed = target.value
        if isinstance(changed, ast.Subscript) and program.kinds(changed.value) & PROXIES:
            if not any(kind.startswith("manager.") for kind in program.kinds(changed)):
                yield Finding(
                    node,
                    "What the manager's proxy gives here is a copy, so this change is lost: "
                    "assign the changed object to the proxy again",
                )
