"""A function at module level, before the pool is made, is found."""

from multiprocessing import Pool


def double(price):
    return price * 2


if __name__ == "__main__":
    with Pool(1) as pool:
        print("Doubling")
        print(pool.map(double, [3]))
