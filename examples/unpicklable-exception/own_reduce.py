"""An exception comes back if __reduce__ tells its arguments."""

from multiprocessing import Pool


class OutOfStock(Exception):
    def __init__(self, article, wanted):
        super().__init__(f"{wanted} of {article} wanted")
        self.article = article
        self.wanted = wanted

    def __reduce__(self):
        return type(self), (self.article, self.wanted)


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
