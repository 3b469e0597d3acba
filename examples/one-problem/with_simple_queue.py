"""SimpleQueue: as with a Queue, and no thread behind it."""

from collections import Counter
from multiprocessing import Process, SimpleQueue

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]


def count(basket, results):
    results.put(Counter(basket.split()))


def main():
    results = SimpleQueue()
    workers = [
        Process(target=count, args=(basket, results))
        for basket in BASKETS
    ]
    for worker in workers:
        worker.start()
    totals = sum((results.get() for _ in workers), Counter())
    for worker in workers:
        worker.join()
    print("Sold:", dict(sorted(totals.items())))


if __name__ == "__main__":
    main()
