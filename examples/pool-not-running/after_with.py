"""A Pool takes no tasks after its with block."""

from multiprocessing import Pool


def main():
    with Pool(2) as pool:
        print(pool.map(abs, [-1, -2, -3]))
    print(pool.map(abs, [-4, -5, -6]))


if __name__ == "__main__":
    main()
