# /// script
# dependencies = ["numpy"]
# ///
"""After an error, too, the manager removes the block."""

from multiprocessing import Pool
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def invert(name, row):
    block = SharedMemory(name=name)
    image = np.ndarray((400, 600), np.uint8, buffer=block.buf)
    image[row] = 255 - image[row]
    too_bright = bool(image[row].max() == 255)
    del image
    block.close()
    return too_bright


def main():
    try:
        with SharedMemoryManager() as manager, Pool(2) as pool:
            block = manager.SharedMemory(400 * 600)
            tasks = [(block.name, row) for row in range(400)]
            if any(pool.starmap(invert, tasks)):
                raise ValueError("the photo is too bright")
    except ValueError as error:
        print("Failed:", error)
    block.close()
    try:
        SharedMemory(name=block.name)
    except FileNotFoundError:
        print("The block is gone")


if __name__ == "__main__":
    main()
