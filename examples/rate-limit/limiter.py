"""A limit that processes share: at most so many moments a period."""

from contextlib import contextmanager
from math import inf
from multiprocessing import Array
from time import monotonic, sleep


class Limiter:
    def __init__(self, calls, period, clock=monotonic):
        self.moments = Array("d", [-inf] * calls)
        self.period, self.clock = period, clock

    @contextmanager
    def locked(self):
        lock = self.moments.get_lock()
        if not lock.acquire(timeout=10):
            raise TimeoutError("did a worker die in the lock?")
        try:
            yield
        finally:
            lock.release()

    def reserve(self):
        with self.locked():
            oldest, *others = self.moments[:]
            moment = max(self.clock(), oldest + self.period)
            self.moments[:] = [*others, moment]
        return moment

    def pause(self, seconds):
        with self.locked():
            least = self.clock() + seconds - self.period
            self.moments[:] = [max(one, least) for one in self.moments]


def sleep_until(moment):
    while (left := moment - monotonic()) > 0:
        sleep(left)  # until the moment has come


def main():
    limiter = Limiter(calls=3, period=60, clock=lambda: 0.0)
    print("3 a minute:", [limiter.reserve() for _ in range(7)])
    limiter = Limiter(calls=1, period=20, clock=lambda: 0.0)
    print("every 20 s:", [limiter.reserve() for _ in range(4)])


if __name__ == "__main__":
    main()
