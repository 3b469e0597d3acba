# /// script
# dependencies = ["numpy"]
# ///
"""Workers of any start method map one file of weights, read-only."""

from multiprocessing import Pool
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np


def open_model(path):
    global weights
    weights = np.load(path, mmap_mode="r")


def score(customer):
    mapped = type(weights).__name__
    return (
        float(weights[customer].sum()),
        mapped,
        weights.flags.writeable,
    )


def main():
    weights = np.arange(1_000_000, dtype=np.float32).reshape(1000, 1000)
    with TemporaryDirectory() as folder:
        path = Path(folder, "weights.npy")
        np.save(path, weights)
        with Pool(2, initializer=open_model, initargs=(path,)) as pool:
            for total, mapped, writeable in pool.map(score, [0, 1]):
                print(f"{total}, {mapped}, writeable: {writeable}")


if __name__ == "__main__":
    main()
