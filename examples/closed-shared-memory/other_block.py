# /// script
# dependencies = ["numpy"]
# ///
"""The array of a closed block reads and writes another block."""

from multiprocessing.shared_memory import SharedMemory

import numpy as np


def main():
    prices = SharedMemory(create=True, size=24)
    table = np.ndarray((3,), dtype="q", buffer=prices.buf)
    table[:] = [10, 20, 30]
    prices.close()

    counts = SharedMemory(create=True, size=24)
    stock = np.ndarray((3,), dtype="q", buffer=counts.buf)
    stock[:] = [7, 8, 9]
    print("Prices:", table.tolist())
    table[0] = 11
    print("Stock:", stock.tolist())

    counts.close()
    prices.unlink()
    counts.unlink()


if __name__ == "__main__":
    main()
