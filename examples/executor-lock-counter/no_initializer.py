"""Without the initializer a worker does not know the lock."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Lock, Value


def share(the_ledger, the_count):
    global ledger, count
    ledger, count = the_ledger, the_count


def book(payment):
    with ledger:
        count.value += 1
    return payment * 2


def main():
    share(Lock(), Value("i", 0, lock=False))
    with ProcessPoolExecutor(4) as executor:
        task = executor.submit(book, 10)
        try:
            print(task.result())
        except NameError as error:
            print("NameError:", error)


if __name__ == "__main__":
    main()
