"""An object that holds a thread's lock is an argument."""

import threading
from multiprocessing import Process


class Shop:
    def __init__(self, name):
        self.name = name
        self.lock = threading.Lock()


def work(shop):
    print("Shop:", shop.name)


def main():
    worker = Process(target=work, args=(Shop("north"),))
    worker.start()
    worker.join()


if __name__ == "__main__":
    main()
