"""A proxy that is an argument of the process brings the key along."""

from multiprocessing import AuthenticationError, Process, SimpleQueue
from multiprocessing.managers import SyncManager


def take(stock, report):
    try:
        stock["apples"] -= 1
        report.put("taken")
    except AuthenticationError as error:
        report.put(f"AuthenticationError: {error}")


def main():
    report = SimpleQueue()
    with SyncManager(authkey=b"north") as manager:
        stock = manager.dict({"apples": 3})
        worker = Process(target=take, args=(stock, report))
        worker.start()
        worker.join()
        print(report.get(), "- in stock:", stock)


if __name__ == "__main__":
    main()
