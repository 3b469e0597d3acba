# /// script
# dependencies = ["numpy", "threadpoolctl"]
# ///
"""Each worker has as many threads of BLAS as the parent."""

from multiprocessing import Pool

import numpy as np
from threadpoolctl import threadpool_info


def multiply(n):
    matrix = np.full((200, 200), float(n))
    return (matrix @ matrix)[0, 0]


def threads(_=None):
    multiply(1)
    return [library["num_threads"] for library in threadpool_info()]


def main():
    with Pool(2) as pool:
        found = pool.map(threads, range(2), chunksize=1)
    print("as many as the parent:", found == [threads()] * 2)


if __name__ == "__main__":
    main()
