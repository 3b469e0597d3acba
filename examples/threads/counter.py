"""Four threads count in one variable, each holding the lock."""

from threading import Lock, Thread

sold = 0
lock = Lock()


def sell_tickets():
    global sold
    for _ in range(1000):
        with lock:
            sold += 1


def main():
    sellers = [Thread(target=sell_tickets) for _ in range(4)]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    print("Tickets sold:", sold)


if __name__ == "__main__":
    main()
