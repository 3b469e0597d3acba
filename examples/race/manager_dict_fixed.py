"""Four processes add 1 in a manager's dict, each holding a lock."""

from multiprocessing import Lock, Manager, Process


def sell_ticket(sold, lock):
    with lock:
        sold["concert"] += 1


def main():
    lock = Lock()
    with Manager() as manager:
        sold = manager.dict(concert=0)
        sellers = [
            Process(target=sell_ticket, args=(sold, lock))
            for _ in range(4)
        ]
        for seller in sellers:
            seller.start()
        for seller in sellers:
            seller.join()
        print("Tickets sold by 4 sellers:", sold["concert"])


if __name__ == "__main__":
    main()
