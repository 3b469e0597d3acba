# /// script
# dependencies = ["numpy", "threadpoolctl"]
# ///
"""An initializer limits each worker to one thread of BLAS."""

from multiprocessing import Pool

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits


def multiply(n):
    matrix = np.full((200, 200), float(n))
    return (matrix @ matrix)[0, 0]


def threads(n):
    multiply(n)
    found = [library["num_threads"] for library in threadpool_info()]
    return max(found, default=1)


def main():
    with Pool(2, threadpool_limits, (1,)) as pool:
        found = pool.map(threads, range(2), chunksize=1)
    print("threads in each worker:", *found)


if __name__ == "__main__":
    main()
