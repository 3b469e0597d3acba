"""Several producers: the parent ends the queue when all are done."""

import sys
from multiprocessing import Process, Queue


def produce(first, orders):
    for order in range(first, first + 50):
        orders.put(order)


def consume(orders, totals):
    total = 0
    while (order := orders.get()) is not None:
        total += order
    totals.put(total)


def main():
    orders, totals = Queue(maxsize=10), Queue()
    producers = [
        Process(target=produce, args=(first, orders))
        for first in (1, 51)
    ]
    consumers = [
        Process(target=consume, args=(orders, totals)) for _ in range(3)
    ]
    for worker in producers + consumers:
        worker.start()
    for producer in producers:
        producer.join()
    for _ in consumers:
        orders.put(None)
    total = sum(totals.get() for _ in consumers)
    for consumer in consumers:
        consumer.join()
    if any(producer.exitcode for producer in producers):
        sys.exit(f"total {total}, but a producer failed")
    print("total", total)


if __name__ == "__main__":
    main()
