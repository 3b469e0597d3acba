"""map() with a worker that returns its error instead of raising it."""

from concurrent.futures import ProcessPoolExecutor


def read_price(text):
    try:
        return int(text)
    except ValueError as error:
        return error


def main():
    with ProcessPoolExecutor(2) as executor:
        results = list(executor.map(read_price, ["4", "free", "5"]))
    good = [r for r in results if not isinstance(r, ValueError)]
    bad = [r for r in results if isinstance(r, ValueError)]
    print("sum", sum(good), "and", len(bad), "error:", bad[0])


if __name__ == "__main__":
    main()
