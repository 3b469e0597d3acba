# /// script
# dependencies = ["numpy"]
# ///
"""prices = prices * 2 makes a new array; the shared one stays."""

from multiprocessing import Process, RawArray

import numpy as np


def double(memory):
    prices = np.frombuffer(memory, np.float64)
    prices = prices * 2
    print("In the worker:", prices.tolist())


def main():
    memory = RawArray("d", [5, 7, 9])
    worker = Process(target=double, args=(memory,))
    worker.start()
    worker.join()
    print("In the parent:", memory[:])


if __name__ == "__main__":
    main()
