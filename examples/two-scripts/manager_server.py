"""A script that keeps a dict which other scripts read and change."""

import os
import signal
import sys
from multiprocessing import parent_process
from multiprocessing.managers import BaseManager, DictProxy
from tempfile import gettempdir
from threading import Thread

KEY = b"a secret of your own"
ADDRESS = f"{gettempdir()}/readings"
if sys.platform == "win32":
    ADDRESS = r"\\.\pipe\readings"

readings = {"attic": 25.5}


def get_readings():
    return readings


class House(BaseManager):
    pass


House.register("readings", get_readings, DictProxy)


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    Thread(target=end_with_parent, daemon=True).start()


def main():
    manager = House(ADDRESS, KEY)
    manager.start(watch_parent)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with manager:
        print("The dict is there; Enter ends it", flush=True)
        sys.stdin.readline()
        print("At the end:", manager.readings().copy())


if __name__ == "__main__":
    main()
