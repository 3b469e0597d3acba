"""A worker takes orders from one SimpleQueue and answers on another."""

from multiprocessing import Process, SimpleQueue

PRICES = {"apple": 3, "pear": 4}


def price(orders, prices):
    while (order := orders.get()) is not None:
        prices.put((order, PRICES[order]))


def main():
    orders, prices = SimpleQueue(), SimpleQueue()
    clerk = Process(target=price, args=(orders, prices))
    clerk.start()
    for order in ["pear", "apple", "pear"]:
        orders.put(order)
    orders.put(None)
    for _ in range(3):
        print(*prices.get())
    clerk.join()
    orders.close()
    prices.close()


if __name__ == "__main__":
    main()
