"""After the first error, tasks that have not begun are canceled."""

import os
import signal
from concurrent.futures import FIRST_EXCEPTION, wait
from concurrent.futures import ProcessPoolExecutor as Executor
from multiprocessing import parent_process
from threading import Thread
from time import sleep


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def load(page):
    if page == 0:
        raise ValueError(f"page {page} is empty")
    sleep(0.1)  # the page is loaded
    return page


def main():
    with Executor(1, initializer=watch_parent) as executor:
        tasks = [executor.submit(load, page) for page in range(100)]
        try:
            wait(tasks, return_when=FIRST_EXCEPTION)
        finally:  # also after Ctrl-C
            executor.shutdown(cancel_futures=True)
    try:
        for task in tasks:
            if not task.cancelled():
                task.result()
    except ValueError as error:
        print("first error:", error)
    print("the last one was canceled:", tasks[-1].cancelled())


if __name__ == "__main__":
    main()
