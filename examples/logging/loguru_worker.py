# /// script
# dependencies = ["loguru"]
# ///
"""Workers log through the parent's loguru logger, handed over once."""

import sys
from multiprocessing import get_context

from loguru import logger


def use(parents_logger):
    global logger
    logger = parents_logger


def bill(order):
    logger.info("order {} billed", order)


def main():
    spawn = get_context("spawn")
    logger.remove()
    form = "{level} {message}"
    logger.add(sys.stdout, format=form, enqueue=True, context=spawn)
    with spawn.Pool(1, use, (logger,)) as pool:
        pool.map(bill, [1, 2])
        pool.close()
        pool.join()
    logger.info("the parent is done")
    logger.remove()  # writes what is in the queue


if __name__ == "__main__":
    main()
