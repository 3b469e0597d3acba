"""Pickled before the put, the bad item is found by the program."""

import pickle
from multiprocessing import Process, Queue


def serve(orders):
    while (pickled := orders.get()) is not None:
        print("Received:", pickle.loads(pickled)["fruit"])


def main():
    orders = Queue()
    server = Process(target=serve, args=(orders,))
    server.start()
    for order in [
        {"fruit": "apple", "discount": lambda price: price - 1},
        {"fruit": "cherry", "discount": 2},
    ]:
        try:
            pickled = pickle.dumps(order)
        except Exception:
            order["discount"] = 0
            pickled = pickle.dumps(order)
        orders.put(pickled)
    orders.put(None)
    server.join()
    print("Exit code of the server:", server.exitcode)


if __name__ == "__main__":
    main()
