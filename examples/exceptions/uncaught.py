"""An exception in a worker is raised again in the parent."""

from multiprocessing import Pool


def read_price(text):
    return int(text)


def main():
    with Pool(2) as pool:
        print(pool.map(read_price, ["4", "free", "5"]))


if __name__ == "__main__":
    main()
