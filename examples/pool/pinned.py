"""Each worker of a pool is kept on one processor."""

import os
from multiprocessing import Pool, SimpleQueue


def stay_on_one(turns):
    core = turns.get()
    turns.put(core)  # for a worker that replaces another one
    os.sched_setaffinity(0, {core})


def count_cores(task):
    return len(os.sched_getaffinity(0))


def main():
    cores = sorted(os.sched_getaffinity(0))[:4]
    turns = SimpleQueue()
    for core in cores:
        turns.put(core)
    with Pool(len(cores), stay_on_one, (turns,)) as pool:
        print(pool.map(count_cores, range(4)))


if __name__ == "__main__":
    main()
