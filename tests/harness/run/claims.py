"""Runs the checks of a page: `python tests/harness/run/claims.py queue [FUNCTION ...]`.

They run one after the other, in this process. What does not hold is told with its
traceback, and then the exit status is 1. What runs very long tells where it is.

Each child that a check starts runs this file, too, so it imports little at its top.
"""

import os
import sys
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType

LONG = 100.0  # seconds; a page has three times that
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))


def functions(module: ModuleType, names: list[str]) -> Iterator[Callable[[], None]]:
    """The checks of a module, in order; those with the names, if there are any."""
    for name, value in list(vars(module).items()):
        ours = isinstance(value, FunctionType) and value.__module__ == module.__name__
        if ours and name[0] != "_" and (not names or name in names):
            yield value


def main() -> int:
    """Run them; give the exit status."""
    import faulthandler
    import traceback
    from importlib import import_module

    page, *names = sys.argv[1:]
    sys.path.insert(0, ROOT)  # of each child, too
    unwritten, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    checks = import_module(f"tests.claims.{page}")  # so that no child has to compile it
    sys.dont_write_bytecode = unwritten
    failed = 0
    for function in functions(checks, names):
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
