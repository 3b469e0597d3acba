"""Workers send their log records to the parent, which writes them."""

import logging
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor as Executor
from logging.handlers import QueueHandler, QueueListener
from multiprocessing import Queue, parent_process
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def start_worker(records):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    logger = logging.getLogger("shop")
    logger.handlers = [QueueHandler(records)]
    logger.setLevel(logging.INFO)


def bill(order):
    logger = logging.getLogger("shop")
    if order == 3:
        logger.warning("order %d has no address", order)
    logger.info("order %d billed", order)


def main(records):
    records.cancel_join_thread()
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    listener = QueueListener(records, handler)
    stop = Thread(target=listener.stop, daemon=True)
    try:
        with Executor(2, None, start_worker, (records,)) as executor:
            tasks = executor.map(bill, [1, 2, 3, 4])
            listener.start()
            list(tasks)
    finally:
        stop.start()
        stop.join(timeout=8)


if __name__ == "__main__":
    records = Queue()
    main(records)
