"""Workers read a global that only the parent has filled."""

from multiprocessing import Pool

rates = {}


def in_dollars(euros):
    return euros * rates.get("USD", 0)


def main():
    rates["USD"] = 2
    with Pool(2) as pool:
        print(pool.map(in_dollars, [10, 20]))


if __name__ == "__main__":
    main()
