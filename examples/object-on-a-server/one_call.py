"""One method looks and takes: one customer gets the last lamp."""

from multiprocessing import Pool
from multiprocessing.managers import SyncManager
from threading import Lock


class Inventory:
    def __init__(self, lamps):
        self._lamps = lamps
        self._lock = Lock()

    def take_if_any(self):
        with self._lock:
            there_is_one = self._lamps > 0
            if there_is_one:
                self._lamps -= 1
            return there_is_one


class WarehouseManager(SyncManager):
    pass


WarehouseManager.register("Inventory", Inventory)


def buy(inventory, both_are_here):
    both_are_here.wait()
    return inventory.take_if_any()


def main():
    with WarehouseManager() as manager, Pool(2) as pool:
        customer = (manager.Inventory(1), manager.Barrier(2))
        print("Bought:", sorted(pool.starmap(buy, [customer] * 2)))


if __name__ == "__main__":
    main()
