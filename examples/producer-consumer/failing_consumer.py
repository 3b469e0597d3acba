"""A pipe for each consumer: a bad order is reported, and a death."""

import signal
import sys
from multiprocessing import Pipe, Process, connection


def consume(orders, ends_of_parent):
    for end in ends_of_parent:
        end.close()
    orders.send([])
    while (order := orders.recv()) is not None:
        try:
            result = f"costs {int(order) * 3}"
        except ValueError as error:
            result = f"{type(error).__name__}: {error}"
        orders.send([(order, result)])


def main():
    orders, results, workers = iter(["4", "none", "5"]), [], {}
    for _ in range(2):
        line, end = Pipe()
        args = end, [*workers, line]
        workers[line] = Process(target=consume, args=args, daemon=True)
        workers[line].start()
        end.close()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    while workers:
        for line in connection.wait(workers):
            order = next(orders, None)
            try:
                results += line.recv()
                line.send(order)
            except (EOFError, OSError):
                worker = workers.pop(line)
                worker.join()
                if code := worker.exitcode:
                    sys.exit(f"{worker.name}: exit code {code}")
    if len(results) < 3:
        sys.exit("an answer is missing")
    for order, result in sorted(results):
        print(order, result)


if __name__ == "__main__":
    main()
