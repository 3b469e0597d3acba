"""Ctrl-C reaches the parent alone, which lets the workers end."""

import os
import signal
from multiprocessing import Event, Process, SimpleQueue


def measure(stop, started):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started.put(True)
    stop.wait()


def main():
    stop, started = Event(), SimpleQueue()
    workers = []
    try:
        for _ in range(3):
            worker = Process(target=measure, args=(stop, started))
            worker.start()
            workers.append(worker)
        for _ in workers:
            started.get()
        os.killpg(os.getpgrp(), signal.SIGINT)  # you press Ctrl-C
        for worker in workers:
            worker.join()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("stopping")
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    print("exit statuses", [worker.exitcode for worker in workers])


if __name__ == "__main__":
    main()
