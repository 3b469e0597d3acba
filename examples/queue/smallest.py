"""A worker takes orders from one queue and puts prices on another."""

from multiprocessing import Process, Queue

PRICES = {"apple": 3, "pear": 4}


def price(orders, prices):
    while (order := orders.get()) is not None:
        prices.put((order, PRICES[order]))


def main():
    orders, prices = Queue(), Queue()
    clerk = Process(target=price, args=(orders, prices))
    clerk.start()
    for order in ["pear", "apple", "pear"]:
        orders.put(order)
    orders.put(None)
    for _ in range(3):
        print(*prices.get())
    clerk.join()


if __name__ == "__main__":
    main()
