"""Two elements change together under the lock of the Array."""

from multiprocessing import Array, Process


def move(crates, stock):
    for _ in range(crates):
        with stock.get_lock():
            stock[0] -= 1
            stock[1] += 1


def main():
    stock = Array("i", [100, 0])
    movers = [Process(target=move, args=(20, stock)) for _ in range(4)]
    for mover in movers:
        mover.start()
    for mover in movers:
        mover.join()
    print("Crates in each hall:", stock[:])


if __name__ == "__main__":
    main()
