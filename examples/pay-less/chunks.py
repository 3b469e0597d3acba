"""Send small tasks in chunks."""

from multiprocessing import Pool
from time import perf_counter

PRICES = range(5_000)


def with_tax(price):
    return price * 119 // 100


def seconds(pool, chunksize):
    started = perf_counter()
    total = sum(pool.map(with_tax, PRICES, chunksize))
    print(f"chunksize={chunksize}: total {total}")
    return perf_counter() - started


def main():
    with Pool(2) as pool:
        pool.map(with_tax, PRICES)  # both workers are there now
        single, chunks = seconds(pool, 1), seconds(pool, 500)
    print(f"milliseconds: {single * 1000:.3f} and {chunks * 1000:.3f}")
    print(f"times as long: {single / chunks:.3f}")


if __name__ == "__main__":
    main()
