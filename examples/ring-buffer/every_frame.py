# /// script
# dependencies = ["numpy"]
# ///
"""A camera fills a ring of frames in shared memory; none is lost."""

from multiprocessing import Process, Semaphore, shared_memory

import numpy as np

SLOTS, FRAMES, RING = 4, 50, (4, 48, 64)


def film(block, free, filled):
    ring = np.ndarray(RING, np.uint8, buffer=block.buf)
    for number in range(FRAMES):
        free.acquire()
        ring[number % SLOTS] = number
        filled.release()


def main():
    block = shared_memory.SharedMemory(create=True, size=4 * 48 * 64)
    ring = np.ndarray(RING, np.uint8, buffer=block.buf)
    free, filled = Semaphore(SLOTS), Semaphore(0)
    camera = Process(target=film, args=(block, free, filled))
    camera.start()
    whole = 0
    for number in range(FRAMES):
        filled.acquire()
        whole += bool((ring[number % SLOTS] == number).all())
        free.release()
    camera.join()
    print("Whole frames:", whole, "of", FRAMES)
    del ring
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
