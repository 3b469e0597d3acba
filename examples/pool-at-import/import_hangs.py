"""The import of a module hangs, because the module waits for a pool."""

from multiprocessing import Pool


def price(weight):
    return 4 + 2 * weight


if __name__ == "__main__":
    print("Importing")
    import import_hangs  # this file, as another program would

    print(import_hangs.prices)
elif __name__ == "import_hangs":
    with Pool(2) as pool:
        prices = pool.map(price, [1, 2, 5])
