"""Pool.map: the function returns, and the pool brings it back."""

from collections import Counter
from multiprocessing import Pool

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]


def count(basket):
    return Counter(basket.split())


def main():
    with Pool(4) as pool:
        results = pool.map(count, BASKETS)
    totals = sum(results, Counter())
    print("Sold:", dict(sorted(totals.items())))


if __name__ == "__main__":
    main()
