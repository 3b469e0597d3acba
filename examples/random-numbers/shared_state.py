# /// script
# dependencies = ["numpy"]
# ///
"""NumPy's generators made before the fork: do the workers differ?"""

from multiprocessing import Process, SimpleQueue

import numpy as np

rng = np.random.default_rng()


def draw(drawn):
    drawn.put((np.random.random(), rng.random()))


def main():
    drawn = SimpleQueue()
    workers = [Process(target=draw, args=(drawn,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    pairs = [drawn.get() for _ in workers]
    for worker in workers:
        worker.join()
    print("Workers:", len(workers))
    print("Different, np.random:", len({pair[0] for pair in pairs}))
    print("Different, rng:", len({pair[1] for pair in pairs}))


if __name__ == "__main__":
    main()
