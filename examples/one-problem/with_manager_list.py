"""Manager list: workers append, and no lock is needed."""

from collections import Counter
from multiprocessing import Manager, Process

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]


def count(basket, results):
    results.append(Counter(basket.split()))


def main():
    with Manager() as manager:
        results = manager.list()
        workers = [
            Process(target=count, args=(basket, results))
            for basket in BASKETS
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        totals = sum(results, Counter())
    print("Sold:", dict(sorted(totals.items())))


if __name__ == "__main__":
    main()
