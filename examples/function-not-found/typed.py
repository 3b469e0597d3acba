"""A function typed at a prompt is found by workers under fork only."""

import subprocess
import sys

TYPED = """
from multiprocessing import Pool

def double(price):
    return price * 2

if __name__ == "__main__":
    with Pool(1) as pool:
        doubled = pool.map_async(double, [3])
        doubled.wait(timeout=3)
        print("Answered:", doubled.ready())
"""


def main():
    run = subprocess.run(
        [sys.executable, "-c", TYPED],
        capture_output=True,
        text=True,
        timeout=60,
    )
    print(run.stdout, *run.stderr.splitlines(True)[-1:], sep="", end="")


if __name__ == "__main__":
    main()
