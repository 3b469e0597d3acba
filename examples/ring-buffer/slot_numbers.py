# /// script
# dependencies = ["numpy"]
# ///
"""Two workers take frames by slot number; each slot comes back."""

from multiprocessing import Process, Queue
from multiprocessing.shared_memory import SharedMemory

import numpy as np

SLOTS, FRAMES, SHAPE = 4, 50, (48, 64)


def open_ring(block):
    return np.ndarray((SLOTS, *SHAPE), np.uint8, buffer=block.buf)


def analyze(name, filled, free, sums):
    block = SharedMemory(name=name)
    ring = open_ring(block)
    while (slot := filled.get()) is not None:
        sums.put(int(ring[slot].sum()))
        free.put(slot)
    del ring
    block.close()


def main():
    size = SLOTS * SHAPE[0] * SHAPE[1]
    block = SharedMemory(create=True, size=size)
    ring = open_ring(block)
    filled, free, sums = Queue(), Queue(), Queue()
    args = (block.name, filled, free, sums)
    workers = [Process(target=analyze, args=args) for _ in range(2)]
    for worker in workers:
        worker.start()
    for slot in range(SLOTS):
        free.put(slot)
    for number in range(FRAMES):
        slot = free.get()
        ring[slot] = number
        filled.put(slot)
    for _ in workers:
        filled.put(None)
    total = sum(sums.get() for _ in range(FRAMES))
    for worker in workers:
        worker.join()
    print("Sum:", total, "expected:", sum(range(FRAMES)) * 48 * 64)
    del ring
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
