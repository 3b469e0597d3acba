# /// script
# dependencies = ["numpy"]
# ///
"""Two workers take frames by slot number; each slot comes back."""

from multiprocessing import Process, Queue, RawArray

import numpy as np

SLOTS, FRAMES, SHAPE = 4, 50, (48, 64)


def analyze(memory, filled, free, sums):
    ring = np.frombuffer(memory, np.uint8).reshape(SLOTS, *SHAPE)
    while (slot := filled.get()) is not None:
        sums.put(int(ring[slot].sum()))
        free.put(slot)


def main():
    memory = RawArray("B", SLOTS * SHAPE[0] * SHAPE[1])
    ring = np.frombuffer(memory, np.uint8).reshape(SLOTS, *SHAPE)
    filled, free, sums = Queue(), Queue(), Queue()
    args = (memory, filled, free, sums)
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
    slots = sorted(free.get() for _ in range(SLOTS))
    for worker in workers:
        worker.join()
    print("Sum:", total, "expected:", sum(range(FRAMES)) * 48 * 64)
    print("Slots that came back:", slots)


if __name__ == "__main__":
    main()
