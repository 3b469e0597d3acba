"""A task of an executor that cannot be pickled raises in result()."""

from concurrent.futures import ProcessPoolExecutor
from threading import Lock


def pack(order):
    return f"{order['fruit']} packed"


def main():
    orders = [{"fruit": "apple", "lock": Lock()}, {"fruit": "cherry"}]
    with ProcessPoolExecutor(2) as executor:
        tasks = [executor.submit(pack, order) for order in orders]
        for task in tasks:
            try:
                print(task.result())
            except TypeError as error:
                print("TypeError:", error)


if __name__ == "__main__":
    main()
