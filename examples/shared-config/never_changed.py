"""A configuration that nobody changes goes to each worker once."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor as Executor
from multiprocessing import active_children, parent_process
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def set_config(values):
    global config
    config = values
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def price(amount):
    return amount * (100 + config["tax_percent"]) // 100


def main():
    settings = {"tax_percent": 7}
    with Executor(
        2, initializer=set_config, initargs=(settings,)
    ) as executor:
        print(list(executor.map(price, [100, 200, 300])))


if __name__ == "__main__":
    try:
        main()
    finally:
        for worker in active_children():
            worker.kill()
