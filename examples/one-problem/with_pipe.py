"""Pipe: each worker sends its result through a pipe of its own."""

from collections import Counter
from multiprocessing import Pipe, Process

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]


def count(basket, sender):
    with sender:
        sender.send(Counter(basket.split()))


def main():
    pipes = [Pipe(duplex=False) for _ in BASKETS]
    workers = [
        Process(target=count, args=(basket, sender))
        for basket, (_, sender) in zip(BASKETS, pipes, strict=True)
    ]
    for worker in workers:
        worker.start()
    totals = Counter()
    for receiver, sender in pipes:
        sender.close()
        with receiver:
            totals += receiver.recv()
    for worker in workers:
        worker.join()
    print("Sold:", dict(sorted(totals.items())))


if __name__ == "__main__":
    main()
