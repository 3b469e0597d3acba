"""A lock in the object lets one call in at a time: no sale is lost."""

from multiprocessing import Process
from multiprocessing.managers import BaseManager
from threading import Lock


class BoxOffice:
    def __init__(self):
        self._sold = 0
        self._lock = Lock()

    def sell(self):
        with self._lock:
            before = self._sold
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
