"""An executor's workers get the shared counter from the initializer."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Value, parent_process
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def share(counter):
    global valid
    valid = counter
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def check(ticket):
    if ticket % 3:
        with valid.get_lock():
            valid.value += 1


def main():
    counter = Value("i", 0)
    with ProcessPoolExecutor(
        4, initializer=share, initargs=(counter,)
    ) as executor:
        list(executor.map(check, range(1200), chunksize=100))
    print(counter.value, "valid tickets")


if __name__ == "__main__":
    main()
