"""Two workers share a cache, and need the same ways at once."""

import signal
import sys
from contextlib import ExitStack
from multiprocessing import Pipe, Process, connection
from tempfile import TemporaryDirectory

from known_keys import ORDERS, bill, minutes, watch_parent
from shared_cache import Cache


def deliver(orders, way, report):
    watch_parent()
    for order, town in orders:
        report.send((bill(order, way(town)), way.computed))


def main():
    workers, bills = {}, []
    with TemporaryDirectory() as folder, ExitStack() as stack:
        way = Cache(minutes, folder, age=24 * 3600)
        for first in range(2):
            end, report = Pipe(duplex=False)
            args = ORDERS[first::2], way, report
            worker = Process(target=deliver, args=args, daemon=True)
            worker.start()
            stack.callback(worker.join)
            stack.callback(worker.kill)
            report.close()
            workers[end] = worker
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        while workers:
            ready = connection.wait(workers, way.limit + 60)
            for end in ready or sys.exit("no answer for too long"):
                try:
                    bills.append(end.recv())
                except (EOFError, OSError):
                    worker = workers.pop(end)
                    worker.join()
                    if code := worker.exitcode:
                        sys.exit(f"{worker.name}: exit code {code}")
    len(bills) == len(ORDERS) or sys.exit("a bill is missing")
    print("bills:", len(bills), "computed:", sum(x for _, x in bills))


if __name__ == "__main__":
    main()
