"""The random module gives each worker numbers of its own."""

import random
from multiprocessing import Process, SimpleQueue


def draw(drawn):
    drawn.put(random.random())


def main():
    random.seed(2026)
    drawn = SimpleQueue()
    workers = [Process(target=draw, args=(drawn,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    numbers = {drawn.get() for _ in workers}
    for worker in workers:
        worker.join()
    print("Different numbers in 4 workers:", len(numbers))


if __name__ == "__main__":
    main()
