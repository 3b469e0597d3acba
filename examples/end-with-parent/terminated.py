"""SIGTERM ends the parent; it kills its workers before it ends."""

import os
import signal
import sys
from multiprocessing import Pipe, Process, parent_process
from multiprocessing.connection import wait
from threading import Thread
from time import sleep


def end_with_parent():
    parent_process().join()
    os._exit(1)


def measure(started):
    Thread(target=end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    started.send(True)
    sleep(60)  # the measurement takes long


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    workers = []
    try:
        for _ in range(3):
            receiver, started = Pipe(duplex=False)
            args = (started,)
            worker = Process(target=measure, args=args, daemon=True)
            worker.start()
            workers.append(worker)
            started.close()
            receiver.poll(None)  # until it has started, or is dead
        signal.raise_signal(signal.SIGTERM)  # as docker stop
        wait([worker.sentinel for worker in workers])
        sys.exit("a worker has ended")
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
        print("alive:", sum(worker.is_alive() for worker in workers))


if __name__ == "__main__":
    main()
