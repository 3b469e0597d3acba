"""A manager holds its data in a process of its own."""

from multiprocessing import active_children
from multiprocessing.managers import BaseManager
from os import getpid


class Stock:
    def process(self):
        return getpid()


class StockManager(BaseManager):
    pass


StockManager.register("Stock", Stock)


def main():
    print("children before:", len(active_children()))
    with StockManager() as manager:
        print("children now:", len(active_children()))
        stock = manager.Stock()
        print("stock is here:", stock.process() == getpid())
        server = active_children()[0]
        print("stock is there:", stock.process() == server.pid)


if __name__ == "__main__":
    main()
