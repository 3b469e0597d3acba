"""A process of multiprocessing.dummy is a thread, and as choosy."""

import re
from multiprocessing.dummy import Process
from threading import Thread


def start(backup):
    try:
        backup.start()
    except RuntimeError as error:
        print("RuntimeError:", re.sub(r" \d+", "", str(error)))


def main():
    backup = Process(target=print)
    other = Thread(target=start, name="Other", args=(backup,))
    other.start()
    other.join()


if __name__ == "__main__":
    main()
