"""The random module is seeded anew in a worker, a Random is not."""

import random
from multiprocessing import Process, SimpleQueue


def draw(drawn, dice):
    drawn.put((random.random(), dice.random()))


def main():
    random.seed(2026)
    dice = random.Random(2026)
    drawn = SimpleQueue()
    workers = [
        Process(target=draw, args=(drawn, dice)) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    pairs = [drawn.get() for _ in workers]
    for worker in workers:
        worker.join()
    print("Workers:", len(workers))
    print("Different, random:", len({pair[0] for pair in pairs}))
    print("Different, dice:", len({pair[1] for pair in pairs}))


if __name__ == "__main__":
    main()
