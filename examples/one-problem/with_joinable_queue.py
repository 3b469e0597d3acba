"""JoinableQueue: workers take tasks, the parent waits for all."""

from collections import Counter
from multiprocessing import JoinableQueue, Process, SimpleQueue

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]


def count(baskets, results):
    while (basket := baskets.get()) is not None:
        results.put(Counter(basket.split()))
        baskets.task_done()


def main():
    baskets, results = JoinableQueue(), SimpleQueue()
    workers = [
        Process(target=count, args=(baskets, results)) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for basket in BASKETS:
        baskets.put(basket)
    totals = sum((results.get() for _ in BASKETS), Counter())
    baskets.join()
    for _ in workers:
        baskets.put(None)
    for worker in workers:
        worker.join()
    print("Sold:", dict(sorted(totals.items())))


if __name__ == "__main__":
    main()
