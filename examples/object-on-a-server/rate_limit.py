"""Four workers together make no more than five calls an hour."""

import os
import signal
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import parent_process
from multiprocessing.managers import BaseManager
from threading import Lock, Thread


class RateLimiter:
    def __init__(self, calls):
        self._calls = calls
        self._asked = Counter()
        self._lock = Lock()

    def allow(self, hour):
        with self._lock:
            self._asked[hour] += 1
            return self._asked[hour] <= self._calls


class LimitManager(BaseManager):
    pass


LimitManager.register("RateLimiter", RateLimiter)


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    manager = LimitManager()
    manager.start(watch_parent)
    with manager, ProcessPoolExecutor(4, None, watch_parent) as pool:
        limiter = manager.RateLimiter(5)
        nine = list(pool.map(limiter.allow, [9] * 8))
        ten = list(pool.map(limiter.allow, [10] * 3))
    print("At nine:", nine.count(True), "of", len(nine))
    print("At ten:", ten.count(True), "of", len(ten))


if __name__ == "__main__":
    main()
