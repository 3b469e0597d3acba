"""A pool whose workers leave Ctrl-C to the parent."""

import signal
from multiprocessing import Pool
from time import sleep


def ignore_ctrl_c():
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def measure(sensor):
    sleep(60)


def main():
    with Pool(3, initializer=ignore_ctrl_c) as pool:
        result = pool.map_async(measure, range(3))
        try:
            signal.raise_signal(signal.SIGINT)  # you press Ctrl-C
            result.get()
        except KeyboardInterrupt:
            print("stopping")
    print("the pool has ended")


if __name__ == "__main__":
    main()
