# /// script
# dependencies = ["numpy"]
# ///
"""A seed for each task: the same results with any number of workers."""

from multiprocessing import Pool

import numpy as np


def throw_dice(seed):
    rng = np.random.default_rng(seed)
    return rng.integers(1, 7, size=1000).tolist()


def main():
    seeds = np.random.SeedSequence(2026).spawn(8)
    with Pool(3) as pool:
        games = pool.map(throw_dice, seeds)
    different = {tuple(game) for game in games}
    print("Different games:", len(different), "of", len(games))
    alone = [throw_dice(seed) for seed in seeds]
    print("The same without a pool:", games == alone)


if __name__ == "__main__":
    main()
