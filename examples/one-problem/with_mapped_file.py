"""mmap: bytes of a file, under a lock, and the file stays."""

from mmap import mmap
from multiprocessing import Lock, Process
from pathlib import Path
from tempfile import TemporaryDirectory

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]
PRODUCTS = ["bread", "milk", "tea"]


def count(basket, path, lock):
    with open(path, "r+b") as file, mmap(file.fileno(), 0) as totals:
        for product in basket.split():
            with lock:
                totals[PRODUCTS.index(product)] += 1


def main():
    lock = Lock()
    with TemporaryDirectory() as folder:
        path = Path(folder, "totals.bin")
        path.write_bytes(bytes(len(PRODUCTS)))
        workers = [
            Process(target=count, args=(basket, path, lock))
            for basket in BASKETS
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        totals = path.read_bytes()
        print("Sold:", dict(zip(PRODUCTS, totals, strict=True)))


if __name__ == "__main__":
    main()
