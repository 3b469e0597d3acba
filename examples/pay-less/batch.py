"""Add up in the worker, and change the shared number once."""

from multiprocessing import Process, Value
from time import perf_counter

PRICES = range(20_000)


def add_each(total):
    for price in PRICES:
        with total.get_lock():
            total.value += price


def add_once(total):
    subtotal = sum(PRICES)
    with total.get_lock():
        total.value += subtotal


def seconds(work):
    total = Value("q", 0)
    workers = [Process(target=work, args=(total,)) for _ in range(2)]
    started = perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    passed = perf_counter() - started
    print(f"{work.__name__}: {total.value} in {passed:.6f} s")
    return passed


def main():
    each, once = seconds(add_each), seconds(add_once)
    print(f"times as long: {each / once:.3f}")


if __name__ == "__main__":
    main()
