# /// script
# dependencies = ["numpy", "redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""Two workers double the halves of an array of 80 MB in Redis."""

from concurrent.futures import ProcessPoolExecutor

import numpy as np
from _server import redis_server
from redis import Redis

HALF = 40_000_000  # bytes


def connect(url):
    global client
    client = Redis.from_url(url)


def double(first):
    last = first + HALF - 1
    received = client.getrange("samples", first, last)
    samples = np.frombuffer(received)
    doubled = samples * 2
    client.setrange("samples", first, doubled.data.cast("B"))
    return samples.flags.writeable


def main():
    samples = np.arange(10_000_000.0)
    with redis_server() as url:
        connect(url)
        client.set("samples", samples.data.cast("B"))
        with ProcessPoolExecutor(2, None, connect, [url]) as pool:
            writable = list(pool.map(double, [0, HALF]))
        result = np.frombuffer(client.get("samples"))
        print("all doubled:", np.array_equal(result, samples * 2))
        print("writable as received:", writable)
        client.close()


if __name__ == "__main__":
    main()
