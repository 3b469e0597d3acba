"""What Python says of functions that cannot be pickled."""

import pickle


def timed(function):
    def run(*arguments):
        return function(*arguments)

    return run


@timed
def pack(order):
    return f"{order} packed"


double = lambda price: price * 2  # noqa: E731


def explain(function):
    try:
        pickle.dumps(function)
    except (AttributeError, pickle.PicklingError) as error:
        print(f"{type(error).__name__}: {error}")


def main():
    def ship(order):
        return f"{order} shipped"

    explain(double)
    explain(lambda price: price * 2)
    explain(ship)
    explain(pack)


if __name__ == "__main__":
    main()
