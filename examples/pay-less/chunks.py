"""Send small tasks in chunks."""

from multiprocessing import Barrier, Pool
from time import perf_counter

PRICES = range(5_000)


def with_tax(price):
    return price * 119 // 100


def seconds(pool, chunksize):
    started = perf_counter()
    total = sum(pool.map(with_tax, PRICES, chunksize))
    passed = perf_counter() - started
    print(f"chunksize={chunksize}: {total} in {passed:.6f} s")
    return passed


def main():
    all_there = Barrier(3)
    with Pool(2, initializer=all_there.wait) as pool:
        all_there.wait()  # until both workers have started
        single, chunks = seconds(pool, 1), seconds(pool, 500)
    print(f"times as long: {single / chunks:.3f}")


if __name__ == "__main__":
    main()
