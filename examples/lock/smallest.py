"""A lock lets one process at a time read and rewrite a file."""

from multiprocessing import Lock, Process
from pathlib import Path
from tempfile import TemporaryDirectory


def sell(tickets, stock, lock):
    for _ in range(tickets):
        with lock:
            left = int(stock.read_text())
            stock.write_text(str(left - 1))


def main():
    lock = Lock()
    with TemporaryDirectory() as folder:
        stock = Path(folder, "stock.txt")
        stock.write_text("100")
        sellers = [
            Process(target=sell, args=(20, stock, lock))
            for _ in range(4)
        ]
        for seller in sellers:
            seller.start()
        for seller in sellers:
            seller.join()
        print("Tickets left:", stock.read_text())


if __name__ == "__main__":
    main()
