"""A Value brings a lock of its own that may be held around it."""

from multiprocessing import Process, Value


def sell(tickets, sold):
    for _ in range(tickets):
        with sold.get_lock():
            sold.value += 1


def main():
    sold = Value("i", 0)
    seller = Process(target=sell, args=(3, sold))
    seller.start()
    print("Waiting for the seller to end")
    seller.join()
    print("Tickets sold:", sold.value)


if __name__ == "__main__":
    main()
