"""Results from an executor whose workers share a lock and a counter."""

from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import Lock, Value


def share(the_ledger, the_count):
    global ledger, count
    ledger, count = the_ledger, the_count


def book(payment):
    with ledger:
        count.value += 1
    return payment * 2


def main():
    lock, counter = Lock(), Value("i", 0, lock=False)
    with ProcessPoolExecutor(
        4, initializer=share, initargs=(lock, counter)
    ) as executor:
        tasks = [
            executor.submit(book, payment) for payment in range(50)
        ]
        total = sum(task.result() for task in as_completed(tasks))
    print(counter.value, "payments, total", total)


if __name__ == "__main__":
    main()
