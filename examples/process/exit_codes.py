"""The ways in which a process ends by itself, and its exit code."""

import os
import sys
from multiprocessing import Process

ENDINGS = [
    ("returns", len, ("text",)),
    ("raises an exception", int, ("free",)),
    ("sys.exit()", sys.exit, ()),
    ("sys.exit(None)", sys.exit, (None,)),
    ("sys.exit(3)", sys.exit, (3,)),
    ("sys.exit('No paper')", sys.exit, ("No paper",)),
    ("os._exit(4)", os._exit, (4,)),
]


def main():
    for how, target, args in ENDINGS:
        printer = Process(target=target, args=args, name="printer")
        printer.start()
        printer.join()
        print(f"{how}: {printer.exitcode}")


if __name__ == "__main__":
    main()
