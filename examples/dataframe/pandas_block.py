# /// script
# dependencies = ["numpy", "pandas"]
# ///
"""Workers see a DataFrame's number columns in shared memory."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread

import numpy as np
import pandas as pd


def end_with_parent():
    parent_process().join()
    os._exit(1)


def start_worker(memory):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    attach(memory)


def attach(memory):
    global numbers, sales
    numbers = np.frombuffer(memory, np.float64).reshape(1000, 2)
    columns = ["price", "pieces"]
    sales = pd.DataFrame(numbers, columns=columns, copy=False)


def raise_prices(rows):
    numbers[rows, 0] += 1
    return float((sales["price"] * sales["pieces"])[rows].sum())


def main():
    spawn = get_context("spawn")
    memory = spawn.RawArray("d", 1000 * 2)
    attach(memory)
    numbers[:] = [9.0, 2.0]
    parts = [slice(0, 500), slice(500, 1000)]
    with ProcessPoolExecutor(2, spawn, start_worker, [memory]) as pool:
        print("Turnover:", list(pool.map(raise_prices, parts)))
    print("Prices in the parent:", sales["price"].unique().tolist())


if __name__ == "__main__":
    main()
