"""A forked worker reads an array of numbers, and nothing is copied."""

from array import array
from multiprocessing import get_context
from pathlib import Path


def private_bytes():
    for line in (
        Path("/proc/self/smaps_rollup").read_text().splitlines()
    ):
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024


def read(prices, size, report):
    before = private_bytes()
    total = sum(prices)
    copied = private_bytes() - before
    report.put((total, copied > size / 10))


def main():
    prices = array("d", range(4_000_000))
    size = len(prices) * prices.itemsize
    print("More than 25 MB:", size > 25_000_000)
    fork = get_context("fork")
    report = fork.SimpleQueue()
    worker = fork.Process(target=read, args=(prices, size, report))
    worker.start()
    total, copied = report.get()
    worker.join()
    print("Sum:", total)
    print("More than a tenth of it copied:", copied)


if __name__ == "__main__":
    main()
