"""Measure what one task needs, before you start many at once."""

import resource
import sys
from concurrent.futures import ProcessPoolExecutor

MB = 1_000_000
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes


def work(megabytes):
    return len(b"\1" * (megabytes * MB))


def measure(megabytes):
    work(megabytes)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_maxrss * UNIT


def main():
    with ProcessPoolExecutor(1) as pool:
        peak = pool.submit(measure, 200).result()
    print(f"One task: about {round(peak / MB, -2):.0f} MB")


if __name__ == "__main__":
    main()
