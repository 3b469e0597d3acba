"""A pool calls a function with several arguments."""

from functools import partial
from itertools import product
from multiprocessing import Pool

PRICES = {"apples": 2, "pears": 3}


def price(fruit, weight, discount=0):
    return PRICES[fruit] * weight - discount


def main():
    order = {"apples": 5, "pears": 1}
    reduced = partial(price, weight=5, discount=1)
    with Pool(2) as pool:
        print("a dict:", pool.starmap(price, order.items()))
        every_pair = product(PRICES, [1, 10])
        print("nested loops:", pool.starmap(price, every_pair))
        print("by name:", pool.map(reduced, PRICES))


if __name__ == "__main__":
    main()
