"""All tasks come first, then close(), then join()."""

from multiprocessing import Pool


def main():
    with Pool(2) as pool:
        print("map:", pool.map(abs, [-1, -2, -3]))
        pool.close()
        pool.join()
        print("join: all workers have ended")


if __name__ == "__main__":
    main()
