"""What works in a notebook: cells that import a module beside it."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PRICES = """
def add_tax(price):
    return price * 120 // 100
"""
CELLS = """
from concurrent.futures import ProcessPoolExecutor
from prices import add_tax

with ProcessPoolExecutor(2) as pool:
    print(list(pool.map(add_tax, [100, 250])))
"""


def main():
    with TemporaryDirectory() as folder:
        Path(folder, "prices.py").write_text(PRICES)
        kernel = [sys.executable, "-c", CELLS]
        subprocess.run(kernel, cwd=folder, check=True)


if __name__ == "__main__":
    main()
