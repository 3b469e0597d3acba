"""Pool.map takes a function at module level; partial binds a value."""

from functools import partial
from multiprocessing import Pool


def convert(rate, price):
    return price * rate


def main():
    rate = 2
    with Pool(2) as pool:
        print(pool.map(partial(convert, rate), [3, 4, 5]))


if __name__ == "__main__":
    main()
