"""ShareableList: a list of numbers, found by name, under a lock."""

from multiprocessing import Lock, Process
from multiprocessing.shared_memory import ShareableList

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]
PRODUCTS = ["bread", "milk", "tea"]


def count(basket, name, lock):
    totals = ShareableList(name=name)
    for product in basket.split():
        with lock:
            totals[PRODUCTS.index(product)] += 1
    totals.shm.close()


def main():
    lock = Lock()
    totals = ShareableList([0] * len(PRODUCTS))
    workers = [
        Process(target=count, args=(basket, totals.shm.name, lock))
        for basket in BASKETS
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("Sold:", dict(zip(PRODUCTS, totals, strict=True)))
    totals.shm.close()
    totals.shm.unlink()


if __name__ == "__main__":
    main()
