# /// script
# dependencies = ["numpy"]
# ///
"""A block is lost before the array that looks at it: a complaint."""

from multiprocessing.shared_memory import SharedMemory
from struct import pack_into

import numpy as np


def attach(name):
    prices = SharedMemory(name)
    return np.frombuffer(prices.buf, dtype="q", count=3)


def main():
    prices = SharedMemory(create=True, size=24)
    try:
        pack_into("3q", prices.buf, 0, 10, 20, 30)
        table = attach(prices.name)
        print("Sum:", table.sum())
    finally:
        prices.close()
        prices.unlink()


if __name__ == "__main__":
    main()
