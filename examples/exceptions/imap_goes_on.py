"""Pool.map() drops all results, Pool.imap() goes on after an error."""

from multiprocessing import Pool

LIMIT = 8  # seconds: far longer than a task


def read_price(text):
    return int(text)


def main():
    texts = ["4", "free", "5"]
    with Pool(2) as pool:
        try:
            print("map:", pool.map_async(read_price, texts).get(LIMIT))
        except ValueError as error:
            print("map:", error)
        prices = pool.imap(read_price, texts)
        for text in texts:
            try:
                print(f"imap: {text} costs", prices.next(LIMIT))
            except ValueError as error:
                print(f"imap: {text} failed:", error)


if __name__ == "__main__":
    main()
