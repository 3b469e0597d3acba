"""Three clerks fill orders from one inventory, kept on a server."""

from multiprocessing import Process, Queue
from multiprocessing.managers import BaseManager
from threading import Lock


class Inventory:
    def __init__(self, stock):
        self._stock = dict(stock)
        self._lock = Lock()

    def take(self, item, number):
        with self._lock:
            if self._stock[item] < number:
                return False
            self._stock[item] -= number
            return True

    def stock(self):
        with self._lock:
            return dict(self._stock)


class WarehouseManager(BaseManager):
    pass


WarehouseManager.register("Inventory", Inventory)


def fill_orders(inventory, orders, answers):
    while (order := orders.get()) is not None:
        answers.put((order, inventory.take(order, 2)))


def main():
    orders, answers = Queue(), Queue()
    with WarehouseManager() as manager:
        inventory = manager.Inventory({"lamp": 7, "chair": 20})
        clerks = [
            Process(
                target=fill_orders, args=(inventory, orders, answers)
            )
            for _ in range(3)
        ]
        for clerk in clerks:
            clerk.start()
        for order in ["lamp", "chair"] * 5 + [None] * 3:
            orders.put(order)
        received = [answers.get() for _ in range(10)]
        for clerk in clerks:
            clerk.join()
        print("Filled lamps:", received.count(("lamp", True)))
        print("Refused lamps:", received.count(("lamp", False)))
        print("Filled chairs:", received.count(("chair", True)))
        print("Left:", inventory.stock())


if __name__ == "__main__":
    main()
