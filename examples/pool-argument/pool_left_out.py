"""The object leaves its pool out when it is pickled."""

from multiprocessing import Pool


class Shop:
    def __init__(self, price):
        self.price = price
        self.pool = Pool(2)

    def __getstate__(self):
        state = dict(self.__dict__)
        del state["pool"]
        return state

    def cost(self, weight):
        return self.price * weight

    def costs(self, weights):
        return self.pool.map(self.cost, weights)


def main():
    shop = Shop(price=3)
    print(shop.costs([1, 2, 4]))
    shop.pool.close()
    shop.pool.join()


if __name__ == "__main__":
    main()
