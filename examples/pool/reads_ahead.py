"""imap reads its input ahead; a loop over apply_async need not."""

from collections import deque
from multiprocessing import Pool
from threading import Event


def double(number):
    return 2 * number


def numbers(read, ended):
    for number in range(1000):
        read.append(number)
        yield number
    ended.set()


def few_ahead(pool, func, items, limit):
    sent = deque()
    for item in items:
        sent.append(pool.apply_async(func, (item,)))
        if len(sent) >= limit:
            yield sent.popleft().get()
    while sent:
        yield sent.popleft().get()


def main():
    with Pool(2) as pool:
        read, ended = [], Event()
        results = pool.imap(double, numbers(read, ended))
        ended.wait()
        print("imap: read before the first result:", len(read))
        print("sum:", sum(results))

        read = []
        results = few_ahead(pool, double, numbers(read, ended), 8)
        first = next(results)
        print("few_ahead: read before the first result:", len(read))
        print("sum:", first + sum(results))


if __name__ == "__main__":
    main()
