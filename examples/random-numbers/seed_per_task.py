# /// script
# dependencies = ["numpy"]
# ///
"""A seed for each task: the same results with any number of workers."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor as Executor
from multiprocessing import parent_process
from threading import Thread

import numpy as np


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def throw_dice(seed):
    rng = np.random.default_rng(seed)
    return rng.integers(1, 7, size=1000).tolist()


def main():
    seeds = np.random.SeedSequence(2026).spawn(8)
    with Executor(3, initializer=watch_parent) as executor:
        games = list(executor.map(throw_dice, seeds))
    different = {tuple(game) for game in games}
    print("Different games:", len(different), "of", len(games))
    alone = [throw_dice(seed) for seed in seeds]
    print("The same without a pool:", games == alone)


if __name__ == "__main__":
    main()
