"""Pool.map hangs when a worker's exception cannot be built again."""

from multiprocessing import Pool


class OutOfStock(Exception):
    def __init__(self, article, wanted):
        super().__init__(f"{wanted} of {article} wanted")
        self.wanted = wanted


def order(article):
    raise OutOfStock(article, wanted=3)


def main():
    with Pool(1) as pool:
        print("Ordering")
        try:
            pool.map(order, ["apple"])
        except OutOfStock as error:
            print("Out of stock:", error, error.wanted)


if __name__ == "__main__":
    main()
