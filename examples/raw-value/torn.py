"""Without a lock a reader sees a half-written pair."""

from ctypes import Structure, c_int
from multiprocessing import Barrier, Process
from multiprocessing.sharedctypes import RawValue


class Stock(Structure):
    _fields_ = [("shelf", c_int), ("sold", c_int)]


def sell(stock, halfway):
    stock.shelf -= 1
    halfway.wait()
    halfway.wait()
    stock.sold += 1


def main():
    stock, halfway = RawValue(Stock, 10, 0), Barrier(2)
    shop = Process(target=sell, args=(stock, halfway))
    shop.start()
    halfway.wait()
    print("Halfway:  ", stock.shelf, "+", stock.sold)
    halfway.wait()
    shop.join()
    print("Afterward:", stock.shelf, "+", stock.sold)


if __name__ == "__main__":
    main()
