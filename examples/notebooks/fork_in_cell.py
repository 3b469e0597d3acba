"""With a fork context, a function typed into a cell is found."""

import subprocess
import sys

CELLS = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

def add_tax(price):
    return price * 120 // 100

with ProcessPoolExecutor(2, get_context("fork")) as pool:
    print(list(pool.map(add_tax, [100, 250])))
"""


def main():
    subprocess.run([sys.executable, "-c", CELLS], check=True)


if __name__ == "__main__":
    main()
