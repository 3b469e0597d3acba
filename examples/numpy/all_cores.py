"""Workers get back all CPUs that the program had at its start."""

import os
from multiprocessing import Pool

CPUS = os.sched_getaffinity(0)


def own_cpus(_):
    return os.sched_getaffinity(0)


def main():
    os.sched_setaffinity(0, [min(CPUS)])  # as a library may do
    with Pool(2) as pool:
        for found in pool.map(own_cpus, range(2)):
            print("CPUs of a worker:", len(found))
    with Pool(2, os.sched_setaffinity, (0, CPUS)) as pool:
        for found in pool.map(own_cpus, range(2)):
            print("all CPUs:", found == CPUS)


if __name__ == "__main__":
    main()
