"""A script that asks another script, which it knows by its address."""

import sys
from multiprocessing.connection import Client
from tempfile import gettempdir

KEY = b"a secret of your own"
ADDRESS = f"{gettempdir()}/thermometer"
if sys.platform == "win32":
    ADDRESS = r"\\.\pipe\thermometer"


def main():
    with Client(ADDRESS, authkey=KEY) as server:
        for room in ["attic", "cellar"]:
            server.send(room)
            print(room, server.recv())
        server.send(None)


if __name__ == "__main__":
    main()
