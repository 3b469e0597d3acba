"""What checks of engines send to their workers."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any


def fail_once(log: str) -> int:
    """Raise ValueError the first time; then give how often it has run."""
    with Path(log).open("a", encoding="utf-8") as file:
        file.write("x")
    times = Path(log).stat().st_size
    if times == 1:
        raise ValueError("once")
    return times


@contextmanager
def only_in_the_parent(folder: str) -> Iterator[tuple[Path, Callable[[], Any]]]:
    """A module that only this process can import, in `folder`, and its function, which gives 42."""
    module = Path(folder, "only_in_the_parent.py")
    module.write_text("def answer():\n    return 42\n", "utf-8")
    sys.path.insert(0, folder)
    try:
        yield module, import_module(module.stem).answer
    finally:
        sys.modules.pop(module.stem, None)
        sys.path.remove(folder)
