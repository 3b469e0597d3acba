"""Four processes read an entry before one writes; three are lost."""

from multiprocessing import Barrier, Manager, Process


def sell_ticket(sold, all_have_read):
    count = sold["concert"]
    all_have_read.wait()
    sold["concert"] = count + 1


def main():
    all_have_read = Barrier(4)
    with Manager() as manager:
        sold = manager.dict(concert=0)
        sellers = [
            Process(target=sell_ticket, args=(sold, all_have_read))
            for _ in range(4)
        ]
        for seller in sellers:
            seller.start()
        for seller in sellers:
            seller.join()
        print("Tickets sold by 4 sellers:", sold["concert"])


if __name__ == "__main__":
    main()
