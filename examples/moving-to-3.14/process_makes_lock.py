"""A subclass of Process makes its lock in run, in the child."""

import threading
from multiprocessing import Process


class Seller(Process):
    def __init__(self, shop):
        super().__init__()
        self.shop = shop

    def run(self):
        lock = threading.Lock()
        with lock:
            print("Shop:", self.shop)


def main():
    seller = Seller("north")
    seller.start()
    seller.join()


if __name__ == "__main__":
    main()
