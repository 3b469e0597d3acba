"""With a number in place of the lambda, every order arrives."""

from multiprocessing import Process, Queue


def serve(orders):
    while (order := orders.get()) is not None:
        print("Received:", order["fruit"])


def main():
    orders = Queue()
    server = Process(target=serve, args=(orders,))
    server.start()
    orders.put({"fruit": "apple", "discount": 1})
    orders.put({"fruit": "cherry", "discount": 2})
    orders.put(None)
    server.join()
    print("Exit code of the server:", server.exitcode)


if __name__ == "__main__":
    main()
