"""Four workers together make no more than five calls an hour."""

from multiprocessing import Pool
from multiprocessing.managers import BaseManager
from threading import Lock


class RateLimiter:
    def __init__(self, calls):
        self._calls = calls
        self._used = {}
        self._lock = Lock()

    def allow(self, hour):
        with self._lock:
            used = self._used.get(hour, 0)
            if used == self._calls:
                return False
            self._used[hour] = used + 1
            return True


class LimitManager(BaseManager):
    pass


LimitManager.register("RateLimiter", RateLimiter)


def set_limiter(proxy):
    global limiter
    limiter = proxy


def ask_service(hour):
    return limiter.allow(hour)


def main():
    with LimitManager() as manager:
        limiter = manager.RateLimiter(5)
        with Pool(4, set_limiter, (limiter,)) as pool:
            nine = pool.map(ask_service, [9] * 8)
            ten = pool.map(ask_service, [10] * 3)
    print("At nine:", nine.count(True), "of", len(nine))
    print("At ten:", ten.count(True), "of", len(ten))


if __name__ == "__main__":
    main()
