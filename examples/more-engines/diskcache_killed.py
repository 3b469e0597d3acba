# /// script
# dependencies = ["diskcache"]
# ///
"""Workers share a diskcache folder; one is killed in a transaction."""

import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Process
from tempfile import TemporaryDirectory

from diskcache import Cache, Lock


def count(folder, times):
    with Cache(folder) as cache:
        for _ in range(times):
            cache.incr("n")


def fail(folder):
    with Cache(folder) as cache, Lock(cache, "report"):
        with cache.transact():
            cache.incr("n", 1000)
            signal.raise_signal(signal.SIGKILL)


def main():
    with TemporaryDirectory() as folder:
        worker = Process(target=fail, args=[folder])
        worker.start()
        worker.join()
        print("killed in a transaction:", worker.exitcode)
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(count, [folder] * 2, [200, 200]))
        with Cache(folder) as cache:
            print("n:", cache["n"])
            print("its lock:", Lock(cache, "report").locked())


if __name__ == "__main__":
    main()
