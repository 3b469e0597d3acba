"""A generator of random numbers is copied, with its state."""

import random
from multiprocessing import Process, SimpleQueue

dice = random.Random()


def roll(answers):
    answers.put((dice.random(), random.random()))


def main():
    answers = SimpleQueue()
    workers = [Process(target=roll, args=(answers,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    first, second = answers.get(), answers.get()
    for worker in workers:
        worker.join()
    names = "dice", "random"
    for name, one, two in zip(names, first, second, strict=True):
        seen = "same" if one == two else "different"
        print(f"{name}.random():", seen)


if __name__ == "__main__":
    main()
