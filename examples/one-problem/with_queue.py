"""Queue: each worker puts its result, the parent gets them."""

from collections import Counter
from multiprocessing import Process, Queue

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]


def count(basket, results):
    results.put(Counter(basket.split()))


def main():
    results = Queue()
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
