"""A list that a child fills is still empty in its parent."""

from multiprocessing import Process


def take_orders(orders):
    orders.append("tea")


def main():
    orders = []
    waiter = Process(target=take_orders, args=(orders,))
    waiter.start()
    waiter.join()
    print("Orders:", orders)


if __name__ == "__main__":
    main()
