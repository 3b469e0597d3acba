# /// script
# dependencies = ["pymemcache"]
# [tool.examples]
# commands = ["memcached"]
# ///
"""Workers share memcached; a worker and the server are killed."""

import signal
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import Process

from _engines import memcached, own_folder
from pymemcache import Client


def connect(address):
    return closing(Client(address, default_noreply=False))


def count(address, killed=False):
    with connect(address) as client:
        for _ in range(500):
            client.incr("n", 1)
        if killed:
            client.add("lock", "me", expire=600)
            signal.raise_signal(signal.SIGKILL)


def main():
    with own_folder() as folder:
        with memcached(folder) as (address, server):
            with connect(address) as client:
                client.set("n", "0")
                worker = Process(target=count, args=[address, True])
                worker.start()
                worker.join()
                print("worker has ended:", worker.exitcode)
                with ProcessPoolExecutor(2) as pool:
                    list(pool.map(count, [address, address]))
                print("n:", client.get("n"), end=", ")
                print("lock is free:", client.add("lock", "other"))
            server.kill()
        with memcached(folder), connect(address) as client:
            print("server killed and started, n:", client.get("n"))


if __name__ == "__main__":
    main()
