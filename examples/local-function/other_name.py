"""A decorated function is found only under the name it had."""

from functools import wraps
from multiprocessing import Pool
from pickle import PicklingError


def checked(function):
    @wraps(function)
    def run(price):
        return function(max(price, 0))

    return run


def double(price):
    return price * 2


double_checked = checked(double)


def main():
    with Pool(2) as pool:
        try:
            print(pool.map(double_checked, [3, -4, 5]))
        except PicklingError as error:
            print("PicklingError:", error)


if __name__ == "__main__":
    main()
