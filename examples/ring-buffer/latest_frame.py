# /// script
# dependencies = ["numpy"]
# ///
"""A slow viewer gets the newest frame; the older ones are dropped."""

from multiprocessing import (
    Condition,
    Process,
    RawArray,
    Semaphore,
    Value,
)

import numpy as np

FRAMES, SHAPE = 50, (48, 64)


def film(memory, newest, changed, tenth):
    frame = np.frombuffer(memory, np.uint8).reshape(SHAPE)
    for number in range(1, FRAMES + 1):
        with changed:
            frame[:] = number
            newest.value = number
            changed.notify()
        if number % 10 == 0:
            tenth.release()


def main():
    memory = RawArray("B", SHAPE[0] * SHAPE[1])
    frame = np.frombuffer(memory, np.uint8).reshape(SHAPE)
    newest = Value("i", 0, lock=False)
    changed, tenth = Condition(), Semaphore(0)
    args = (memory, newest, changed, tenth)
    camera = Process(target=film, args=args)
    camera.start()
    seen, whole = [0], 0
    while seen[-1] < FRAMES:
        tenth.acquire()
        with changed:
            changed.wait_for(lambda: newest.value > seen[-1])
            picture = frame.copy()
            seen.append(newest.value)
        whole += bool((picture == seen[-1]).all())
    camera.join()
    print("All seen frames whole:", whole == len(seen) - 1)
    print("Most frames dropped:", len(seen) < 10)
    print("Last frame seen:", seen[-1])


if __name__ == "__main__":
    main()
