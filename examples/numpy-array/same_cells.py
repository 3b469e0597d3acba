# /// script
# dependencies = ["numpy"]
# ///
"""Workers that add to the same elements hold a lock."""

from multiprocessing import Lock, Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def count_votes(name, ballots, lock):
    block = SharedMemory(name=name)
    votes = np.ndarray(3, np.int64, buffer=block.buf)
    counted = np.bincount(ballots, minlength=3)
    with lock:
        votes += counted
    del votes
    block.close()


def main():
    ballots = np.arange(40_000) % 3
    block, lock = SharedMemory(create=True, size=3 * 8), Lock()
    votes = np.ndarray(3, np.int64, buffer=block.buf)
    votes[:] = 0
    jobs = [(block.name, box, lock) for box in np.split(ballots, 4)]
    counters = [Process(target=count_votes, args=job) for job in jobs]
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
    print("Votes:", votes.tolist(), "of", len(ballots))
    del votes
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
