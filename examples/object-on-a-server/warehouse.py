"""Three clerks fill orders from one inventory, kept on a server."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import parent_process
from multiprocessing.managers import BaseManager
from threading import Lock, Thread


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


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    manager = WarehouseManager()
    manager.start(watch_parent)
    with manager, ProcessPoolExecutor(3, None, watch_parent) as clerks:
        inventory = manager.Inventory({"lamp": 7, "chair": 20})
        take, twos = inventory.take, [2] * 5
        lamps = list(clerks.map(take, ["lamp"] * 5, twos))
        chairs = list(clerks.map(take, ["chair"] * 5, twos))
        print("Lamp orders filled:", lamps.count(True), "of 5")
        print("Chair orders filled:", chairs.count(True), "of 5")


if __name__ == "__main__":
    main()
