"""A forked worker reads a list of texts, and gets a copy of it."""

from multiprocessing import get_context
from pathlib import Path
from sys import getsizeof


def private_bytes():
    for line in (
        Path("/proc/self/smaps_rollup").read_text().splitlines()
    ):
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024


def read(words, size, report):
    before = private_bytes()
    letters = sum(len(word) for word in words)
    copied = private_bytes() - before
    report.put((letters, copied > size / 2))


def main():
    words = [f"word {number}" for number in range(500_000)]
    size = getsizeof(words) + sum(map(getsizeof, words))
    print("More than 25 MB:", size > 25_000_000)
    fork = get_context("fork")
    report = fork.SimpleQueue()
    worker = fork.Process(target=read, args=(words, size, report))
    worker.start()
    letters, copied = report.get()
    worker.join()
    print("Letters read:", letters)
    print("More than half of it copied:", copied)


if __name__ == "__main__":
    main()
