"""The lock stays behind, and each process makes its own."""

import threading
from multiprocessing import Process


class Shop:
    def __init__(self, name):
        self.name = name
        self.lock = threading.Lock()

    def __reduce__(self):
        return Shop, (self.name,)


def work(shop):
    print("Shop:", shop.name)


def main():
    worker = Process(target=work, args=(Shop("north"),))
    worker.start()
    worker.join()


if __name__ == "__main__":
    main()
