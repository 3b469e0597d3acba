"""map raises the first error, imap gives what came before it."""

from multiprocessing import Pool


def main():
    texts = ["9.50", "free", "12"]
    with Pool(2) as pool:
        try:
            pool.map(float, texts)
        except ValueError as error:
            print("map:", error)
        prices = pool.imap(float, texts)
        print("imap:", next(prices))
        try:
            next(prices)
        except ValueError as error:
            print("imap:", error)
        print("imap:", next(prices))


if __name__ == "__main__":
    main()
