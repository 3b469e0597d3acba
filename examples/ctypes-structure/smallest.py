"""A worker changes two fields of a shared structure."""

from ctypes import Structure, c_double, c_int
from multiprocessing import Process, Value


class Account(Structure):
    _fields_ = [("balance", c_double), ("bookings", c_int)]


def deposit(amounts, account):
    for amount in amounts:
        with account.get_lock():
            account.balance += amount
            account.bookings += 1


def main():
    account = Value(Account, 100.0, 1)
    teller = Process(target=deposit, args=([9.5, 20.0], account))
    teller.start()
    teller.join()
    print("Balance:", account.balance, "Bookings:", account.bookings)


if __name__ == "__main__":
    main()
