"""Two processes add 1 in a chosen order, and one update is lost."""

from multiprocessing import Pipe, Process, Value

SCHEDULE = "ABABAB"


def sell_ticket(sold, turn):
    turn.recv()
    count = sold.value
    turn.send(f"LOAD  {count}")
    turn.recv()
    count = count + 1
    turn.send(f"ADD   {count}")
    turn.recv()
    sold.value = count
    turn.send(f"STORE {count}")


def main():
    sold = Value("i", 0)
    turns, sellers = {}, []
    for name in "AB":
        turns[name], turn = Pipe()
        seller = Process(
            target=sell_ticket, args=(sold, turn), daemon=True
        )
        seller.start()
        sellers.append(seller)
        turn.close()
    for name in SCHEDULE:
        turns[name].send("your turn")
        step = turns[name].recv()
        print(f"{name}: {step}  sold.value = {sold.value}")
    for seller in sellers:
        seller.join()
    print("Tickets sold:", sold.value)


if __name__ == "__main__":
    main()
