# /// script
# dependencies = ["numpy", "pandas"]
# ///
"""Workers see a DataFrame's number columns in shared memory."""

from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import pandas as pd

COLUMNS = ["price", "pieces"]


def open_table(block, rows):
    shape = (rows, len(COLUMNS))
    numbers = np.ndarray(shape, np.float64, buffer=block.buf)
    return numbers, pd.DataFrame(numbers, columns=COLUMNS, copy=False)


def raise_prices(name, rows, part):
    block = SharedMemory(name=name)
    numbers, sales = open_table(block, rows)
    numbers[part, 0] += 1
    turnover = (sales["price"] * sales["pieces"])[part].sum()
    del numbers, sales
    block.close()
    return float(turnover)


def main():
    rows = 1000
    block = SharedMemory(create=True, size=rows * len(COLUMNS) * 8)
    numbers, sales = open_table(block, rows)
    numbers[:] = [9.0, 2.0]
    parts = [slice(0, 500), slice(500, 1000)]
    tasks = [(block.name, rows, part) for part in parts]
    with get_context("spawn").Pool(2) as pool:
        print("Turnover:", pool.starmap(raise_prices, tasks))
    print("Prices in the parent:", sales["price"].unique().tolist())
    del numbers, sales
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
