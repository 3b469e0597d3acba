"""The worker sets up logging itself."""

import logging
from multiprocessing import Process


def set_up():
    logging.basicConfig(format="%(message)s", level="INFO")


def work():
    set_up()
    logging.info("Order taken")


def main():
    worker = Process(target=work)
    worker.start()
    worker.join()
    print("Exit code of the worker:", worker.exitcode)


if __name__ == "__main__":
    set_up()
    main()
