"""Workers send their log records to the parent, which writes them."""

import logging
import signal
import sys
from logging.handlers import QueueHandler, QueueListener
from multiprocessing import Pool, Queue


def prepare(records):
    logger = logging.getLogger("shop")
    logger.handlers = [QueueHandler(records)]
    logger.setLevel(logging.INFO)


def start_worker(records):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare(records)


def bill(order):
    logger = logging.getLogger("shop")
    if order == 3:
        logger.warning("order %d has no address", order)
    logger.info("order %d billed", order)


def main():
    records = Queue()
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    listener = QueueListener(records, handler)
    with Pool(2, start_worker, (records,)) as pool:
        listener.start()
        try:
            pool.map(bill, [1, 2, 3, 4])
        finally:
            pool.close()
            pool.join()
            listener.stop()


if __name__ == "__main__":
    main()
