# /// script
# dependencies = ["numpy"]
# ///
"""A camera fills a ring of frames in shared memory; none is lost."""

import sys
from multiprocessing import Process, Semaphore, parent_process
from multiprocessing.shared_memory import SharedMemory

import numpy as np

SLOTS, FRAMES, RING = 4, 50, (4, 48, 64)


def film(block, free, full):
    ring = np.ndarray(RING, np.uint8, buffer=block.buf)
    for number in range(FRAMES):
        while not free.acquire(timeout=1):
            if not parent_process().is_alive():
                return
        ring[number % SLOTS] = number
        full.release()


def main():
    block = SharedMemory(create=True, size=4 * 48 * 64)
    ring = np.ndarray(RING, np.uint8, buffer=block.buf)
    free, full, whole = Semaphore(SLOTS), Semaphore(0), 0
    camera = Process(target=film, args=(block, free, full), daemon=True)
    try:
        camera.start()
        for number in range(FRAMES):
            while not full.acquire(timeout=1):
                if camera.exitcode:
                    sys.exit(f"camera: exit code {camera.exitcode}")
            whole += bool((ring[number % SLOTS] == number).all())
            free.release()
        camera.join()
        if camera.exitcode:
            sys.exit(f"camera: exit code {camera.exitcode}")
        print("Whole frames:", whole, "of", FRAMES)
    finally:
        del ring
        block.close()
        block.unlink()


if __name__ == "__main__":
    main()
