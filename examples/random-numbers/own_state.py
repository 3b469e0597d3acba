# /// script
# dependencies = ["numpy"]
# ///
"""A NumPy generator made in each worker: the workers differ."""

import sys
from contextlib import suppress
from multiprocessing import Pipe, Process

import numpy as np


def draw(answer):
    rng = np.random.default_rng()
    answer.send(rng.random())


def main():
    workers, numbers = {}, []
    for _ in range(4):
        receiver, answer = Pipe(duplex=False)
        worker = Process(target=draw, args=(answer,), daemon=True)
        worker.start()
        answer.close()
        workers[worker] = receiver
    for worker, receiver in workers.items():
        with suppress(EOFError, OSError):  # its exit code tells
            numbers.append(receiver.recv())
        worker.join()
        if worker.exitcode:
            sys.exit(f"{worker.name}: exit code {worker.exitcode}")
    print("Workers:", len(workers))
    print("Different, rng:", len(set(numbers)))


if __name__ == "__main__":
    main()
