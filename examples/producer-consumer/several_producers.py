"""Several producers: when all are done, one of them ends the queue."""

import signal
import sys
from multiprocessing import Barrier, Pipe, Process, SimpleQueue
from multiprocessing.connection import wait


def produce(orders, report, done, first):
    for order in range(first, first + 50):
        orders.put(order)
    if done.wait() == 0:
        for _ in range(3):
            orders.put(None)


def consume(orders, report):
    total = 0
    while (order := orders.get()) is not None:
        total += order
    report.send(total)


def main():
    orders, done, workers, totals = SimpleQueue(), Barrier(2), {}, []
    work = [(produce, done, 1), (produce, done, 51)]
    for target, *rest in work + [(consume,)] * 3:
        line, report = Pipe(duplex=False)
        args = orders, report, *rest
        workers[line] = Process(target=target, args=args, daemon=True)
        workers[line].start()
        report.close()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    while workers:
        for line in wait(workers):
            try:
                totals.append(line.recv())
            except (EOFError, OSError):
                worker = workers.pop(line)
                worker.join()
                if code := worker.exitcode:
                    sys.exit(f"{worker.name}: exit code {code}")
    if len(totals) < 3:
        sys.exit("a total is missing")
    print("total", sum(totals))


if __name__ == "__main__":
    main()
