# /// script
# dependencies = ["numpy"]
# ///
"""A NumPy generator made in each worker: the workers differ."""

from multiprocessing import Process, SimpleQueue

import numpy as np


def draw(drawn):
    rng = np.random.default_rng()
    drawn.put(rng.random())


def main():
    drawn = SimpleQueue()
    workers = [Process(target=draw, args=(drawn,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    numbers = [drawn.get() for _ in workers]
    for worker in workers:
        worker.join()
    print("Workers:", len(workers))
    print("Different, rng:", len(set(numbers)))


if __name__ == "__main__":
    main()
