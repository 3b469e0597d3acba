"""What a worker has put, and not sent, arrives after some ends only."""

import os
import signal
import sys
from multiprocessing import Process, Queue
from threading import Event


class Order:
    def __init__(self, sending):
        self.sending = sending

    def __getstate__(self):
        self.sending.wait()  # as if it took long to pickle it
        return {}


def take_order(orders, end):
    sending = Event()
    orders.put(Order(sending))
    try:
        if end == "sys.exit()":
            sys.exit(1)
        if end == "os._exit()":
            os._exit(1)
        if end == "SIGTERM":
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        sending.set()


def main():
    for end in "return", "sys.exit()", "os._exit()", "SIGTERM":
        orders = Queue()
        waiter = Process(target=take_order, args=(orders, end))
        waiter.start()
        waiter.join()
        print(end, "lost" if orders.empty() else "arrived")
        orders.close()


if __name__ == "__main__":
    main()
