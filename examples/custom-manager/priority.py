"""A queue on a manager gives the most urgent order first."""

from multiprocessing import Process
from multiprocessing.managers import BaseManager
from queue import PriorityQueue


class OrderManager(BaseManager):
    pass


OrderManager.register("PriorityQueue", PriorityQueue)


def take_orders(orders):
    orders.put((2, "letter"))
    orders.put((3, "parcel"))
    orders.put((1, "express letter"))


def main():
    with OrderManager() as manager:
        orders = manager.PriorityQueue()
        clerk = Process(target=take_orders, args=(orders,))
        clerk.start()
        clerk.join()
        for _ in range(orders.qsize()):
            priority, order = orders.get()
            print(priority, order)


if __name__ == "__main__":
    main()
