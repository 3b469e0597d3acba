"""Ctrl-C reaches the main thread, which asks the others to stop."""

import signal
import sys
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Event


def work(stop):
    while not stop.is_set():
        stop.wait(0.1)  # stands for a piece of work
    return "tidied up"


def main():
    stop, tasks, status = Event(), [], 0
    with ThreadPoolExecutor(2) as pool:
        try:
            for _ in range(2):
                tasks.append(pool.submit(work, stop))
            signal.raise_signal(signal.SIGINT)  # as Ctrl-C does
            wait(tasks, return_when=FIRST_EXCEPTION)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            status = 130
        finally:
            stop.set()
    for task in tasks:
        print(task.result())
    sys.exit(status)


if __name__ == "__main__":
    main()
