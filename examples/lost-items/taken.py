"""A worker dies with an order that it has taken: the order is gone."""

import os
from multiprocessing import Pipe, Process, SimpleQueue


def pack(orders, report):
    while (order := orders.get()) is not None:
        if order == "glass":
            os._exit(9)  # the worker is killed
        report.send(order)


def main():
    orders, lines, packed = SimpleQueue(), [], []
    for order in "apple", "glass", "pear", None, None:
        orders.put(order)
    for _ in range(2):
        line, report = Pipe(duplex=False)
        Process(target=pack, args=(orders, report)).start()
        report.close()
        lines.append(line)
    for line in lines:
        try:
            while True:
                packed.append(line.recv())
        except EOFError:
            pass  # this worker has ended
    print("packed:", sorted(packed))


if __name__ == "__main__":
    main()
