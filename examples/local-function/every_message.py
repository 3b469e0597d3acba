"""What Python says of local things that cannot be pickled."""

import pickle
from collections import defaultdict


def timed(function):
    def run(*arguments):
        return function(*arguments)

    return run


@timed
def pack(order):
    return f"{order} packed"


double = lambda price: price * 2  # noqa: E731


def main():
    def ship(order):
        return f"{order} shipped"

    class Order:
        pass

    for thing in (double, defaultdict(lambda: 0), ship, Order(), pack):
        try:
            pickle.dumps(thing)
        except (AttributeError, pickle.PicklingError) as error:
            print(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
