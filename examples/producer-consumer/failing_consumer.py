"""A pipe for each consumer: a bad order is reported, and a death."""

import signal
import sys
from multiprocessing import Pipe, Process
from multiprocessing.connection import wait


def consume(orders, end_of_parent):
    end_of_parent.close()
    orders.send([])
    while (order := orders.recv()) is not None:
        try:
            result = f"costs {int(order) * 3}"
        except ValueError as error:
            result = f"{type(error).__name__}: {error}"
        orders.send([(order, result)])


def main():
    todo, results, consumers = ["4", "none", "5"], [], {}
    orders = iter(todo)
    for _ in range(2):
        line, end = Pipe()
        worker = Process(target=consume, args=(end, line), daemon=True)
        worker.start()
        end.close()
        consumers[line] = worker
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    while consumers:
        for line in wait(consumers):
            try:
                results += line.recv()
                line.send(next(orders, None))
            except (EOFError, OSError):
                worker = consumers.pop(line)
                worker.join()
                if code := worker.exitcode:
                    sys.exit(f"{worker.name}: exit code {code}")
    if len(results) < len(todo):
        sys.exit("an answer is missing")
    for order, result in sorted(results):
        print(order, result)


if __name__ == "__main__":
    main()
