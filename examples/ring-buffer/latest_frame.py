# /// script
# dependencies = ["numpy"]
# ///
"""A slow viewer gets the newest frame; the older ones are dropped."""

import time
from multiprocessing import Condition, Process, RawArray, Value

import numpy as np


def film(memory, newest, changed):
    frame = np.frombuffer(memory, np.uint8).reshape(48, 64)
    for number in range(1, 51):
        with changed:
            frame[:] = newest.value = number
            changed.notify()


def main():
    memory = RawArray("B", 48 * 64)
    frame = np.frombuffer(memory, np.uint8).reshape(48, 64)
    newest, changed = Value("i", 0, lock=False), Condition()
    camera = Process(target=film, args=(memory, newest, changed))
    camera.start()
    seen, whole = [0], 0
    while seen[-1] < 50:
        with changed:
            changed.wait_for(lambda: newest.value > seen[-1])
            picture = frame.copy()
            seen.append(newest.value)
        whole += bool((picture == seen[-1]).all())
        time.sleep(0.05)  # the viewer is slow
    camera.join()
    print("All seen frames whole:", whole == len(seen) - 1)
    print("Most frames dropped:", len(seen) < 10)


if __name__ == "__main__":
    main()
