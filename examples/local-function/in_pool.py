"""Pool.map takes no lambda, under any start method."""

from multiprocessing import Pool


def main():
    rate = 2
    with Pool(2) as pool:
        print(pool.map(lambda price: price * rate, [3, 4, 5]))


if __name__ == "__main__":
    main()
