"""A queue.Queue is for threads: the parent's stays empty."""

import queue
import threading
from multiprocessing import Process


def cook(orders, done):
    orders.put("soup")
    done.set()


def main():
    orders = queue.Queue()
    done = threading.Event()
    cooking = Process(target=cook, args=(orders, done))
    cooking.start()
    cooking.join()
    print("Orders:", orders.qsize())
    print("Done:", done.is_set())


if __name__ == "__main__":
    main()
