# /// script
# dependencies = ["structlog"]
# ///
"""structlog is configured in each process, by the same function."""

from multiprocessing import Pool

import structlog
from structlog.contextvars import bind_contextvars, merge_contextvars
from structlog.processors import JSONRenderer, add_log_level


def configure(shop):
    processors = [merge_contextvars, add_log_level, JSONRenderer()]
    structlog.configure(processors)
    bind_contextvars(shop=shop)


def bill(order):
    structlog.get_logger().info("billed", order=order)


def main():
    configure("north")
    with Pool(1, configure, ("north",)) as pool:
        pool.map(bill, [1, 2])
    structlog.get_logger().info("the parent is done")


if __name__ == "__main__":
    main()
