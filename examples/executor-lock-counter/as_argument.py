"""A manager's lock and dict may be arguments of a task."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Manager


def book(payment, ledger, totals):
    with ledger:
        totals["payments"] += 1
        totals["sum"] += payment


def main():
    with Manager() as manager:
        ledger = manager.Lock()
        totals = manager.dict(payments=0, sum=0)
        with ProcessPoolExecutor(4) as executor:
            tasks = [
                executor.submit(book, payment, ledger, totals)
                for payment in range(50)
            ]
            for task in tasks:
                task.result()
        print(totals.copy())


if __name__ == "__main__":
    main()
