"""A producer, three consumers, and a None for each of them."""

from multiprocessing import Process, Queue


def consume(orders, totals):
    total = 0
    while (order := orders.get()) is not None:
        total += order
    totals.put(total)


def main():
    orders, totals = Queue(maxsize=10), Queue()
    consumers = [
        Process(target=consume, args=(orders, totals)) for _ in range(3)
    ]
    for consumer in consumers:
        consumer.start()
    for order in range(1, 101):
        orders.put(order)
    for _ in consumers:
        orders.put(None)
    total = sum(totals.get() for _ in consumers)
    for consumer in consumers:
        consumer.join()
    print("total", total)


if __name__ == "__main__":
    main()
