"""Two workers add to one array of totals in shared memory."""

from multiprocessing import Array, Pool
from time import perf_counter

from _words import WORDS, count, files


def share(array):
    global totals
    totals = array


def add(path):
    counts = count(path)
    numbers = [counts[word] for word in WORDS]
    with totals:  # its lock
        before = totals.get_obj()
        before[:] = list(map(sum, zip(before, numbers, strict=True)))


def main():
    with files() as paths:
        started = perf_counter()
        array = Array("q", len(WORDS))
        with Pool(2, share, (array,)) as pool:
            for _ in pool.imap_unordered(add, paths):
                pass
        total = dict(zip(WORDS, array, strict=True))
        seconds = perf_counter() - started
    print(len(total), "different words,", sum(total.values()), "in all")
    print(f"{seconds:.3f} s")


if __name__ == "__main__":
    main()
