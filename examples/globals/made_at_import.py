"""A random number made at import: how many are there?"""

import random
from multiprocessing import Process, Queue

seed = random.getrandbits(64)


def report(seeds):
    seeds.put(seed)


def main():
    seeds = Queue()
    workers = [Process(target=report, args=(seeds,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    received = {seeds.get() for _ in workers}
    for worker in workers:
        worker.join()
    print("Different seeds in 3 workers:", len(received))


if __name__ == "__main__":
    main()
