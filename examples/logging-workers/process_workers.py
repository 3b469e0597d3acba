"""Each worker sends its records through a pipe of its own."""

import logging
import signal
import sys
from logging.handlers import QueueHandler
from multiprocessing import Pipe, Process
from multiprocessing.connection import wait


class PipeHandler(QueueHandler):
    def emit(self, record):
        self.queue.send(self.prepare(record))


def bill(order, records, ends_of_parent):
    for end in ends_of_parent:
        end.close()
    logger = logging.getLogger("shop")
    logger.handlers = [PipeHandler(records)]
    logger.setLevel(logging.INFO)
    logger.info("order %d billed", order)


def main():
    handler = logging.StreamHandler(sys.stdout)
    workers, failed = {}, []
    for order in (1, 2):
        line, records = Pipe(duplex=False)
        args = order, records, [*workers, line]
        workers[line] = Process(target=bill, args=args, daemon=True)
        workers[line].start()
        records.close()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    while workers:
        for line in wait(workers):
            try:
                handler.handle(line.recv())
            except (EOFError, OSError):
                worker = workers.pop(line)
                worker.join()
                if code := worker.exitcode:
                    failed.append(f"{worker.name}: exit code {code}")
    sys.exit(", ".join(failed) or None)


if __name__ == "__main__":
    main()
