"""A worker that is not done in time is terminated, or killed."""

import os
import signal
import sys
from multiprocessing import Process, parent_process
from threading import Thread
from time import sleep


def end_with_parent():
    parent_process().join()
    os._exit(1)


def simulate():
    Thread(target=end_with_parent, daemon=True).start()
    sleep(60)  # the simulation takes long


def main():
    worker = Process(target=simulate, daemon=True)
    worker.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    worker.join(timeout=0.5)
    if worker.is_alive():
        print("too late")
        worker.terminate()
        worker.join(timeout=5)
        worker.kill()
        worker.join()
    elif worker.exitcode:
        sys.exit(f"{worker.name}: exit code {worker.exitcode}")
    print("alive:", worker.is_alive())


if __name__ == "__main__":
    main()
