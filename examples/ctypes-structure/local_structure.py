"""A structure defined in a function: can it reach a worker?"""

from ctypes import Structure, c_double
from multiprocessing import Process, Value
from pickle import PicklingError


def deposit(account):
    account.balance += 9.5


def main():
    class Account(Structure):
        _fields_ = [("balance", c_double)]

    account = Value(Account, 100.0)
    teller = Process(target=deposit, args=(account,))
    try:
        teller.start()
    except (AttributeError, PicklingError):
        print("The worker was not started")
    else:
        teller.join()
    print("Balance:", account.balance)


if __name__ == "__main__":
    main()
