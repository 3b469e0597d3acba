"""With an RLock the inner function may take it again."""

from multiprocessing import RLock


def withdraw(account, amount, lock):
    with lock:
        account["balance"] -= amount


def pay(account, amount, lock):
    with lock:
        if account["balance"] >= amount:
            print("Enough money, withdrawing", amount)
            withdraw(account, amount, lock)


def main():
    lock = RLock()
    account = {"balance": 100}
    pay(account, 40, lock)
    print("Balance:", account["balance"])


if __name__ == "__main__":
    main()
