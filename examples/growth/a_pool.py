"""Counts the words in a folder of files, in a pool of two workers."""

from collections import Counter
from multiprocessing import Pool
from time import perf_counter

from _words import count, files


def main():
    with files() as paths:
        started = perf_counter()
        total = Counter()
        with Pool(2) as pool:
            for counts in pool.imap_unordered(count, paths):
                total.update(counts)
        seconds = perf_counter() - started
    print(len(total), "different words,", total.total(), "in all")
    print(f"{seconds:.3f} s")


if __name__ == "__main__":
    main()
