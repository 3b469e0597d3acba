"""A plain Lock given to a Value waits for itself."""

from multiprocessing import Lock, Process, Value


def sell(tickets, sold, lock):
    for _ in range(tickets):
        with lock:
            sold.value += 1


def main():
    lock = Lock()
    sold = Value("i", 0, lock=lock)
    seller = Process(target=sell, args=(3, sold, lock))
    seller.start()
    print("Waiting for the seller to end")
    seller.join()
    print("Tickets sold:", sold.value)


if __name__ == "__main__":
    main()
