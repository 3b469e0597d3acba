"""An initializer sets a global in every worker of a Pool."""

from multiprocessing import Pool


def set_tax(percent):
    global tax_percent
    tax_percent = percent


def price_with_tax(price):
    return price * (100 + tax_percent) // 100


def main():
    with Pool(2, initializer=set_tax, initargs=(7,)) as pool:
        print(pool.map(price_with_tax, [100, 200, 300]))


if __name__ == "__main__":
    main()
