"""A decorated function can be pickled where wraps keeps its name."""

from functools import wraps
from multiprocessing import Pool


def checked(function):
    @wraps(function)
    def run(price):
        return function(max(price, 0))

    return run


@checked
def double(price):
    return price * 2


def main():
    with Pool(2) as pool:
        print(pool.map(double, [3, -4, 5]))


if __name__ == "__main__":
    main()
