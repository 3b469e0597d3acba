"""Modules that stand in the folder of a page's programs, such as the one that starts a server."""

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType


@cache
def beside(folder: Path, name: str) -> ModuleType:
    """A module in a folder, which stays on `sys.path`, so that a child finds it, too."""
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return import_module(name)
