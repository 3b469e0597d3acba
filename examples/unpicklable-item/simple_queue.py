"""A SimpleQueue pickles inside put(), and put() raises the error."""

from multiprocessing import Process, SimpleQueue


def serve(orders):
    while (order := orders.get()) is not None:
        print("Received:", order["fruit"])


def main():
    orders = SimpleQueue()
    server = Process(target=serve, args=(orders,))
    server.start()
    for order in [
        {"fruit": "apple", "discount": lambda price: price - 1},
        {"fruit": "cherry", "discount": 2},
    ]:
        try:
            orders.put(order)
        except Exception:
            order["discount"] = 0
            orders.put(order)
    orders.put(None)
    server.join()
    print("Exit code of the server:", server.exitcode)


if __name__ == "__main__":
    main()
