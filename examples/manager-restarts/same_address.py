"""A manager is killed and started again: the old proxy is useless."""

import os
from multiprocessing import active_children
from multiprocessing.managers import SyncManager
from pathlib import Path
from tempfile import TemporaryDirectory


def look(proxy):
    try:
        return proxy.copy()
    except (ConnectionError, EOFError):
        return "a connection error"


def main():
    with TemporaryDirectory() as folder:
        address = str(Path(folder, "socket"))
        first = SyncManager(address)
        first.start()
        ratings = first.dict(Alien=5)
        print("Before:", look(ratings))
        (server,) = active_children()
        server.kill()
        server.join()
        os.unlink(address)
        with SyncManager(address) as second:
            print("The old proxy:", look(ratings))
            new = second.dict(Brazil=4)
            print("A new proxy:", look(new))
            del ratings, new
            new = second.dict(Brazil=4)
            print("Without the old one:", look(new))


if __name__ == "__main__":
    main()
