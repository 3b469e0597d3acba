"""A program on standard input: no worker but a forked one can start."""

import re
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
        [sys.executable, "-"],
        input=TYPED,
        capture_output=True,
        text=True,
        timeout=60,
    )
    print("Answered:", "Answered: True" in run.stdout)
    for error in set(re.findall("FileNotFoundError.*", run.stderr)):
        print(re.sub("'.*<", "'<", error))


if __name__ == "__main__":
    main()
