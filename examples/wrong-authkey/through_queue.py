"""A proxy that comes through a queue has lost the manager's key."""

from multiprocessing import AuthenticationError, Process, Queue
from multiprocessing.managers import SyncManager


def count(proxies, answers):
    try:
        tickets = proxies.get()
        tickets.append("concert")
        answers.put("worked")
    except AuthenticationError as error:
        answers.put(f"AuthenticationError: {error}")


def main():
    proxies, answers = Queue(), Queue()
    with SyncManager(authkey=b"spring") as manager:
        tickets = manager.list()
        seller = Process(target=count, args=(proxies, answers))
        seller.start()
        proxies.put(tickets)
        print(answers.get())
        seller.join()
        print("Tickets:", list(tickets))


if __name__ == "__main__":
    main()
