# /// script
# dependencies = ["numpy"]
# ///
"""Four workers brighten one image in shared memory, without a copy."""

import sys
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def brighten(name, shape, dtype, top):
    block = SharedMemory(name=name)
    image = np.ndarray(shape, dtype, buffer=block.buf)
    image[top : top + 100] += 50
    del image
    block.close()


def main():
    photo = np.full((400, 600), 100, np.uint8)
    block = SharedMemory(create=True, size=photo.nbytes)
    image = np.ndarray(photo.shape, photo.dtype, buffer=block.buf)
    try:
        image[:] = photo
        workers = []
        for top in range(0, 400, 100):
            args = (block.name, image.shape, image.dtype, top)
            workers.append(Process(target=brighten, args=args))
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        failed = {w.name: w.exitcode for w in workers if w.exitcode}
        if failed:
            sys.exit(f"Rows are missing, exit codes: {failed}")
        print("Bright pixels:", np.count_nonzero(image == 150))
    finally:
        del image
        block.close()
        block.unlink()


if __name__ == "__main__":
    main()
