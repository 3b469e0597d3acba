"""A producer that fails still puts the None for each consumer."""

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
    try:
        for line in ["4", "none", "5"]:
            orders.put(int(line), timeout=60)
    finally:
        for _ in consumers:
            orders.put(None, timeout=60)
        total = sum(totals.get(timeout=60) for _ in consumers)
        for consumer in consumers:
            consumer.join()
    print("total", total)


if __name__ == "__main__":
    main()
