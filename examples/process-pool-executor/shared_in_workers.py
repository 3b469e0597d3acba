"""An initializer gives every worker of an executor the same Value."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Value


def set_shared(total):
    global total_sales
    total_sales = total


def book(amount):
    with total_sales.get_lock():
        total_sales.value += amount


def main():
    total = Value("i", 0)
    with ProcessPoolExecutor(
        max_workers=2, initializer=set_shared, initargs=(total,)
    ) as executor:
        list(executor.map(book, [5, 7, 1, 10, 4]))
    print("Total:", total.value)


if __name__ == "__main__":
    main()
