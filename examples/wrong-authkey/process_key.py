"""The process has the manager's key, and so have its children."""

from multiprocessing import Process, Queue, current_process
from multiprocessing.managers import SyncManager


def count(proxies, answers):
    tickets = proxies.get()
    tickets.append("concert")
    answers.put("worked")


def main():
    current_process().authkey = b"spring"
    proxies, answers = Queue(), Queue()
    with SyncManager() as manager:
        tickets = manager.list()
        seller = Process(target=count, args=(proxies, answers))
        seller.start()
        proxies.put(tickets)
        print(answers.get())
        seller.join()
        print("Tickets:", list(tickets))


if __name__ == "__main__":
    main()
