"""An RLock given to a Value may be held around its number."""

from multiprocessing import Process, RLock, Value


def sell(tickets, sold, lock):
    for _ in range(tickets):
        with lock:
            sold.value += 1


def main():
    lock = RLock()
    sold = Value("i", 0, lock=lock)
    seller = Process(target=sell, args=(3, sold, lock))
    seller.start()
    print("Waiting for the seller to end")
    seller.join()
    print("Tickets sold:", sold.value)


if __name__ == "__main__":
    main()
