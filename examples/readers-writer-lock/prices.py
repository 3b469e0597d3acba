"""Three readers use all prices at once, and a writer raises each."""

import signal
import sys
from contextlib import ExitStack
from multiprocessing import Process, RawArray, connection
from tempfile import TemporaryDirectory

from rw_lock import RWLock


def add_up(prices, lock):
    for _ in range(20):
        with lock.reading():
            total = sum(prices)
        if total % len(prices):
            sys.exit("a total of old and new prices")


def raise_each(prices, lock):
    for _ in range(20):
        with lock.writing():
            for product in range(len(prices)):
                prices[product] += 1


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    prices, workers = RawArray("q", [100] * 1000), {}
    with TemporaryDirectory() as folder, ExitStack() as stack:
        lock = RWLock(f"{folder}/prices.lock")
        for function in add_up, add_up, add_up, raise_each:
            args = prices, lock
            worker = Process(target=function, args=args, daemon=True)
            worker.start()
            stack.callback(worker.join)
            stack.callback(worker.kill)
            workers[worker.sentinel] = worker
        stack.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)
        while workers:
            ended = connection.wait(workers, 60) or sys.exit("too slow")
            for worker in map(workers.pop, ended):
                worker.join()
                if code := worker.exitcode:
                    sys.exit(f"{worker.name}: exit code {code}")
    print("Each price is", *set(prices))


if __name__ == "__main__":
    main()
