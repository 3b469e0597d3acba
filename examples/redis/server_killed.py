# /// script
# dependencies = ["redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""The server is killed while two workers count, and starts again."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Barrier
from tempfile import TemporaryDirectory

from _server import redis_server
from redis import ConnectionError, Redis

TO_DISK = ["--appendonly", "yes", "--appendfsync", "always"]


def connect(url, both):
    global client, server
    client = Redis.from_url(url)
    server = client.info("server")["process_id"]
    both.wait()


def count(times):
    for answered in range(times):
        try:
            client.incr("n")
        except ConnectionError:  # and the update may be lost or not
            return answered
    os.kill(server, signal.SIGKILL)
    return times


def main():
    for options in [], TO_DISK:
        with TemporaryDirectory() as folder:
            with redis_server(*options, folder=folder) as url:
                args = connect, (url, Barrier(2))
                with ProcessPoolExecutor(2, None, *args) as pool:
                    answered = sum(pool.map(count, [300, 300]))
            with redis_server(*options, folder=folder) as url:
                found = int(Redis.from_url(url).get("n") or 0)
        print(*options or ["in memory alone"])
        print("kept:", found > 0, "- all answered:", found >= answered)


if __name__ == "__main__":
    main()
