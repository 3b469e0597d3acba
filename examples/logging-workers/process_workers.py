"""The same with Process: each worker installs the handler first."""

import logging
import sys
from logging.handlers import QueueHandler, QueueListener
from multiprocessing import Process, Queue


def bill(order, records):
    logger = logging.getLogger("shop")
    logger.handlers = [QueueHandler(records)]
    logger.setLevel(logging.INFO)
    logger.info("order %d billed", order)


def main():
    records = Queue()
    listener = QueueListener(records, logging.StreamHandler(sys.stdout))
    workers = [
        Process(target=bill, args=(order, records)) for order in (1, 2)
    ]
    for worker in workers:
        worker.start()
    listener.start()
    try:
        for worker in workers:
            worker.join()
    finally:
        listener.stop()


if __name__ == "__main__":
    main()
