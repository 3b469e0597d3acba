# /// script
# dependencies = ["numpy"]
# ///
"""Each worker of a Pool attaches to the shared array once."""

from multiprocessing import Pool
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def attach(name, shape, dtype):
    global block, sales
    block = SharedMemory(name=name)
    sales = np.ndarray(shape, dtype, buffer=block.buf)


def best_day(shop):
    return int(sales[shop].argmax())


def main():
    shape, dtype = (4, 365), np.dtype(np.float64)
    size = 4 * 365 * dtype.itemsize
    block = SharedMemory(create=True, size=size)
    sales = np.ndarray(shape, dtype, buffer=block.buf)
    sales[:] = 100
    for shop, day in enumerate([11, 200, 45, 364]):
        sales[shop, day] = 900
    initargs = (block.name, shape, dtype)
    with Pool(2, initializer=attach, initargs=initargs) as pool:
        print("Best days:", pool.map(best_day, range(4)))
    del sales
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
