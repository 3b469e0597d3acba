"""A function in a module of its own is found by every worker."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PRICES = """
def double(price):
    return price * 2
"""
TYPED = """
from multiprocessing import Pool
from prices import double

if __name__ == "__main__":
    with Pool(1) as pool:
        print(pool.map(double, [3]))
"""


def main():
    with TemporaryDirectory() as folder:
        Path(folder, "prices.py").write_text(PRICES)
        subprocess.run(
            [sys.executable, "-c", TYPED], cwd=folder, timeout=60
        )


if __name__ == "__main__":
    main()
