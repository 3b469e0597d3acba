"""While the folder is in sys.path, the workers find the module."""

import sys
from concurrent.futures import ProcessPoolExecutor
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
        with ProcessPoolExecutor(1) as executor:
            print(executor.submit(prices.double, 3).result())


if __name__ == "__main__":
    main()
