"""A call between the read and the write: three updates are lost."""

from threading import Barrier, Thread

sold = 0
all_have_read = Barrier(4)


def one_more(count):
    all_have_read.wait()
    return count + 1


def sell_ticket():
    global sold
    sold = one_more(sold)


def main():
    sellers = [Thread(target=sell_ticket) for _ in range(4)]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    print("Tickets sold by 4 sellers:", sold)


if __name__ == "__main__":
    main()
