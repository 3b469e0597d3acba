# /// script
# dependencies = ["joblib", "numpy"]
# ///
"""Workers of joblib write into a mapped file, until one is killed."""

import os
import signal
from concurrent.futures.process import BrokenProcessPool
from tempfile import TemporaryDirectory

import numpy as np
from joblib import Parallel, delayed


def fill(prices, n):
    if n == 0:
        os.kill(os.getpid(), signal.SIGTERM)
    prices[n] = 10 * n


def main():
    parallel = Parallel(n_jobs=2)
    with TemporaryDirectory() as folder:
        file = f"{folder}/prices"
        prices = np.memmap(file, float, "w+", shape=1_000_000)
        parallel(delayed(fill)(prices, n) for n in (1, 2))
        try:
            parallel([delayed(fill)(prices, 0)])
        except BrokenProcessPool as error:
            print(f"{type(error).__name__}: {error}".partition(".")[0])
        parallel(delayed(fill)(prices, n) for n in (3, 4))
        print(prices[:5])


if __name__ == "__main__":
    main()
