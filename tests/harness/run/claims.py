"""Runs the checks of a page: `python tests/harness/run/claims.py queue [FUNCTION ...]`.

They run one after the other, in this process. What does not hold is told with its
traceback, and then the exit status is 1.
"""

import sys
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def functions(module: ModuleType, names: list[str]) -> Iterator[Callable[[], None]]:
    """The checks of a module, in order; those with the names, if there are any."""
    for name, value in vars(module).items():
        ours = isfunction(value) and value.__module__ == module.__name__ and name[0] != "_"
        if ours and (not names or name in names):
            yield value


def main() -> int:
    """Run them; give the exit status."""
    page, *names = sys.argv[1:]
    failed = 0
    for function in functions(import_module(f"tests.claims.{page}"), names):
        try:
            function()
        except Exception:
            failed += 1
            where = f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}"
            told = " ".join((function.__doc__ or "").split())
            print(f"{where}: it does not hold: {told}\n{traceback.format_exc()}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
