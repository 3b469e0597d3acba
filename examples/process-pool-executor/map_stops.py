"""map gives the results up to the first exception, none after it."""

from concurrent.futures import ProcessPoolExecutor


def main():
    texts = ["9.50", "free", "12"]
    with ProcessPoolExecutor(max_workers=2) as executor:
        prices = executor.map(float, texts)
        print("Price:", next(prices))
        try:
            next(prices)
        except ValueError as error:
            print("ValueError:", error)
        print("The rest:", list(prices))


if __name__ == "__main__":
    main()
