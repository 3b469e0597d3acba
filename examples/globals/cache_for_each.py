"""Each worker has a cache of its own, and the parent's stays empty."""

from functools import lru_cache
from multiprocessing import Process, SimpleQueue


class Price:
    looked_up = 0  # a class attribute


@lru_cache
def price(item):
    Price.looked_up += 1
    return len(item)


def ask(answers):
    price("apple")
    price("apple")
    answers.put((price.cache_info().misses, Price.looked_up))


def main():
    answers = SimpleQueue()
    workers = [Process(target=ask, args=(answers,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for _ in workers:
        misses, looked_up = answers.get()
        print(f"A worker: misses {misses}, looked up {looked_up}")
    for worker in workers:
        worker.join()
    misses = price.cache_info().misses
    print(f"The parent: misses {misses}, looked up {Price.looked_up}")


if __name__ == "__main__":
    main()
