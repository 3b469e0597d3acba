"""One process runs the action; wait() gives each its own number."""

from functools import partial
from multiprocessing import Barrier, Process, Queue, Value


def count_round(rounds):
    rounds.value += 1


def work(barrier, numbers):
    for _ in range(2):
        numbers.put(barrier.wait())


def main():
    rounds = Value("i", 0)
    barrier = Barrier(3, action=partial(count_round, rounds))
    numbers = Queue()
    workers = [
        Process(target=work, args=(barrier, numbers)) for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    print(sorted(numbers.get() for _ in range(6)))
    for worker in workers:
        worker.join()
    print("Rounds:", rounds.value)


if __name__ == "__main__":
    main()
