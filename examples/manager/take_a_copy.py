"""A proxy asks the manager each time; a copy is an ordinary dict."""

import json
from multiprocessing import Manager


def main():
    with Manager() as manager:
        prices = manager.dict(apple=3, pear=4)
        copied = prices.copy()
        prices["apple"] = 5
        print(type(prices).__name__, prices["apple"])
        print(type(copied).__name__, copied["apple"])
        print("Equal:", prices == {"apple": 5, "pear": 4})
        print("Equal, as a copy:", copied == {"apple": 3, "pear": 4})
        try:
            json.dumps(prices)
        except TypeError as error:
            print("TypeError:", error)


if __name__ == "__main__":
    main()
