"""An initializer fills the global in every worker."""

from multiprocessing import Pool

rates = {}


def set_rates(values):
    rates.update(values)


def in_dollars(euros):
    return euros * rates.get("USD", 0)


def main():
    values = {"USD": 2}
    with Pool(2, initializer=set_rates, initargs=(values,)) as pool:
        print(pool.map(in_dollars, [10, 20]))


if __name__ == "__main__":
    main()
