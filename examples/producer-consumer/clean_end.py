"""A producer, three consumers, and a None for each of them."""

import signal
import sys
from multiprocessing import Pipe, Process, SimpleQueue
from multiprocessing.connection import wait


def produce(orders, report):
    for order in range(1, 101):
        orders.put(order)
    for _ in range(3):
        orders.put(None)


def consume(orders, report):
    total = 0
    while (order := orders.get()) is not None:
        total += order
    report.send(total)


def main():
    orders, workers, totals = SimpleQueue(), {}, []
    for target in produce, consume, consume, consume:
        receiver, report = Pipe(duplex=False)
        args = orders, report
        worker = Process(target=target, args=args, daemon=True)
        worker.start()
        report.close()
        workers[receiver] = worker
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    while workers:
        for receiver in wait(workers):
            try:
                totals.append(receiver.recv())
            except (EOFError, OSError):
                worker = workers.pop(receiver)
                worker.join()
                if code := worker.exitcode:
                    sys.exit(f"{worker.name}: exit code {code}")
    if len(totals) < 3:
        sys.exit("a total is missing")
    print("total", sum(totals))


if __name__ == "__main__":
    main()
