"""An executor breaks when an exception cannot be built again."""

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


class OutOfStock(Exception):
    def __init__(self, article, wanted):
        super().__init__(f"{wanted} of {article} wanted")
        self.wanted = wanted


def order(article):
    raise OutOfStock(article, wanted=3)


def main():
    with ProcessPoolExecutor(1) as executor:
        print("Ordering")
        ordered = executor.submit(order, "apple")
        try:
            print(ordered.result())
        except BrokenProcessPool as error:
            print("BrokenProcessPool:", error)
            print(str(error.__cause__).splitlines()[-2])


if __name__ == "__main__":
    main()
