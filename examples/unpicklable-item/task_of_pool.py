"""A task of a Pool that cannot be pickled raises, and it goes on."""

from multiprocessing import Pool
from threading import Lock


def pack(order):
    return f"{order['fruit']} packed"


def main():
    orders = [{"fruit": "apple", "lock": Lock()}, {"fruit": "cherry"}]
    with Pool(2) as pool:
        for order in orders:
            try:
                print(pool.apply(pack, [order]))
            except TypeError as error:
                print("TypeError:", error)


if __name__ == "__main__":
    main()
