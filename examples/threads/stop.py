"""Ctrl-C reaches the main thread, which asks the others to stop."""

import signal
import sys
from threading import Barrier, Event, Thread


def work(ready, stop, said):
    ready.wait()
    while not stop.is_set():
        stop.wait(0.1)  # stands for a piece of work
    said.append("tidied up")


def main():
    ready, stop, said = Barrier(3), Event(), []
    args = ready, stop, said
    workers = [Thread(target=work, args=args) for _ in range(2)]
    for worker in workers:
        worker.start()
    try:
        ready.wait()
        signal.raise_signal(signal.SIGINT)  # as Ctrl-C does
        for worker in workers:
            worker.join()
    except KeyboardInterrupt:
        stop.set()
        for worker in workers:
            worker.join()
        print(*said, sep="\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
