# /// script
# dependencies = ["numpy"]
# ///
"""A NumPy array on a RawArray needs no close and no unlink."""

import sys
from multiprocessing import Process, RawArray

import numpy as np


def smooth(raw, start, stop):
    heights = np.frombuffer(raw, np.float64)
    heights[start:stop] = heights[start:stop].mean()


def main():
    raw = RawArray("d", 1000)
    heights = np.frombuffer(raw, np.float64)
    heights[:] = np.arange(1000)
    workers = [
        Process(target=smooth, args=(raw, start, start + 250))
        for start in range(0, 1000, 250)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    failed = {w.name: w.exitcode for w in workers if w.exitcode}
    if failed:
        sys.exit(f"Heights are missing, exit codes: {failed}")
    print("Heights:", heights[::250].tolist())


if __name__ == "__main__":
    main()
