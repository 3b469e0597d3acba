"""A Pool takes no tasks after close(); join() needs close() first."""

from multiprocessing import Pool


def main():
    with Pool(2) as pool:
        try:
            pool.join()
        except ValueError as error:
            print("ValueError:", error)
        pool.close()
        try:
            pool.map(abs, [-1, -2, -3])
        except ValueError as error:
            print("ValueError:", error)
        pool.join()


if __name__ == "__main__":
    main()
