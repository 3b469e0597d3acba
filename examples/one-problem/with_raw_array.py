"""RawArray: as an Array, with a lock that you bring."""

from multiprocessing import Lock, Process, RawArray

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]
PRODUCTS = ["bread", "milk", "tea"]


def count(basket, totals, lock):
    for product in basket.split():
        with lock:
            totals[PRODUCTS.index(product)] += 1


def main():
    totals, lock = RawArray("i", len(PRODUCTS)), Lock()
    workers = [
        Process(target=count, args=(basket, totals, lock))
        for basket in BASKETS
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("Sold:", dict(zip(PRODUCTS, totals, strict=True)))


if __name__ == "__main__":
    main()
