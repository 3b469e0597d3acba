# /// script
# [tool.examples]
# commands = ["unshare"]
# ///
"""A worker sends SIGTERM to PID 1, as `docker stop` does."""

import os
import signal
from multiprocessing import Process

from _container import enter


def stop():
    os.kill(1, signal.SIGTERM)


def run_stop():
    worker = Process(target=stop)
    worker.start()
    worker.join()


def handle(number, frame):
    print("SIGTERM is received")


def main():
    enter()
    print("PID:", os.getpid())
    run_stop()
    print("Without a handler, nothing happens")
    signal.signal(signal.SIGTERM, handle)
    run_stop()


if __name__ == "__main__":
    main()
