# /// script
# dependencies = ["numpy"]
# ///
"""Workers of any start method map one file of weights, read-only."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import numpy as np


def end_with_parent():
    parent_process().join()
    os._exit(1)


def open_model(path):
    global weights
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    weights = np.load(path, mmap_mode="r")


def score(customer):
    mapped, flags = type(weights).__name__, weights.flags
    return float(weights[customer].sum()), mapped, flags.writeable


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    weights = np.arange(1_000_000, dtype=np.float32).reshape(1000, 1000)
    with TemporaryDirectory() as folder:
        path = Path(folder, "weights.npy")
        np.save(path, weights)
        with ProcessPoolExecutor(2, None, open_model, (path,)) as pool:
            for total, mapped, writeable in pool.map(score, [0, 1]):
                print(f"{total}, {mapped}, writeable: {writeable}")


if __name__ == "__main__":
    try:
        main()
    finally:
        for worker in active_children():
            worker.kill()
