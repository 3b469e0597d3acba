"""A script that keeps a dict which other scripts read and change."""

import sys
from multiprocessing.managers import BaseManager, DictProxy
from tempfile import gettempdir

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


def main():
    with House(ADDRESS, KEY) as manager:
        print("The dict is there; Enter ends it", flush=True)
        sys.stdin.readline()
        print("At the end:", manager.readings().copy())


if __name__ == "__main__":
    main()
