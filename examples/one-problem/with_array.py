"""Array: one element for each product, and one lock for all."""

from multiprocessing import Array, Process

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]
PRODUCTS = ["bread", "milk", "tea"]


def count(basket, totals):
    for product in basket.split():
        with totals.get_lock():
            totals[PRODUCTS.index(product)] += 1


def main():
    totals = Array("i", len(PRODUCTS))
    workers = [
        Process(target=count, args=(basket, totals))
        for basket in BASKETS
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("Sold:", dict(zip(PRODUCTS, totals, strict=True)))


if __name__ == "__main__":
    main()
