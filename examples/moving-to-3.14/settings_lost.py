"""Logging is set up under the guard only: the worker logs nothing."""

import logging
from multiprocessing import Process


def work():
    logging.info("Order taken")


def main():
    worker = Process(target=work)
    worker.start()
    worker.join()
    print("Exit code of the worker:", worker.exitcode)


if __name__ == "__main__":
    logging.basicConfig(format="%(message)s", level="INFO")
    main()
