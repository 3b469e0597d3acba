"""A worker changes a record with a text and two numbers."""

import sys
from ctypes import Structure, c_char, c_double, c_int
from multiprocessing import Process, Value


class Order(Structure):
    _fields_ = [
        ("item", c_char * 16),
        ("crates", c_int),
        ("price", c_double),
    ]


def change(order):
    with order.get_lock():
        order.item = "crème".encode()
        order.crates += 2
        order.price = 4.5


def main():
    order = Value(Order, b"apple", 1, 3.0)
    clerk = Process(target=change, args=(order,))
    clerk.start()
    clerk.join()
    if clerk.exitcode:
        sys.exit(f"{clerk.name}: exit code {clerk.exitcode}")
    print(order.item.decode(), order.crates, order.price)


if __name__ == "__main__":
    main()
