"""One lock of your own for a RawValue and a RawArray together."""

from multiprocessing import Lock, Process
from multiprocessing.sharedctypes import RawArray, RawValue


def sell(seat, sold, seats, lock):
    with lock:
        sold.value += 1
        seats[seat] = 1


def main():
    sold, seats, lock = RawValue("i", 0), RawArray("b", 6), Lock()
    sellers = [
        Process(target=sell, args=(seat, sold, seats, lock))
        for seat in [0, 2, 5]
    ]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    print("Sold:", sold.value, "Seats:", seats[:])


if __name__ == "__main__":
    main()
