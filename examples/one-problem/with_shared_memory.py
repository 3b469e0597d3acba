"""SharedMemory: bare bytes, found by name, under a lock."""

from multiprocessing import Lock, Process
from multiprocessing.shared_memory import SharedMemory

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]
PRODUCTS = ["bread", "milk", "tea"]


def count(basket, name, lock):
    block = SharedMemory(name=name)
    with block.buf.cast("i") as totals:
        for product in basket.split():
            with lock:
                totals[PRODUCTS.index(product)] += 1
    block.close()


def main():
    lock = Lock()
    block = SharedMemory(create=True, size=4 * len(PRODUCTS))
    workers = [
        Process(target=count, args=(basket, block.name, lock))
        for basket in BASKETS
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with block.buf.cast("i") as totals:
        print("Sold:", dict(zip(PRODUCTS, totals, strict=False)))
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
