"""Workers look up exchange rates; each is fetched once for all."""

from multiprocessing import Pool
from multiprocessing.managers import BaseManager
from threading import Lock


class RateCache:
    def __init__(self):
        self._rates = {}
        self._fetches = 0
        self._lock = Lock()

    def rate(self, currency):
        with self._lock:
            if currency not in self._rates:
                self._rates[currency] = self._fetch(currency)
            return self._rates[currency]

    def fetches(self):
        return self._fetches

    def _fetch(self, currency):
        self._fetches += 1
        return {"EUR": 1.25, "JPY": 0.5}[currency]


class CacheManager(BaseManager):
    pass


CacheManager.register("RateCache", RateCache)


def in_dollars(job):
    cache, amount, currency = job
    return amount * cache.rate(currency)


def main():
    with CacheManager() as manager, Pool(3) as pool:
        cache = manager.RateCache()
        bills = [(100, "EUR"), (900, "JPY"), (8, "EUR"), (50, "JPY")]
        jobs = [(cache, *bill) for bill in bills]
        print("Dollars:", pool.map(in_dollars, jobs))
        print("Fetched:", cache.fetches())


if __name__ == "__main__":
    main()
