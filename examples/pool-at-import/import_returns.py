"""The import returns, and the pool does its work afterward."""

from functools import cache
from multiprocessing import Pool


def price(weight):
    return 4 + 2 * weight


@cache
def prices():
    with Pool(2) as pool:
        return pool.map(price, [1, 2, 5])


if __name__ == "__main__":
    import import_returns  # this file, as another program would

    print(import_returns.prices())
