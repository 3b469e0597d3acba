# /// script
# dependencies = ["gunicorn"]
# ///
"""Gunicorn workers count in a Value that was made before them."""

import os
import signal
from multiprocessing import get_context

from _server import gunicorn

count = get_context("fork").Value("q")


def app(environ, start_response):
    with count.get_lock():
        count.value += 1
        counted = count.value
    start_response("200 OK", [])
    return [f"{os.getpid()} {counted}".encode()]


def main():
    requests, workers = 0, set()
    with gunicorn("--preload", "preloaded:app") as ask:
        while len(workers) < 4:  # two, and those that replace them
            worker, counted = ask()
            requests += 1
            if worker not in workers:
                os.kill(int(worker), signal.SIGKILL)
            workers.add(worker)
    print("each worker counts all:", int(counted) == requests)


if __name__ == "__main__":
    main()
