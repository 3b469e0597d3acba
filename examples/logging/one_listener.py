"""Each process calls dictConfig(): workers send, the parent writes."""

import logging.config
import signal
from logging.handlers import QueueHandler, QueueListener
from multiprocessing import Pool, Queue

OUT = {
    "class": "logging.StreamHandler",
    "stream": "ext://sys.stdout",
    "formatter": "short",
}
FORMAT = "%(levelname)s %(message)s"


def configure(handler):
    config = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"short": {"format": FORMAT}},
        "handlers": {"only": handler},
        "root": {"handlers": ["only"], "level": "INFO"},
    }
    logging.config.dictConfig(config)


def begin(records):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    configure({"()": QueueHandler, "queue": records})


def bill(order):
    logging.getLogger("shop").info("order %d billed", order)


def main():
    configure(OUT)
    records = Queue()
    listener = QueueListener(records, *logging.root.handlers)
    with Pool(2, begin, (records,)) as pool:
        listener.start()
        try:
            pool.map(bill, [1, 2])
        finally:
            pool.close()
            pool.join()
            listener.stop()
    logging.info("the parent is done")


if __name__ == "__main__":
    main()
