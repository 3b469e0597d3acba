"""dictConfig() under the main guard: only fork hands it on."""

import logging
import logging.config
from multiprocessing import Process

LOGGING = {
    "version": 1,
    "formatters": {"short": {"format": "%(levelname)s %(message)s"}},
    "handlers": {
        "out": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "short",
        }
    },
    "root": {"handlers": ["out"], "level": "INFO"},
}


def bill(order):
    logging.getLogger("shop").info("order %d billed", order)


def main():
    logging.config.dictConfig(LOGGING)
    logging.info("the parent begins")
    worker = Process(target=bill, args=(17,))
    worker.start()
    worker.join()


if __name__ == "__main__":
    main()
