# /// script
# dependencies = ["numpy"]
# ///
"""After an error, too, the manager removes the block."""

from multiprocessing import Pool
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def invert(name, shape, row):
    block = SharedMemory(name=name)
    image = np.ndarray(shape, np.uint8, buffer=block.buf)
    image[row] = 255 - image[row]
    brightest = int(image[row].max())
    del image
    block.close()
    return brightest


def main():
    shape = (400, 600)
    try:
        with SharedMemoryManager() as manager:
            block = manager.SharedMemory(400 * 600)
            image = np.ndarray(shape, np.uint8, buffer=block.buf)
            image[:], image[7] = 100, 0
            tasks = [(block.name, shape, row) for row in range(400)]
            with Pool(2) as pool:
                brightest = max(pool.starmap(invert, tasks))
            if brightest == 255:
                raise ValueError("the photo is too bright")
    except ValueError as error:
        print("Failed:", error)
    del image
    block.close()
    try:
        SharedMemory(name=block.name)
    except FileNotFoundError:
        print("The block is gone")


if __name__ == "__main__":
    main()
