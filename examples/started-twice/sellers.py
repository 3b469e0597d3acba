"""Starts that share one block sell each ticket once."""

import sys
from pathlib import Path
from struct import pack_into, unpack_from
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory

from joined import joined
from owner_lock import locked


def sell(path):
    with joined(path, 8) as block:
        for _ in sys.stdin:
            with locked(path.with_suffix(".sell"), limit=10):
                (sold,) = unpack_from("q", block.buf)
                pack_into("q", block.buf, 0, sold + 1)
                print(sold + 1, flush=True)


def main():
    plan = "A", "A", "B", "A ends", "B", "C", "C ends", "B ends"
    starts = {}
    with TemporaryDirectory() as folder:
        path = Path(folder, "tickets.name")
        for name in plan:
            if name.endswith("ends"):
                starts[name[0]].communicate()
                print(name)
                continue
            if name not in starts:
                command = [sys.executable, __file__, path]
                starts[name] = Popen(command, stdin=PIPE, stdout=PIPE)
            starts[name].stdin.write(b"\n")
            starts[name].stdin.flush()
            number = int(starts[name].stdout.readline())
            print(name, "sells ticket", number)


if __name__ == "__main__":
    sell(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
