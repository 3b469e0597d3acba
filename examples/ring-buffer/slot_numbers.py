# /// script
# dependencies = ["numpy"]
# ///
"""Two workers take frames by slot number; each slot comes back."""

from multiprocessing import Process, Queue, RawArray

import numpy as np


def analyze(memory, filled, free, sums):
    ring = np.frombuffer(memory, np.uint8).reshape(4, 48, 64)
    while (slot := filled.get()) is not None:
        try:
            sums.put((int(ring[slot].sum()), None))
        except Exception as error:
            sums.put((0, repr(error)))
        free.put(slot)


def main():
    shared = (RawArray("B", 4 * 48 * 64), Queue(), Queue(), Queue())
    memory, filled, free, sums = shared
    ring = np.frombuffer(memory, np.uint8).reshape(4, 48, 64)
    workers = [Process(target=analyze, args=shared) for _ in range(2)]
    for worker in workers:
        worker.start()
    for slot in range(4):
        free.put(slot)
    for number in range(50):
        slot = free.get()
        ring[slot] = number
        filled.put(slot)
    for _ in workers:
        filled.put(None)
    answers = [sums.get() for _ in range(50)]
    print("Sum:", sum(total for total, _ in answers))
    print("Errors:", [error for _, error in answers if error])
    print("Free slots:", sorted(free.get() for _ in range(4)))
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
