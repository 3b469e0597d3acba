"""get() inside the with block has its result before the pool ends."""

from multiprocessing import Pool
from time import sleep


def ship(order):
    sleep(0.5)
    return f"order {order} shipped"


def main():
    with Pool(2) as pool:
        result = pool.apply_async(ship, (17,))
        print("waiting for the result")
        print(result.get())


if __name__ == "__main__":
    main()
