# /// script
# dependencies = ["joblib", "numpy"]
# ///
"""With one Parallel for two calls, workers see an old array."""

import numpy as np
from joblib import Parallel, delayed


def first(prices):
    return float(prices[0])


def main():
    prices = np.ones(1_000_000)
    task = [delayed(first)(prices)]
    with Parallel(n_jobs=2) as parallel:
        print("before the change:", *parallel(task))
        prices[0] = 2
        print("after it, in the same block:", *parallel(task))
    print("after it, a new Parallel:", *Parallel(n_jobs=2)(task))


if __name__ == "__main__":
    main()
