"""A Barrier between write and read makes a lock unnecessary."""

from multiprocessing import Barrier, Process
from multiprocessing.sharedctypes import RawArray


def run(me, sales, shares, all_written):
    sales[me] = (me + 1) * 100
    all_written.wait()
    shares[me] = 100 * sales[me] // sum(sales)


def main():
    sales, shares = RawArray("i", 4), RawArray("i", 4)
    all_written = Barrier(4)
    shops = [
        Process(target=run, args=(me, sales, shares, all_written))
        for me in range(4)
    ]
    for shop in shops:
        shop.start()
    for shop in shops:
        shop.join()
    print("Sales:  ", sales[:])
    print("Percent:", shares[:])


if __name__ == "__main__":
    main()
