"""An executor with mp_context gets a Value of the default context."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Value, get_context


def set_total(value):
    global total
    total = value


def book(amount):
    with total.get_lock():
        total.value += amount


def main():
    ctx = get_context("spawn")
    value = Value("i", 0)
    with ProcessPoolExecutor(2, ctx, set_total, (value,)) as executor:
        list(executor.map(book, [5, 7, 1]))
    print("Total:", value.value)


if __name__ == "__main__":
    main()
