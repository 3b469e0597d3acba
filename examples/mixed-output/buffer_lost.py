"""A process that is killed takes what it had not flushed with it."""

import os
from multiprocessing import Process


def save(flush):
    print("saved 17 orders", end="", flush=flush)
    os._exit(1)


def main():
    for flush in (False, True):
        worker = Process(target=save, args=(flush,))
        worker.start()
        worker.join()
        print(f" <- flush={flush}")


if __name__ == "__main__":
    main()
