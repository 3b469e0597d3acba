"""Pool.map() drops all results, Pool.imap() goes on after an error."""

from multiprocessing import Pool


def read_price(text):
    return int(text)


def main():
    texts = ["4", "free", "5"]
    with Pool(2) as pool:
        try:
            print("map:", pool.map(read_price, texts))
        except ValueError as error:
            print("map:", error)
        prices = pool.imap(read_price, texts)
        for text in texts:
            try:
                print(f"imap: {text} costs", next(prices))
            except ValueError as error:
                print(f"imap: {text} failed:", error)


if __name__ == "__main__":
    main()
