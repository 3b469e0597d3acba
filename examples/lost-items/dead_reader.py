"""A manager hands the next order to a worker that is dead."""

import queue
from multiprocessing import Process
from multiprocessing.managers import BaseManager
from threading import Event


class Orders(queue.Queue):
    waiting = Event()

    def get(self):
        self.waiting.set()
        return super().get()

    def wait(self):
        self.waiting.wait()


class Manager(BaseManager):
    pass


Manager.register("Orders", Orders)


def pack(orders):
    orders.get()


def main():
    with Manager() as manager:
        orders = manager.Orders()
        worker = Process(target=pack, args=(orders,))
        worker.start()
        orders.wait()
        worker.kill()
        worker.join()
        orders.put("apple")
        while not orders.empty():
            pass
        print("orders left:", orders.qsize())


if __name__ == "__main__":
    main()
