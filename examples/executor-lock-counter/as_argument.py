"""A manager's lock and dict may be arguments of a task."""

import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor as Executor
from multiprocessing import Manager, active_children, parent_process
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def book(payment, ledger, totals):
    with ledger:
        totals["payments"] += 1
        totals["sum"] += payment


def main():
    with Manager() as manager:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        ledger = manager.Lock()
        totals = manager.dict(payments=0, sum=0)
        with Executor(4, initializer=watch_parent) as executor:
            try:
                tasks = [
                    executor.submit(book, payment, ledger, totals)
                    for payment in range(50)
                ]
                for task in tasks:
                    task.result()
            finally:
                executor.shutdown(cancel_futures=True)
        print(totals.copy())


if __name__ == "__main__":
    try:
        main()
    finally:
        for child in active_children():
            child.kill()
