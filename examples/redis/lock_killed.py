# /// script
# dependencies = ["redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""The holder of a lock is killed: with an expiry, the lock ends."""

import os
import signal
from multiprocessing import Process

from _server import redis_server
from redis import Redis


def hold(url, expiry):
    lock = Redis.from_url(url).lock(f"report {expiry}", timeout=expiry)
    lock.acquire()
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    with redis_server() as url, Redis.from_url(url) as client:
        for expiry, patience in (2, 30), (None, 3):
            holder = Process(target=hold, args=[url, expiry])
            holder.start()
            holder.join()
            if holder.exitcode != -signal.SIGKILL:
                raise SystemExit(
                    f"the holder has failed: {holder.exitcode}"
                )
            lock = client.lock(f"report {expiry}", timeout=expiry)
            free = lock.acquire(blocking_timeout=patience)
            print(f"expiry {expiry}: acquired after the kill: {free}")


if __name__ == "__main__":
    main()
