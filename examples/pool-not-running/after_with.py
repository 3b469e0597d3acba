"""A pool takes no tasks after its with block."""

from multiprocessing import Pool


def total(order):
    return sum(order)


def main():
    with Pool(2) as pool:
        print(pool.map(total, [[3, 4], [5, 6]]))
    print(pool.map(total, [[7, 8]]))


if __name__ == "__main__":
    main()
