"""The floors of the harness: a file imports only from its own, and from those below."""

import ast
import re
from pathlib import Path

import pytest

from tests import harness
from tests.harness.read.site import ROOT

FLOORS = re.findall(r"^- `(\w+)`:", harness.__doc__ or "", re.MULTILINE)
FILES = sorted((ROOT / "tests" / "harness").glob("*/*.py"))


def floor(module: str) -> int:
    """The number of a module's floor, from the ground; -1 for `tests.harness.work`."""
    name = module.split(".")[2]
    return FLOORS.index(name) if name in FLOORS else -1


def imported(path: Path) -> list[str]:
    """What a file imports of the tests."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    names = [f"{node.module}.{alias.name}" for node in imports for alias in node.names]
    return [name for name in names if name.startswith("tests.")]


def test_each_folder_is_a_floor() -> None:
    assert {path.parent.name for path in FILES} == set(FLOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_imports_nothing_from_above(path: Path) -> None:
    assert [m for m in imported(path) if floor(m) > FLOORS.index(path.parent.name)] == []
