# /// script
# dependencies = ["numpy"]
# ///
"""A function returns the array and the block, which stays open."""

from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory
from struct import pack_into

import numpy as np


def attach(name):
    prices = SharedMemory(name)
    return prices, np.ndarray((3,), dtype="q", buffer=prices.buf)


def add_up(name):
    prices, table = attach(name)
    print("Sum:", table.sum())
    prices.close()


def main():
    prices = SharedMemory(create=True, size=24)
    try:
        pack_into("3q", prices.buf, 0, 10, 20, 30)
        worker = Process(target=add_up, args=(prices.name,))
        worker.start()
        worker.join()
        print("Exit code of the worker:", worker.exitcode)
    finally:
        prices.close()
        prices.unlink()


if __name__ == "__main__":
    main()
