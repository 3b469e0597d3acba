# /// script
# dependencies = ["numpy"]
# ///
"""A slow viewer gets the newest frame; the older ones are dropped."""

import time
from multiprocessing import Lock, Process, RawArray, RawValue, Semaphore

import numpy as np


def film(memory, unseen, lock, ready):
    frame = np.frombuffer(memory, np.uint8).reshape(48, 64)
    for number in range(1, 51):
        with lock:
            frame[:] = number
            if not unseen.value:
                ready.release()
            unseen.value = number


def main():
    memory, unseen = RawArray("B", 48 * 64), RawValue("i", 0)
    lock, ready = Lock(), Semaphore(0)
    frame = np.frombuffer(memory, np.uint8).reshape(48, 64)
    args = (memory, unseen, lock, ready)
    camera = Process(target=film, args=args)
    camera.start()
    seen, whole = [0], 0
    while seen[-1] < 50:
        ready.acquire()
        with lock:
            picture = frame.copy()
            seen.append(unseen.value)
            unseen.value = 0
        whole += bool((picture == seen[-1]).all())
        time.sleep(0.05)  # the viewer is slow
    camera.join()
    print("All seen frames whole:", whole == len(seen) - 1)
    print("Most frames dropped:", len(seen) < 10)


if __name__ == "__main__":
    main()
