"""The server of a counter, a dictionary, jobs and an array."""

import os
import sys
from array import array
from multiprocessing.managers import BaseManager, DictProxy
from threading import Lock

from jobs import Jobs

SIZE, PART = 10_000_000, 1_250_000  # numbers of 8 bytes


class Counter:
    def __init__(self):
        self._count, self._lock = 0, Lock()

    def add(self, number):
        with self._lock:
            self._count += number
            return self._count


class Samples:
    def __init__(self):
        self._numbers = array("d", range(1000)) * (SIZE // 1000)

    def get(self, start, stop):
        return self._numbers[start:stop]


class Shared(BaseManager):
    pass


def main():
    key = os.environ.get("JOBS_KEY") or sys.exit("JOBS_KEY is not set")
    host, port, results, lease = sys.argv[1:]
    parts = [(n, n + PART) for n in range(0, SIZE, PART)]
    jobs, counter = Jobs(parts, results, float(lease)), Counter()
    samples, workers = Samples(), {}
    Shared.register("jobs", lambda: jobs)
    Shared.register("samples", lambda: samples)
    Shared.register("counter", lambda: counter)
    Shared.register("workers", lambda: workers, DictProxy)
    server = Shared((host, int(port)), key.encode()).get_server()
    print("listens at", *server.address, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
