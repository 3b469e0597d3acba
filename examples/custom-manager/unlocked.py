"""Two calls run at once in the server, and one sale is lost."""

from multiprocessing import Process
from multiprocessing.managers import BaseManager
from threading import Barrier


class BoxOffice:
    def __init__(self):
        self._sold = 0
        self._both_have_read = Barrier(2)

    def sell(self):
        before = self._sold
        self._both_have_read.wait()
        self._sold = before + 1

    def sold(self):
        return self._sold


class TicketManager(BaseManager):
    pass


TicketManager.register("BoxOffice", BoxOffice)


def main():
    with TicketManager() as manager:
        office = manager.BoxOffice()
        seller = Process(target=office.sell)
        seller.start()
        office.sell()
        seller.join()
        print("Tickets sold by two sellers:", office.sold())


if __name__ == "__main__":
    main()
