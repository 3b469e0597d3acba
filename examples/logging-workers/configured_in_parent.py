"""What the parent configures under the guard, only fork hands on."""

import logging
import sys
from multiprocessing import Process


def bill(order):
    logging.getLogger("shop").info("order %d billed", order)


def main():
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(message)s"
    )
    worker = Process(target=bill, args=(17,))
    worker.start()
    worker.join()
    if worker.exitcode:
        sys.exit(f"{worker.name}: exit code {worker.exitcode}")
    logging.getLogger("shop").info("the parent is done")


if __name__ == "__main__":
    main()
