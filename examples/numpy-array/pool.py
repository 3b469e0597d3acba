# /// script
# dependencies = ["numpy"]
# ///
"""Each worker of an executor attaches to the shared array once."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import parent_process
from multiprocessing.shared_memory import SharedMemory
from threading import Thread

import numpy as np


def end_with_parent():
    parent_process().join()
    os._exit(1)


def attach(name, shape, dtype):
    global block, sales
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    block = SharedMemory(name=name)
    sales = np.ndarray(shape, dtype, buffer=block.buf)


def best_day(shop):
    return int(sales[shop].argmax())


def main():
    shape, dtype = (4, 365), np.dtype(np.float64)
    size = 4 * 365 * dtype.itemsize
    block = SharedMemory(create=True, size=size)
    sales = np.ndarray(shape, dtype, buffer=block.buf)
    try:
        sales[:] = 100
        for shop, day in enumerate([11, 200, 45, 364]):
            sales[shop, day] = 900
        args = (block.name, shape, dtype)
        with ProcessPoolExecutor(2, None, attach, args) as executor:
            print("Best days:", list(executor.map(best_day, range(4))))
    finally:
        del sales
        block.close()
        block.unlink()


if __name__ == "__main__":
    main()
