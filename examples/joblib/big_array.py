# /// script
# dependencies = ["joblib", "numpy"]
# ///
"""An array of 80 MB goes to the workers as one mapped file."""

import numpy as np
from joblib import Parallel, delayed


def add(prices, start, stop):
    total = prices[start:stop].sum()
    return total, prices.flags.writeable, prices.filename


def main():
    prices = np.full(10_000_000, 0.5)
    half = len(prices) // 2
    totals, writeable, files = zip(
        *Parallel(n_jobs=2)(
            delayed(add)(prices, start, start + half)
            for start in (0, half)
        ),
        strict=True,
    )
    print("sum:", sum(totals), "of", prices.sum())
    print("files:", len(set(files)), "writeable:", *writeable)


if __name__ == "__main__":
    main()
