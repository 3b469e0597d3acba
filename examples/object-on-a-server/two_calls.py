"""Look, then take: both customers get the last lamp."""

from multiprocessing import Barrier, Process, Queue
from multiprocessing.managers import BaseManager
from threading import Lock


class Inventory:
    def __init__(self, lamps):
        self._lamps = lamps
        self._lock = Lock()

    def lamps(self):
        with self._lock:
            return self._lamps

    def take(self):
        with self._lock:
            self._lamps -= 1


class WarehouseManager(BaseManager):
    pass


WarehouseManager.register("Inventory", Inventory)


def buy(inventory, both_are_here, bought):
    there_is_one = inventory.lamps() > 0
    both_are_here.wait()
    if there_is_one:
        inventory.take()
    bought.put(there_is_one)


def main():
    both_are_here, bought = Barrier(2), Queue()
    with WarehouseManager() as manager:
        inventory = manager.Inventory(1)
        customers = [
            Process(target=buy, args=(inventory, both_are_here, bought))
            for _ in range(2)
        ]
        for customer in customers:
            customer.start()
        print("Bought:", sorted(bought.get() for _ in customers))
        for customer in customers:
            customer.join()
        print("Lamps left:", inventory.lamps())


if __name__ == "__main__":
    main()
