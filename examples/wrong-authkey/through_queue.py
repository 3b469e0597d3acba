"""A proxy that comes through a queue has lost its manager's key."""

from multiprocessing import AuthenticationError, Process, SimpleQueue
from multiprocessing.managers import SyncManager


def take(inbox, report):
    try:
        stock = inbox.get()
        stock["apples"] -= 1
        report.put("taken")
    except AuthenticationError as error:
        report.put(f"AuthenticationError: {error}")


def main():
    inbox, report = SimpleQueue(), SimpleQueue()
    with SyncManager(authkey=b"north") as manager:
        stock = manager.dict({"apples": 3})
        worker = Process(target=take, args=(inbox, report))
        worker.start()
        inbox.put(stock)
        worker.join()
        print(report.get(), "- in stock:", stock)


if __name__ == "__main__":
    main()
