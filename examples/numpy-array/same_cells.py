# /// script
# dependencies = ["numpy"]
# ///
"""Workers that add to the same elements hold a lock."""

import sys
from multiprocessing import Lock, Process
from multiprocessing.connection import wait
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
    block, lock = SharedMemory(create=True, size=3 * 8), Lock()
    votes = np.ndarray(3, np.int64, buffer=block.buf)
    try:
        votes[:] = 0
        running = {}
        for box in np.split(np.arange(40_000) % 3, 4):
            args = (block.name, box, lock)
            worker = Process(target=count_votes, args=args, daemon=True)
            worker.start()
            running[worker.sentinel] = worker
        while running:
            worker = running.pop(wait(running)[0])
            worker.join()
            if worker.exitcode:
                sys.exit(f"{worker.name}: exit code {worker.exitcode}")
        print("Votes:", votes.tolist(), "of 40000")
    finally:
        del votes
        block.close()
        block.unlink()


if __name__ == "__main__":
    main()
