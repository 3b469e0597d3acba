"""A function typed into a cell: does the worker find it?"""

import subprocess
import sys

CELLS = """
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

def add_tax(price):
    return price * 120 // 100

with ProcessPoolExecutor(1) as pool:
    try:
        print(list(pool.map(add_tax, [100, 250])))
    except BrokenProcessPool as error:
        print("BrokenProcessPool:", error)
"""


def main():
    run = subprocess.run(
        [sys.executable, "-c", CELLS], capture_output=True, text=True
    )
    print(run.stdout, *run.stderr.splitlines(True)[-1:], sep="", end="")
    run.check_returncode()


if __name__ == "__main__":
    main()
