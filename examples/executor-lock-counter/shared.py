"""Results from an executor whose workers share a lock and a counter."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import Lock, Value, parent_process
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def share(the_ledger, the_count):
    global ledger, count
    ledger, count = the_ledger, the_count
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def book(payment):
    with ledger:
        count.value += 1
    return payment * 2


def main():
    lock, counter = Lock(), Value("i", 0, lock=False)
    with ProcessPoolExecutor(
        4, initializer=share, initargs=(lock, counter)
    ) as executor:
        try:
            tasks = [executor.submit(book, paid) for paid in range(50)]
            total = sum(task.result() for task in as_completed(tasks))
        finally:
            executor.shutdown(cancel_futures=True)
    print(counter.value, "payments, total", total)


if __name__ == "__main__":
    main()
