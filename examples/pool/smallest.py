"""Two workers resize pictures, and the results come in order."""

from multiprocessing import Pool


def shrink(width):
    return width // 2


def main():
    with Pool(2) as pool:
        print(pool.map(shrink, [640, 800, 1024]))


if __name__ == "__main__":
    main()
