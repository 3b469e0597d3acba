"""A method is pickled with its object, and what the object holds."""

from multiprocessing import Manager, Pool, Process


class Shop:
    def __init__(self, helper):
        self.helper = helper

    def price(self, weight):
        return 3 * weight


def attempt(pool, helper):
    try:
        print(pool.map(Shop(helper).price, [1, 2]))
    except (NotImplementedError, TypeError) as error:
        print(f"{type(helper).__name__}:")
        print(f"  {type(error).__name__}: {error}")


def main():
    with Manager() as manager, Pool(1) as pool:
        attempt(pool, pool)
        attempt(pool, manager)
        attempt(pool, Process(target=print))


if __name__ == "__main__":
    main()
