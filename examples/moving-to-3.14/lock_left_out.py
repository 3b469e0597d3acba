"""The lock stays behind, and each process makes its own."""

import threading
from multiprocessing import Process


class Shop:
    def __init__(self, name):
        self.name = name
        self.lock = threading.Lock()

    def __getstate__(self):
        state = dict(self.__dict__)
        del state["lock"]
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.lock = threading.Lock()


def work(shop):
    print("Shop:", shop.name)


def main():
    worker = Process(target=work, args=(Shop("north"),))
    worker.start()
    worker.join()


if __name__ == "__main__":
    main()
