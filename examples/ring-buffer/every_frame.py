# /// script
# dependencies = ["numpy"]
# ///
"""A camera fills a ring of frames in shared memory; none is lost."""

from multiprocessing import Process, Semaphore
from multiprocessing.shared_memory import SharedMemory

import numpy as np

SLOTS, FRAMES, SHAPE = 4, 50, (48, 64)


def open_ring(block):
    return np.ndarray((SLOTS, *SHAPE), np.uint8, buffer=block.buf)


def film(name, free, filled):
    block = SharedMemory(name=name)
    ring = open_ring(block)
    for number in range(FRAMES):
        free.acquire()
        ring[number % SLOTS] = number
        filled.release()
    del ring
    block.close()


def main():
    size = SLOTS * SHAPE[0] * SHAPE[1]
    block = SharedMemory(create=True, size=size)
    ring = open_ring(block)
    free, filled = Semaphore(SLOTS), Semaphore(0)
    camera = Process(target=film, args=(block.name, free, filled))
    camera.start()
    whole = total = 0
    for number in range(FRAMES):
        filled.acquire()
        frame = ring[number % SLOTS]
        whole += bool((frame == number).all())
        total += int(frame.sum())
        free.release()
    camera.join()
    print("Whole frames:", whole, "of", FRAMES)
    print("Sum:", total, "expected:", sum(range(FRAMES)) * 48 * 64)
    del ring, frame
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
