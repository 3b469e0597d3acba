"""ProcessPoolExecutor: the same with another pool."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]


def count(basket):
    return Counter(basket.split())


def main():
    with ProcessPoolExecutor(4) as pool:
        results = pool.map(count, BASKETS)
    totals = sum(results, Counter())
    print("Sold:", dict(sorted(totals.items())))


if __name__ == "__main__":
    main()
