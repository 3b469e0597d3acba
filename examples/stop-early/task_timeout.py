"""get() with a timeout gives up; the with block ends the worker."""

import signal
import sys
from multiprocessing import Pool, TimeoutError
from time import sleep


def simulate(days):
    sleep(days)  # the simulation takes long
    return days


def main():
    with Pool(1) as pool:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        task = pool.apply_async(simulate, (60,))
        try:
            print(task.get(timeout=0.5))
        except TimeoutError as error:
            print("too late:", type(error))
    print("the worker has ended")


if __name__ == "__main__":
    main()
