"""The parent is killed by SIGKILL; its workers notice, and end."""

import os
import signal
import sys
import tempfile
from multiprocessing import Pipe, Process, parent_process
from threading import Thread
from time import sleep


def end_with_parent():
    parent_process().join()
    os._exit(1)


def measure(alive):
    Thread(target=end_with_parent, daemon=True).start()
    alive.send("measuring")
    sleep(60)  # the measurement takes long


def run_workers(alive, folder):
    tempfile.tempdir = folder  # who is killed cannot tidy up
    for _ in range(3):
        Process(target=measure, args=(alive,)).start()
    end_with_parent()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    receiver, alive = Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        parent = Process(target=run_workers, args=(alive, folder))
        parent.start()
        alive.close()
        try:
            for _ in range(3):
                print(receiver.recv())
        finally:
            parent.kill()
            parent.join()
        try:
            receiver.recv()
        except EOFError:  # no process has the other end any more
            print("all workers have ended")


if __name__ == "__main__":
    main()
