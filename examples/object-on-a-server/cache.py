"""Workers look up an exchange rate; it is fetched once for all."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import parent_process
from multiprocessing.managers import BaseManager
from threading import Lock, Thread


class RateCache:
    def __init__(self):
        self._rates = {}
        self._lock = Lock()
        self._bank = iter([1.25, 1.5, 1.75, 2.0])

    def rate(self, currency):
        with self._lock:
            if currency not in self._rates:
                self._rates[currency] = next(self._bank)
            return self._rates[currency]


class CacheManager(BaseManager):
    pass


CacheManager.register("RateCache", RateCache)


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def in_dollars(cache, amount):
    return amount * cache.rate("EUR")


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    manager = CacheManager()
    manager.start(watch_parent)
    with manager, ProcessPoolExecutor(3, None, watch_parent) as pool:
        cache = manager.RateCache()
        amounts = [100, 8, 40, 100]
        dollars = pool.map(in_dollars, [cache] * 4, amounts)
        print("Dollars:", list(dollars))


if __name__ == "__main__":
    main()
