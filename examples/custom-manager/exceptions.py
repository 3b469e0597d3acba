"""What is raised in the server is raised again where it was called."""

from multiprocessing.managers import BaseManager, RemoteError


class Account:
    def __init__(self, balance):
        self._balance = balance

    def withdraw(self, amount):
        if amount > self._balance:
            raise ValueError(f"only {self._balance} left")
        self._balance -= amount


class BankManager(BaseManager):
    pass


BankManager.register("Account", Account)


def main():
    with BankManager() as manager:
        account = manager.Account(50)
        try:
            account.withdraw(80)
        except ValueError as error:
            print("ValueError:", error)
        try:
            manager.Account()
        except RemoteError as error:
            print("RemoteError:", str(error).splitlines()[-2])


if __name__ == "__main__":
    main()
