"""Catch the error of each task, and keep the results of the others."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import parent_process
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def read_price(text):
    return int(text)


def main():
    prices = ["4", "free", "5"]
    with ProcessPoolExecutor(2, initializer=watch_parent) as executor:
        tasks = {
            text: executor.submit(read_price, text) for text in prices
        }
        for text, task in tasks.items():
            try:
                print(text, "->", task.result())
            except ValueError as error:
                print(text, "->", type(error).__name__)


if __name__ == "__main__":
    main()
