"""The first worker that is done ends the others, which still work."""

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


def open_box(box, prize):
    Thread(target=end_with_parent, daemon=True).start()
    if box != 3:
        sleep(60)  # the box is hard to open
    prize.send(box)


def main():
    workers = {}
    for box in range(1, 5):
        receiver, prize = Pipe(duplex=False)
        args = box, prize
        worker = Process(target=open_box, args=args, daemon=True)
        worker.start()
        prize.close()
        workers[receiver] = worker
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    first = wait(workers)[0]
    try:
        box = first.recv()
    except (EOFError, OSError):
        worker = workers[first]
        worker.join()
        sys.exit(f"{worker.name}: exit code {worker.exitcode}")
    print("the prize is in box", box)
    for worker in workers.values():
        worker.kill()
        worker.join()
    print("the others are not waited for")


if __name__ == "__main__":
    main()
