"""A script that changes the dict of another script."""

import sys
from multiprocessing.managers import BaseManager, DictProxy
from tempfile import gettempdir

KEY = b"a secret of your own"
ADDRESS = f"{gettempdir()}/readings"
if sys.platform == "win32":
    ADDRESS = r"\\.\pipe\readings"


class House(BaseManager):
    pass


House.register("readings", proxytype=DictProxy)


def main():
    manager = House(ADDRESS, KEY)
    manager.connect()
    readings = manager.readings()
    print("Found:", readings.copy())
    readings["cellar"] = 12.0


if __name__ == "__main__":
    main()
