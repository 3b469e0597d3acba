"""Four processes read the same count, so three updates are lost."""

from multiprocessing import Barrier, Process, Value


def sell_ticket(sold, all_have_read):
    count = sold.value
    all_have_read.wait()
    sold.value = count + 1


def main():
    sold = Value("i", 0)
    all_have_read = Barrier(4)
    sellers = [
        Process(target=sell_ticket, args=(sold, all_have_read))
        for _ in range(4)
    ]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    print("Tickets sold by 4 sellers:", sold.value)


if __name__ == "__main__":
    main()
