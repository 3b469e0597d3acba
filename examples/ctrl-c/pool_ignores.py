"""A pool whose workers leave Ctrl-C to the parent."""

import os
import signal
from multiprocessing import Pool, Semaphore
from time import sleep


def ignore_ctrl_c(started):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started.release()


def measure(sensor):
    sleep(60)  # the measurement takes long


def main():
    started = Semaphore(0)
    with Pool(3, ignore_ctrl_c, (started,)) as pool:
        result = pool.map_async(measure, range(3))
        for _ in range(3):
            started.acquire()
        try:
            os.killpg(os.getpgrp(), signal.SIGINT)  # you press Ctrl-C
            result.get()
        except KeyboardInterrupt:
            print("stopping")
    print("the pool has ended")


if __name__ == "__main__":
    main()
