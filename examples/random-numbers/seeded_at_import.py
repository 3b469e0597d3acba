"""random.seed() at module level: do the workers differ?"""

import random
from multiprocessing import Process, SimpleQueue

random.seed(2026)


def draw(drawn):
    drawn.put(random.random())


def main():
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
