"""executor.map() ends at the first task that failed."""

from concurrent.futures import ProcessPoolExecutor


def read_price(text):
    return int(text)


def main():
    with ProcessPoolExecutor(2) as executor:
        prices = executor.map(read_price, ["4", "free", "5"])
        try:
            for price in prices:
                print("Price:", price)
        except ValueError as error:
            print("Error:", error)
        print("After it:", list(prices))


if __name__ == "__main__":
    main()
