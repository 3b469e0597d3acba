"""What a page says of costs: a mark with the name of a case becomes what was measured."""

import re
import sys
from functools import lru_cache
from importlib import import_module
from typing import Any

from tests.harness.read.site import ROOT

MARK = re.compile(r"<!-- cost of (?P<case>[^>]+) -->")
TOOL = ROOT / "examples" / "costs"
RESULTS = ROOT / "docs" / "costs"


def told(line: str) -> str:
    """A line of a page with the costs in it. Raises KeyError for a case that was not measured."""
    return MARK.sub(lambda mark: _cost(mark["case"]), line)


@lru_cache
def _cost(case: str) -> str:
    tables, suites = _read()
    return str(tables.cost(suites, case))


@lru_cache
def _read() -> tuple[Any, Any]:
    """What makes the tables of costs, and the results that it reads."""
    if str(TOOL) not in sys.path:
        sys.path.append(str(TOOL))  # its files import each other as neighbors do
    tables = import_module("_tables")
    return tables, tables.read_all(RESULTS)
