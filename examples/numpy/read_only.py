# /// script
# dependencies = ["joblib", "numpy"]
# ///
"""Workers of joblib write into a large array, and into a small one."""

import numpy as np
from joblib import Parallel, delayed


def fill(prices, n):
    prices[n] = 10 * n


def main():
    for size in (1_000_000, 1_000):
        prices = np.zeros(size)
        tasks = [delayed(fill)(prices, n) for n in range(4)]
        try:
            Parallel(n_jobs=2)(tasks)
            print(f"{size:,} numbers:", prices[:4])
        except ValueError as error:
            print(f"{size:,} numbers: ValueError:", error)


if __name__ == "__main__":
    main()
