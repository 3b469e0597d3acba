"""A function that holds the RLock calls one that takes it too."""

from multiprocessing import Process, RLock, Value


def withdraw(amount, balance, lock):
    with lock:
        balance.value -= amount


def pay(amount, fee, balance, lock):
    with lock:
        if balance.value >= amount + fee:
            withdraw(amount, balance, lock)
            withdraw(fee, balance, lock)


def main():
    lock = RLock()
    balance = Value("i", 100, lock=False)
    payments = [
        Process(target=pay, args=(40, 5, balance, lock))
        for _ in range(3)
    ]
    for payment in payments:
        payment.start()
    for payment in payments:
        payment.join()
    print("Balance:", balance.value)


if __name__ == "__main__":
    main()
