# /// script
# dependencies = ["numpy"]
# ///
"""After an error, too, the parent removes the block."""

import sys
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def invert(name):
    block = SharedMemory(name=name)
    image = np.ndarray((400, 600), np.uint8, buffer=block.buf)
    image[:] = 255 - image
    del image
    block.close()


def main():
    block = SharedMemory(create=True, size=400 * 600)
    image = np.ndarray((400, 600), np.uint8, buffer=block.buf)
    try:
        worker = Process(target=invert, args=(block.name,))
        worker.start()
        worker.join()
        if worker.exitcode:
            sys.exit(f"Not inverted, exit code: {worker.exitcode}")
        if image.max() == 255:
            raise ValueError("the photo is too bright")
    except ValueError as error:
        print("Failed:", error)
    finally:
        del image
        block.close()
        block.unlink()
    try:
        SharedMemory(name=block.name)
    except FileNotFoundError:
        print("The block is gone")


if __name__ == "__main__":
    main()
