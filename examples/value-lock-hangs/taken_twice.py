"""A function that holds a Lock calls one that takes it: a hang."""

from multiprocessing import Lock


def withdraw(account, amount, lock):
    with lock:
        account["balance"] -= amount


def pay(account, amount, lock):
    with lock:
        if account["balance"] >= amount:
            print("Enough money, withdrawing", amount)
            withdraw(account, amount, lock)


def main():
    lock = Lock()
    account = {"balance": 100}
    pay(account, 40, lock)
    print("Balance:", account["balance"])


if __name__ == "__main__":
    main()
