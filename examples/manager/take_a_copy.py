"""A proxy asks the manager each time; a copy is an ordinary dict."""

from multiprocessing import Manager


def main():
    with Manager() as manager:
        prices = manager.dict(apple=3, pear=4)
        copied = prices.copy()
        prices["apple"] = 5
        print(type(prices).__name__, prices["apple"])
        print(type(copied).__name__, copied["apple"])


if __name__ == "__main__":
    main()
