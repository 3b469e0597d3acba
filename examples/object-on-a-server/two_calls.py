"""Look, then take: both customers get the last lamp."""

from multiprocessing import Pool
from multiprocessing.managers import SyncManager
from threading import Lock


class Inventory:
    def __init__(self, lamps):
        self._lamps = lamps
        self._lock = Lock()

    def lamps(self):
        return self._lamps

    def take(self):
        with self._lock:
            self._lamps -= 1


class WarehouseManager(SyncManager):
    pass


WarehouseManager.register("Inventory", Inventory)


def buy(inventory, both_are_here):
    there_is_one = inventory.lamps() > 0
    both_are_here.wait()
    if there_is_one:
        inventory.take()
    return there_is_one


def main():
    with WarehouseManager() as manager, Pool(2) as pool:
        customer = (manager.Inventory(1), manager.Barrier(2))
        print("Bought:", sorted(pool.starmap(buy, [customer] * 2)))


if __name__ == "__main__":
    main()
