"""A Random for each task: the same with any number of workers."""

from multiprocessing import Pool
from random import Random


def throw_dice(task):
    rng = Random(f"2026-{task}")
    return [rng.randint(1, 6) for _ in range(1000)]


def main():
    with Pool(3) as pool:
        games = pool.map(throw_dice, range(8))
    different = {tuple(game) for game in games}
    print("Different games:", len(different), "of", len(games))
    alone = [throw_dice(task) for task in range(8)]
    print("The same without a pool:", games == alone)


if __name__ == "__main__":
    main()
