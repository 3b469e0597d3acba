"""Runs the checks of a page: `python tests/harness/run/claims.py queue [FUNCTION ...]`.

They run one after the other, in this process. What does not hold is told with its
traceback, and then the exit status is 1. What runs very long tells where it is.
"""

import faulthandler
import sys
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from types import ModuleType

LONG = 100.0  # seconds; a page has three times that

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def functions(module: ModuleType, names: list[str]) -> Iterator[Callable[[], None]]:
    """The checks of a module, in order; those with the names, if there are any."""
    for name, value in list(vars(module).items()):
        ours = isfunction(value) and value.__module__ == module.__name__ and name[0] != "_"
        if ours and (not names or name in names):
            yield value


def main() -> int:
    """Run them; give the exit status."""
    page, *names = sys.argv[1:]
    failed = 0
    for function in functions(import_module(f"tests.claims.{page}"), names):
        faulthandler.dump_traceback_later(LONG)
        try:
            function()
        except Exception:
            failed += 1
            where = f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}"
            told = " ".join((function.__doc__ or "").split())
            print(f"{where}: it does not hold: {told}\n{traceback.format_exc()}", flush=True)
        finally:
            faulthandler.cancel_dump_traceback_later()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
