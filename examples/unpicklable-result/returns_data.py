"""A list can be returned where a generator cannot."""

from multiprocessing import Pool


def cheap_ones(prices):
    return [price for price in prices if price < 5]


def main():
    with Pool(1) as pool:
        print(pool.apply(cheap_ones, [[3, 8, 4]]))


if __name__ == "__main__":
    main()
