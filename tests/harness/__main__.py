"""Runs a command of contributors by its name: `python -m tests.harness update race`.

Signals are noted before the command is imported: that takes a second or two, in
which Ctrl-C would give a traceback.
"""

import sys
from importlib import import_module

from examples import _interrupts

COMMANDS = [
    "bench",
    "faults",
    "messages",
    "mutate",
    "new",
    "programs",
    "soak",
    "tests",
    "update",
    "watch",
]


def main() -> int:
    """Run the command that the command line names; give its exit status."""
    name = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        print(f"python -m tests.harness {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    command = import_module(f"tests.harness.tools.{name}")
    try:
        _interrupts.check()
        status: int = command.main()
    except _interrupts.Interrupted as end:
        end.outcome = command.INTERRUPTED
        raise
    return status


if __name__ == "__main__":
    sys.exit(_interrupts.command(main))
