"""Workers that change the same item of a list share a Lock."""

from multiprocessing import Lock, Process
from multiprocessing.shared_memory import ShareableList


def sell(stock, lock):
    for _ in range(50):
        with lock:
            stock[1] -= 1
    stock.shm.close()


def main():
    lock = Lock()
    stock = ShareableList(["apples", 1000])
    try:
        sellers = [
            Process(target=sell, args=(stock, lock)) for _ in range(4)
        ]
        for seller in sellers:
            seller.start()
        for seller in sellers:
            seller.join()
        print(stock[0], "left:", stock[1])
    finally:
        stock.shm.close()
        stock.shm.unlink()


if __name__ == "__main__":
    main()
