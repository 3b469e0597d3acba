"""Four workers together make no more than five calls an hour."""

from collections import Counter
from multiprocessing import Pool
from multiprocessing.managers import BaseManager
from threading import Lock


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


def main():
    with LimitManager() as manager, Pool(4) as pool:
        limiter = manager.RateLimiter(5)
        nine = pool.map(limiter.allow, [9] * 8)
        ten = pool.map(limiter.allow, [10] * 3)
    print("At nine:", nine.count(True), "of", len(nine))
    print("At ten:", ten.count(True), "of", len(ten))


if __name__ == "__main__":
    main()
