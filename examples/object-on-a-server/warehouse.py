"""Three clerks fill orders from one inventory, kept on a server."""

from multiprocessing import Pool
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


class WarehouseManager(BaseManager):
    pass


WarehouseManager.register("Inventory", Inventory)


def main():
    with WarehouseManager() as manager, Pool(3) as clerks:
        inventory = manager.Inventory({"lamp": 7, "chair": 20})
        lamps = clerks.starmap(inventory.take, [("lamp", 2)] * 5)
        chairs = clerks.starmap(inventory.take, [("chair", 2)] * 5)
        print("Lamp orders filled:", lamps.count(True), "of 5")
        print("Chair orders filled:", chairs.count(True), "of 5")


if __name__ == "__main__":
    main()
