"""A subclass of Process makes a thread's lock in its __init__."""

import threading
from multiprocessing import Process


class Seller(Process):
    def __init__(self, shop):
        super().__init__()
        self.shop = shop
        self.lock = threading.Lock()

    def run(self):
        with self.lock:
            print("Shop:", self.shop)


def main():
    seller = Seller("north")
    seller.start()
    seller.join()


if __name__ == "__main__":
    main()
