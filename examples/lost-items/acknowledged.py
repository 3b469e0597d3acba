"""An order that a dead worker had is given to another worker."""

import os
import signal
import sys
from multiprocessing.connection import wait

from one_worker import Worker

TRIES = 3


def weigh(order, number):
    if order == "glass" and number == 1:
        os._exit(9)  # the worker is killed
    return f"{len(order)} kg"


def answers(function, items, most=2):
    left, workers, failed = [(item, 1) for item in items], {}, []
    try:
        while left or workers:
            while left and len(workers) < most:
                Worker(function, workers).give(left.pop(0))
            for line in wait(workers):
                worker = workers[line]
                try:
                    yield line.recv()
                    worker.give(left.pop(0) if left else None)
                except (EOFError, OSError):
                    code = workers.pop(line).end()
                    if worker.held:
                        item, number = worker.held
                        print(item, "exit code", code, file=sys.stderr)
                        again = left if number < TRIES else failed
                        again.append((item, number + 1))
    finally:
        for worker in workers.values():
            worker.process.kill()
    if failed:
        sys.exit(f"given up: {[item for item, _ in failed]}")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    for name, weight in answers(weigh, ["apple", "glass", "plum"]):
        print(name, weight)


if __name__ == "__main__":
    main()
