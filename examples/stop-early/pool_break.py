"""After the first result, the end of the with block ends the pool."""

import signal
import sys
from multiprocessing import Pool
from time import sleep

LIMIT = 8  # seconds: far longer than the right box takes


def open_box(box):
    if box != 3:
        sleep(60)  # the box is hard to open
    return box


def main():
    with Pool(4) as pool:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        boxes = pool.imap_unordered(open_box, range(1, 5))
        print("the prize is in box", boxes.next(timeout=LIMIT))
    print("the others are not waited for")


if __name__ == "__main__":
    main()
