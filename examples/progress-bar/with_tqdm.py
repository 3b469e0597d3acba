# /// script
# dependencies = ["tqdm"]
# ///
"""A tqdm bar that grows as the workers finish, in any order."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import parent_process
from threading import Thread

from tqdm import tqdm


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def resize(photo):
    return photo, photo * 100


def main():
    photos = range(1, 41)
    sizes = {}
    with ProcessPoolExecutor(4, initializer=watch_parent) as executor:
        tasks = [executor.submit(resize, photo) for photo in photos]
        for task in tqdm(as_completed(tasks), total=40, disable=None):
            photo, size = task.result()
            sizes[photo] = size
    print(len(sizes), "photos,", sum(sizes.values()), "KiB")


if __name__ == "__main__":
    main()
