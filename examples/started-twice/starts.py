"""A second start is refused; after a kill, the next start works."""

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from struct import pack
from subprocess import PIPE, Popen, run
from tempfile import TemporaryDirectory

from owner import owned

READER = Path(__file__).with_name("reader.py")


def sell(path):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with ExitStack() as stack:
        try:
            stack.enter_context(owned(path, pack("q", 7), limit=1))
        except TimeoutError as error:
            sys.exit(f"another start is running: {error}")
        print("selling", flush=True)
        sys.stdin.read()  # until the end of the day


def attempt(name, command):
    done = run(command, input="", capture_output=True, text=True)
    print(f"{name}: {done.stdout}{done.stderr}", end="")


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "tickets.name")
        this = [sys.executable, __file__, path]
        reader = [sys.executable, READER, path]
        with Popen(
            this, stdin=PIPE, stdout=PIPE, start_new_session=True
        ) as first:
            print("first:", first.stdout.readline().decode(), end="")
            attempt("second", this)
            attempt("reader", reader)
            os.killpg(first.pid, signal.SIGHUP)  # its terminal closes
        attempt("reader", reader)
        attempt("third", this)


if __name__ == "__main__":
    sell(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
