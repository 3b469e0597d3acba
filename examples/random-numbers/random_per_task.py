"""A Random for each task: the same with any number of workers."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor as Executor
from multiprocessing import parent_process
from random import Random
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def throw_dice(task):
    rng = Random(f"2026-{task}")
    return [rng.randint(1, 6) for _ in range(1000)]


def main():
    with Executor(3, initializer=watch_parent) as executor:
        games = list(executor.map(throw_dice, range(8)))
    different = {tuple(game) for game in games}
    print("Different games:", len(different), "of", len(games))
    alone = [throw_dice(task) for task in range(8)]
    print("The same without a pool:", games == alone)


if __name__ == "__main__":
    main()
