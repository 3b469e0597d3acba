"""A manager that was started by `with` is found by address, too."""

from multiprocessing import Process
from multiprocessing.managers import SyncManager
from secrets import token_bytes

orders = []


def the_orders():
    return orders


class Shop(SyncManager):
    pass


Shop.register("orders", the_orders, exposed=("append", "__len__"))


def order(address, key, item):
    manager = Shop(address=address, authkey=key)
    manager.connect()
    manager.orders().append(item)


def main():
    key = token_bytes(32)
    with Shop(authkey=key) as manager:
        print("Address is a", type(manager.address).__name__)
        for item in ["lamp", "chair", "table"]:
            args = (manager.address, key, item)
            customer = Process(target=order, args=args)
            customer.start()
            customer.join()
        print("Orders:", len(manager.orders()))


if __name__ == "__main__":
    main()
