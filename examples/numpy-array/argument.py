# /// script
# dependencies = ["numpy"]
# ///
"""An array passed as an argument is a copy: the change is not seen."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import parent_process
from threading import Thread

import numpy as np


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def brighten(image):
    image += 50
    return int(image.max())


def main():
    images = [np.full((400, 600), 100, np.uint8) for _ in range(4)]
    with ProcessPoolExecutor(2, None, watch_parent) as executor:
        seen = list(executor.map(brighten, images))
    print("Seen by the workers:", seen)
    print("In the parent:", [int(image.max()) for image in images])


if __name__ == "__main__":
    main()
