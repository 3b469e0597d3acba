"""Each worker counts for itself, and the parent adds up: no lock."""

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


def check(tickets):
    return sum(1 for ticket in tickets if ticket % 3)


def main():
    with ProcessPoolExecutor(4, initializer=watch_parent) as executor:
        counts = executor.map(
            check, [range(gate, 1200, 4) for gate in range(4)]
        )
        total = sum(counts)
    print(total, "valid tickets")


if __name__ == "__main__":
    main()
