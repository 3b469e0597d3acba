"""A consumer that meets a bad order reports it and goes on."""

from multiprocessing import Process, Queue


def consume(orders, results):
    while (order := orders.get()) is not None:
        try:
            results.put((order, f"costs {int(order) * 3}"))
        except Exception as error:
            results.put((order, f"{type(error).__name__}: {error}"))


def main():
    orders, results = Queue(), Queue()
    consumers = [
        Process(target=consume, args=(orders, results))
        for _ in range(2)
    ]
    for consumer in consumers:
        consumer.start()
    for order in ["4", "none", "5"]:
        orders.put(order)
    for _ in consumers:
        orders.put(None)
    for order, result in sorted(results.get() for _ in range(3)):
        print(order, result)
    for consumer in consumers:
        consumer.join()


if __name__ == "__main__":
    main()
