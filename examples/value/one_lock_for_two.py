"""Two values that belong together change under one lock."""

from multiprocessing import Process, RLock, Value


def sell(tickets, sold, left, lock):
    for _ in range(tickets):
        with lock:
            sold.value += 1
            left.value -= 1


def main():
    lock = RLock()
    sold = Value("i", 0, lock=lock)
    left = Value("i", 100, lock=lock)
    sellers = [
        Process(target=sell, args=(20, sold, left, lock))
        for _ in range(4)
    ]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    print("Sold:", sold.value, "Left:", left.value)


if __name__ == "__main__":
    main()
