# /// script
# dependencies = ["numpy"]
# ///
"""A slow viewer gets the newest frame; the older ones are dropped."""

import sys
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
    frame, seen = np.frombuffer(memory, np.uint8).reshape(48, 64), {}
    args = (memory, unseen, lock, ready)
    camera = Process(target=film, args=args, daemon=True)
    camera.start()
    while 50 not in seen:
        for gate in ready, lock:
            while not gate.acquire(timeout=1):
                if camera.exitcode:
                    sys.exit(f"camera: exit code {camera.exitcode}")
        picture, number = frame.copy(), unseen.value
        unseen.value = 0
        lock.release()
        seen[number] = bool((picture == number).all())
        time.sleep(0.05)  # the viewer is slow
    camera.join()
    if camera.exitcode:
        sys.exit(f"camera: exit code {camera.exitcode}")
    print("All seen frames whole:", all(seen.values()))
    print("Most frames dropped:", len(seen) < 10)


if __name__ == "__main__":
    main()
