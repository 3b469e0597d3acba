"""A child sends what it has through a queue to its parent."""

from multiprocessing import Process, SimpleQueue


def take_orders(orders):
    orders.put("tea")


def main():
    orders = SimpleQueue()
    waiter = Process(target=take_orders, args=(orders,))
    waiter.start()
    print("Orders:", [orders.get()])
    waiter.join()
    orders.close()


if __name__ == "__main__":
    main()
