"""Look, then take: both customers get the last lamp."""

import signal
from concurrent.futures import ProcessPoolExecutor, as_completed
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


def start_worker():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    executor = ProcessPoolExecutor(2, initializer=start_worker)
    with WarehouseManager() as manager, executor:
        barrier = manager.Barrier(2, timeout=60)
        customer = (buy, manager.Inventory(1), barrier)
        tasks = [executor.submit(*customer) for _ in range(2)]
        try:
            bought = [task.result() for task in as_completed(tasks)]
        finally:
            barrier.abort()  # no customer waits for the other
        print("Bought:", sorted(bought))


if __name__ == "__main__":
    main()
