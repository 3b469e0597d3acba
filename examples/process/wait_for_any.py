"""The parent handles each worker when it ends, however it ends."""

import os
from multiprocessing import Process
from multiprocessing.connection import wait


def back_up(disk):
    if disk == "broken":
        os._exit(7)


def main():
    running = {}
    for disk in ["new", "broken", "old"]:
        worker = Process(target=back_up, args=(disk,), name=disk)
        worker.start()
        running[worker.sentinel] = worker
    ended = []
    while running:
        for sentinel in wait(running):
            worker = running.pop(sentinel)
            worker.join()
            ended.append(f"{worker.name}: {worker.exitcode}")
    print(*sorted(ended), sep="\n")


if __name__ == "__main__":
    main()
