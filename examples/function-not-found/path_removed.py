"""A module whose folder has left sys.path is not found by a worker."""

import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

PRICES = """
def double(price):
    return price * 2
"""


def main():
    with TemporaryDirectory() as folder:
        Path(folder, "prices.py").write_text(PRICES)
        sys.path.append(folder)
        prices = import_module("prices")
        sys.path.remove(folder)
        try:
            with ProcessPoolExecutor(1) as executor:
                print(executor.submit(prices.double, 3).result())
        except BrokenProcessPool as error:
            print("BrokenProcessPool:", error)


if __name__ == "__main__":
    main()
