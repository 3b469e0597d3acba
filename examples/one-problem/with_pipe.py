"""Pipe: each worker sends its result through a pipe of its own."""

from collections import Counter
from multiprocessing import Pipe, Process

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]


def count(basket, sender):
    with sender:
        sender.send(Counter(basket.split()))


def main():
    receivers, workers = [], []
    for basket in BASKETS:
        receiver, sender = Pipe(duplex=False)
        worker = Process(target=count, args=(basket, sender))
        worker.start()
        sender.close()
        receivers.append(receiver)
        workers.append(worker)
    totals = Counter()
    for receiver in receivers:
        with receiver:
            totals += receiver.recv()
    for worker in workers:
        worker.join()
    print("Sold:", dict(sorted(totals.items())))


if __name__ == "__main__":
    main()
