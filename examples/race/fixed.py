"""100 processes add 1 to a counter, each holding its lock."""

from multiprocessing import Process, Value


def sell_ticket(sold):
    with sold.get_lock():
        sold.value += 1


def main():
    sold = Value("i", 0)
    sellers = [
        Process(target=sell_ticket, args=(sold,)) for _ in range(100)
    ]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    print("Tickets sold:", sold.value)


if __name__ == "__main__":
    main()
