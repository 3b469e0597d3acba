# /// script
# dependencies = ["numpy"]
# ///
"""The result is copied out of the array before the block is closed."""

from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory
from struct import pack_into

import numpy as np


def add_up(prices):
    table = np.ndarray((3,), dtype="q", buffer=prices.buf)
    total = int(table.sum())
    prices.close()
    print("Sum:", total)


def main():
    prices = SharedMemory(create=True, size=24)
    try:
        pack_into("3q", prices.buf, 0, 10, 20, 30)
        worker = Process(target=add_up, args=(prices,))
        worker.start()
        worker.join()
        print("Exit code of the worker:", worker.exitcode)
    finally:
        prices.close()
        prices.unlink()


if __name__ == "__main__":
    main()
